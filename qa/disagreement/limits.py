"""The numbers that decide what is taken for a disagreement."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlikeCurve:
    """How surely two sentences are about the same: above 0 they are taken for it."""

    passages: float
    """What it counts how like each other their passages are, as a cosine; never below 0 ..."""

    rests: float
    """... how much of the rest of each sentence the other one says, 0 to 1 ..."""

    answers: float
    """... and how surely the less sure one answers, as a logarithm from -`SURE` to `SURE`."""

    bias: float


SURE = 4.0


@dataclass(frozen=True, slots=True)
class DisagreementLimits:
    """When two answers are taken for a disagreement.

    Set by hand in November 2026 on the even pairs of bench/data/disagreements.jsonl, on questions of the
    reading set and on bench/data/bbc_disagreements.jsonl. `python -m bench.disagreements` measures a change.
    """

    quoted: float = 0.5
    """One side is in a quote that is at least so likely, compared with the likeliest sentence."""

    read: int = 20
    """So many of the best sentences are looked at."""

    worse: float = 8.75
    """How much worse than the best sentence one in the same language may be, as a difference of scores ..."""

    across: float = 18.7
    """... and one in another language. Scores are logarithms."""

    off: float = 0.17
    """How much less like the question than the likest its passage may be, as a difference of cosines."""

    own: float = 8.2
    """How much worse than the best sentence of its own article one may be."""

    words: float = 0.25
    """How likely its likeliest words must be the ones that answer, among all of the sentence."""

    sentences: int = 3
    """So many sentences of an article are compared, and ..."""

    articles: int = 5
    """... so many articles, the best first."""

    same: AlikeCurve = AlikeCurve(passages=30.0, rests=14.0, answers=0.5, bias=-38.7)
    """When two sentences in one language are about the same."""

    foreign: AlikeCurve = AlikeCurve(passages=45.0, rests=8.0, answers=0.5, bias=-43.5)
    """When two in different languages are: these have fewer words in common."""

    other_days: float = 1.0
    """What is taken off if the passages name weekdays that are not the same days."""

    times: float = 2.2
    """Numbers of which one is more than so many times the other mostly count different things ..."""

    part: float = 2.5
    """... and so much is taken off for that."""

    apart: int = 45
    """Articles about the same are at most so many days apart, where both state one."""

    rounded: float = 0.5
    """Numbers may be the same if they differ by at most this share of the last figure of the rounder one."""

    shown: int = 3
    """So many disagreements of an answer are shown ..."""

    sides: int = 4
    """... each with so many sides."""


LIMITS = DisagreementLimits()

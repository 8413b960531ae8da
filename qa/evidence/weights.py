"""The tuned numbers of finding evidence: how sentences are ranked, and how sure the best one is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """What counts beside the reader, whose score of a sentence is the logarithm of how likely it is right.

    Set by hand in November 2026; `python -m bench.quality` measures a change.
    """

    search: float = 10.0
    """What search says of the passage, beside the weight that it has in the reader already."""

    match: float = 6.0
    """How well a sentence's words match the question's at a glance, likewise."""

    temperature: float = 1.75
    """Differences of scores divided by this are logarithms of how likely sentences are right, if one is.
    Fitted by `python -m bench.calibrate`."""

    named: float = 6.0
    """The whole name that a question is about, and nothing else: "Who is Marlene Osthoff?\""""

    published: float = 0.4
    """An article of the time that is asked about, or the newest. Decides where two sources say the same."""

    unasked: float = 0.25
    """Share of `published` for the newest article if the question says nothing of time."""

    cross_encoder: float = 10.0
    """What a cross-encoder says, 0 to 1: argued, not measured. Whoever configures
    one trusts it above the rest."""


@dataclass(frozen=True, slots=True)
class ConfidenceCurve:
    """A logistic curve: how likely a sentence answers.

    Fitted in November 2026 by `python -m bench.calibrate` on XQuAD dealt out between English and German, on
    bench/data/bbc_questions.jsonl and on the clusters of the reading set in `fitted.txt`.
    """

    answers: float = 0.58
    """How much likelier it is, by the reader, that a sentence answers than that none does, as a logarithm."""

    likeness: float = 14.46
    """How like the question the best sentence's passage is. The reader learned from articles that are all
    about the matter; in a folder of everything, this tells whether any is."""

    bias: float = -9.02
    """The curve's constant."""

    named: float = 5.0
    """What is added if a question asks who a name is, and a sentence that is read has the whole name: the
    answer is unsure at most, unless the reader is sure by itself. It was set, and `unnamed` too, on 48 such
    questions on names that are told and 48 on names that are not."""

    unnamed: float = -3.0
    """What is added if none has it."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much of what search finds is read. Reading is nearly all the time that an answer takes.

    Set in November 2026 (docs/reader.md).
    """

    passages: int = 20
    """The best passages, whose sentences are glanced at."""

    sentences: int = 18
    """The sentences that are read."""

    articles: int = 2
    """The most promising articles, of which ..."""

    of_each: int = 4
    """... at least so many sentences each are among these."""


EVIDENCE = EvidenceWeights()
LIMITS = ReadingLimits()
CONFIDENCE = ConfidenceCurve()

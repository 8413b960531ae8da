"""The tuned numbers of finding evidence: how sentences are ranked, and how sure the best one is."""

from dataclasses import dataclass

from .answer_type import AnswerType


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """What adds to a sentence's score, where its passage's score counts 1.

    Set by hand in November 2026, one after another, on 200 questions for each pair of English and
    German from XQuAD and on bench/data/bbc_questions.jsonl; `python -m bench.quality` measures a change.
    docs/quality.md has what each step brought, and what was tried and dropped.
    """

    match: float = 0.8
    """How well the sentence matches the question's words, once it is read."""

    glance: float = 0.1
    """The same before it is read, to choose the sentences that are worth reading."""

    before: float = 0.3
    """Share of `match` for words that may also be matched by the sentence before ("He said ...")."""

    earlier: float = 0.15
    """Share of `match` for words that may be matched anywhere earlier in the passage,
    which names its subject once."""

    money: float = 0.04
    """An amount of money where one is asked for; subtracted from a sentence without one, like those below."""

    number: float = 0.04
    """A number where one is asked for."""

    time: float = 0.02
    """A date where a time is asked for."""

    name: float = 0.02
    """A name where one is asked for. Nearly every sentence has one."""

    published: float = 0.02
    """An article of the time that is asked about, or the newest. Decides where two sources say the same."""

    unasked: float = 0.25
    """Share of `published` for the newest article if the question says nothing of time."""

    cross_encoder: float = 0.5
    """What a cross-encoder says, 0 to 1: argued, not measured. Whoever configures
    one trusts it above the rest."""

    carried: float = 0.3
    """Weight of words that the conversation lends, where a question's own count 1: the
    sentence that answered the last question matches all of them. Set on
    bench/data/bbc_conversations.jsonl."""

    def of_type(self, wanted: AnswerType) -> float:
        """Return the weight of an answer of the type that is asked for."""
        return {
            AnswerType.MONEY: self.money,
            AnswerType.NUMBER: self.number,
            AnswerType.TIME: self.time,
            AnswerType.NAME: self.name,
        }[wanted]


@dataclass(frozen=True, slots=True)
class ConfidenceCurve:
    """A logistic curve over the best sentence: how likely it is to answer the question.

    Fitted in November 2026 by `python -m bench.calibrate` on XQuAD dealt out between English and German and
    on bench/data/bbc_questions.jsonl. Words in common do not count: a question about something else of the
    same name has them as well.
    """

    likeness: float = 20.33
    """How like the question its passage is."""

    match: float = 21.53
    """How well it matches the question's words."""

    across: float = 2.31
    """Whether it is in another language than the question, where the two above are smaller."""

    bias: float = -29.23
    """The curve's constant."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much of what search finds is read. Reading is nearly all the time that an answer takes.

    Set in November 2026 by `python -m bench.quality`: once questions were taught, 20 sentences found more
    than 14, and 24 no more than 20. docs/quality.md has what was tried.
    """

    passages: int = 20
    """The best passages, whose sentences are compared with the question at a glance."""

    sentences: int = 20
    """The most promising of these sentences, which are read."""


EVIDENCE = EvidenceWeights()
LIMITS = ReadingLimits()
CONFIDENCE = ConfidenceCurve()

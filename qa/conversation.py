"""What a follow-up question may mean, without a language model: the scores of each meaning decide.

"And who succeeded him?" means nothing alone. What it lacks is in the questions before it: all of the last one
if the question goes on from it, otherwise its names, years and numbers.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from index.lexicon import any_of, compiled, words
from index.text.words import all_words

# A question of this many words or fewer is never complete: "Und davor?", "Gegen wen?".
_SHORT = 4
# How many earlier questions are searched for names.
_MEMORY = 3
# Names, including single letters and words in capitals, and anything with a digit.
_CARRIED = regex.compile(
    r"(?<![\p{L}\p{N}])(?:\p{Lu}[\p{L}\p{M}\p{N}'’.-]*|[\p{L}$€£]*\p{N}[\p{N}\p{L}.,%-]*)"
)
# Lend at most this many characters: more would outweigh the question.
_MAX_CARRIED = 300


@dataclass(frozen=True, slots=True)
class FollowUpMargins:
    """When a question is read together with what its conversation lends it, in differences of confidence.

    Set by hand in November 2026 on bench/data/bbc_conversations.jsonl;
    `python -m bench.quality --alone folder bbc bench/data/bbc_conversations.jsonl` measures a change.
    """

    gain: float = 0.05
    """For a complete question: it must make the answer surer by more than this."""

    loss: float = 0.3
    """For one that is hardly a question by itself: it may make the answer less sure by up to this."""


FOLLOW_UPS = FollowUpMargins()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is searched for: its own words, and those that the conversation lends."""

    own: str
    carried: str = ""

    @property
    def text(self) -> str:
        """Return both in one line."""
        return f"{self.carried} {self.own}" if self.carried else self.own


def interpretations(question: str, history: Sequence[tuple[str, str]]) -> list[Asked]:
    """Return what `question` may mean after the (question, answer) pairs of `history`, first itself alone."""
    alone = [Asked(question)]
    if not history:
        return alone
    before = [asked for asked, _ in history[-_MEMORY:]]
    carried = _whole(before) if _is_part(question) else _names(before, question)
    return [*alone, Asked(question, carried)] if carried else alone


def is_incomplete(question: str) -> bool:
    """Return whether `question` is incomplete without the conversation before it."""
    return _is_part(question) or not any(name[0].isalpha() for name in _found(question))


def refers_back(question: str) -> bool:
    """Return whether `question` means nothing alone, whatever is found for it: "And 46%?", "When was he?".

    A longer one may say "it" of something that it names itself.
    """
    if any(name[0].isalpha() for name in _found(question)):
        return False
    listed = all_words(question)
    return bool(_goes_on().match(question)) or (
        len(listed) <= _SHORT and any(map(_pronoun().fullmatch, listed))
    )


def _is_part(question: str) -> bool:
    return bool(_goes_on().match(question)) or len(all_words(question)) <= _SHORT


def _whole(before: Sequence[str]) -> str:
    """Return the last question, with names from earlier ones if it has none itself."""
    last = before[-1]
    lent = "" if _found(last) else _names(before[:-1], last)
    return f"{lent} {last}".strip()[-_MAX_CARRIED:]


def _names(before: Sequence[str], question: str) -> str:
    """Return the names and numbers of the last question that has any which `question` lacks."""
    own = question.casefold()
    for asked in reversed(before):
        names = [name for name in dict.fromkeys(_found(asked)) if name.casefold() not in own]
        if names:
            return " ".join(names)[:_MAX_CARRIED]
    return ""


def _found(asked: str) -> list[str]:
    # The first word has a capital whatever it is, and is mostly a question word.
    return [match.group().rstrip(".,'’") for match in _CARRIED.finditer(asked) if match.start() > 0]


@functools.cache
def _goes_on() -> "regex.Pattern[str]":
    """Return a pattern of a question that goes on from another: "And who ..."."""
    return compiled(rf"{any_of(words(lambda language: language.reference.goes_on))}(?!\p{{L}})")


@functools.cache
def _pronoun() -> "regex.Pattern[str]":
    return compiled(any_of(words(lambda language: language.reference.pronouns)))

"""The type of answer that a question asks for, and whether a sentence holds one that the question does not.

The question words in the lexicon tell. A question in a language without any has no type, which does no harm.
"""

import functools
from collections.abc import Iterable
from enum import Enum

import regex

from index.lexicon import any_of, compiled, whole_words, words
from index.text.calendars import DAYS, MONTHS, whole_names


class AnswerType(Enum):
    """What a question wants to know. Where two are asked for by the same words, the first counts."""

    MONEY = "money"
    NUMBER = "number"
    TIME = "time"
    NAME = "name"


# Signs and codes of currencies, the same in all languages.
_SIGN = r"[$€£¥₽₺₴₩₹]"
_CODE = r"(?<!\p{L})(?:usd|eur|gbp|chf)(?!\p{L})"
_DIGITS = regex.compile(r"\p{N}[\p{N}.,:/]*")
_NAME = regex.compile(r"(?<!\p{L})\p{Lu}[\p{L}\p{M}'’-]+")
# This much of a word is enough to recognise it in another case: "Berlin" in "Berlins".
_STEM = 4


@functools.lru_cache(maxsize=256)
def answer_type_of(question: str) -> AnswerType | None:
    """Return what `question` asks for, or None if its words do not say."""
    found = [
        (match.start(), number, asked)
        for number, (asked, pattern) in enumerate(_question_words().items())
        if (match := pattern.search(question))
    ]
    return min(found)[2] if found else None


def suits(wanted: AnswerType | None, question: str, sentence: str) -> int:
    """Return 1 if `sentence` has an answer of this type that `question` lacks, else -1; 0 for no type."""
    if wanted is None:
        return 0
    asked = question.casefold()
    if wanted is AnswerType.NAME:
        # The first word has a capital whatever it is.
        names = [match for match in _NAME.finditer(sentence) if match.start() > 1]
        return _is_new((match.group()[:_STEM] for match in names), asked)
    if wanted is AnswerType.MONEY and not _currency().search(sentence):
        return -1
    found = [match.group().rstrip(".,:/") for match in _DIGITS.finditer(sentence)]
    named = _calendar() if wanted is AnswerType.TIME else _numerals()
    return _is_new([*found, *(match.group() for match in named.finditer(sentence))], asked)


def _is_new(found: Iterable[str], asked: str) -> int:
    return 1 if any(one.casefold() not in asked for one in found) else -1


@functools.cache
def _question_words() -> "dict[AnswerType, regex.Pattern[str]]":
    return {
        AnswerType.MONEY: whole_words(words(lambda language: language.questions.money)),
        AnswerType.NUMBER: whole_words(words(lambda language: language.questions.number)),
        AnswerType.TIME: whole_words(words(lambda language: language.questions.time)),
        AnswerType.NAME: whole_words(words(lambda language: language.questions.name)),
    }


@functools.cache
def _currency() -> "regex.Pattern[str]":
    named = any_of(words(lambda language: language.answers.money))
    return compiled(rf"{_SIGN}|(?<!\p{{L}}){named}(?!\p{{L}})|{_CODE}")


@functools.cache
def _numerals() -> "regex.Pattern[str]":
    return compiled(rf"(?<!\p{{L}}){any_of(words(lambda language: language.answers.number))}(?!\p{{L}})")


@functools.cache
def _calendar() -> "regex.Pattern[str]":
    return whole_names(*MONTHS, *DAYS)

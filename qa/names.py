"""The names in a text, and whether another text has them as well, in any spelling or script."""

from collections.abc import Iterable
from dataclasses import dataclass

import regex
from anyascii import anyascii
from rapidfuzz import fuzz

from index.text.spelling import spelling_key, without_umlauts

_NAME = regex.compile(r"(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}\p{N}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*")
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_GAP = regex.compile(r"\s+")
_LATIN = regex.compile(r"\p{Latin}")


@dataclass(frozen=True, slots=True)
class NameThresholds:
    """When two words are spellings of one name.

    Set by hand in November 2026 between the pairs of tests/qa/test_names.py, which has
    names that are the same and names that are not on either side of each.
    """

    same: int = 72
    """Similarity of two keys, out of 100, from which on they are one name across scripts."""

    least: int = 3
    """Keys of fewer letters must be equal, since they are often similar by chance."""

    short: int = 4
    """So must stems of up to so many letters."""


_NAMES = NameThresholds()
# What cases and plurals add to a name in Latin letters, such as Berlins, and the endings of names in other
# letters, as anyascii writes them.
_ENDING = regex.compile("e?s|e?n|ns|er|in|a|e")
_CASE = regex.compile("(?:ami|om|em|ov|ev|oi|ei|ii|iu|ia|ie|a|e|i|u|y|uning|ning)$")
_TWICE = regex.compile(r"(.)\1")


@dataclass(frozen=True, slots=True)
class Name:
    """One or more words with capitals, side by side, and their place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word, what all its spellings have in common, its script, and whether it may be a name."""

    text: str
    key: str
    is_latin: bool
    is_name: bool


def names(text: str) -> list[Name]:
    """Return the names in `text`; in German, its nouns as well."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        last = found[-1] if found else None
        if last and _GAP.fullmatch(text, last.end, match.start()):
            found[-1] = Name(text[last.start : match.end()], last.start, match.end())
        else:
            found.append(Name(match.group(), match.start(), match.end()))
    return found


def words(text: str) -> list[Word]:
    """Return all words of `text`, for `is_among`."""
    return [word_of(match.group()) for match in WORD.finditer(text)]


def is_among(word: str, others: Iterable[Word]) -> bool:
    """Return whether one of `others` is a spelling or a case of `word`."""
    own = word_of(word)
    return any(_are_same(own, other) for other in others)


def resembles(word: str, others: Iterable[Word]) -> bool:
    """Return whether a name may be one of `others` as another language has it: Hamburg, Hambourg."""
    own = word_of(word)
    return own.is_name and any(
        other.is_name
        and min(len(own.key), len(other.key)) > _NAMES.least
        and fuzz.ratio(own.key, other.key) >= _NAMES.same
        for other in others
    )


def are_same(one: str, other: str) -> bool:
    """Return whether two names share a word in any spelling."""
    theirs = [word for word in words(other) if len(word.key) >= _NAMES.least]
    return any(_are_same(own, word) for own in words(one) if len(own.key) >= _NAMES.least for word in theirs)


def word_of(word: str) -> Word:
    """Return what is compared of a word."""
    key = spelling_key(word) or without_umlauts(anyascii(word).lower())
    return Word(word, key, bool(_LATIN.match(word)), not word[:1].islower())


def _are_same(one: Word, other: Word) -> bool:
    if one.key == other.key:
        return True
    short, long = sorted((one.key, other.key), key=len)
    if len(short) < _NAMES.least:
        return False
    if one.is_name and other.is_name:
        if one.is_latin and other.is_latin:
            # Iran and Iraq are nearly alike, but nobody spells one as the other.
            return (
                len(short) > _NAMES.least
                and long.startswith(short)
                and bool(_ENDING.fullmatch(long[len(short) :]))
            )
        stems = stem(one), stem(other)
        if one.is_latin == other.is_latin or max(map(len, stems)) <= _NAMES.short:
            return stems[0] == stems[1]
        return fuzz.ratio(*stems) >= _NAMES.same
    return fuzz.ratio(one.key, other.key) >= _NAMES.same or (
        len(short) > _NAMES.least and long.startswith(short)
    )


def stem(word: Word) -> str:
    """Return a key without its case ending, unless the word is in Latin letters."""
    return word.key if word.is_latin else _CASE.sub("", _TWICE.sub(r"\1", word.key))

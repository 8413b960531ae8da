"""Words for the full-text index, in any script. There is no stemmer, since one index holds many languages."""

import functools
import hashlib
import unicodedata

import regex

from index.article import Span
from index.lexicon import any_of, compiled
from index.lexicon import words as lexicon_words

# Part of the index's fingerprint: raise it when words come out different from before.
WORDS = "words-2"

# Scripts written without blanks between words. Overlapping pairs of characters stand for words there.
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]+"
)
_MARKED = regex.compile(r"(\p{Latin})\p{M}+")
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
# Digits of other scripts, and of full width.
_OTHER_DIGIT = regex.compile(r"[\p{Nd}--[0-9]]", regex.VERSION1)
# 45,000 and 45.000, 45 000 and 45'000.
_GROUPED = regex.compile(
    r"(?<![\p{N}.,])\p{Nd}{1,3}([.,'\u2019\u066c\u00a0\u202f ])\p{Nd}{3}(?:\1\p{Nd}{3})*(?![.,]?\p{N})"
)
_MOST_DIGITS = 15
MAX_QUESTION_WORDS = 64


def index_words(text: str) -> str:
    """Return `text` for a tokenizer that splits at blanks: unspaced script in pairs, digits as 0 to 9."""
    return _OTHER_DIGIT.sub(
        lambda match: str(unicodedata.decimal(match.group(), match.group())), _spaced(text)
    )


def all_words(text: str) -> list[str]:
    """Return the words of `text` in order, as they are written."""
    words: list[str] = _WORD.findall(_spaced(text))
    return words


def is_unspaced(word: str) -> bool:
    """Return whether `word` begins in a script without blanks."""
    return bool(_UNSPACED.match(word))


def question_words(question: str) -> list[str]:
    """Return the distinct words to look up, in order, lower-cased: at most MAX_QUESTION_WORDS."""
    joined = _GROUPED.sub(lambda match: regex.sub(r"\P{Nd}", "", match.group()), question)
    words = (word.lower() for word in _WORD.findall(index_words(joined)))
    return list(dict.fromkeys(words))[:MAX_QUESTION_WORDS]


def number_forms(word: str) -> list[str]:
    """Return other ways to write the number `word`: `45 000` for 45000, `1` for 1st."""
    if ordinal := _ordinal().fullmatch(word):
        return [ordinal[1]]
    if word.isascii() and word.isdigit() and 3 < len(word) <= _MOST_DIGITS:
        return [f"{int(word):,}".replace(",", " ")] if word[0] != "0" else []
    return []


def unmarked(word: str) -> str:
    """Return `word` as the full-text index holds it: in small letters, Latin ones without marks."""
    return unicodedata.normalize("NFC", _MARKED.sub(r"\1", unicodedata.normalize("NFD", word.lower())))


@functools.cache
def words_fingerprint() -> str:
    """Return what an index's words were made with.

    That is this module and the Unicode tables of `regex` and Python, which differ from version to version.
    Full text can remove a passage only if it is given exactly the words that it was made with.
    """
    # The planes after these hold no script.
    characters = "".join(map(chr, range(0x40000)))
    unspaced = [match.span() for match in _UNSPACED.finditer(characters)]
    digits = [(m.start(), unicodedata.decimal(m.group(), -1)) for m in _OTHER_DIGIT.finditer(characters)]
    return f"{WORDS}-{hashlib.sha256(repr((unspaced, digits)).encode()).hexdigest()[:8]}"


def _spaced(text: str) -> str:
    return _UNSPACED.sub(lambda match: f" {' '.join(_pairs(match.group()))} ", text)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


@functools.cache
def _ordinal() -> "regex.Pattern[str]":
    """Return a pattern of an ordinal in digits: 1st, 2e, 3º."""
    return compiled(rf"([0-9]+){any_of(lexicon_words(lambda language: language.numbers.ordinal))}", 0)


def place_of(words: str, text: str) -> Span | None:
    """Return where a text has these words one after another; case and blanks do not count."""
    parts = unicodedata.normalize("NFC", words).split()
    found = regex.search(r"\s+".join(map(regex.escape, parts)), text, regex.IGNORECASE) if parts else None
    return Span(*found.span()) if found else None

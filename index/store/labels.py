"""What is stored beside an article so that lists of articles are fast: its label and its length in words."""

import regex

from index.text.words import unmarked

from .filters import folded

# In Chinese and Japanese, which have no blanks between words, each character counts.
_WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]"
    r"|[[\p{L}\p{N}\p{M}]--[\p{Han}\p{Hiragana}\p{Katakana}]]+(?:['\u2019-][\p{L}\p{N}\p{M}]+)*",
    regex.VERSION1,
)


def label(title: str, source: str | None, path: str) -> str:
    """Return what an article is found and sorted by: its title first, then its outlet and its path."""
    return "\n".join(plain(part) for part in (title, source or "", path))


def plain(text: str) -> str:
    """Return a text in one line of small letters, Latin ones without marks."""
    return unmarked(folded(text))


def word_count(text: str) -> int:
    """Return the number of words of a text."""
    return sum(1 for _ in _WORD.finditer(text))

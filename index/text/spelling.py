"""One key for a name's spellings: Shoigu, Schoigu, Шойгу and Şoygu are one person."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from anyascii import anyascii

from .words import all_words, unmarked

# Part of the index's fingerprint: raise it when keys come out different from before.
SPELLER = "spelling-3"


@dataclass(frozen=True, slots=True)
class KeyLengths:
    """Which words have a key, by their number of letters.

    Set by hand in November 2026; `python -m bench.quality --alone folder bbc bench/data/bbc_names.jsonl`
    measures a change.
    """

    least_word: int = 4
    """A shorter word would match others too."""

    most_word: int = 40
    """A longer word is not a name."""

    least_key: int = 5
    """A shorter key would match other words too."""

    least_acronym: int = 3
    """A shorter run of capitals may be anything."""

    most_acronym: int = 5
    """A longer run of capitals is a word in capitals."""


_LENGTHS = KeyLengths()
# Letters that sound different from the same letter without its mark.
_MARKED = str.maketrans({"ç": "ch", "ć": "ch", "č": "ch", "đ": "dj"})
# Ways to write one sound in Latin letters; the first match counts.
_SOUNDS = {
    "shch": "s", "tsch": "h", "dsch": "i", "sch": "s", "tch": "h", "dzh": "i", "sh": "s", "zh": "s",
    "kh": "h", "ch": "h", "ph": "f", "th": "t", "ck": "k", "ts": "s", "tz": "s", "dj": "i", "w": "v",
    "x": "ks", "q": "k", "c": "k", "z": "s", "j": "i", "y": "i",
}  # fmt: skip
_SOUND = re.compile("|".join(_SOUNDS))
# Isinbayeva and Исинбаева.
_GLIDE = re.compile(r"(?<=[aeou])i(?=[aeou])")
_TWICE = re.compile(r"(.)\1+")
# Mueller and Müller, Muller.
_UMLAUT = re.compile(r"(?<=[aou])e")


@functools.lru_cache(maxsize=1 << 16)
def spelling_key(word: str) -> str | None:
    """Return the key that the spellings of `word` share, or None if its length is wrong for a name."""
    if not _LENGTHS.least_word <= len(word) <= _LENGTHS.most_word:
        return None
    latin = anyascii(word.lower().translate(_MARKED)).lower()
    sounds = _SOUND.sub(lambda match: _SOUNDS[match.group()], "".join(c for c in latin if c.isalpha()))
    key = _TWICE.sub(r"\1", without_umlauts(_GLIDE.sub("", sounds)))
    return key if len(key) >= _LENGTHS.least_key else None


def without_umlauts(latin: str) -> str:
    """Return a word in Latin letters with one letter for an umlaut that is written as two."""
    return _UMLAUT.sub("", latin)


@functools.lru_cache(maxsize=1 << 16)
def acronym_key(word: str) -> str | None:
    """Return the key that NATO and НАТО share, or None if `word` cannot be an acronym."""
    if not _LENGTHS.least_acronym <= len(word) <= _LENGTHS.most_acronym or not word.isalpha():
        return None
    latin = anyascii(word.lower()).lower()
    # The sign sets it apart from the keys of names, which are letters only.
    return f"={latin}" if latin.isalpha() and len(latin) <= 2 * _LENGTHS.most_acronym else None


def spellings(texts: Iterable[str]) -> set[tuple[str, str]]:
    """Return `(key, word)` for words of `texts` that may be names: those not in lower case.

    Words in capitals also get the key of an acronym.
    """
    words = {word for text in texts for word in all_words(text) if not word[0].islower()}
    names = {(key, unmarked(word)) for word in words if (key := spelling_key(word))}
    return names | {(key, unmarked(word)) for word in words if word.isupper() and (key := acronym_key(word))}

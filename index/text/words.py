"""Words for the full-text index, in any script; no stemmer, since one index holds many languages."""

import functools
import hashlib
import unicodedata

import regex

# Part of the index's fingerprint: raise it when words come out otherwise than before.
WORDS = "words-1"

# Scripts written without blanks between words. Overlapping pairs of characters stand for words there.
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]+"
)
_MARKED = regex.compile(r"(\p{Latin})\p{M}+")
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
MAX_QUESTION_WORDS = 64


def index_words(text: str) -> str:
    """Return `text` with runs of unspaced script cut into pairs, for a tokenizer that cuts at blanks."""
    return _UNSPACED.sub(lambda match: f" {' '.join(_pairs(match.group()))} ", text)


def all_words(text: str) -> list[str]:
    """Return the words of `text` in order, as they are written."""
    words: list[str] = _WORD.findall(index_words(text))
    return words


def is_unspaced(word: str) -> bool:
    """Return whether `word` begins in a script without blanks, where words are pairs of characters."""
    return bool(_UNSPACED.match(word))


def question_words(question: str) -> list[str]:
    """Return the distinct words to look up, in order, lower-cased: at most MAX_QUESTION_WORDS."""
    words = (word.lower() for word in _WORD.findall(index_words(question)))
    return list(dict.fromkeys(words))[:MAX_QUESTION_WORDS]


def unmarked(word: str) -> str:
    """Return `word` as the full-text index has it: in small letters, Latin ones without their marks."""
    return unicodedata.normalize("NFC", _MARKED.sub(r"\1", unicodedata.normalize("NFD", word.lower())))


@functools.cache
def words_fingerprint() -> str:
    """Return what an index's words were made with.

    That is this module and `regex`, whose Unicode tables say which characters are of an unspaced script.
    """
    # The planes beyond hold no script.
    characters = "".join(map(chr, range(0x40000)))
    spans = repr([match.span() for match in _UNSPACED.finditer(characters)])
    return f"{WORDS}-{hashlib.sha256(spans.encode()).hexdigest()[:8]}"


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]

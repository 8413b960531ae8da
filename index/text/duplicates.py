"""Which texts tell the same story in the same words: copies, other headlines, light edits.

Candidates come by MinHash (Broder 1997) and are then compared word by word. One of two texts is indexed for
both only if nothing is lost by it: an update with new paragraphs, or two notices from one template, are
different stories. docs/decisions/duplicates.md shows the measurements behind the numbers here.
"""

import functools
import hashlib
import re
from collections import Counter

import numpy as np

from .words import all_words

# Part of the index's fingerprint: raise it when signatures or decisions come out otherwise than before.
SIGNATURE = "minhash-2"

_BANDS, _ROWS = 20, 6
_SHINGLE = 3
# On the BBC's articles edits of one text share 0.89 or more of their word triples, updates 0.82 or less.
_LEAST_ALIKE = 0.86
# Shorter texts are alike by chance and by template: only equal ones are one story.
_LEAST_WORDS = 40
# In a text this short every name and number counts; in a longer one a few may have been corrected.
_SHORT = 150
_CORRECTED_SHARE = 0.02
# What is longer is a book or a list: only an equal one is the same story.
_LONGEST = 1_000_000
# Shingles hashed at once: each takes a kilobyte of memory while it is.
_BATCH = 10_000
_MAX_HEADLINE = 200
_HEADLINE = re.compile(rf"\A[^\n]{{1,{_MAX_HEADLINE}}}(?<![.!?…。！？।؟])\n+(?=\S)")
_FACT = re.compile(r"[^\W\d_]*\d|[A-ZÄÖÜÀ-ÞΑ-ΩА-ЯІЇЄҐ]")


def signature(text: str) -> bytes:
    """Return the MinHash of a canonical text's words, of a fixed length, equal on every machine."""
    import datasketch

    made = datasketch.MinHash(num_perm=_BANDS * _ROWS, seed=1)
    folded = [word.casefold() for word in _words(text)]
    shingles = [" ".join(shingle).encode() for shingle in set(_shingles(folded))]
    for at in range(0, len(shingles), _BATCH):
        made.update_batch(shingles[at : at + _BATCH])
    values: bytes = made.hashvalues.astype("<u4").tobytes()
    return values


def bands(made: bytes) -> list[bytes]:
    """Return the keys of a signature: texts of one story share at least one, with near certainty.

    Of two texts that share 0.86 of their word triples all but one in 50,000 pairs do.
    """
    rows = np.frombuffer(made, "<u4").reshape(_BANDS, _ROWS)
    keys = (bytes([number]) + row.tobytes() for number, row in enumerate(rows))
    # An index holds twenty for each article. Two that are equal by chance only cost a comparison of texts.
    return [hashlib.blake2b(key, digest_size=6).digest() for key in keys]


def same_story(one: str, other: str) -> bool:
    """Return whether two canonical texts say the same in nearly the same words, headlines aside."""
    if max(len(one), len(other)) > _LONGEST:
        return _HEADLINE.sub("", one) == _HEADLINE.sub("", other)
    a, b = _words(one), _words(other)
    folded_a, folded_b = [word.casefold() for word in a], [word.casefold() for word in b]
    if folded_a == folded_b:
        return True
    shorter, longer = sorted((len(a), len(b)))
    if shorter < _LEAST_WORDS or shorter < _LEAST_ALIKE * longer - _SHINGLE:
        return False
    # With how often each comes: what a template repeats must not outweigh what is told in it.
    counts_a, counts_b = Counter(_shingles(folded_a)), Counter(_shingles(folded_b))
    if (counts_a & counts_b).total() < _LEAST_ALIKE * (counts_a | counts_b).total():
        return False
    return not _facts_differ(a, b)


def _facts_differ(a: list[str], b: list[str]) -> bool:
    """Return whether each text has names or numbers of its own, more than a correction would leave."""
    only_a, only_b = _facts(a) - _facts(b), _facts(b) - _facts(a)
    if not only_a or not only_b:
        return False
    shorter = min(len(a), len(b))
    allowed = 0 if shorter < _SHORT else max(2, _CORRECTED_SHARE * shorter)
    return len(only_a) + len(only_b) > allowed


def _facts(words: list[str]) -> set[str]:
    return {word for word in words if _FACT.match(word)}


@functools.lru_cache(maxsize=16)
def _words(text: str) -> list[str]:
    """Return the words of a text without its headline, in order; do not change the list."""
    return all_words(_HEADLINE.sub("", text))


def _shingles(folded: list[str]) -> list[tuple[str, ...]]:
    if len(folded) < _SHINGLE:
        return [tuple(folded)]
    return list(zip(*(folded[i:] for i in range(_SHINGLE)), strict=False))

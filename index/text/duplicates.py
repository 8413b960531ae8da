"""Which texts are one story in the same words: copies, other headlines, light edits.

Candidates come from MinHash (Broder 1997) and are then compared word by word. One text stands for another
only if nothing is lost: an update with new paragraphs is another story, and so are two notices from one
template. docs/decisions/duplicates.md shows the measurements behind the numbers here.
"""

import functools
import hashlib
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from .words import all_words

# Part of the index's fingerprint: raise it when signatures or decisions come out different from before.
SIGNATURE = "minhash-2"

_BANDS, _ROWS = 20, 6
_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class StoryThresholds:
    """When two texts are one story. Set in November 2026 by what `python -m bench.duplicates` finds."""

    least_alike: float = 0.86
    """Share of word triples in common. Between the pairs of the BBC's articles (bench/data/bbc_pairs.tsv):
    edits of one text share 0.89 or more, updates with new paragraphs 0.82 or less."""
    least_words: int = 40
    """Shorter texts are alike by chance or by template, so only equal ones are one story."""
    short: int = 150
    """In a text of fewer words every name and number counts: two notices from one template differ in those
    alone."""
    corrected_share: float = 0.02
    """Share of a longer text's words that may be other names or numbers: a few may have been corrected."""


THRESHOLDS = StoryThresholds()

# A longer text is a book or a list, and only an equal one is the same story.
_LONGEST = 1_000_000
# Shingles hashed at once, at a kilobyte of memory each.
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
    """Return the keys of a signature; texts of one story almost certainly share at least one.

    Among pairs that share 0.86 of their word triples, one in 50,000 shares no key.
    """
    rows = np.frombuffer(made, "<u4").reshape(_BANDS, _ROWS)
    keys = (bytes([number]) + row.tobytes() for number, row in enumerate(rows))
    # Short keys, since an index holds twenty for each article. Two equal by chance only cost a comparison.
    return [hashlib.blake2b(key, digest_size=6).digest() for key in keys]


def same_story(one: str, other: str, limits: StoryThresholds = THRESHOLDS) -> bool:
    """Return whether two canonical texts say the same in nearly the same words, headlines aside."""
    if max(len(one), len(other)) > _LONGEST:
        return _HEADLINE.sub("", one) == _HEADLINE.sub("", other)
    a, b = _words(one), _words(other)
    folded_a, folded_b = [word.casefold() for word in a], [word.casefold() for word in b]
    if folded_a == folded_b:
        return True
    shorter, longer = sorted((len(a), len(b)))
    if shorter < limits.least_words or shorter < limits.least_alike * longer - _SHINGLE:
        return False
    # Count repeats, so that what a template repeats doesn't outweigh what is told in it.
    counts_a, counts_b = Counter(_shingles(folded_a)), Counter(_shingles(folded_b))
    if (counts_a & counts_b).total() < limits.least_alike * (counts_a | counts_b).total():
        return False
    return not _facts_differ(a, b, limits)


def _facts_differ(a: list[str], b: list[str], limits: StoryThresholds) -> bool:
    """Return whether each text has names or numbers of its own, and more than a correction explains."""
    only_a, only_b = _facts(a) - _facts(b), _facts(b) - _facts(a)
    if not only_a or not only_b:
        return False
    shorter = min(len(a), len(b))
    allowed = 0 if shorter < limits.short else max(2, limits.corrected_share * shorter)
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

"""A question with its names as the articles spell them.

Neither the vectors nor the reader know that Joerg Strauss is Jörg Strauß, or Khodorkovsky Ходорковский. Full
text does, so the passages that it finds show how a name is written here.
"""

import functools
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from index import Hit
from qa.conversation import Asked
from qa.names import WORD, Word, stem, word_of

# Keys of one name in two scripts have this much in common, out of 100. Less would take "Сколько" for "Solo".
_SAME = 82
# Shorter keys are often alike by chance.
_LEAST = 4


def respelled(asked: Asked, hits: Sequence[Hit]) -> Asked:
    """Return a question with each name that no passage has as the passages spell it, the best ones first."""
    found = dict.fromkeys(word for hit in hits for word in WORD.findall(hit.passage.embedded_text))
    spelling = _Spelling(list(found))
    return replace(asked, own=spelling.of(asked.own), carried=spelling.of(asked.carried))


class _Spelling:
    """How some words spell names."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._known = {word.lower() for word in words}

    @functools.cached_property
    def _names(self) -> list[Word]:
        return [word_of(word) for word in self._words if not word[0].islower()]

    def of(self, question: str) -> str:
        """Return a question with its names in this spelling."""
        parts, end = [], 0
        for match in WORD.finditer(question):
            # Who writes small letters only writes names so, too.
            may_be_name = question.islower() or not match.group()[0].islower()
            if may_be_name and match.group().lower() not in self._known:
                own = word_of(match.group())
                alike, _, best = max(
                    ((_likeness(own, name), -place, name.text) for place, name in enumerate(self._names)),
                    default=(0.0, 0, ""),
                )
                if alike >= _SAME:
                    parts += [question[end : match.start()], best]
                    end = match.end()
        return "".join([*parts, question[end:]])


def _likeness(own: Word, other: Word) -> float:
    """Return how alike two words are, out of 100; those of one script are if they sound the same."""
    if min(len(own.key), len(other.key)) < _LEAST:
        return 0.0
    if own.is_latin == other.is_latin:
        return 100.0 * (own.key == other.key)
    return fuzz.ratio(stem(own), stem(other))

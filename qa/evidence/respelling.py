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
    known = {word.lower() for word in found}
    names = [word_of(word) for word in found if not word[0].islower()]
    own, carried = (_spelled(text, known, names) for text in (asked.own, asked.carried))
    return replace(asked, own=own, carried=carried)


def _spelled(question: str, known: set[str], names: Sequence[Word]) -> str:
    parts, end = [], 0
    for match in WORD.finditer(question):
        # Who writes small letters only writes names so, too.
        may_be_name = question.islower() or not match.group()[0].islower()
        if may_be_name and match.group().lower() not in known:
            own = word_of(match.group())
            best = max(names, key=functools.partial(_likeness, own), default=own)
            if best is not own and _likeness(own, best) >= _SAME:
                parts += [question[end : match.start()], best.text]
                end = match.end()
    return "".join([*parts, question[end:]])


def _likeness(own: Word, other: Word) -> float:
    """Return how alike two words are, out of 100; those of one script are if they sound the same."""
    if min(len(own.key), len(other.key)) < _LEAST:
        return 0.0
    if own.is_latin == other.is_latin:
        return 100.0 * (own.key == other.key)
    return fuzz.ratio(stem(own), stem(other))

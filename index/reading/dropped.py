"""What of a file its article leaves out or has in other characters or lines."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.text.clean import normalized

from .document import Document

# Between two lines that both texts have once, more lines than this are compared by their words only: aligning
# them takes time that grows with their square.
_MAX_LINES = 2000
# So many lines are looked at for the first of those that were joined to one.
_SOON = 50
# Lines that have this share of their words in common are the same line, changed.
_ALIKE = 0.5

# The lines as seen, and those that the article has in their place.
Change = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an article leaves out of its file, in order, and what it has otherwise."""

    dropped: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()


def difference(document: Document, text: str) -> Difference:
    """Return how the canonical `text` differs from what a reader of the document sees, blanks aside."""
    raw = _lines(document.seen or document.text)
    seen, kept = [" ".join(normalized(line).split()) for line in raw], _lines(text)
    found = _Found()
    for a, b, c, d in _blocks(seen, kept):
        if seen[a:b] == kept[c:d]:
            found.changed += [((r,), (k,)) for r, k in zip(raw[a:b], kept[c:d], strict=True) if r != k]
        else:
            found.compare(raw[a:b], kept[c:d])
    return found.difference()


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.split()]


class _Found:
    """Changes as they are found; `lost` and `gained` are lines that have no counterpart yet."""

    def __init__(self) -> None:
        self.changed: list[Change] = []
        self.lost: list[str] = []
        self.gained: list[str] = []

    def compare(self, seen: Sequence[str], kept: Sequence[str]) -> None:
        """Find lines that together say the same as other lines: joined, split, hyphens undone."""
        bare = list(map(_bare, seen))
        at = 0
        for line in kept:
            first, last = _run(bare, at, _bare(line))
            if first == last:
                self.gained.append(line)
                continue
            self.lost += seen[at:first]
            at = last
            self.changed.append((tuple(seen[first:last]), (line,)))
        self.lost += seen[at:]

    def difference(self) -> Difference:
        """Return what was found, after a look at lines that stand elsewhere or were changed inside."""
        elsewhere: dict[str, list[str]] = {}
        for line in self.gained:
            elsewhere.setdefault(_bare(line), []).append(line)
        left: list[str] = []
        for line in self.lost:
            if not (same := elsewhere.get(_bare(line))):
                left.append(line)
            elif (other := same.pop()) != line:
                self.changed.append(((line,), (other,)))
        gained = [line for lines in elsewhere.values() for line in lines]
        words = Counter(" ".join(gained).split())
        by_word: dict[str, list[str]] = {}
        for line in gained:
            for word in set(line.split()):
                by_word.setdefault(word, []).append(line)
        dropped: list[str] = []
        for line in left:
            said = Counter(word for word in line.split() if word != "|")
            if all(words[word] >= count for word, count in said.items()):
                # Broken into other lines than on the page: its words are there.
                words.subtract(said)
            elif likeliest := _likeliest(said, by_word):
                self.changed.append(((line,), (likeliest,)))
            else:
                dropped.append(line)
        return Difference(tuple(dropped), tuple(self.changed))


def _run(bare: Sequence[str], at: int, wanted: str) -> tuple[int, int]:
    """Return the range of lines, beginning soon after `at`, that `wanted` is made of, or an empty one."""
    for first in range(at, min(at + _SOON, len(bare))):
        place, last = 0, first
        while last < len(bare) and place < len(wanted) and wanted.startswith(bare[last], place):
            place += len(bare[last])
            last += 1
        if place and place == len(wanted):
            return first, last
    return at, at


def _bare(line: str) -> str:
    """Return the letters and signs of a line, without what joining lines and decoding change."""
    folded = unicodedata.normalize("NFKC", normalized(line)).casefold()
    return "".join(folded.split()).replace("-", "").replace("\u2010", "").replace("|", "")


def _likeliest(said: Counter[str], by_word: dict[str, list[str]]) -> str | None:
    """Return the line that has most of these words, if it has enough."""
    shared: Counter[str] = Counter()
    for word in said:
        # What is in many lines tells nothing.
        for line in by_word.get(word, ())[:10]:
            shared[line] += 1
    if not shared:
        return None
    line, count = shared.most_common(1)[0]
    return line if count >= _ALIKE * max(len(said), len(set(line.split()))) else None


def _blocks(seen: Sequence[str], kept: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield corresponding ranges of both, which are equal or else differ."""
    a = c = 0
    for i, j in [*_anchors(seen, kept), (len(seen), len(kept))]:
        if max(i - a, j - c) > _MAX_LINES:
            yield a, i, c, j
        else:
            matcher = SequenceMatcher(None, seen[a:i], kept[c:j], autojunk=False)
            for _, a1, a2, c1, c2 in matcher.get_opcodes():
                yield a + a1, a + a2, c + c1, c + c2
        if i < len(seen):
            yield i, i + 1, j, j + 1
        a, c = i + 1, j + 1


def _anchors(seen: Sequence[str], kept: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of lines that both have just once, as many as are in the same order in both."""
    once = {line for line, count in Counter(seen).items() if count == 1}
    once &= {line for line, count in Counter(kept).items() if count == 1}
    places = {line: number for number, line in enumerate(kept) if line in once}
    pairs = [(number, places[line]) for number, line in enumerate(seen) if line in once]
    # The longest sequence that goes up in both, as in sorting by patience.
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [place]
        piles[pile : pile + 1] = [number]
    at, found = (piles[-1] if piles else -1), []
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]

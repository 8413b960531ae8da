"""The lines of a file that its article leaves out."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from index.text.clean import normalized

from .document import Document

# Longer texts are compared by counting words: aligning lines takes time that grows with their square.
_MAX_LINES = 5000


def dropped_lines(document: Document, text: str) -> tuple[str, ...]:
    """Return the lines of `document` that a reader sees but its canonical `text` lacks, in order."""
    seen, kept = _lines(normalized(document.seen or document.text)), _lines(text)
    if max(len(seen), len(kept)) > _MAX_LINES:
        return tuple(_lacking(seen, kept))
    dropped: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, seen, kept, autojunk=False).get_opcodes():
        if kind in ("delete", "replace"):
            dropped += _lacking(seen[a:b], kept[c:d])
    return tuple(dropped)


def _lacking(seen: Sequence[str], kept: Sequence[str]) -> list[str]:
    """Return the lines of `seen` with words that are not all in `kept`."""
    # The lines may break elsewhere than on the page; what matters is that the words are there.
    left = Counter(" ".join(kept).split())
    lacking: list[str] = []
    for line in seen:
        said = Counter(word for word in line.split() if word != "|")
        if all(left[word] >= count for word, count in said.items()):
            left.subtract(said)
        else:
            lacking.append(line)
    return lacking


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]

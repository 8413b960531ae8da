"""The reader's material as it is taught: lists of rows, drawn anew for each step."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network import LONGEST, Tokenized
from .rows import joined

Ids = NDArray[np.int32]
# The first rows that search brings are in every list, the others by chance.
_ALWAYS = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows for a question; `right` is the number of the one that answers it, -1 for none.

    `span` are the answer's first and last token in the sentence, None where it is longer than any is read.
    """

    rows: list[Tokenized]
    features: NDArray[np.float32]
    right: int
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim and its evidence, and whether it follows."""

    row: Tokenized
    follows: bool


class _Ragged:
    """Pieces of different lengths, one behind another."""

    def __init__(self, stored: Any, name: str) -> None:
        self._flat, self._ends = stored[name], stored[f"{name}_ends"]

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> Ids:
        start = int(self._ends[number - 1]) if number else 0
        piece: Ids = self._flat[start : int(self._ends[number])]
        return piece

    def range(self, number: int) -> tuple[int, int]:
        """Return where a piece begins and ends."""
        return (int(self._ends[number - 1]) if number else 0), int(self._ends[number])


class Material:
    """A file of `train.reader.material`."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            kept = {name: stored[name] for name in stored.files}
        self._questions, self._heads = _Ragged(kept, "questions"), _Ragged(kept, "heads")
        self._sentences, self._list_rows = _Ragged(kept, "sentences"), _Ragged(kept, "list_rows")
        self._claims = _Ragged(kept, "claims")
        self._rows, self._features = kept["rows"], kept["features"]
        self._question, self._right, self._answers = kept["question"], kept["right"], kept["answers"]
        self._claim_rows, self._follows = kept["claim_rows"], kept["claim_follows"]
        self._wordings = len(self._questions) // max(1, len(self._question))
        self.lists, self.claims = len(self._question), len(self._claim_rows)

    def draw(self, number: int, size: int, lost: float, varied: float, chance: random.Random) -> Drawn:
        """Return `size` rows of a list; some lists lose the right one, some questions are reworded."""
        rows = self._list_rows[number]
        begin, _ = self._list_rows.range(number)
        right = int(self._right[number])
        if right >= 0 and chance.random() < lost:
            others = [place for place in range(len(rows)) if place != right]
            right = -1
        else:
            others = list(range(len(rows)))
        rest = others[_ALWAYS:]
        chance.shuffle(rest)
        taken = [*others[:_ALWAYS], *rest][:size]
        if right >= 0 and right not in taken:
            taken[-1] = right
        wording = chance.randrange(1, self._wordings) if chance.random() < varied else 0
        question = self._questions[int(self._question[number]) + wording]
        first, last = (int(token) for token in self._answers[number])
        is_place = right >= 0 and first >= 0 and last - first < LONGEST
        return Drawn(
            [self.row(question, int(rows[place])) for place in taken],
            self._features[begin:][taken],
            taken.index(right) if right >= 0 else -1,
            (first, last) if is_place else None,
        )

    def claim(self, number: int, strange: float, chance: random.Random) -> Claimed:
        """Return a claim with its evidence, or now and then with a sentence that does not say it."""
        row, follows = int(self._claim_rows[number]), bool(self._follows[number])
        if chance.random() < strange:
            # Claims of one article stand together: the neighbours' evidence is of the same story.
            near = [n for n in range(number - 12, number + 13) if 0 <= n < self.claims]
            others = [int(self._claim_rows[n]) for n in near if self._claim_rows[n] != row]
            if others:
                return Claimed(self.row(self._claims[number], chance.choice(others)), follows=False)
        return Claimed(self.row(self._claims[number], row), follows)

    def row(self, question: Ids, number: int) -> Tokenized:
        """Return a question with a row as one row of tokens."""
        head, before, sentence = (int(one) for one in self._rows[number])
        own = self._sentences[sentence]
        previous = self._sentences[before] if before >= 0 else np.zeros(0, np.int32)
        ids, start = joined(question, self._heads[head], previous, own)
        return Tokenized(ids, len(question), start, len(own))


class Lists:
    """The lists and claims of several files, in an order by chance."""

    def __init__(self, materials: Sequence[Material], digest: str = "") -> None:
        self.materials, self.digest = materials, digest
        self.lists = [(m, n) for m, material in enumerate(materials) for n in range(material.lists)]
        self.claims = [(m, n) for m, material in enumerate(materials) for n in range(material.claims)]

    @classmethod
    def load(cls, paths: Sequence[Path]) -> "Lists":
        """Return the lists of files."""
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
        return cls([Material(path) for path in paths], " ".join(digests))

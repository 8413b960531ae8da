"""The reader's material as it is taught: lists of rows, drawn anew for each step."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from index.model.reader.network import FEATURES, LONGEST, Padded, Tokenized, padded
from index.model.reader.rows import joined

if TYPE_CHECKING:
    from .teacher import Recipe

Ids = NDArray[np.int32]
# Rows that are kept for a question, of which a list takes some: if it is not known how hard they are, the
# first in every list and others by chance.
# A right row that stands behind them was missed by search.
KEPT, _ALWAYS = 24, 3
# Where it is known how hard rows are, chance takes one that is so much harder e times as often.
_TEMPER = 2.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows for a question; `right` is the number of the one that answers it, -1 for none.

    `span` are the answer's first and last token in the sentence, None where it is longer than any is read.
    `found`: search has found all rows.
    """

    rows: list[Tokenized]
    features: NDArray[np.float32]
    right: int
    span: tuple[int, int] | None
    found: bool


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
    """What `train.reader.material` or `train.reader.documents` has made."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._questions, self._heads = _Ragged(kept, "questions"), _Ragged(kept, "heads")
        self._sentences, self._list_rows = _Ragged(kept, "sentences"), _Ragged(kept, "list_rows")
        self._rows, self._features = kept["rows"], kept["features"]
        self._question, self._right, self._answers = kept["question"], kept["right"], kept["answers"]
        self._hardness = kept.get("hardness")
        self._wordings = len(self._questions) // max(1, len(self._question))
        self.lists = len(self._question)

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
        taken = self._ordered(begin, others, chance)[:size]
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
            right < KEPT,
        )

    def _ordered(self, begin: int, places: list[int], chance: random.Random) -> list[int]:
        if self._hardness is None:
            rest = places[_ALWAYS:]
            chance.shuffle(rest)
            return [*places[:_ALWAYS], *rest]
        # Sampling without replacement, by the Gumbel-max trick.
        drawn = {
            n: float(self._hardness[begin + n]) / _TEMPER - math.log(chance.expovariate(1)) for n in places
        }
        return sorted(places, key=lambda n: -drawn[n])

    def whole(self, number: int) -> Drawn:
        """Return all rows of a list, its question as it was asked."""
        begin, end = self._list_rows.range(number)
        question = self._questions[int(self._question[number])]
        rows = [self.row(question, int(row)) for row in self._list_rows[number]]
        return Drawn(rows, self._features[begin:end], int(self._right[number]), None, found=True)

    def row(self, question: Ids, number: int) -> Tokenized:
        """Return a question with a row as one row of tokens."""
        head, before, sentence = (int(one) for one in self._rows[number])
        own = self._sentences[sentence]
        previous = self._sentences[before] if before >= 0 else np.zeros(0, np.int32)
        ids, start = joined(question, self._heads[head], previous, own)
        return Tokenized(ids, len(question), start, len(own))


class Lists:
    """The lists of clusters, and those of documents."""

    def __init__(self, clusters: Material, documents: Material | None, digest: str = "") -> None:
        self.material, self.documents, self.digest = clusters, documents, digest
        self.clusters = range(clusters.lists)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of some lists.

    For each list, `place` are the numbers of its rows, `there` says which of them are real, and `right` is
    the one that answers, or one more than there are. `gold` is the answer's place by the number of its row,
    where it is `placed`.
    """

    rows: list[Padded]
    place: torch.Tensor
    there: torch.Tensor
    features: torch.Tensor
    right: torch.Tensor
    found: torch.Tensor
    placed: torch.Tensor
    gold: dict[int, tuple[int, int]]

    def golds(self, numbers: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
        """Return where among `numbers` there are answers, and the token each begins and ends with."""
        own = [(place, *self.gold[number]) for place, number in enumerate(numbers) if number in self.gold]
        return [one[0] for one in own], [one[1] for one in own], [one[2] for one in own]


class Draws(Dataset[Batch]):
    """What each step is taught with, from step `begin` on; the same for the same recipe."""

    def __init__(self, lists: Lists, recipe: "Recipe", begin: int, steps: int, *, wide: bool) -> None:
        self._lists, self._recipe, self._begin, self._steps = lists, recipe, begin, steps
        self._together = 24_000 if wide else 2600
        self._of_documents = round(recipe.batch * recipe.documents) if lists.documents else 0
        self._of_clusters = recipe.batch - self._of_documents
        material, seed = lists.material, recipe.seed
        self._clusters = order(material.lists, steps * self._of_clusters, seed)
        count = lists.documents.lists if lists.documents else 0
        self._documents = order(count, steps * self._of_documents, seed + 2)

    def __len__(self) -> int:
        return self._steps - self._begin

    def __getitem__(self, number: int) -> Batch:
        step, recipe = self._begin + number, self._recipe
        chance = random.Random(f"{recipe.seed} {step}")
        drawn = [*self._drawn(self._lists.material, self._clusters, self._of_clusters, step, chance)]
        if self._lists.documents:
            drawn += self._drawn(self._lists.documents, self._documents, self._of_documents, step, chance)
        return batched(drawn, self._together)

    def _drawn(
        self, material: Material, numbers: Sequence[int], count: int, step: int, chance: random.Random
    ) -> list[Drawn]:
        recipe = self._recipe
        chosen = numbers[step * count : (step + 1) * count]
        return [material.draw(n, recipe.size, recipe.lost, recipe.varied, chance) for n in chosen]


def batched(lists: Sequence[Drawn], together: int) -> Batch:
    """Return lists as tensors; at most `together` tokens are read at once."""
    size = max(len(one.rows) for one in lists)
    place, there = np.zeros((len(lists), size), np.int64), np.zeros((len(lists), size), bool)
    features = np.zeros((len(lists), size, FEATURES), np.float32)
    rows, gold = list[Tokenized](), {}
    for number, one in enumerate(lists):
        count = len(one.rows)
        place[number, :count] = len(rows) + np.arange(count)
        there[number, :count], features[number, :count] = True, one.features
        if one.span:
            gold[len(rows) + one.right] = one.span
        rows += one.rows
    return Batch(
        padded(rows, together),
        torch.from_numpy(place),
        torch.from_numpy(there),
        torch.from_numpy(features),
        torch.tensor([one.right if one.right >= 0 else size for one in lists]),
        torch.tensor([one.found for one in lists]),
        torch.tensor([one.span is not None for one in lists]),
        gold,
    )


def order(count: int, wanted: int, seed: int) -> list[int]:
    """Return `wanted` numbers, each of `count` once before any comes again."""
    chance, found = random.Random(seed), list[int]()
    while count and len(found) < wanted:
        numbers = list(range(count))
        chance.shuffle(numbers)
        found += numbers
    return found[:wanted]

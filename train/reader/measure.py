"""How far a reader has come, on what a pack holds for measuring."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from index.model.reader.network import NOWHERE, UNANSWERED, Network, Tokenized, padded

# Rows that are read together while measuring, in tokens.
_TOGETHER = 60_000


# The place of a right row that is not among those read.
_NOWHERE = 99


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: the place of the first right row, and how likely it is that any answers."""

    place: int
    total: float
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class _One:
    """What was read of a question; `rank` and `answer` have a value a row, without what search says."""

    rank: Any
    answer: Any
    features: Any
    span: tuple[int, int]
    places: tuple[int, ...]
    is_answerable: bool

    def outcome(self, ranking: Any, answering: Any) -> Outcome:
        """Return what comes of it where search has these weights."""
        total = float(np.logaddexp.reduce(self.answer + self.features @ answering))
        return Outcome(place(self.rank + self.features @ ranking, self.places), total, self.is_answerable)


class Measured:
    """Questions with their rows, kept apart from what is taught."""

    def __init__(self, pack: Mapping[str, Any]) -> None:
        ids, shapes = pack["measured.ids"].astype(np.int32), pack["measured.shapes"]
        ends = np.cumsum(shapes[:, 0])
        self._rows = [
            Tokenized(ids[end - size : end], int(asked), int(start), int(length))
            for end, (size, asked, start, length) in zip(ends, shapes, strict=True)
        ]
        self._features = pack["measured.features"]
        self._asked = json.loads(str(pack["measured.asked"]))

    def table(self, network: Network, device: str, promise: Sequence[float]) -> list[str]:
        """Return a line for each group, with figures for several weights of search in ranking."""
        groups = self._read(network, device)
        answering = network.answering.detach().float().cpu().numpy()
        rankings = {"as learned": network.ranking.detach().float().cpu().numpy()}
        rankings |= {f"search at {w}": w * np.array(promise) for w in (10, 20, 40)}
        lines = []
        for name, found in sorted(groups.items()):
            if name.startswith("span"):
                lines.append(f"{name}: F1 {np.mean([_overlap(one) for one in found]):.3f}")
            else:
                for of, ranking in rankings.items():
                    outcomes = [one.outcome(ranking, answering) for one in found]
                    lines.append(f"{name}, {of}: {figures(outcomes)}")
        return lines

    def _read(self, network: Network, device: str) -> dict[str, list[_One]]:
        spans, first, places = self._values(network, device)
        groups: dict[str, list[_One]] = defaultdict(list)
        at = 0
        for group, count, right, is_answerable in self._asked:
            own = slice(at, at + count)
            groups[group].append(
                _One(
                    spans[own] - first[own, NOWHERE],
                    spans[own] - first[own, UNANSWERED],
                    self._features[own],
                    places[at],
                    tuple(right),
                    is_answerable,
                )
            )
            at += count
        return groups

    def _values(self, network: Network, device: str) -> tuple[Any, Any, list[tuple[int, int]]]:
        count = len(self._rows)
        spans, first = np.zeros(count), np.zeros((count, 3))
        places = [(0, 0)] * count
        network.eval()
        network._lower[0].eval()
        with torch.inference_mode(), torch.autocast(device.partition(":")[0], torch.bfloat16):
            for rows in padded(self._rows, _TOGETHER):
                (read,) = network([rows])
                spans[read.numbers] = read.spans().float().cpu().numpy()
                first[read.numbers] = read.first.float().cpu().numpy()
                best = read.pairs.flatten(1).argmax(1).cpu().numpy()
                width = read.pairs.shape[1]
                for number, place in zip(read.numbers, best, strict=True):
                    places[number] = divmod(int(place), width)
        return spans, first, places


def _overlap(one: _One) -> float:
    (a, b), (c, d) = one.span, (one.places[0], one.places[1])
    both = max(0, min(b, d) - max(a, c) + 1)
    return 2 * both / (b - a + 1 + d - c + 1)


def figures(found: Sequence[Outcome]) -> str:
    """Return how often the right row is there, first and among three, and how well answers are told apart."""
    right, wrong = ([one for one in found if one.is_answerable is of] for of in (True, False))
    told = [f"{len(found)}"]
    if right:
        shares = [np.mean([one.place <= most for one in right]) for most in (_NOWHERE - 1, 1, 3)]
        told += [
            f"{name} {share:.3f}" for name, share in zip(("there", "first", "three"), shares, strict=True)
        ]
    if right and wrong:
        ours, theirs = [one.total for one in right], [one.total for one in wrong]
        least = sorted(ours)[int(0.1 * len(ours))]
        refused = np.mean([value < least for value in theirs])
        told += [f"AUROC {auroc(ours, theirs):.3f}", f"refused where .90 are kept {refused:.3f}"]
    return ", ".join(told)


def place(values: Any, right: Sequence[int]) -> int:
    """Return the place, from 1, of the first right row where rows are ranked by `values`."""
    order = np.argsort(-np.asarray(values))
    return next((number for number, row in enumerate(order, 1) if row in right), _NOWHERE)


def auroc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return how often a value of the first is greater than one of the second."""
    ours, theirs = np.array(right)[:, None], np.array(wrong)[None]
    return float(np.mean((ours > theirs) + 0.5 * (ours == theirs)))

"""The network that reads a question and a sentence together: the encoder's lower layers, and heads."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from index.model.token_vectors import lower_layers

# The longest answer, in tokens.
LONGEST = 24
# What search says of a sentence: likeness of its passage, full text, match at a glance.
FEATURES = 3
# The scores of a row: that it has no answer, for ranking; the same, for refusing; that a claim follows.
NOWHERE, UNANSWERED, FOLLOWS = 0, 1, 2
# Tokens that are read at once.
_TOGETHER = 2600
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A row of tokens; the question has `asked` of them from 1 on, the sentence `length` from `start` on."""

    ids: NDArray[np.int32]
    asked: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Padded:
    """Rows as tensors, by their `numbers`.

    `ids` are tokens, of which those in `mask` are there and those in `asked` are the question's. `places` are
    those of the sentence's tokens, as far as they are `inside`.
    """

    numbers: list[int]
    ids: torch.Tensor
    mask: torch.Tensor
    asked: torch.Tensor
    places: torch.Tensor
    inside: torch.Tensor

    def to(self, device: torch.device | str) -> "Padded":
        """Return the same on a device."""
        parts = (self.ids, self.mask, self.asked, self.places, self.inside)
        return Padded(self.numbers, *(part.to(device, non_blocking=True) for part in parts))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: `pairs[begin, end]` of each row's sentence, and three values of the row as a whole.

    `wrong` has a value for each token: how sure it is that the evidence of a claim does not say it.
    """

    numbers: list[int]
    pairs: torch.Tensor
    first: torch.Tensor
    wrong: torch.Tensor

    def spans(self) -> torch.Tensor:
        """Return each row's value of all spans of its sentence together."""
        return torch.logsumexp(self.pairs.flatten(1), dim=1)

    def follows(self) -> torch.Tensor:
        """Return how likely each row's claim follows, as the logarithm of the odds."""
        return self.first[:, FOLLOWS] - torch.logsumexp(self.wrong, dim=1)


class Network(nn.Module):
    """Layers and heads. What depends on search is linear: `ranking` and `answering` weigh its features."""

    def __init__(self, transformer: Any, depth: int, first: int) -> None:
        super().__init__()
        self.first_taught = first
        lower = lower_layers(transformer, depth)
        layers = lower.encoder.layer
        for number in range(first, depth):
            layers[number] = copy.deepcopy(layers[number])
        # In a list, so that the layers that stay are not taken for the network's own.
        self._lower = [lower]
        self.layers = nn.ModuleList(list(layers)[first:])
        size = lower.config.hidden_size
        self.ends = nn.Linear(size, 2)
        self.token = nn.Linear(size, 3)
        # That a token of a claim says what its evidence does not: one is enough.
        self.wrong = nn.Linear(size, 1)
        self.ranking = nn.Parameter(torch.zeros(FEATURES))
        self.answering = nn.Parameter(torch.zeros(FEATURES))
        self.none = nn.Parameter(torch.tensor(0.0))

    def forward(self, rows: Sequence[Padded]) -> list[Read]:
        """Read rows."""
        return [self._read(padded.to(self.none.device)) for padded in rows]

    def _read(self, rows: Padded) -> Read:
        hidden = self._lower[0](input_ids=rows.ids, attention_mask=rows.mask).last_hidden_state.float()
        # Scores of some tens lose what tells them apart in bfloat16.
        with torch.autocast(hidden.device.type, enabled=False):
            return self._scored(rows, hidden)

    def _scored(self, rows: Padded, hidden: torch.Tensor) -> Read:
        first = nn.functional.linear(hidden[:, 0], self.token.weight, self.token.bias)
        wrong = nn.functional.linear(hidden, self.wrong.weight, self.wrong.bias)[:, :, 0]
        wrong = wrong.masked_fill(~rows.asked, _NEVER)
        of_sentence = torch.gather(hidden, 1, rows.places[:, :, None].expand(-1, -1, hidden.shape[2]))
        ends = nn.functional.linear(of_sentence, self.ends.weight, self.ends.bias)
        pairs = ends[:, :, 0][:, :, None] + ends[:, :, 1][:, None, :]
        width = torch.arange(pairs.shape[1], device=pairs.device)
        length = width[None, :] - width[:, None]
        allowed = (length >= 0) & (length < LONGEST)
        allowed = allowed[None] & rows.inside[:, :, None] & rows.inside[:, None, :]
        return Read(rows.numbers, pairs.masked_fill(~allowed, _NEVER), first, wrong)


def padded(rows: Sequence[Tokenized], together: int = _TOGETHER) -> list[Padded]:
    """Return rows as tensors, those of like length together."""
    return [_padded(rows, numbers) for numbers in batches([len(row.ids) for row in rows], together)]


def batches(lengths: Sequence[int], together: int = _TOGETHER) -> list[list[int]]:
    """Return the numbers of rows in batches of like length."""
    found: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        longest = lengths[found[-1][0]] if found else 0
        is_full = not found or (len(found[-1]) + 1) * longest > together
        if is_full or (lengths[number] < 0.75 * longest and len(found[-1]) * longest >= together / 4):
            found.append([])
        found[-1].append(number)
    return found


def _padded(all_rows: Sequence[Tokenized], numbers: list[int]) -> Padded:
    rows = [all_rows[number] for number in numbers]
    width, sentence = max(len(row.ids) for row in rows), max(1, *(row.length for row in rows))
    ids, mask = np.ones((len(rows), width), np.int64), np.zeros((len(rows), width), np.int64)
    asked = np.zeros((len(rows), width), bool)
    places, inside = np.zeros((len(rows), sentence), np.int64), np.zeros((len(rows), sentence), bool)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)], mask[at, : len(row.ids)] = row.ids, 1
        asked[at, 1 : 1 + row.asked] = True
        places[at, : row.length], inside[at, : row.length] = row.start + np.arange(row.length), True
    return Padded(numbers, *(torch.from_numpy(one) for one in (ids, mask, asked, places, inside)))

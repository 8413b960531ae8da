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

# Layers that read, of which those from `FIRST` on were taught.
DEPTH, FIRST = 9, 3
# The longest answer, in tokens.
LONGEST = 24
# What search says of a sentence: likeness of its passage, full text, match at a glance.
FEATURES = 3
# Of a row: that it has no answer, for ranking; the same, for refusing; that a claim follows.
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
class Read:
    """What was read: `pairs[begin, end]` of each row's sentence, and three values of the row as a whole."""

    numbers: list[int]
    pairs: torch.Tensor
    first: torch.Tensor

    def spans(self) -> torch.Tensor:
        """Return each row's value of all spans of its sentence together."""
        return torch.logsumexp(self.pairs.flatten(1), dim=1)


class Network(nn.Module):
    """Layers and heads. What depends on search is linear: `ranking` and `answering` weigh its features."""

    def __init__(self, transformer: Any, depth: int = DEPTH, first: int = FIRST) -> None:
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
        self.ranking = nn.Parameter(torch.tensor([12.0, 1.8, 1.2]))
        self.answering = nn.Parameter(torch.tensor([6.0, 0.9, 0.6]))
        self.none = nn.Parameter(torch.tensor(3.0))

    def forward(self, rows: Sequence[Tokenized]) -> list[Read]:
        """Read rows, those of like length together."""
        return [self._read(rows, numbers) for numbers in batches([len(row.ids) for row in rows])]

    def _read(self, rows: Sequence[Tokenized], numbers: list[int]) -> Read:
        ids, mask, asked, inside = _padded([rows[number] for number in numbers], self.ends.weight.device)
        hidden = self._lower[0](input_ids=ids, attention_mask=mask).last_hidden_state
        first = nn.functional.linear(hidden[:, 0].float(), self.token.weight, self.token.bias)
        wrong = nn.functional.linear(hidden.float(), self.wrong.weight, self.wrong.bias)[:, :, 0]
        first[:, FOLLOWS] = first[:, FOLLOWS] - torch.logsumexp(wrong.masked_fill(~asked, _NEVER), dim=1)
        places, may = inside
        of_sentence = torch.gather(hidden, 1, places[:, :, None].expand(-1, -1, hidden.shape[2]))
        ends = nn.functional.linear(of_sentence.float(), self.ends.weight, self.ends.bias)
        pairs = ends[:, :, 0][:, :, None] + ends[:, :, 1][:, None, :]
        width = torch.arange(pairs.shape[1], device=pairs.device)
        length = width[None, :] - width[:, None]
        allowed = (length >= 0) & (length < LONGEST)
        allowed = allowed[None] & may[:, :, None] & may[:, None, :]
        return Read(numbers, pairs.masked_fill(~allowed, _NEVER), first)


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the numbers of rows in batches of like length."""
    found: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        longest = lengths[found[-1][0]] if found else 0
        is_full = not found or (len(found[-1]) + 1) * longest > _TOGETHER
        if is_full or (lengths[number] < 0.75 * longest and len(found[-1]) >= 8):
            found.append([])
        found[-1].append(number)
    return found


def _padded(
    rows: Sequence[Tokenized], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """Return rows as tensors: tokens, which are there, which are the question's, places of the sentence's."""
    width, sentence = max(len(row.ids) for row in rows), max(1, *(row.length for row in rows))
    ids, mask = np.ones((len(rows), width), np.int64), np.zeros((len(rows), width), np.int64)
    asked = np.zeros((len(rows), width), bool)
    places, may = np.zeros((len(rows), sentence), np.int64), np.zeros((len(rows), sentence), bool)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)], mask[at, : len(row.ids)] = row.ids, 1
        asked[at, 1 : 1 + row.asked] = True
        places[at, : row.length], may[at, : row.length] = row.start + np.arange(row.length), True
    moved = [torch.from_numpy(one).to(device) for one in (ids, mask, asked, places, may)]
    return moved[0], moved[1], moved[2], (moved[3], moved[4])

"""Texts to the vectors of their tokens, taken from the encoder's own layers: for comparing word by word."""

import copy
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Ids, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# The share of the model's layers to run. The last layers prepare the likeness of whole texts; what a word
# means in its sentence is clearest before them (as Zhang et al. 2020 found for BERTScore). docs/quality.md
# has the measurement.
_DEPTH = 0.75
# Architectures with one layer after another, so the upper ones can be left out.
_STACKED = {"bert", "roberta", "xlm-roberta", "camembert"}
# Tokens in one row: the cost of attention grows with the square of this.
_PACK = 170


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens. `vectors` has a unit row for each; `weights` say how informative each is.

    `spans` has a row of two for each: where its characters start and end in the text.
    """

    vectors: Vectors
    weights: Vectors
    spans: Ids

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Return which tokens overlap the characters from `start` to `end`."""
        return overlapping(self.spans, start, end)

    def heaviest(self, start: int, end: int) -> float:
        """Return the greatest weight of the tokens that overlap these characters, 0 if none do."""
        return float(self.weights[self.within(start, end)].max(initial=0.0))


class TokenModel:
    """The lower layers of a sentence-transformers model, which share its weights."""

    def __init__(self, model: "SentenceTransformer") -> None:
        self._tokenizer: Any = model.tokenizer
        self._limit = model.max_seq_length
        # Only the transformer itself gives vectors for tokens; the pooling after it gives one for a text.
        self._transformer: Any = model[0].auto_model
        self._depth = max(1, round(_DEPTH * self._transformer.config.num_hidden_layers))

    def read(self, texts: Sequence[str], prompt: str) -> list[Tokens]:
        """Return the tokens of `texts` as their text gives them meaning, without those of the prompt."""
        import torch

        ids, kept, spans = self._tokenized(texts, prompt)
        with torch.inference_mode():
            hidden = self._packed(ids) if self._lower else self._padded(ids)
        return [self._tokens(*row) for row in zip(hidden, ids, kept, spans, strict=True)]

    def _tokenized(
        self, texts: Sequence[str], prompt: str
    ) -> tuple[list[Ids], list[NDArray[np.bool_]], list[Ids]]:
        encoded = self._tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=self._limit,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        spans = [np.array(offsets) - len(prompt) for offsets in encoded["offset_mapping"]]
        special = [np.array(mask, bool) for mask in encoded["special_tokens_mask"]]
        kept = [(span[:, 1] > 0) & ~mask for span, mask in zip(spans, special, strict=True)]
        return [np.array(row) for row in encoded["input_ids"]], kept, spans

    def _padded(self, ids: Sequence[Ids]) -> list[Vectors]:
        """Run the whole model on a batch and take the layer from its hidden states."""
        import torch

        longest = max(map(len, ids))
        batch, mask = np.zeros((len(ids), longest), np.int64), np.zeros((len(ids), longest), np.int64)
        for row, one in enumerate(ids):
            batch[row, : len(one)], mask[row, : len(one)] = one, 1
        done = self._transformer(
            input_ids=torch.from_numpy(batch),
            attention_mask=torch.from_numpy(mask),
            output_hidden_states=True,
        )
        hidden = done.hidden_states[self._depth].float().numpy()
        return [hidden[row, : len(one)] for row, one in enumerate(ids)]

    def _packed(self, ids: Sequence[Ids]) -> list[Vectors]:
        """Run the lower layers on texts laid end to end, where each text attends to itself only.

        Padding a dozen sentences to the longest one would take half as long again.
        """
        import torch

        packs = packed([len(one) for one in ids])
        width = max(end for pack in packs for _, _, end in pack)
        batch, positions = np.zeros((len(packs), width), np.int64), np.zeros((len(packs), width), np.int64)
        owner = np.full((len(packs), width), -1)
        for row, pack in enumerate(packs):
            for i, start, end in pack:
                batch[row, start:end], owner[row, start:end] = ids[i], i
                positions[row, start:end] = np.arange(end - start)
        # Padding attends to padding: a mask row that is all false would produce NaN.
        mask = torch.from_numpy(owner[:, :, None] == owner[:, None, :])[:, None]
        done = self._lower(
            input_ids=torch.from_numpy(batch),
            position_ids=torch.from_numpy(positions + self._first_position),
            attention_mask=mask,
        )
        hidden = done.last_hidden_state.float().numpy()
        places = {i: hidden[row, start:end] for row, pack in enumerate(packs) for i, start, end in pack}
        return [places[i] for i in range(len(ids))]

    def _tokens(self, vectors: Vectors, ids: Ids, kept: NDArray[np.bool_], spans: Ids) -> Tokens:
        rows = vectors[kept]
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return Tokens(rows, self._weights[ids[kept]], spans[kept])

    @functools.cached_property
    def _lower(self) -> Any:
        """The model without its upper layers, or None if it cannot be cut."""
        if self._transformer.config.model_type not in _STACKED:
            return None
        return lower_layers(self._transformer, self._depth)

    @property
    def _first_position(self) -> int:
        """The number of a text's first position: some models reserve the first numbers for padding."""
        config = self._transformer.config
        return 0 if config.model_type == "bert" else config.pad_token_id + 1

    @functools.cached_property
    def _weights(self) -> Vectors:
        """How much each token of the vocabulary says: the rarer in the tokenizer's training, the more."""
        model = json.loads(self._tokenizer.backend_tokenizer.to_str())["model"]
        if model["type"] == "Unigram":
            return np.array([max(0.0, -score) for _, score in model["vocab"]], np.float32)
        # Vocabularies without counts are ordered by frequency, which follows Zipf's law.
        return np.log1p(np.arange(len(self._tokenizer), dtype=np.float32))


def overlapping(spans: Ids, start: int, end: int) -> NDArray[np.bool_]:
    """Return which of `spans`, rows of start and end, overlap the characters from `start` to `end`."""
    inside: NDArray[np.bool_] = (spans[:, 0] < end) & (spans[:, 1] > start)
    return inside


def lower_layers(transformer: Any, depth: int) -> Any:
    """Return a transformer of the first `depth` layers of another one; the two share them."""
    import torch

    lower, encoder = copy.copy(transformer), copy.copy(transformer.encoder)
    # A shallow copy of a module shares the dictionary of its parts.
    lower._modules, encoder._modules = dict(lower._modules), dict(encoder._modules)
    encoder._modules["layer"] = torch.nn.ModuleList(list(encoder.layer)[:depth])
    lower._modules["encoder"] = encoder
    return lower


def packed(lengths: Sequence[int]) -> list[list[tuple[int, int, int]]]:
    """Spread texts over rows of similar length; return each row's texts with their start and end."""
    rows: list[list[tuple[int, int, int]]] = [[] for _ in range(-(-sum(lengths) // _PACK))]
    ends = [0] * len(rows)
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        row = ends.index(min(ends))
        rows[row].append((i, ends[row], ends[row] + lengths[i]))
        ends[row] += lengths[i]
    return [row for row in rows if row]

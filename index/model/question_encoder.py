"""Questions to vectors that point at the passages that answer them, whatever their language.

E5 prefers texts in the question's own language. The bundled encoder was trained to look past that, on the
question's side alone, so passages keep their vectors (docs/question_model.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .low_rank import changed_layers

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

WEIGHTS = Path(__file__).with_name("questions.safetensors")


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """A question's tokens: their numbers, and what each means in its context, a row each."""

    ids: "torch.Tensor"
    hidden: "torch.Tensor"


class QuestionModel:
    """A sentence-transformers model's layers as trained for questions."""

    def __init__(self, model: "SentenceTransformer", prompt: str, weights: Path = WEIGHTS) -> None:
        from safetensors.torch import load_file

        self._tokenizer: Any = model.tokenizer
        self._prompt, self._limit = prompt, model.max_seq_length
        self._layers = changed_layers(model[0].auto_model, load_file(weights))
        # A question is searched with and then glanced with: it is read once.
        self._last: tuple[str, tuple[Any, torch.Tensor]] | None = None

    def encode(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, one row a question."""
        encoded, hidden = self._read(questions)
        kept = encoded["attention_mask"][:, :, None].numpy()
        means: NDArray[np.float32] = (hidden.numpy() * kept).sum(axis=1) / kept.sum(axis=1)
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        return means

    def tokens(self, questions: Sequence[str]) -> "list[QuestionTokens]":
        """Return the tokens of questions, without those of the prompt."""
        encoded, hidden = self._read(questions)
        own = encoded["offset_mapping"][:, :, 1] > len(self._prompt)
        own &= (encoded["attention_mask"] > 0) & (encoded["special_tokens_mask"] == 0)
        return [
            QuestionTokens(ids[kept], of[kept])
            for ids, of, kept in zip(encoded["input_ids"], hidden, own, strict=True)
        ]

    def _read(self, questions: Sequence[str]) -> tuple[Any, "torch.Tensor"]:
        """Return questions as padded tokens, and what each token means in its context."""
        import torch

        if self._last and [self._last[0]] == [*questions]:
            return self._last[1]
        encoded = self._tokenizer(
            [self._prompt + question for question in questions],
            truncation=True,
            max_length=self._limit,
            padding=True,
            return_tensors="pt",
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        with torch.inference_mode():
            read = self._layers(input_ids=encoded["input_ids"], attention_mask=encoded["attention_mask"])
        found = encoded, read.last_hidden_state.float()
        if len(questions) == 1:
            self._last = questions[0], found
        return found

"""Questions to vectors that point at the passages that answer them, whatever their language.

E5 prefers texts in the question's own language. The bundled encoder was trained to look past that, on the
question's side alone, so passages keep their vectors (docs/question_model.md).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .low_rank import changed_layers

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WEIGHTS = Path(__file__).with_name("questions.safetensors")


class QuestionModel:
    """A sentence-transformers model's layers as trained for questions."""

    def __init__(self, model: "SentenceTransformer", prompt: str, weights: Path = WEIGHTS) -> None:
        from safetensors.torch import load_file

        self._tokenizer: Any = model.tokenizer
        self._prompt, self._limit = prompt, model.max_seq_length
        self._layers = changed_layers(model[0].auto_model, load_file(weights))

    def encode(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, one row a question."""
        import torch

        encoded = self._tokenizer(
            [self._prompt + question for question in questions],
            truncation=True,
            max_length=self._limit,
            padding=True,
            return_tensors="pt",
        )
        mask = encoded["attention_mask"]
        with torch.inference_mode():
            hidden = self._layers(input_ids=encoded["input_ids"], attention_mask=mask).last_hidden_state
        kept = mask[:, :, None].numpy()
        means: NDArray[np.float32] = (hidden.float().numpy() * kept).sum(axis=1) / kept.sum(axis=1)
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        return means

"""An encoder of questions with layers of its own, which can be changed; the encoder of passages stays."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import normalize

from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder
from index.model.low_rank import changed_layers
from index.model.token_vectors import lower_layers

_TOGETHER = 64


class QuestionEncoder:
    """Encodes questions as `encoder` does, until its `layers` are changed; shares the embeddings with it."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        model = encoder.model
        transformer: Any = model[0].auto_model
        self._tokenizer: Any = model.tokenizer
        self._prompt, self._limit = encoder._question_prompt, model.max_seq_length
        self.layers = lower_layers(transformer, transformer.config.num_hidden_layers)
        self.layers.encoder.layer = copy.deepcopy(self.layers.encoder.layer)
        self.layers.eval()

    @classmethod
    def load(cls, encoder: SentenceEncoder, weights: Path) -> "QuestionEncoder":
        """Return the encoder with the changes in `weights` added to its matrices."""
        questions = cls(encoder)
        questions.layers = changed_layers(questions.layers, load_file(weights))
        return questions

    def vectors(self, questions: Sequence[str]) -> torch.Tensor:
        """Return unit vectors, one row a question, with gradients for what is changed."""
        encoded = self._tokenizer(
            [self._prompt + question for question in questions],
            truncation=True,
            max_length=self._limit,
            padding=True,
            return_tensors="pt",
        )
        mask = encoded["attention_mask"]
        hidden = self.layers(input_ids=encoded["input_ids"], attention_mask=mask).last_hidden_state
        kept = mask[:, :, None].float()
        return normalize((hidden.float() * kept).sum(dim=1) / kept.sum(dim=1), dim=1)

    def encode(self, questions: Sequence[str]) -> Vectors:
        """Return unit vectors, one row a question."""
        order = sorted(range(len(questions)), key=lambda number: len(questions[number]))
        vectors = np.empty((len(questions), self.layers.config.hidden_size), np.float32)
        with torch.inference_mode():
            for at in range(0, len(order), _TOGETHER):
                rows = order[at : at + _TOGETHER]
                vectors[rows] = self.vectors([questions[row] for row in rows]).numpy()
        return vectors

"""Which sentences promise to answer a question, told at a glance, so that few have to be read.

Each of the question's words, in its context, looks for its like among the words of a sentence, of the one
before and of the title. These come without context, from the encoder's table of words: for a hundred
sentences that takes milliseconds. What a word looks for was learned (docs/reader.md). It is the late
interaction of ColBERT (Khattab and Zaharia 2020), with only the question encoded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .arrays import Vectors
from .question_encoder import QuestionModel
from .reader.rows import Row, RowTokenizer

if TYPE_CHECKING:
    import torch

WEIGHTS = Path(__file__).with_name("glance.safetensors")


class Found(NamedTuple):
    """What search says of a passage: how like the question it is, and how well full text matches."""

    likeness: float
    full_text: float


@dataclass(frozen=True, slots=True)
class Glanced:
    """What is said of rows at a glance, each of shape (rows,).

    `promises` are logarithms, for comparing rows of one question. `matches`, 0 to 1, say how well the
    sentence's words match the question's.
    """

    promises: Vectors
    matches: Vectors


class GlanceModel:
    """What was learned, for the bundled encoder's words."""

    def __init__(self, words: "torch.Tensor", questions: QuestionModel, tokenizer: Any) -> None:
        from safetensors.torch import load_file

        from .glance_network import Glance

        self._questions, self._tokenizer = questions, RowTokenizer(tokenizer)
        self._network = Glance(words).eval()
        self._network.load_state_dict({name: value.float() for name, value in load_file(WEIGHTS).items()})

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        """Return what is to be said of each row, `found` being what search says of it."""
        import torch

        from .glance_network import row_tokens

        if not rows:
            return Glanced(np.zeros(0, np.float32), np.zeros(0, np.float32))
        with torch.inference_mode():
            searched = torch.tensor(found, dtype=torch.float32)
            asked = self._questions.tokens([question])[0]
            promises, matches = self._network(asked, row_tokens(self._tokenizer, rows), searched)
        return Glanced(promises.numpy(), matches.numpy())

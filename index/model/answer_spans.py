"""Where in a text the answer to a question stands, token by token, by reading the two together.

The bundled encoder reads a text alone, so it knows what resembles a question but not what answers it. Here
its lower layers read both at once. Small changes to their weights, trained for this, ship with article-qa
(`bench/answers.py`; as in LoRA: Hu et al. 2021). Other encoders have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Ids, Vectors
from .low_rank import changed_layers
from .token_vectors import overlapping

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WEIGHTS = Path(__file__).with_name("answers.safetensors")
# Tokens read of a question and a text together; the rest is cut off.
_LIMIT = 384
# An answer has at most this many tokens.
_LONGEST = 24
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Located:
    """How likely each token of a text is in the answer; `spans` are the text's characters, one row a token.

    `nowhere` is the likelihood that the text has no answer.
    """

    spans: Ids
    likelihood: Vectors
    nowhere: float

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Return which tokens overlap the characters from `start` to `end`."""
        return overlapping(self.spans, start, end)


class AnswerModel:
    """A sentence-transformers model's lower layers, with trained changes and a layer that scores tokens."""

    def __init__(
        self, model: "SentenceTransformer", prompts: tuple[str, str], weights: Path = WEIGHTS
    ) -> None:
        from safetensors.torch import load_file

        self._tokenizer: Any = model.tokenizer
        self._passage_prompt, self._question_prompt = prompts
        learned = load_file(weights)
        self._ends = learned.pop("ends.weight").float().numpy(), learned.pop("ends.bias").float().numpy()
        self._layers = changed_layers(model[0].auto_model, learned)

    def locate(self, question: str, texts: Sequence[str]) -> list[Located]:
        """Return where in each of `texts` the answer to `question` may stand."""
        import torch

        encoded = self._tokenizer(
            [self._question_prompt + question] * len(texts),
            [self._passage_prompt + text for text in texts],
            # Cut whichever is longer: a question may have two thousand characters.
            truncation="longest_first",
            max_length=_LIMIT,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="np",
        )
        with torch.inference_mode():
            hidden = self._layers(
                input_ids=torch.from_numpy(encoded["input_ids"]),
                attention_mask=torch.from_numpy(encoded["attention_mask"]),
            ).last_hidden_state
        ends = hidden.float().numpy() @ self._ends[0].T + self._ends[1]
        begin = len(self._passage_prompt)
        found = []
        for row, scores in enumerate(ends):
            offsets = encoded["offset_mapping"][row]
            of_text = np.array([part == 1 for part in encoded.sequence_ids(row)]) & (offsets[:, 1] > begin)
            # The first token includes the blank before it.
            spans = np.maximum(offsets[of_text] - begin, 0)
            found.append(located(spans, scores[of_text], scores[0]))
        return found


def located(spans: Ids, scores: Vectors, nowhere: Vectors) -> Located:
    """Turn the scores for a beginning and an end at each token, and for no answer, into likelihoods."""
    count = len(spans)
    pairs = scores[:, 0][:, None] + scores[:, 1][None, :]
    lengths = np.arange(count)[None, :] - np.arange(count)[:, None]
    pairs = np.where((lengths >= 0) & (lengths < _LONGEST), pairs, _NEVER)
    none = float(nowhere.sum())
    top = max(none, float(pairs.max(initial=_NEVER)))
    likely, unlikely = np.exp(pairs - top), float(np.exp(none - top))
    total = float(likely.sum()) + unlikely
    # A token is in the answer if the answer begins at or before it and ends at or after it.
    begun = np.cumsum(likely / total, axis=0)
    inside = np.array([begun[token, token:].sum() for token in range(count)], np.float32)
    return Located(spans, inside, unlikely / total)

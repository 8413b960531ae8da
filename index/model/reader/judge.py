"""Which sentence answers a question, where in it, whether any does, and whether a claim follows.

One small network reads a question and a sentence together, with the title and the day of its article and the
sentence before it: the bundled encoder's lower layers, of which the upper ones were taught for it and come
with article-qa (docs/reader.md). Other encoders have none.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .rows import Ids, Row, RowTokenizer, Sentence, joined

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

    from .network import Network, Read, Tokenized

WEIGHTS = Path(__file__).with_name("reader.safetensors")
# What search says of a row: how like the question its passage is, full text, the match of words at a glance.
Searched = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reader says of a row.

    Rows are ranked by `rank`, those of all articles together. `answer` compares with that of other rows and,
    0, with that of no answer. The answer's words are the sentence's characters from `start` up to but without
    `end`, which are the likeliest by `share`.
    """

    rank: float
    answer: float
    start: int
    end: int
    share: float


class ReaderModel:
    """A sentence-transformers model's lower layers as they were taught to read, and what they end with."""

    def __init__(self, model: "SentenceTransformer", weights: Path = WEIGHTS) -> None:
        self._tokenizer = RowTokenizer(model.tokenizer)
        self._network = load_network(model[0].auto_model, weights)

    def read(self, question: str, rows: Sequence[Row], searched: Sequence[Searched]) -> list[Judged]:
        """Return what is to be said of each row, `searched` being what search says of it."""
        import torch

        from .network import NOWHERE, UNANSWERED, padded

        if not rows:
            return []
        network = self._network
        asked = self._tokenizer.questions([question]) * len(rows)
        sentences, read_rows = tokenized(self._tokenizer, asked, rows)
        found: list[Judged | None] = [None] * len(rows)
        with torch.inference_mode():
            features = torch.tensor(searched)
            ranking = features @ network.ranking
            answering = features @ network.answering - network.none
            for read in network(padded(read_rows)):
                spans = read.spans()
                rank = spans - read.first[:, NOWHERE] + ranking[read.numbers]
                answer = spans - read.first[:, UNANSWERED] + answering[read.numbers]
                for place, number in enumerate(read.numbers):
                    start, end, share = _place(read, place, float(spans[place]), sentences[number])
                    # A token holds the blank before it.
                    start += len(said := rows[number].text[start:end]) - len(said.lstrip())
                    found[number] = Judged(float(rank[place]), float(answer[place]), start, end, share)
        return [one for one in found if one]

    def follows(self, claims: Sequence[str], rows: Sequence[Row]) -> NDArray[np.float32]:
        """Return how likely each claim follows from its row, as the logarithm of the odds."""
        import torch

        from .network import padded

        likely = np.zeros(len(claims), np.float32)
        if not claims:
            return likely
        _, read_rows = tokenized(self._tokenizer, self._tokenizer.questions(claims), rows)
        with torch.inference_mode():
            for read in self._network(padded(read_rows)):
                likely[read.numbers] = read.follows().numpy()
        return likely


def tokenized(
    tokenizer: RowTokenizer, questions: Sequence[Ids], rows: Sequence[Row]
) -> "tuple[list[Sentence], list[Tokenized]]":
    """Return the sentences of rows, and each row with its question as one row of tokens."""
    from .network import Tokenized

    texts = list(dict.fromkeys([row.text for row in rows] + [row.before for row in rows]))
    sentences = dict(zip(texts, tokenizer.sentences(texts), strict=True))
    titles = list(dict.fromkeys((row.title, row.published) for row in rows))
    heads = dict(zip(titles, tokenizer.heads(titles), strict=True))
    found = []
    for question, row in zip(questions, rows, strict=True):
        own, before = sentences[row.text], sentences[row.before]
        ids, start = joined(question, heads[row.title, row.published], before.ids, own.ids)
        found.append(Tokenized(ids, len(question), start, len(own.ids)))
    return [sentences[row.text] for row in rows], found


def load_network(transformer: Any, weights: Path) -> "Network":
    """Return the network with what was taught; what was not is shared with `transformer`."""
    from .network import Network

    learned, depth, first = stored(weights)
    network = Network(transformer, depth, first)
    # The layers come in the precision of those below them, the heads in full.
    network.load_state_dict(learned)
    return network.eval()


def stored(weights: Path) -> "tuple[dict[str, torch.Tensor], int, int]":
    """Return what was taught, how many layers read, and the number of the first that was taught."""
    from safetensors import safe_open
    from safetensors.torch import load_file

    learned: dict[str, torch.Tensor] = {name: value.float() for name, value in load_file(weights).items()}
    taught = {name.split(".")[1] for name in learned if name.startswith("layers.")}
    with safe_open(weights, "pt") as opened:
        depth = int(json.loads(opened.metadata()["recipe"])["depth"])
    return learned, depth, depth - len(taught)


def _place(read: "Read", place: int, every: float, sentence: Sentence) -> tuple[int, int, float]:
    """Return the likeliest span's characters, and its share of all spans of the sentence."""
    if not len(sentence.ids):
        return 0, 0, 1.0
    pairs = read.pairs[place]
    best = int(pairs.argmax())
    begin, end = divmod(best, pairs.shape[1])
    share = float((pairs[begin, end] - every).exp())
    return int(sentence.spans[begin, 0]), int(sentence.spans[end, 1]), share

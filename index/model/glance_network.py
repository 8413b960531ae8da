"""The network that tells at a glance which sentences promise to answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from .question_encoder import QuestionTokens
from .reader.rows import Row, RowTokenizer

# The columns of the space in which words look for their like.
WIDTH = 128


@dataclass(frozen=True, slots=True)
class RowTokens:
    """Rows as tokens: `ids` of all their texts end to end, of which each is of the text `owners`.

    `places` has the numbers of each row's sentence, of the one before and of the title.
    """

    ids: torch.Tensor
    owners: torch.Tensor
    places: torch.Tensor


class Glance(nn.Module):
    """What is learned: what words look for, where they find it, and what each counts."""

    def __init__(self, words: torch.Tensor, dropout: float = 0.0) -> None:
        super().__init__()
        # In a list, so that the encoder's words are not taken for what is learned.
        self._words = [words]
        size = words.shape[1]
        self.dropout = nn.Dropout(dropout)
        self.asked = nn.Linear(2 * size, WIDTH, bias=False)
        self.told = nn.Linear(size, WIDTH, bias=False)
        self.weight = nn.Linear(2 * size, 1, bias=False)
        # Of likeness and full text; of words in the sentence, in the one before, and in these or the title.
        self.parts = nn.Parameter(torch.zeros(5))

    def forward(
        self, asked: QuestionTokens, rows: RowTokens, found: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what each row promises, a logarithm, and how well its sentence's words match, 0 to 1."""
        hidden = self.dropout(nn.functional.normalize(asked.hidden.float(), dim=1))
        of_asked = torch.cat([self._of(asked.ids), hidden], 1)
        looked_for = nn.functional.normalize(self.asked(of_asked), dim=1)
        share = torch.softmax(self.weight(of_asked)[:, 0], 0)
        ids, places = torch.unique(rows.ids, return_inverse=True)
        there = nn.functional.normalize(self.told(self._of(ids)), dim=1)
        cosines = (there @ looked_for.T)[places]
        best = cosines.new_zeros((int(rows.places.max()) + 1, len(share)))
        owners = rows.owners[:, None].expand(-1, len(share))
        best = best.scatter_reduce(0, owners, cosines, "amax")[rows.places]
        # In the sentence, in the one before, in these or the title.
        matches = torch.stack([best[:, 0], best[:, 1], best.amax(1)], 1) @ share
        return torch.cat([found, matches], 1) @ self.parts, matches[:, 0]

    def _of(self, ids: torch.Tensor) -> torch.Tensor:
        vectors: torch.Tensor = self.dropout(nn.functional.normalize(self._words[0][ids].float(), dim=1))
        return vectors


def row_tokens(tokenizer: RowTokenizer, rows: Sequence[Row]) -> RowTokens:
    """Return the tokens of rows."""
    texts = {
        text: number for number, text in enumerate(dict.fromkeys(t for row in rows for t in _texts(row)))
    }
    ids = [sentence.ids for sentence in tokenizer.sentences(list(texts))]
    owners = np.repeat(np.arange(len(ids)), [len(one) for one in ids])
    places = [[texts[text] for text in _texts(row)] for row in rows]
    return RowTokens(
        torch.from_numpy(np.concatenate(ids)).long(), torch.from_numpy(owners), torch.tensor(places)
    )


def _texts(row: Row) -> tuple[str, str, str]:
    return row.text, row.before, row.title

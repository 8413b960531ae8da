"""A question and a sentence as the reader reads them: one row of tokens, of four parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]

QUESTION_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "
# The most tokens of each part. Of the sentence before, the end counts; of the others, the beginning.
_QUESTION, _HEAD, _BEFORE, _SENTENCE = 64, 40, 48, 160
# The tokens at which a text begins and ends, by their numbers in the bundled encoder's vocabulary.
_BOS, _EOS = 0, 2


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence to be read: the title of its article, its day, the sentence before it, itself."""

    title: str
    published: date | None
    before: str
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's tokens with the characters of each, a row of two: from and up to but without."""

    ids: Ids
    spans: NDArray[np.int32]


class RowTokenizer:
    """Turns the parts of rows into tokens, each part on its own, and puts them together."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def questions(self, texts: Sequence[str]) -> list[Ids]:
        """Return the tokens of questions or claims."""
        return [ids[:_QUESTION] for ids in self._plain([QUESTION_PROMPT + text for text in texts])]

    def heads(self, rows: Sequence[tuple[str, date | None]]) -> list[Ids]:
        """Return the tokens of what stands before the sentences of an article: its title and its day."""
        titles = self._plain([PASSAGE_PROMPT + title for title, _ in rows])
        days = self._plain([f"({day.isoformat()}) ·" if day else "·" for _, day in rows])
        return [
            np.concatenate([title[: _HEAD - len(day)], day]) for title, day in zip(titles, days, strict=True)
        ]

    def sentences(self, texts: Sequence[str]) -> list[Sentence]:
        """Return the tokens of sentences."""
        if not texts:
            return []
        found = self._tokenizer(list(texts), add_special_tokens=False, return_offsets_mapping=True)
        return [
            Sentence(
                np.array(ids[:_SENTENCE], np.int32), np.array(spans[:_SENTENCE], np.int32).reshape(-1, 2)
            )
            for ids, spans in zip(found["input_ids"], found["offset_mapping"], strict=True)
        ]

    def _plain(self, texts: Sequence[str]) -> list[Ids]:
        found = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"] if texts else []
        return [np.array(ids, np.int32) for ids in found]


def joined(question: Ids, head: Ids, before: Ids, sentence: Ids) -> tuple[Ids, int]:
    """Return the row of these parts, and at which token the sentence begins in it."""
    bos, eos = np.array([_BOS], np.int32), np.array([_EOS], np.int32)
    parts = [bos, question, eos, eos, head, before[-_BEFORE:]]
    return np.concatenate([*parts, sentence, eos]), sum(map(len, parts))

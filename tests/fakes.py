"""Deterministic stand-ins for models, computing from the text. Nothing else is faked."""

import zlib
from collections.abc import Sequence

import numpy as np

from index.encoder import Vectors
from index.tokens import Tokens
from index.words import all_words


class HashEncoder:
    """Encodes a text as the counts of its letter triples, hashed to 64 columns: like texts, like vectors."""

    dimension = 64

    def __init__(self, fail_after: int | None = None) -> None:
        self.encoded: list[str] = []
        self._fail_after = fail_after

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        if self._fail_after is not None and len(self.encoded) + len(texts) > self._fail_after:
            raise KeyboardInterrupt
        self.encoded += texts
        return np.stack([_vector(text) for text in texts]) if texts else np.zeros((0, 64), np.float32)

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        return [_tokens(text) for text in texts]

    def glance(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        return [_tokens(text) for text in texts]


def _tokens(text: str) -> Tokens:
    words = all_words(text)
    vectors = np.stack([_vector(word) for word in words]) if words else np.zeros((0, 64), np.float32)
    return Tokens(vectors, np.array([len(word) for word in words], np.float32))


def _vector(text: str) -> Vectors:
    vector = np.full(64, 1e-3, np.float32)
    low = text.casefold()
    for i in range(max(1, len(low) - 2)):
        vector[zlib.crc32(low[i : i + 3].encode()) % 64] += 1
    return vector / np.float32(np.linalg.norm(vector))

"""How well a text matches the words of a question, in any two languages."""

from collections.abc import Sequence

import numpy as np

from index.model.arrays import Vectors
from index.model.token_vectors import Tokens


def matches(question: Tokens, texts: Sequence[Tokens]) -> Vectors:
    """Return the best cosine of each of the question's tokens (columns) in each text (rows).

    This is the recall of BERTScore (Zhang et al. 2020), token by token. The row of a text without tokens is
    zero.
    """
    best = np.zeros((len(texts), len(question.vectors)), np.float32)
    full = [i for i, text in enumerate(texts) if len(text.vectors)]
    if full and len(question.vectors):
        tokens = np.concatenate([texts[i].vectors for i in full])
        # Not `@`: the idle threads of numpy's BLAS keep waiting for work, which slows the model down.
        cosines = np.einsum("td,qd->tq", tokens, question.vectors)
        starts = np.cumsum([0, *(len(texts[i].vectors) for i in full[:-1])])
        best[full] = np.maximum.reduceat(cosines, starts, axis=0)
    return best


def weighed(question: Tokens, best: Vectors) -> Vectors:
    """Return the mean of each row of `matches`, weighted by how much each of the question's tokens says."""
    total = float(question.weights.sum())
    mean: Vectors = best @ (question.weights / total) if total else np.zeros(len(best), np.float32)
    return mean

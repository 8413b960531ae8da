"""Hits to Evidence: which sentences of the passages found speak to the question, and whether any does."""

import math
from collections.abc import Sequence
from dataclasses import replace

from index import Encoder, Hit
from index.encoder import Vectors
from index.words import question_words

from .answer import Evidence
from .background import Background

# Sentences that are looked at. Encoding them is nearly all the time that an answer takes.
MAX_SENTENCES = 20
# A sentence's own likeness to the question counts most; its passage's tells what it is about; words in
# common (names, numbers) break near-ties.
PASSAGE_WEIGHT = 0.5
WORDS_WEIGHT = 0.05

# Confidence is a logistic curve over the best sentence's score, fitted by bench/calibrate.py on
# questions of which half have no answer in the index.
_SLOPE, _MIDDLE = 56.1, 0.1301
FOUND = 0.5


def gather(
    question: str, vector: Vectors, hits: Sequence[Hit], encoder: Encoder, background: Background
) -> list[Evidence]:
    """Return the sentences of the best hits, best first.

    `vector` is the question's, of shape (dimension,) and unit length. A sentence's score is how much liker
    the question it and its passage are than ordinary sentences of their language.
    """
    places = [(hit, span) for hit in hits for span in hit.passage.sentences][:MAX_SENTENCES]
    unscored = [Evidence(hit.passage, hit.article, span, hit.score) for hit, span in places]
    texts = [evidence.text for evidence in unscored]
    cosines: Sequence[float] = (encoder.encode(texts) @ vector).tolist() if texts else []
    words = set(question_words(question))
    scored = []
    for evidence, cosine in zip(unscored, cosines, strict=True):
        ordinary = background.likeness(vector, evidence.article.language)
        likeness = cosine - ordinary + PASSAGE_WEIGHT * (evidence.score - ordinary)
        score = likeness + WORDS_WEIGHT * _shared(words, evidence.text)
        scored.append(replace(evidence, score=score))
    return sorted(scored, key=lambda e: (-e.score, e.article.path, e.span))


def confidence(evidence: Sequence[Evidence]) -> float:
    """Return how sure it is, 0 to 1, that the best sentence answers the question."""
    if not evidence:
        return 0.0
    return 1.0 / (1.0 + math.exp(-_SLOPE * (evidence[0].score - _MIDDLE)))


def _shared(words: set[str], text: str) -> float:
    """Return the share of the question's letters that are in words of `text`: long words say more."""
    total = sum(len(word) for word in words)
    common = words.intersection(question_words(text))
    return sum(len(word) for word in common) / total if total else 0.0

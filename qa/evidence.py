"""Hits to Evidence: which sentences of the passages found speak to the question, and whether any does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index import Encoder, Hit, Span
from index.encoder import Vectors
from index.tokens import Tokens

from .alignment import matches, weighed
from .answer import Evidence
from .background import Background
from .conversation import Asked
from .kinds import kind_of, suits

# Sentences that are read, the likeliest at a glance. Reading is nearly all the time that an answer takes.
MAX_SENTENCES = 14
# What the words of the question that a sentence matches weigh, where its passage's likeness weighs 1; at a
# glance, before it is read in context; and words that only the sentence before it matches ("He said ...").
MATCH_WEIGHT = 0.6
GLANCE_WEIGHT = 0.1
BEFORE_WEIGHT = 0.3
# A number where one is asked for, a name where a person is: breaks near-ties.
KIND_WEIGHT = 0.01
# The sentence that answered the question before matches its words; what is asked now is in the others.
CARRIED_WEIGHT = 0.5

# Confidence is a logistic curve over the best sentence's likeness and match, fitted by bench/calibrate.py on
# questions of which half have no answer in the index. Words in common do not count: a question about
# something else of the same name has them too.
_LIKENESS, _MATCH, _BIAS = 27.4, 27.8, -20.1
FOUND = 0.4


def gather(
    asked: Asked, vector: Vectors, hits: Sequence[Hit], encoder: Encoder, background: Background
) -> list[Evidence]:
    """Return the best sentences of `hits`, best first.

    `vector` is that of the whole question, of shape (dimension,) and unit length. A sentence's score is how
    much liker the question its passage is than ordinary passages of its language, and how well it matches
    the question's words.
    """
    places = _likeliest(asked.text, hits, encoder)
    read = list(dict.fromkeys(p for place in places for p in (place, place.before) if p))
    words = _question_tokens(asked, encoder)
    row = {place: i for i, place in enumerate(read)}
    best = matches(words, encoder.read([place.text for place in read]))
    alone = weighed(words, best)
    wanted = kind_of(asked.own)
    scored = []
    for place in places:
        hit, i = place.hit, row[place]
        match = float(alone[i])
        if place.before:
            both = np.maximum(best[i], best[row[place.before]])[None]
            match += BEFORE_WEIGHT * (float(weighed(words, both)[0]) - match)
        ordinary = background.likeness(vector, hit.article.language)
        score = hit.score - ordinary + MATCH_WEIGHT * match
        score += KIND_WEIGHT * suits(wanted, asked.text, place.text)
        evidence = Evidence(hit.passage, hit.article, place.span, score, hit.cosine - ordinary, match)
        scored.append(evidence)
    return sorted(scored, key=lambda e: (-e.score, e.article.path, e.span))


def _question_tokens(asked: Asked, encoder: Encoder) -> Tokens:
    """Return the question's tokens, those lent by the conversation weighing less than its own."""
    tokens = encoder.read([asked.text], question=True)[0]
    if asked.carried:
        lent = len(encoder.glance([asked.carried], question=True)[0].weights)
        tokens.weights[:lent] *= CARRIED_WEIGHT
    return tokens


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of a hit, by its number in the passage."""

    hit: Hit
    number: int

    @property
    def span(self) -> Span:
        return self.hit.passage.sentences[self.number]

    @property
    def text(self) -> str:
        start = self.hit.passage.span.start
        return self.hit.passage.text[self.span.start - start : self.span.end - start]

    @property
    def before(self) -> "_Place | None":
        return _Place(self.hit, self.number - 1) if self.number else None


def _likeliest(question: str, hits: Sequence[Hit], encoder: Encoder) -> list[_Place]:
    """Return the MAX_SENTENCES sentences of `hits` that promise most before they are read."""
    places = [_Place(hit, number) for hit in hits for number in range(len(hit.passage.sentences))]
    asked = encoder.glance([question], question=True)[0]
    match = weighed(asked, matches(asked, encoder.glance([place.text for place in places])))
    promise = [place.hit.score + GLANCE_WEIGHT * float(m) for place, m in zip(places, match, strict=True)]
    order = sorted(range(len(places)), key=lambda i: -promise[i])
    return [places[i] for i in sorted(order[:MAX_SENTENCES])]


def confidence(evidence: Sequence[Evidence]) -> float:
    """Return how sure it is, 0 to 1, that the best sentence answers the question."""
    if not evidence:
        return 0.0
    best = evidence[0]
    weight = _LIKENESS * best.likeness + _MATCH * best.match + _BIAS
    return 1.0 / (1.0 + math.exp(-weight))

"""Hits to Evidence: which sentences of the passages found answer the question, if any does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from index import Encoder, Hit, PairScorer, Span
from index.model.token_vectors import Tokens
from index.text.language import may_be, told
from qa.answer import Evidence
from qa.conversation import Asked

from .alignment import matches, weighed
from .answer_type import answer_type_of, suits
from .likeness import on_our_scale
from .timeliness import timeliness
from .weights import CONFIDENCE, EVIDENCE, LIMITS, ConfidenceCurve, EvidenceWeights


@dataclass(frozen=True, slots=True)
class Models:
    """What questions and sentences are read with."""

    encoder: Encoder
    cross_encoder: PairScorer | None = None


def gather(
    asked: Asked,
    hits: Sequence[Hit],
    models: Models,
    today: date,
    weights: EvidenceWeights = EVIDENCE,
) -> list[Evidence]:
    """Return the best sentences of `hits`, best first.

    A sentence's score is how like the question its passage is, and how well it matches the question's words.
    Where these are nearly the same, the type of answer and the time decide.
    """
    places = _likeliest(asked.text, hits, models.encoder, weights)
    matched = _matches(asked, places, models.encoder, weights)
    crossed = _crossed(asked, places, models.cross_encoder)
    wanted = answer_type_of(asked.own)
    timely = timeliness(asked.text, [place.hit.article.published for place in places], today, weights.unasked)
    other = _other_languages(asked.own, hits)
    scored = []
    for place, match, in_time, crossing in zip(places, matched, timely, crossed, strict=True):
        hit = place.hit
        score = (
            hit.score + weights.match * match + weights.published * in_time + weights.cross_encoder * crossing
        )
        if wanted:
            score += weights.of_type(wanted) * suits(wanted, asked.text, place.text)
        is_across = hit in other
        likeness = on_our_scale(hit.cosine, models.encoder)
        scored.append(Evidence(hit.passage, hit.article, place.span, score, likeness, match, is_across))
    return sorted(scored, key=lambda e: (-e.score, e.article.path, e.span))


def _other_languages(question: str, hits: Sequence[Hit]) -> set[Hit]:
    """Return the hits in languages that the question is surely not in. A few words leave that open."""
    languages = {hit: told(hit.passage.text, hit.article.language) for hit in hits}
    ruled_out = {
        language for language in set(languages.values()) if language and not may_be(question, language)
    }
    return {hit for hit, language in languages.items() if language in ruled_out}


def _matches(
    asked: Asked, places: Sequence["_Place"], encoder: Encoder, weights: EvidenceWeights
) -> list[float]:
    """Return how well each sentence, with those before it, matches the question's words."""
    read = list(dict.fromkeys(p for place in places for p in (place.before, place) if p))
    words = _question_tokens(asked, encoder, weights)
    best = dict(zip(read, matches(words, encoder.read([place.text for place in read])), strict=True))
    found = []
    for place in places:
        alone = best[place]
        before = np.maximum(alone, best[place.before]) if place.before else alone
        earlier = [best[other] for other in read if other.hit is place.hit and other.number <= place.number]
        each = weighed(words, np.stack([alone, before, np.max(earlier, axis=0)]))
        shares = [1 - weights.before - weights.earlier, weights.before, weights.earlier]
        found.append(float(each @ shares))
    return found


def _crossed(asked: Asked, places: Sequence["_Place"], cross_encoder: PairScorer | None) -> list[float]:
    """Return what a cross-encoder says of each sentence, which it reads together with the one before."""
    if not cross_encoder:
        return [0.0] * len(places)
    texts = [f"{place.before.text} {place.text}" if place.before else place.text for place in places]
    return [float(score) for score in cross_encoder.scores(asked.text, texts)]


def _question_tokens(asked: Asked, encoder: Encoder, weights: EvidenceWeights) -> Tokens:
    """Return the question's tokens. Those that the conversation lends weigh less than its own."""
    tokens = encoder.read([asked.text], question=True)[0]
    if asked.carried:
        lent = len(encoder.glance([asked.carried], question=True)[0].weights)
        tokens.weights[:lent] *= weights.carried
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


def _likeliest(
    question: str, hits: Sequence[Hit], encoder: Encoder, weights: EvidenceWeights
) -> list[_Place]:
    """Return the most promising sentences of `hits`, before they are read."""
    places = [_Place(hit, number) for hit in hits for number in range(len(hit.passage.sentences))]
    asked = encoder.glance([question], question=True)[0]
    match = weighed(asked, matches(asked, encoder.glance([place.text for place in places])))
    promise = [place.hit.score + weights.glance * float(m) for place, m in zip(places, match, strict=True)]
    order = sorted(range(len(places)), key=lambda i: -promise[i])
    return [places[i] for i in sorted(order[: LIMITS.sentences])]


def confidence(evidence: Sequence[Evidence], curve: ConfidenceCurve = CONFIDENCE) -> float:
    """Return how likely it is, 0 to 1, that the best sentence answers the question."""
    if not evidence:
        return 0.0
    best = evidence[0]
    weight = curve.likeness * best.likeness + curve.match * best.match + curve.across * best.is_across
    return 1.0 / (1.0 + math.exp(-(weight + curve.bias)))

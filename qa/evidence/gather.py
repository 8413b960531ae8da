"""Hits to Evidence: which sentences of the passages found speak to the question, and whether any does."""

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
from .answer_type import Kind, kind_of, suits
from .likeness import on_our_scale
from .timeliness import timeliness

# Sentences that are read, the likeliest at a glance. Reading is nearly all the time that an answer takes.
MAX_SENTENCES = 20
# What the words of the question that a sentence matches weigh, where its passage's likeness weighs 1; at a
# glance, before it is read; and words that only the sentence before it matches ("He said ..."), or any one
# before it in its passage: what a passage is about is said once.
MATCH_WEIGHT = 0.8
GLANCE_WEIGHT = 0.1
BEFORE_WEIGHT = 0.3
EARLIER_WEIGHT = 0.15
# A number where one is asked for, a name where a person is. Nearly every sentence has a name.
KIND_WEIGHTS = {Kind.MONEY: 0.04, Kind.NUMBER: 0.04, Kind.TIME: 0.02, Kind.NAME: 0.02}
# An article of the time that is asked about, or the newest: decides where sources say the same.
TIME_WEIGHT = 0.02
# What a cross-encoder says, 0 to 1, outweighs nearly all else: who sets one up trusts it.
CROSS_WEIGHT = 0.5
# The sentence that answered the question before matches its words; what is asked now is in the others.
CARRIED_WEIGHT = 0.3

# Confidence is a logistic curve over the best sentence's likeness and match, and over whether it is in
# another language than the question, where both are smaller. bench/calibrate.py fits it on questions of which
# half have no answer in the index. Words in common do not count: a question about something else of the same
# name has them too.
_LIKENESS, _MATCH, _ACROSS, _BIAS = 20.33, 21.53, 2.31, -29.23
FOUND = 0.25


@dataclass(frozen=True, slots=True)
class Models:
    """What questions and sentences are read with."""

    encoder: Encoder
    cross_encoder: PairScorer | None = None


def gather(asked: Asked, hits: Sequence[Hit], models: Models, today: date) -> list[Evidence]:
    """Return the best sentences of `hits`, best first.

    A sentence's score is how like the question its passage is, and how well it matches the question's words;
    kind and time decide where these are nearly the same.
    """
    places = _likeliest(asked.text, hits, models.encoder)
    matched = _matches(asked, places, models.encoder)
    crossed = _crossed(asked, places, models.cross_encoder)
    wanted = kind_of(asked.own)
    timely = timeliness(asked.text, [place.hit.article.published for place in places], today)
    other = _other_languages(asked.own, hits)
    scored = []
    for place, match, in_time, answering in zip(places, matched, timely, crossed, strict=True):
        hit = place.hit
        score = hit.score + MATCH_WEIGHT * match + TIME_WEIGHT * in_time + answering
        if wanted:
            score += KIND_WEIGHTS[wanted] * suits(wanted, asked.text, place.text)
        is_across = hit in other
        likeness = on_our_scale(hit.cosine, models.encoder)
        scored.append(Evidence(hit.passage, hit.article, place.span, score, likeness, match, is_across))
    return sorted(scored, key=lambda e: (-e.score, e.article.path, e.span))


def _other_languages(question: str, hits: Sequence[Hit]) -> set[Hit]:
    """Return the hits in languages that the question is surely not in; few words leave that open."""
    languages = {hit: told(hit.passage.text, hit.article.language) for hit in hits}
    ruled_out = {
        language for language in set(languages.values()) if language and not may_be(question, language)
    }
    return {hit for hit, language in languages.items() if language in ruled_out}


def _matches(asked: Asked, places: Sequence["_Place"], encoder: Encoder) -> list[float]:
    """Return how well each sentence matches the question's words, with those that stand before it."""
    read = list(dict.fromkeys(p for place in places for p in (place.before, place) if p))
    words = _question_tokens(asked, encoder)
    best = dict(zip(read, matches(words, encoder.read([place.text for place in read])), strict=True))
    found = []
    for place in places:
        alone = best[place]
        before = np.maximum(alone, best[place.before]) if place.before else alone
        earlier = [best[other] for other in read if other.hit is place.hit and other.number <= place.number]
        each = weighed(words, np.stack([alone, before, np.max(earlier, axis=0)]))
        shares = [1 - BEFORE_WEIGHT - EARLIER_WEIGHT, BEFORE_WEIGHT, EARLIER_WEIGHT]
        found.append(float(each @ shares))
    return found


def _crossed(asked: Asked, places: Sequence["_Place"], cross_encoder: PairScorer | None) -> list[float]:
    """Return what a cross-encoder adds to each sentence's score, which it reads after the one before it."""
    if not cross_encoder:
        return [0.0] * len(places)
    texts = [f"{place.before.text} {place.text}" if place.before else place.text for place in places]
    return [CROSS_WEIGHT * float(score) for score in cross_encoder.scores(asked.text, texts)]


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
    weight = _LIKENESS * best.likeness + _MATCH * best.match + _ACROSS * best.is_across + _BIAS
    return 1.0 / (1.0 + math.exp(-weight))

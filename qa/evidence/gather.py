"""Hits to Evidence: which sentences of the passages found answer the question, if any does."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from index import Hit, PairScorer, Span
from index.model.reader.judge import Judged
from index.model.reader.rows import Row
from qa.answer import LEVELS
from qa.conversation import Asked
from qa.sentences import Evidence

from .candidates import Candidate, Models, candidates
from .identity import identity_of
from .standing import stands_alone
from .timeliness import timeliness
from .weights import CONFIDENCE, EVIDENCE, LIMITS, ConfidenceCurve, EvidenceWeights

# So much below a sure answer is one that is only named.
_UNSURE = 0.01


def gather(
    asked: Asked,
    hits: Sequence[Hit],
    models: Models,
    today: date,
    weights: EvidenceWeights = EVIDENCE,
) -> list[Evidence]:
    """Return the best sentences of `hits`, best first: the reader decides, and time where it hardly does."""
    found = candidates(asked.text, hits, models, LIMITS.sentences)
    rows = [one.row for one in found]
    searched = [(*one.found, one.match) for one in found]
    # What a conversation lends has served to find the sentences; most of them have its words.
    judged = models.reader.judge(asked.own, rows, searched)
    timely = timeliness(asked.text, [row.published for row in rows], today, weights.unasked)
    crossed = _crossed(asked, rows, models.cross_encoder)
    identity = identity_of(asked.own)
    named = [bool(identity and identity.is_in(row.text)) for row in rows]
    scores = [
        of.rank
        + weights.search * one.hit.score
        + weights.match * one.match
        + weights.published * in_time
        + weights.cross_encoder * crossing
        + weights.named * has_name
        for one, of, in_time, crossing, has_name in zip(found, judged, timely, crossed, named, strict=True)
    ]
    shares = _shares(scores, weights.temperature)
    evidence = [
        _evidence(one, of, score, share)
        for one, of, score, share in zip(found, judged, scores, shares, strict=True)
    ]
    return sorted(evidence, key=lambda e: (-e.score, e.article.path, e.span))


def _shares(scores: Sequence[float], temperature: float) -> list[float]:
    logits = np.array(scores) / temperature
    shares: list[float] = np.exp(logits - np.logaddexp.reduce(logits)).tolist()
    return shares


def _evidence(one: Candidate, judged: Judged, score: float, share: float) -> Evidence:
    start = one.span.start
    return Evidence(
        one.hit.passage,
        one.hit.article,
        one.span,
        score,
        judged.answer,
        one.found.likeness,
        share,
        words=Span(start + judged.start, start + judged.end) if judged.start < judged.end else None,
        words_share=judged.share,
        before=None if stands_alone(one.row.text) else one.before,
    )


def _crossed(asked: Asked, rows: Sequence[Row], cross_encoder: PairScorer | None) -> list[float]:
    """Return what a cross-encoder says of each sentence, which it reads together with the one before."""
    if not cross_encoder:
        return [0.0] * len(rows)
    texts = [f"{row.before} {row.text}".strip() for row in rows]
    return [float(score) for score in cross_encoder.scores(asked.text, texts)]


def total(evidence: Sequence[Evidence]) -> float:
    """Return how much likelier it is that a sentence answers than that none does, as a logarithm."""
    return float(np.logaddexp.reduce([item.answers for item in evidence]))


def confidence(question: str, evidence: Sequence[Evidence], curve: ConfidenceCurve = CONFIDENCE) -> float:
    """Return how likely it is, 0 to 1, that a sentence answers `question`."""
    if not evidence:
        return 0.0
    value = curve.answers * total(evidence) + curve.likeness * evidence[0].likeness + curve.bias
    identity = identity_of(question)
    if identity and any(identity.is_in(item.text) for item in evidence):
        return max(_logistic(value), min(_logistic(value + curve.named), LEVELS.sure - _UNSURE))
    return _logistic(value + curve.unnamed) if identity and identity.certain else _logistic(value)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))

"""Hits to candidates: the sentences that promise to answer, before any is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

import numpy as np

from index import Encoder, Hit, PairScorer, Reader, Span
from index.model.glance import Found
from index.model.reader.rows import Row
from qa.sentences import Lead

from .likeness import on_our_scale
from .weights import LIMITS

# Sentences further apart than this have something between them.
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Models:
    """What questions and sentences are read with."""

    encoder: Encoder
    reader: Reader
    cross_encoder: PairScorer | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit, and the row that is read; `before` is the sentence before it, where one is known.

    `found` is what search says of the hit; `match`, 0 to 1, how well the words match the question's.
    """

    hit: Hit
    span: Span
    row: Row
    before: Lead | None
    found: Found
    match: float = 0.0


def candidates(question: str, hits: Sequence[Hit], models: Models, count: int) -> list[Candidate]:
    """Return the `count` sentences of `hits` to be read: a few of the best articles, and the best of all.

    One article that fits could else take all places, and nobody would see that another says something else.
    """
    every = sentences_of(hits, models.encoder)
    glanced = models.reader.glance(question, [one.row for one in every], [one.found for one in every])
    order = np.argsort(-glanced.promises, kind="stable").tolist()
    of_article: dict[str, list[int]] = {}
    for number in order:
        of_article.setdefault(every[number].hit.article.id, []).append(number)
    best = list(of_article.values())[: LIMITS.articles]
    chosen = dict.fromkeys([*chain.from_iterable(own[: LIMITS.of_each] for own in best), *order])
    return [replace(every[n], match=float(glanced.matches[n])) for n in islice(chosen, count)]


def sentences_of(hits: Sequence[Hit], encoder: Encoder) -> list[Candidate]:
    """Return all sentences of `hits`, before any glance at them."""
    before, found = _before(hits), []
    for hit in hits:
        said = Found(on_our_scale(hit.cosine, encoder), hit.lexical)
        for span in hit.passage.sentences:
            lead = before.get((hit.article.id, span))
            found.append(Candidate(hit, span, _row(hit, span, lead), lead, said))
    return found


def _row(hit: Hit, span: Span, before: Lead | None) -> Row:
    return Row(hit.article.title, hit.article.published, before.text if before else "", _text(hit, span))


def _text(hit: Hit, span: Span) -> str:
    start = hit.passage.span.start
    return hit.passage.text[span.start - start : span.end - start]


def _before(hits: Sequence[Hit]) -> dict[tuple[str, Span], Lead]:
    """Return the sentence before each that has one: in its passage, or at the end of the passage before."""
    found = {}
    by_article: dict[str, list[Hit]] = {}
    for hit in hits:
        by_article.setdefault(hit.article.id, []).append(hit)
    for name, own in by_article.items():
        places = sorted(((span, hit) for hit in own for span in hit.passage.sentences), key=lambda p: p[0])
        for (last, of), (span, _) in pairwise(places):
            if 0 <= span.start - last.end <= _NEAR:
                found[name, span] = Lead(last.start, _text(of, last))
    return found

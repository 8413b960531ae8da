"""Hits to candidates: the sentences that promise most before any is read, each with the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index import Hit, Reader, Span
from qa.sentences import Lead

from .alignment import matches, weighed
from .weights import EVIDENCE

# Sentences further apart than this have something between them.
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit; `before` is the sentence that stands before it, where one is known.

    `match`, 0 to 1, says how well its words match the question's at a glance.
    """

    hit: Hit
    span: Span
    text: str
    before: Lead | None
    match: float

    @property
    def promise(self) -> float:
        """Return what candidates are chosen by before they are read."""
        return self.hit.score + EVIDENCE.glance * self.match

    @property
    def lead(self) -> str:
        """Return the text of the sentence before, empty where none is known."""
        return self.before.text if self.before else ""


def candidates(question: str, hits: Sequence[Hit], reader: Reader, count: int) -> list[Candidate]:
    """Return the `count` sentences of `hits` that promise most, best first."""
    places = [(hit, span) for hit in hits for span in hit.passage.sentences]
    if not places:
        return []
    texts = [_text(hit, span) for hit, span in places]
    before = _before(hits)
    asked = reader.glance([question], question=True)[0]
    match = weighed(asked, matches(asked, reader.glance(texts)))
    found = [
        Candidate(hit, span, text, before.get((hit.article.id, span)), float(of))
        for (hit, span), text, of in zip(places, texts, match, strict=True)
    ]
    return sorted(found, key=lambda one: -one.promise)[:count]


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

"""Evidence to an Answer of verbatim quotes; needs no language model."""

from collections.abc import Iterable, Iterator, Sequence

from .answer import Answer, Evidence, Sentence, citation

MAX_QUOTES = 3
NEAREST = 3
# A further quote is shown if it speaks to the question nearly as well as the first.
_MARGIN = 0.015
# What a further source of the same article, or of the same outlet, has to be better by.
_SAME_ARTICLE, _SAME_OUTLET = 0.01, 0.005
NOT_FOUND = "That is not in these articles."


def quoted(question: str, evidence: Sequence[Evidence], confidence: float) -> Answer:
    """Answer `question` with the best sentences of `evidence`, which is sorted, best first."""
    chosen = _varied(_distinct(evidence, evidence[0].score - _MARGIN), MAX_QUOTES)
    citations = tuple(citation(number, item) for number, item in enumerate(chosen, 1))
    return Answer(
        question=question,
        text="\n".join(f"{c.quote} [{c.number}]" for c in citations),
        found=True,
        confidence=confidence,
        sentences=tuple(Sentence(c.quote, (c.number,), supported=True) for c in citations),
        citations=citations,
    )


def refused(question: str, evidence: Sequence[Evidence], confidence: float) -> Answer:
    """Say that the articles do not answer `question`, and name the nearest articles."""
    nearest: dict[str, Evidence] = {}
    for item in evidence:
        nearest.setdefault(item.article.id, item)
    chosen = _varied(nearest.values(), NEAREST)
    citations = tuple(citation(number, item) for number, item in enumerate(chosen, 1))
    return Answer(question=question, text=NOT_FOUND, found=False, confidence=confidence, citations=citations)


def _distinct(evidence: Sequence[Evidence], floor: float) -> Iterator[Evidence]:
    """Yield evidence down to `floor`, each wording once: articles repeat themselves and each other."""
    seen: set[str] = set()
    for item in evidence:
        wording = "".join(c for c in item.text.casefold() if c.isalnum())
        if item.score >= floor and wording not in seen:
            seen.add(wording)
            yield item


def _varied(evidence: Iterable[Evidence], count: int) -> list[Evidence]:
    """Return up to `count` of `evidence`, best first, less what is like those before."""
    left, chosen = list(evidence), list[Evidence]()
    while left and len(chosen) < count:
        best = max(left, key=lambda item: item.score - sum(_alike(item, other) for other in chosen))
        left.remove(best)
        chosen.append(best)
    return chosen


def _alike(item: Evidence, other: Evidence) -> float:
    if item.article.id == other.article.id:
        return _SAME_ARTICLE
    return _SAME_OUTLET if item.article.source and item.article.source == other.article.source else 0.0

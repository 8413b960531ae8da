"""An answer of verbatim quotes, made of the evidence without a language model."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.language import without_region

from .answer import LEVELS, Answer, Citation, Sentence, citation
from .sentences import Evidence

# Not tuned: as many as fit on a screen, quotes of an answer and nearest articles of a refusal.
MAX_QUOTES = 3
NEAREST = 3
NOT_FOUND = "That is not in these articles."


@dataclass(frozen=True, slots=True)
class QuoteMargins:
    """Which further quotes an answer shows. Margins are differences of scores, which are logarithms.

    Set by hand in November 2026. `python -m bench.quality` measures a change as the share of citations that
    are right, and of answers that show a right one.
    """

    further: float = 0.07
    """A sure answer shows as many further quotes as there are sentences with this likelihood to be the right
    one. An unsure one has them all."""

    same_article: float = 0.5
    """How much better than others another quote from an article that is already quoted has to be ..."""

    same_outlet: float = 0.25
    """... and one from an outlet that is already quoted: sources should differ."""


QUOTES = QuoteMargins()


def quoted(
    question: str, evidence: Sequence[Evidence], confidence: float, margins: QuoteMargins = QUOTES
) -> Answer:
    """Answer `question` with the best sentences of `evidence`, which is sorted, best first.

    The less sure the answer, the more of them: the reader has to choose.
    """
    least = margins.further if confidence >= LEVELS.sure else 0.0
    chosen = _varied(_distinct(evidence, least), MAX_QUOTES, margins)
    citations = tuple(citation(number, item) for number, item in enumerate(chosen, 1))
    return Answer(
        question=question,
        text="\n".join(f"{c.quote} [{c.number}]" for c in citations),
        found=True,
        confidence=confidence,
        sentences=tuple(Sentence(c.quote, (c.number,), supported=True) for c in citations),
        citations=citations,
    )


def refused(
    question: str, evidence: Sequence[Evidence], confidence: float, margins: QuoteMargins = QUOTES
) -> Answer:
    """Say that the articles do not answer `question`, and name the nearest articles."""
    citations = _nearest(evidence, (), margins)
    return Answer(question=question, text=NOT_FOUND, found=False, confidence=confidence, citations=citations)


def with_further(answer: Answer, evidence: Sequence[Evidence], margins: QuoteMargins = QUOTES) -> Answer:
    """Return an unsure answer with the nearest articles that it does not quote; any other as it is."""
    if answer.level != "unsure":
        return answer
    nearest = _nearest(evidence, answer.citations, margins)
    return replace(answer, further=_with_another_language(nearest, evidence, answer.citations))


def _with_another_language(
    nearest: tuple[Citation, ...], evidence: Sequence[Evidence], quoted: Sequence[Citation]
) -> tuple[Citation, ...]:
    """Return the nearest so that the best sentence in a language that nothing is shown in is among them.

    How well a sentence fits is measured less well across languages: the best source may come after many.
    """
    shown = {without_region(cited.language) for cited in (*quoted, *nearest)} | {""}
    other = next((item for item in evidence if without_region(item.article.language) not in shown), None)
    if other is None:
        return nearest
    kept = nearest[: NEAREST - 1]
    return (*kept, citation(len(quoted) + len(kept) + 1, other))


def _nearest(
    evidence: Sequence[Evidence], quoted: Sequence[Citation], margins: QuoteMargins
) -> tuple[Citation, ...]:
    """Return the best sentence of each of the nearest articles but those `quoted`, numbered after these."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.article.id, item)
    for cited in quoted:
        best.pop(cited.article_id, None)
    chosen = _varied(best.values(), NEAREST, margins)
    return tuple(citation(number, item) for number, item in enumerate(chosen, len(quoted) + 1))


def _distinct(evidence: Sequence[Evidence], least: float) -> Iterator[Evidence]:
    """Yield the best and what has a share of `least`, each wording once: articles repeat each other."""
    seen: set[str] = set()
    for item in evidence:
        wording = "".join(c for c in item.text.casefold() if c.isalnum())
        if (item is evidence[0] or item.share >= least) and wording not in seen:
            seen.add(wording)
            yield item


def _varied(evidence: Iterable[Evidence], count: int, margins: QuoteMargins) -> list[Evidence]:
    """Return up to `count` of `evidence`, best first, preferring articles and outlets not yet chosen."""
    left, chosen = list(evidence), list[Evidence]()
    while left and len(chosen) < count:
        best = max(left, key=lambda item: item.score - sum(_alike(item, other, margins) for other in chosen))
        left.remove(best)
        chosen.append(best)
    return chosen


def _alike(item: Evidence, other: Evidence, margins: QuoteMargins) -> float:
    if item.article.id == other.article.id:
        return margins.same_article
    is_same = item.article.source and item.article.source == other.article.source
    return margins.same_outlet if is_same else 0.0

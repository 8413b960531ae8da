"""Evidence to disagreements: which sentences of different articles say different things of the same."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations

from index import Encoder
from qa.answer import About, Answer, Disagreement
from qa.sentences import Evidence

from .difference import Compared, compared
from .limits import LIMITS, DisagreementLimits
from .said import Said, said
from .sameness import Likeness, is_ruled_out


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that say different things of the same."""

    about: About
    one: Said
    other: Said


def with_disagreements(
    answer: Answer,
    question: str,
    evidence: Sequence[Evidence],
    encoder: Encoder,
    limits: DisagreementLimits = LIMITS,
) -> Answer:
    """Return `answer` with what its evidence disagrees on; `evidence` is sorted, best first.

    `question` is what was searched for. `encoder` is the bundled one, for which the limits were set.
    """
    if not answer.found:
        return answer
    numbers = {(cited.article_id, cited.start): cited.number for cited in answer.citations}
    likely = {
        (item.article.id, item.span.start)
        for item in evidence
        if item.share >= limits.quoted * evidence[0].share
    }
    # What is only shown because it may answer as well could be about something else.
    quoted = {article for article, start in numbers if (article, start) in likely}
    found = disagreements(question, evidence, quoted, encoder, limits)
    return replace(answer, disagreements=tuple(_numbered(one, numbers) for one in found))


def disagreements(
    question: str,
    evidence: Sequence[Evidence],
    quoted: Set[str],
    encoder: Encoder,
    limits: DisagreementLimits = LIMITS,
) -> list[Disagreement]:
    """Return what articles say differently from those `quoted`, each once, the best sides first."""
    found: list[tuple[About, list[Said]]] = []
    likeness = Likeness(encoder, limits)
    articles = answers(evidence, limits)[: limits.articles]
    compared_articles = [
        pairs
        for ours, theirs in combinations(articles, 2)
        if quoted & {ours[0].evidence.article.id, theirs[0].evidence.article.id}
        and (pairs := _pairs(question, ours, theirs, limits))
    ]
    likeness.read(side for pairs in compared_articles for _, *sides in pairs for side in sides)
    for pairs in compared_articles:
        pair = _differing(question, pairs, likeness, limits)
        if pair and not any(
            _joins(sides, pair, question, limits) for about, sides in found if about == pair.about
        ):
            found.append((pair.about, [pair.one, pair.other]))
    return [
        Disagreement(about, tuple(side.cited for side in sides[: limits.sides]))
        for about, sides in found[: limits.shown]
    ]


def _joins(sides: list[Said], pair: Pair, question: str, limits: DisagreementLimits) -> bool:
    """Add what a pair says to the `sides` of a disagreement if it has one of them; return whether it has."""
    for known, new in ((pair.one, pair.other), (pair.other, pair.one)):
        if any(_say_the_same(question, known, side, limits) for side in sides):
            if not any(_say_the_same(question, new, side, limits) for side in sides):
                sides.append(new)
            return True
    return False


def _say_the_same(question: str, one: Said, other: Said, limits: DisagreementLimits) -> bool:
    if one is other:
        return True
    both = compared(question, one, other, limits)
    return both is not None and not both.differ


def answers(evidence: Sequence[Evidence], limits: DisagreementLimits = LIMITS) -> list[list[Said]]:
    """Return the sentences of each article that may answer, with the words that do, the best first."""
    found: dict[str, list[Said]] = {}
    best = evidence[0]
    likest = max(item.likeness for item in evidence) - limits.off
    for item in evidence[: limits.read]:
        same = item.article.language == best.article.language
        own = found.setdefault(item.article.id, [])
        floor = best.score - (limits.worse if same else limits.across)
        if own:
            floor = max(floor, own[0].evidence.score - limits.own)
        is_likely = item.score >= floor and item.likeness >= likest and item.words_share >= limits.words
        if is_likely and len(own) < limits.sentences and (one := said(item)):
            own.append(one)
    return [own for own in found.values() if own]


def _pairs(
    question: str, ours: Sequence[Said], theirs: Sequence[Said], limits: DisagreementLimits
) -> list[tuple[Compared, Said, Said]]:
    """Return the sentences of two articles that answer alike, none where all of them agree."""
    pairs = [
        (both, one, other)
        for one in ours
        for other in theirs
        if (both := compared(question, one, other, limits))
    ]
    return pairs if any(both.differ for both, *_ in pairs) else []


def _differing(
    question: str,
    pairs: Sequence[tuple[Compared, Said, Said]],
    likeness: Likeness,
    limits: DisagreementLimits,
) -> Pair | None:
    """Return what two articles say differently: the most alike of their sentences, if these differ."""
    both, one, other = max(pairs, key=lambda pair: likeness.closeness(*pair[1:]))
    if not both.differ or is_ruled_out(question, one, other, limits):
        return None
    least = limits.part * (both.ratio > limits.times)
    return Pair(both.about, one, other) if likeness.are_alike(one, other, least) else None


def _numbered(found: Disagreement, numbers: dict[tuple[str, int], int]) -> Disagreement:
    sides = (replace(side, number=numbers.get((side.article_id, side.start), 0)) for side in found.sides)
    return replace(found, sides=tuple(sides))

"""What claims are taught from: those of clusters with evidence, and made ones whose wrong words are known."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from anyascii import anyascii

from bench.reading import Article, Cluster
from index.article import Span
from index.model.reader.rows import Row
from index.text.sentences import sentence_spans
from qa.names import WORD, Name, are_same, names, resembles, words

from .material import number_of

# Evidence of what follows has several sentences as often as not, but no more of them or of characters.
_SEVERAL, _MOST, _LONGEST = 0.5, 3, 560
# Of the sentences of articles so many are claimed themselves, if they have between so many characters.
_OWN, _CLAIMED = 0.3, range(40, 260)
# How often names are spelled otherwise, two of them are exchanged, and another claim is added.
_RESPELT, _EXCHANGED, _ADDED = 0.25, 0.5, 0.4
# How often a wrong name or a wrong answer is one that stands in the evidence.
_NEAR = 0.6
# A quotation mark may stand before the first word of a sentence.
_FIRST = 1
_UMLAUTS, _AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}), 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, its evidence, and whether it follows from it.

    `wrong` are the characters that do not follow, None where it is not known which they are. `told` is the
    sentence that a written claim is about.
    """

    text: str
    evidence: Row
    follows: bool
    wrong: tuple[Span, ...] | None = None
    told: str = ""

    def is_told_in(self, evidence: Row) -> bool:
        """Return whether the sentence that it is about is in evidence."""
        return self.told in evidence.text


Twins = tuple[Statement, Statement]


@dataclass(slots=True)
class Statements:
    """What is taught: written claims, those of each article together, and twins, right and wrong.

    Those that were `made` differ in a name, in two that are exchanged, or in what one adds; in some, names
    are spelled otherwise in both. Those that were `asked` are a question with its answer, and with another.
    """

    written: list[list[Statement]] = field(default_factory=list)
    made: list[Twins] = field(default_factory=list)
    asked: list[Twins] = field(default_factory=list)


def statements(clusters: Iterable[Cluster], chance: random.Random) -> Statements:
    """Return what is taught from clusters."""
    found = Statements()
    for cluster in clusters:
        answers = [q.answer.of(article.text) for article in cluster.articles for q in article.questions]
        for article in cluster.articles:
            _add(found, article, answers, chance)
    return found


def claims_of(clusters: Iterable[Cluster]) -> Iterator[Statement]:
    """Yield the claims of clusters, each with the sentence that it is about."""
    for article in (article for cluster in clusters for article in cluster.articles):
        spans = sentence_spans(article.text, article.language)
        for claim in article.claims:
            span = spans[number_of(spans, claim.snippet)]
            yield Statement(claim.text, _sentence(article, span), claim.follows)


def _add(found: Statements, article: Article, answers: Sequence[str], chance: random.Random) -> None:
    spans = sentence_spans(article.text, article.language)
    known = [name.text for span in spans for name in _named(span.of(article.text))]
    told = [(claim, number_of(spans, claim.snippet)) for claim in article.claims]
    # What does not follow from a sentence may be told by those around it.
    written = [
        Statement(
            claim.text,
            _evidence(article, spans, n, chance) if claim.follows else _sentence(article, spans[n]),
            claim.follows,
            told=spans[n].of(article.text),
        )
        for claim, n in told
    ]
    if written:
        found.written.append(written)
    right = [statement for statement in written if statement.follows]
    own = [
        Statement(text, _evidence(article, spans, number, chance), follows=True)
        for number, span in enumerate(spans)
        if len(text := span.of(article.text)) in _CLAIMED and chance.random() < _OWN
    ]
    for statement in [*right, *own]:
        text = _respelt(statement.text, chance) if chance.random() < _RESPELT else statement.text
        found.made += _misnamed(text, statement.evidence, known, chance)
    for one, other in combinations(right, 2):
        if not other.is_told_in(one.evidence) and chance.random() < _ADDED:
            found.made.append(_longer(one, other, chance))
    for question in article.questions:
        evidence = _evidence(article, spans, number_of(spans, question.answer), chance)
        answer = question.answer.of(article.text)
        found.asked += _answered(question.text, answer, evidence, answers, chance)


def _misnamed(text: str, evidence: Row, known: Sequence[str], chance: random.Random) -> Iterator[Twins]:
    """Yield a claim beside itself with two names exchanged, and with another name."""
    right, named = Statement(text, evidence, True, ()), _named(text, known)
    both = [pair for pair in combinations(named, 2) if not are_same(pair[0].text, pair[1].text)]
    if both and chance.random() < _EXCHANGED:
        one, other = chance.choice(both)
        yield right, _with(right, (one, other.text), (other, one.text))
    if named:
        name = chance.choice(named)
        others = [new for new in known if new not in text and not _may_be_same(new, name.text)]
        if new := _chosen(others, evidence, chance):
            yield right, _with(right, (name, new))


def _named(text: str, known: Sequence[str] = ()) -> list[Name]:
    """Return the names in a sentence; its first word is none unless it is among the `known`."""
    found = names(text)
    return [name for name in found if name.start > _FIRST or " " in name.text or name.text in known]


def _may_be_same(one: str, other: str) -> bool:
    """Return whether a word of one name may be a word of the other, in another case or spelling."""
    return are_same(one, other) or any(resembles(word, words(other)) for word in WORD.findall(one))


def _with(right: Statement, *changes: tuple[Name, str]) -> Statement:
    """Return a statement with other names, which are wrong."""
    text, at, wrong = "", 0, []
    for name, new in changes:
        text += right.text[at : name.start]
        wrong.append(Span(len(text), len(text) + len(new)))
        text, at = text + new, name.end
    return Statement(text + right.text[at:], right.evidence, False, tuple(wrong))


def _longer(one: Statement, other: Statement, chance: random.Random) -> Twins:
    """Return a claim beside itself with another one added that its evidence does not tell."""
    joined = one.text.rstrip(".。।!؟?") + chance.choice((", ", "; ", " – ")) + other.text
    wrong = Span(len(joined) - len(other.text), len(joined))
    return Statement(one.text, one.evidence, True, ()), Statement(joined, one.evidence, False, (wrong,))


def _answered(
    question: str, answer: str, evidence: Row, others: Sequence[str], chance: random.Random
) -> Iterator[Twins]:
    """Yield a question with its answer, and with another one."""
    known = answer.casefold()
    others = [
        new
        for new in others
        if new.casefold() not in known and known not in new.casefold() and not _may_be_same(new, answer)
    ]
    if new := _chosen(others, evidence, chance):
        begin = len(question) + 1
        wrong = Span(begin, begin + len(new))
        yield (
            Statement(f"{question} {answer}", evidence, True, ()),
            Statement(f"{question} {new}", evidence, False, (wrong,)),
        )


def _chosen(others: Sequence[str], evidence: Row, chance: random.Random) -> str | None:
    near = [new for new in others if new in evidence.text]
    others = near if near and chance.random() < _NEAR else others
    return chance.choice(others) if others else None


def _respelt(text: str, chance: random.Random) -> str:
    """Return a text with its names in plain Latin letters, umlauts as one letter or as two."""
    letters = _UMLAUTS if chance.random() < _AS_TWO else {}
    found, at = "", 0
    for name in names(text):
        found += text[at : name.start] + anyascii(name.text.translate(letters))
        at = name.end
    return found + text[at:]


def _evidence(article: Article, spans: Sequence[Span], number: int, chance: random.Random) -> Row:
    """Return a sentence as evidence, alone or with those around it."""
    first = max(0, number - chance.randrange(_MOST))
    last = min(max(number, first + chance.randrange(1, _MOST)), len(spans) - 1)
    text = article.text[spans[first].start : spans[last].end]
    if chance.random() < _SEVERAL and len(text) <= _LONGEST:
        return Row(article.title, None, "", text)
    return _sentence(article, spans[number])


def _sentence(article: Article, span: Span) -> Row:
    """Return a sentence as the check asks: without its article's day, and what stands before it."""
    return Row(article.title, None, "", span.of(article.text))

"""Whether a sentence follows from its evidence.

Word by word where it can be told so: numbers, dates, names, negations. What the encoder's likeness of whole
texts cannot tell, because a sentence that is wrong in one word is nearest to its evidence of all, is asked of
its words one at a time: what the evidence has no word for was added.

Everything here is computed from texts and the vectors of their tokens, and knows no language model.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np

from index.model.arrays import Vectors
from index.model.token_vectors import Tokens
from index.text.language import guess
from qa.evidence.alignment import matches

from .facts import Facts, facts, missing
from .names import WORD, Name, Word, are_same, is_among, names, words
from .polarity import clauses, is_negated, opposed

# Numbers, dates and times that the evidence lacks are never let through. The rest is weighed: a logistic
# curve over what is told of the words, fitted on the groups of bench/data/support_pairs.jsonl with even
# numbers.
_WORST, _STRANGE, _EXCHANGED, _DENIED, _OPPOSED, _ADDED, _BIAS = 4.85, 13.15, 23.3, -1.18, -1.8, -0.34, -10.58
SUPPORTED = 0.45
# The words of a sentence that its evidence matches worst, of those that it does not have as they are; how
# well words are matched that are there in another language; a name; how badly those that are not, of which
# some count.
_WORST_OF, _THERE, _NAMED, _NOT_THERE, _MOST_ADDED = 3, 0.75, 0.62, 0.46, 3
# A name that is matched worse than this is another one, whatever else fits.
_STRANGER = 0.56
# Where all words are there, a not or an order that fits less well is what the sentence changed.
_VERBATIM, _TURNED = 0.7, -0.01
# An exchange of names that fits less well by more than this says no more; nor is there one to be had.
_MOST = 0.03
# Pairs of names that are exchanged.
_MOST_PAIRS = 3
# After a quotation mark the first word still is the first.
_FIRST = 1


class Reader(Protocol):
    """Reads texts to their tokens; `index.Encoder` is one."""

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        """Return the tokens of each text."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: its tokens, its facts, its words' spellings.

    Of evidence `text` begins with its article's title, which says what it is about; `own` is where the
    evidence itself begins.
    """

    text: str
    tokens: Tokens
    facts: Facts
    words: tuple[Word, ...]
    own: int = 0


def read_all(reader: Reader, evidence: Sequence[tuple[str, str]]) -> list[Text]:
    """Read evidence, each with the title of its article before it."""
    joined = [(f"{title}. {text}" if title and title not in text else text, text) for title, text in evidence]
    tokens = reader.read([whole for whole, _ in joined]) if joined else []
    return [
        Text(whole, read, facts(whole), tuple(words(whole)), len(whole) - len(text))
        for (whole, text), read in zip(joined, tokens, strict=True)
    ]


def together(texts: Sequence[Text]) -> Text:
    """Return several pieces of evidence as one: a sentence may take its parts from each."""
    whole, spans = "", []
    for text in texts:
        spans.append(text.tokens.spans + len(whole))
        whole += f"{text.text} "
    tokens = Tokens(
        np.concatenate([text.tokens.vectors for text in texts]),
        np.concatenate([text.tokens.weights for text in texts]),
        np.concatenate(spans),
    )
    known = [text.facts for text in texts]
    joined = Facts(
        tuple(quantity for one in known for quantity in one.quantities),
        frozenset[int]().union(*(one.months for one in known)),
        frozenset[tuple[int, float]]().union(*(one.near_months for one in known)),
        frozenset[int]().union(*(one.either_months for one in known)),
        frozenset[int]().union(*(one.weekdays for one in known)),
        tuple(time for one in known for time in one.minutes),
    )
    return Text(whole, tokens, joined, tuple(word for text in texts for word in text.words))


def read_sentence(reader: Reader, sentence: str, evidence: Sequence[Text]) -> "Sentence":
    """Read a sentence, and the same with names exchanged where one piece of evidence has both."""
    found = names(sentence)
    pairs = [
        (one, other)
        for one, other in combinations(found, 2)
        if not are_same(one.text, other.text)
        and any(_has(text, one) and _has(text, other) for text in evidence)
    ][:_MOST_PAIRS]
    turned = [_exchanged(sentence, one, other) for one, other in pairs]
    first, *others = reader.read([sentence, *turned])
    # In German every noun has a capital.
    known = guess(sentence) != "de"
    text = Text(sentence, first, facts(sentence), tuple(words(sentence)))
    return Sentence(text, tuple(found), known, tuple(pairs), tuple(others))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that is to be checked; `turned` are its tokens with each of `pairs` exchanged.

    Where `tells_names` is false, capitals do not tell names from other words.
    """

    text: Text
    names: tuple[Name, ...]
    tells_names: bool
    pairs: tuple[tuple[Name, Name], ...]
    turned: tuple[Tokens, ...]


def objection(sentence: Sentence, evidence: Text) -> str | None:
    """Return why `sentence` does not follow from `evidence`, or None if it does."""
    own = sentence.text
    if not any(character.isalnum() for character in own.text):
        return "no words"
    if lacking := missing(own.facts, evidence.facts):
        return f"not there: {', '.join(lacking)}"
    found = _Found(sentence, evidence)
    if found.strange < _STRANGER:
        return "it names what is not there"
    if found.support >= SUPPORTED and not found.is_turned:
        return None
    if found.denied:
        return "the evidence denies it, or it denies the evidence"
    if found.opposed:
        return "the evidence says the opposite"
    return "not all of it is there, or who does it is another"


class _Found:
    """What is told of a sentence's words, held against evidence."""

    def __init__(self, sentence: Sentence, evidence: Text) -> None:
        body = evidence.text[evidence.own :]
        best = matches(sentence.text.tokens, [evidence.tokens])[0]
        new = _new_words(sentence, evidence, best)
        weakest = sorted(match for _, match in new)[:_WORST_OF]
        self.worst = min(sum(weakest) / len(weakest), _THERE) if weakest else _THERE
        # The least likely of the names: a translation, as Munich is of München, or a stranger.
        self.strange = min([_NAMED, *(match for place, match in new if _is_name(sentence, place))])
        self.added = min(sum(match < _NOT_THERE for _, match in new), _MOST_ADDED)
        self.exchange = min(exchange(sentence, evidence), _MOST)
        self.denied = _is_denied(sentence.text, evidence)
        self.opposed = opposed(sentence.text.text, body) is not None

    @property
    def is_turned(self) -> bool:
        """Return whether a sentence of the evidence's own words turns what they say round."""
        return self.worst >= _VERBATIM and (self.denied or self.exchange < _TURNED)

    @property
    def support(self) -> float:
        """Return how likely it is, 0 to 1, that the sentence follows."""
        likely = _WORST * self.worst + _STRANGE * self.strange + _EXCHANGED * self.exchange
        unlikely = _DENIED * self.denied + _OPPOSED * self.opposed + _ADDED * self.added + _BIAS
        return 1.0 / (1.0 + math.exp(-(likely + unlikely)))


def _is_name(sentence: Sentence, place: int) -> bool:
    """Return whether the word there has its capital for being a name, not for being the first."""
    return (
        sentence.tells_names
        and place > _FIRST
        and sentence.text.text[place].isupper()
        and any(name.start <= place < name.end for name in sentence.names)
    )


def _new_words(sentence: Sentence, evidence: Text, best: Vectors) -> list[tuple[int, float]]:
    """Return where each word stands that the evidence has in no spelling, and how well it is matched."""
    return [
        (match.start(), _at(sentence.text.tokens, best, match.start(), match.end()))
        for match in WORD.finditer(sentence.text.text)
        if not is_among(match.group(), evidence.words)
    ]


def _at(tokens: Tokens, best: Vectors, start: int, end: int) -> float:
    """Return how well the tokens of some characters are matched."""
    inside = tokens.within(start, end)
    return float(np.average(best[inside], weights=tokens.weights[inside] + 1e-3)) if inside.any() else 1.0


def _is_denied(sentence: Text, evidence: Text) -> bool:
    body = evidence.text[evidence.own :]
    if is_negated(sentence.text):
        return not is_negated(body)
    taken = matches(evidence.tokens, [sentence.tokens])[0]
    shares = {True: 0.0, False: 0.0}
    for clause in clauses(body):
        share = _at(evidence.tokens, taken, evidence.own + clause.start, evidence.own + clause.end)
        shares[clause.negated] = max(shares[clause.negated], share)
    # What the sentence takes up most is what it says.
    return shares[True] > shares[False]


def exchange(sentence: Sentence, evidence: Text) -> float:
    """Return how much liker the evidence the sentence is than with any two of its names exchanged.

    Likeness is the F-score of BERTScore (Zhang et al. 2020) over tokens in context: what stands beside a
    name colours it.
    """
    known = [
        _likeness(turned, evidence.tokens)
        for pair, turned in zip(sentence.pairs, sentence.turned, strict=True)
        if all(_has(evidence, name) for name in pair)
    ]
    return _likeness(sentence.text.tokens, evidence.tokens) - max(known) if known else _MOST


def _likeness(one: Tokens, other: Tokens) -> float:
    recall, precision = matches(one, [other])[0], matches(other, [one])[0]
    return float(recall @ one.weights / one.weights.sum() + precision @ other.weights / other.weights.sum())


def _has(evidence: Text, name: Name) -> bool:
    return any(is_among(part, evidence.words) for part in WORD.findall(name.text) if len(part) > 1)


def _exchanged(text: str, one: Name, other: Name) -> str:
    return f"{text[: one.start]}{other.text}{text[one.end : other.start]}{one.text}{text[other.end :]}"

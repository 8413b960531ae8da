"""Whether a claim, a sentence that a language model wrote, follows from its evidence.

Numbers, dates, names and negations are compared word by word. The likeness of whole texts does not help: a
claim that is wrong in one word is more like its evidence than any other sentence. So its words are matched
one at a time, and a word that nothing in the evidence matches was added.

All of this is computed from texts and the vectors of their tokens, without a language model.
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
from qa.check.alignment import matches
from qa.names import WORD, Name, Word, are_same, is_among, names, words

from .facts import Facts, facts, missing
from .polarity import clauses, is_negated, opposed
from .weights import SUPPORT, SupportWeights

# Try this many pairs of names exchanged: each is another text to read.
_MOST_PAIRS = 3
# A capital at place 1 still begins the sentence: a quotation mark stands before it.
_FIRST = 1


class Reader(Protocol):
    """Reads texts to their tokens; `index.Encoder` is one."""

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        """Return the tokens of each text."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: its tokens, its facts, its words' spellings.

    The `text` of evidence begins with its article's title, which says what it is about; `own` is where the
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


def read_claim(reader: Reader, sentence: str, evidence: Sequence[Text]) -> "Claim":
    """Read a sentence, also with those pairs of names exchanged that one piece of evidence has both of."""
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
    tells_names = guess(sentence) != "de"
    text = Text(sentence, first, facts(sentence), tuple(words(sentence)))
    return Claim(text, tuple(found), tells_names, tuple(pairs), tuple(others))


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to check; `turned` has its tokens with each of `pairs` exchanged.

    Where `tells_names` is false, capitals do not tell names from other words.
    """

    text: Text
    names: tuple[Name, ...]
    tells_names: bool
    pairs: tuple[tuple[Name, Name], ...]
    turned: tuple[Tokens, ...]


def objection(claim: Claim, evidence: Text, weights: SupportWeights = SUPPORT) -> str | None:
    """Return why `claim` does not follow from `evidence`, or None if it does.

    Numbers, dates and times that the evidence lacks are never let through. The rest is weighed.
    """
    own = claim.text
    if not any(character.isalnum() for character in own.text):
        return "no words"
    if lacking := missing(own.facts, evidence.facts):
        return f"not there: {', '.join(lacking)}"
    signs = signs_of(claim, evidence, weights)
    if signs.strange < weights.stranger:
        return "it names what is not there"
    if support(signs, weights) >= weights.supported and not _is_turned(signs, weights):
        return None
    if signs.denied:
        return "the evidence denies it, or it denies the evidence"
    if signs.opposed:
        return "the evidence says the opposite"
    return "not all of it is there, or who does it is another"


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that a claim follows from its evidence; `SupportWeights` explains each."""

    worst: float
    strange: float
    exchange: float
    denied: bool
    opposed: bool
    added: int


def signs_of(claim: Claim, evidence: Text, weights: SupportWeights = SUPPORT) -> Signs:
    """Compare the words of a claim with its evidence."""
    best = matches(claim.text.tokens, [evidence.tokens])[0]
    new = _new_words(claim, evidence, best)
    weakest = sorted(match for _, match in new)[: weights.worst_of]
    return Signs(
        worst=min(sum(weakest) / len(weakest), weights.there) if weakest else weights.there,
        # The least likely of the names: a translation, as Munich is of München, or a stranger.
        strange=min([weights.named, *(match for place, match in new if _is_name(claim, place))]),
        exchange=min(exchange(claim, evidence, weights), weights.most_exchange),
        denied=_is_denied(claim.text, evidence),
        opposed=opposed(claim.text.text, evidence.text[evidence.own :]) is not None,
        added=min(sum(match < weights.not_there for _, match in new), weights.most_added),
    )


def support(signs: Signs, weights: SupportWeights = SUPPORT) -> float:
    """Return how likely it is, 0 to 1, that the claim follows."""
    likely = weights.worst * signs.worst + weights.strange * signs.strange + weights.exchange * signs.exchange
    unlikely = weights.denied * signs.denied + weights.opposed * signs.opposed + weights.added * signs.added
    return 1.0 / (1.0 + math.exp(-(likely + (unlikely + weights.bias))))


def _is_turned(signs: Signs, weights: SupportWeights) -> bool:
    """Return whether a claim in the evidence's own words reverses what they say."""
    return signs.worst >= weights.verbatim and (signs.denied or signs.exchange < weights.turned)


def _is_name(claim: Claim, place: int) -> bool:
    """Return whether the word there has a capital because it is a name, not because it is the first."""
    return (
        claim.tells_names
        and place > _FIRST
        and claim.text.text[place].isupper()
        and any(name.start <= place < name.end for name in claim.names)
    )


def _new_words(claim: Claim, evidence: Text, best: Vectors) -> list[tuple[int, float]]:
    """Return the place of each word that the evidence lacks in any spelling, and how well it is matched."""
    return [
        (match.start(), _at(claim.text.tokens, best, match.start(), match.end()))
        for match in WORD.finditer(claim.text.text)
        if not is_among(match.group(), evidence.words)
    ]


def _at(tokens: Tokens, best: Vectors, start: int, end: int) -> float:
    """Return how well the tokens of some characters are matched."""
    inside = tokens.within(start, end)
    return float(np.average(best[inside], weights=tokens.weights[inside] + 1e-3)) if inside.any() else 1.0


def _is_denied(claim: Text, evidence: Text) -> bool:
    body = evidence.text[evidence.own :]
    if is_negated(claim.text):
        return not is_negated(body)
    taken = matches(evidence.tokens, [claim.tokens])[0]
    shares = {True: 0.0, False: 0.0}
    for clause in clauses(body):
        share = _at(evidence.tokens, taken, evidence.own + clause.start, evidence.own + clause.end)
        shares[clause.negated] = max(shares[clause.negated], share)
    # The claim should say what the clause says that it takes most from.
    return shares[True] > shares[False]


def exchange(claim: Claim, evidence: Text, weights: SupportWeights = SUPPORT) -> float:
    """Return how much more the claim resembles the evidence than it does with any two of its names exchanged.

    Likeness is the F-score of BERTScore (Zhang et al. 2020) over tokens in context: what stands beside a
    name colours it.
    """
    known = [
        _likeness(turned, evidence.tokens)
        for pair, turned in zip(claim.pairs, claim.turned, strict=True)
        if all(_has(evidence, name) for name in pair)
    ]
    return _likeness(claim.text.tokens, evidence.tokens) - max(known) if known else weights.most_exchange


def _likeness(one: Tokens, other: Tokens) -> float:
    recall, precision = matches(one, [other])[0], matches(other, [one])[0]
    return float(recall @ one.weights / one.weights.sum() + precision @ other.weights / other.weights.sum())


def _has(evidence: Text, name: Name) -> bool:
    return any(is_among(part, evidence.words) for part in WORD.findall(name.text) if len(part) > 1)


def _exchanged(text: str, one: Name, other: Name) -> str:
    return f"{text[: one.start]}{other.text}{text[one.end : other.start]}{one.text}{text[other.end :]}"

"""Words that turn a statement round: negations, and pairs of opposites.

A sentence that says the opposite of its evidence is nearly a copy of it: likeness of meaning does not tell
them apart.
"""

import functools
from dataclasses import dataclass

import regex

from index.lexicon import any_of, compiled, languages, whole_words, words

# Marks between clauses; words such as "but" are in the lexicon.
_MARK = r"[.;:!?…]+\s|,\s|\s[–—-]\s|\(|\)"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text between marks or words such as "but", and whether it is negated."""

    start: int
    end: int
    negated: bool


def is_negated(text: str) -> bool:
    """Return whether `text` denies something."""
    said = _harmless().sub(" ", text)
    return bool(_negated().search(said)) or any(
        letters.search(said) and syllables.search(said) for letters, syllables in _syllables()
    )


def clauses(text: str) -> list[Clause]:
    """Cut `text` at commas, stops, and words such as "but"."""
    found, begin = [], 0
    for match in [*_clause_end().finditer(text), None]:
        end = match.start() if match else len(text)
        if end > begin:
            found.append(Clause(begin, end, is_negated(text[begin:end])))
        begin = match.end() if match else end
    return found


def opposed(sentence: str, evidence: str) -> str | None:
    """Name a pair of opposites with one side in `sentence` and only the other in `evidence`."""
    for name, sides in _opposites().items():
        here = [bool(side.search(sentence)) for side in sides]
        there = [bool(side.search(evidence)) for side in sides]
        if here in ([True, False], [False, True]) and there == here[::-1]:
            return name
    return None


@functools.cache
def _negated() -> "regex.Pattern[str]":
    return whole_words(words(lambda language: language.negation.words))


@functools.cache
def _harmless() -> "regex.Pattern[str]":
    return compiled(any_of(words(lambda language: language.negation.harmless)))


@functools.cache
def _syllables() -> list[tuple["regex.Pattern[str]", "regex.Pattern[str]"]]:
    """Return the letters that identify a language, with the syllables that deny in it."""
    denied = [language.negation for language in languages() if language.negation.syllables]
    return [(regex.compile(f"[{one.letters}]"), compiled(any_of(one.syllables))) for one in denied]


@functools.cache
def _clause_end() -> "regex.Pattern[str]":
    return compiled(rf"{_MARK}|\s{any_of(words(lambda language: language.negation.contrasts))}\s")


@functools.cache
def _opposites() -> dict[str, tuple["regex.Pattern[str]", ...]]:
    pairs = {"rise": "fall", "more": "less", "before": "after", "win": "lose", "begin": "end"}
    return {one: (_side(one), _side(other)) for one, other in pairs.items()}


def _side(name: str) -> "regex.Pattern[str]":
    return whole_words(words(lambda language: getattr(language.opposites, name)))

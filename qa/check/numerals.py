"""Numbers in digits or words, in many languages, to their values.

A number that can be read in two ways has two values: "1.200" is 1200 or 1.2, "a billion" is a thousand
million or a million million. Two texts agree on a number if they share one of them.
"""

import contextlib
import functools
import importlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.lexicon import any_of, compiled, languages, words

# The values of the lexicon's words for scales and parts. Half may be .5, or 50 per cent.
_SCALES = {
    "hundred": (1e2,), "thousand": (1e3,), "million": (1e6,), "milliard": (1e9,), "billion": (1e9, 1e12),
    "trillion": (1e12, 1e18), "dozen": (12.0,),
}  # fmt: skip
_PARTS = {
    "half": (0.5, 50.0), "quarter": (0.25, 25.0), "fourth": (0.25, 25.0, 4.0), "third": (1 / 3, 3.0),
    "double": (2.0,),
}  # fmt: skip
_ROMAN_VALUES = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "": 0}
_DIGITS = regex.compile(
    r"(?<![\p{L}\d])[-−]?\d{1,3}(?:[   '’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*"
    r"|(?<=[\p{L}$€£-])\d+(?:[.,]\d+)*"
)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_JOINT = regex.compile(r"[\s -]*")
_FOLLOWING = regex.compile(r"[\s -]*([\p{L}\p{M}]+)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: all values it can have, and its place. `scale` is the last power of ten in it."""

    values: frozenset[float]
    start: int
    end: int
    digits: bool
    scale: float = 0.0


def numbers(text: str) -> list[Number]:
    """Return the numbers of `text` in order; scales such as "million" are multiplied in."""
    found = sorted([*_in_digits(text), *_in_words(text), *_in_roman(text)], key=lambda number: number.start)
    merged: list[Number] = []
    for number in found:
        last = merged[-1] if merged else None
        if last and number.start < last.end:
            continue
        if last and _is_compound(text, last, number):
            merged[-1] = _scaled(text, _joined(last, number))
            continue
        scaled = _scaled(text, number)
        if (
            last
            and scaled.values
            and max(scaled.values) < last.scale
            and _joint().fullmatch(text, last.end, number.start)
        ):
            merged[-1] = _joined(last, scaled)
        else:
            merged.append(scaled)
    return merged


def values_of(digits: str) -> frozenset[float]:
    """Return all values that digits with stops, commas or blanks can have."""
    plain = "".join(str(unicodedata.decimal(c, "")) or c for c in regex.sub(r"[\s'’  −-]", "", digits))
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return frozenset({float(plain)})
    head, _, tail = plain.rpartition(marks[-1])
    whole = regex.sub("[.,]", "", plain)
    values = set()
    if len(tail) == 3 and len(set(marks)) == 1:
        values.add(float(whole))
    if len(marks) == 1 or len(set(marks)) > 1:
        values.add(float(regex.sub("[.,]", "", head) + "." + tail))
    return frozenset(values or {float(whole)})


def _in_digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        yield Number(values_of(match.group()), match.start(), match.end(), digits=True)


def _in_words(text: str) -> Iterator[Number]:
    for pattern, teens in _teens():
        for match in pattern.finditer(text):
            values = frozenset({teens[match.group(1).casefold()]})
            yield Number(values, match.start(), match.end(), digits=False)
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        values = _values(word)
        if not values or len(word) == 1 or _share().search(text, max(0, match.start() - 6), match.start()):
            continue
        if _uncounted().match(text, match.end()):
            continue
        number = Number(values, match.start(), match.end(), digits=False)
        if _is_ten(number) and (one := _and_one().match(text, match.end())):
            number = Number(frozenset(value + 1 for value in values), match.start(), one.end(), digits=False)
        yield number


def _in_roman(text: str) -> Iterator[Number]:
    for match in _roman().finditer(text):
        value = float(10 * len(match.group(1)) + _ROMAN_VALUES[match.group(2)])
        yield Number(frozenset({value}), match.start(), match.end(), digits=False)


@functools.lru_cache(maxsize=1 << 14)
def _values(word: str) -> frozenset[float]:
    table = _words()
    if word in table:
        return table[word]
    for pattern, values in _stems(*_PARTS, *_SCALES):
        if pattern.fullmatch(word):
            return values
    if several := _times().fullmatch(word):
        # "Soixantaine" drops the last letter of "soixante".
        for stem in (several.group(1), several.group(1) + "e"):
            if stem in table:
                return table[stem]
    # German ordinals and their like have endings.
    for ending in words(lambda language: language.numbers.endings):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 3 and stem in table and table[stem]:
            return table[stem]
    return frozenset()


@functools.cache
def _stems(*names: str) -> "list[tuple[regex.Pattern[str], frozenset[float]]]":
    """Return a pattern for each of these scales and parts, with its values. Alone it counts once."""
    known = {**_PARTS, **_SCALES}
    return [(compiled(any_of(_named(name))), frozenset(known[name])) for name in names]


def _named(name: str) -> tuple[str, ...]:
    return words(lambda language: getattr(language.numbers, name))


@functools.cache
def _times() -> "regex.Pattern[str]":
    """Return a pattern of sixty or so: soixantaine, fünfmal, fivefold."""
    return compiled(rf"(.{{3,}}?){any_of(_named('times'))}")


@functools.cache
def _and_one() -> "regex.Pattern[str]":
    """Return a pattern of what adds one to a ten. Elsewhere one is not counted: it is also an article."""
    return compiled(rf"[\s-]+(?:{any_of(_named('joint'))} )?{any_of(_named('one'))}(?![\p{{L}}\p{{N}}])")


@functools.cache
def _joint() -> "regex.Pattern[str]":
    """Return a pattern of what joins the parts of one number: "two hundred and fifty", "3 bin 400"."""
    return compiled(rf"[\s\u00a0-]+(?:{any_of(_named('joint'))} )?", 0)


@functools.cache
def _share() -> "regex.Pattern[str]":
    """Return a pattern of what makes a hundred a share: "per cent"."""
    return compiled(rf"{any_of(_named('per'))}[\s-]$")


@functools.cache
def _uncounted() -> "regex.Pattern[str]":
    """Return a pattern of what makes the word before it not a number: a quarter-final is not a quarter."""
    return compiled(any_of(_named("uncounted")))


@functools.cache
def _roman() -> "regex.Pattern[str]":
    """Return a pattern of Roman numbers from 2 to 39, also as ordinals: XIV, XIVe, XIV."""
    ordinal = any_of([r"\.", *_named("ordinal")])
    return compiled(rf"(?<![\p{{L}}\d])(?=[IVX]{{2,6}}{ordinal}?(?!\p{{L}}))(X{{0,3}})(IX|IV|V?I{{0,3}})", 0)


@functools.cache
def _teens() -> list[tuple["regex.Pattern[str]", dict[str, float]]]:
    """Return a pattern of ten to nineteen in two words, with the values of the second.

    The word for ten alone is a word of other languages.
    """
    found = []
    for numbers in (language.numbers for language in languages() if language.numbers.ten):
        pattern = rf"(?<!\p{{L}}){any_of(numbers.ten)} ({any_of(numbers.ones)})(?!\p{{L}})"
        found.append((compiled(pattern), {word: 10.0 + one for one, word in enumerate(numbers.ones, 1)}))
    return found


@functools.cache
def _words() -> dict[str, frozenset[float]]:
    """Return the numbers from 2 to 99 by the words for them, ordinals from the third on."""
    found: dict[str, set[float]] = {}
    for numbers in (language.numbers for language in languages()):
        for value in range(2, 100) if numbers.num2words else ():
            for word in _spoken(value, numbers.num2words):
                found.setdefault(word, set()).add(float(value))
        for form, listed in numbers.forms.items():
            for word in listed:
                found.setdefault(word, set()).add(float(form))
    homonyms = _named("homonyms")
    return {word: frozenset(values) for word, values in found.items() if word not in homonyms}


def _spoken(value: int, language: str) -> set[str]:
    """Return the single words for a number, with its hyphens and without."""
    num2words = importlib.import_module("num2words").num2words
    said = set()
    for kind in ("cardinal", "ordinal") if 3 <= value <= 31 else ("cardinal",):
        # num2words has no ordinals in some languages.
        with contextlib.suppress(NotImplementedError, ValueError, IndexError, KeyError, TypeError):
            said.add(str(num2words(value, lang=language, to=kind)).casefold())
    forms = said | {word.replace("-", "") for word in said}
    return {word for word in forms if " " not in word and len(word) > 2}


def _is_compound(text: str, last: Number, number: Number) -> bool:
    """Return whether two words are one number: a ten and a digit, as in "sixty six"."""
    ones = all(2 <= value < 10 for value in number.values)
    return (
        not (last.digits or number.digits)
        and _is_ten(last)
        and ones
        and bool(_JOINT.fullmatch(text, last.end, number.start))
    )


def _is_ten(number: Number) -> bool:
    return all(value in {20, 30, 40, 50, 60, 70, 80, 90} for value in number.values)


def _joined(last: Number, number: Number) -> Number:
    values = frozenset(a + b for a in last.values for b in number.values)
    return Number(values, last.start, number.end, digits=False, scale=number.scale)


def _scaled(text: str, number: Number) -> Number:
    """Multiply by the scale words that follow, as in "35 Mio." and "mil millones"."""
    while True:
        match = _FOLLOWING.match(text, number.end)
        word = match.group(1) if match else ""
        values = next((values for stem, values in _stems(*_SCALES) if stem.fullmatch(word)), None)
        if not match or not values or (len(word) == 1 and not number.digits):
            return number
        products = frozenset(value * scale for value in number.values for scale in values)
        number = Number(products, number.start, match.end(), number.digits, min(values))

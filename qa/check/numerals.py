"""Numbers as they are written in a dozen languages, in digits or words, to their values.

What can be read in two ways has two values: "1.200" is 1200 or 1.2, a "billion" a thousand million or a million
million. Two texts agree on a number if they share one of them.
"""

import contextlib
import functools
import importlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

LANGUAGES = "cs da de en es fi fr hu it nl no pl pt ro ru sv tr uk"

# Words for powers of ten, by their stems: endings are the languages' cases and plurals.
_SCALES: dict[str, tuple[float, ...]] = {
    "hundreds?|hundert|cents?|cien|cientos|cento|cem|honderd|сот|сто|yüz|sto|hundra|hundre|hundrede": (1e2,),
    "thousands?|tausend|mille|mil|mila|duizend|тысяч[аиу]?|тис|тыс|тисяч[аі]?|bin|tysi[ąe]c[ey]?|tisíc|tusen|tusind"
    "|k": (1e3,),
    "millions?|millionen|mio|mln|mn|m|millón|millones|milion[ei]?|milioni|milhão|milhões|miljoen|миллион\\p{L}*|млн"
    "|мільйон\\p{L}*|milyon|milion\\p{L}*|miljon\\p{L}*": (1e6,),
    "milliarden?|mrd|milliards?|md|miliard\\p{L}*|miljard\\p{L}*|миллиард\\p{L}*|млрд|мільярд\\p{L}*|milyar"
    "|mld|mrd|bn|billón|billones|milyard|milliarder": (1e9,),
    "billions?|billionen|bilhões|bilhão|b": (1e9, 1e12),
    "trillions?|trn|tn|трлн|триллион\\p{L}*|trilyon|trilhões|trillionen": (1e12, 1e18),
    "dozens?|dutzend\\p{L}*|douzaines?|docenas?|дюжин\\p{L}*|düzine": (12.0,),
}
_PARTS: dict[str, tuple[float, ...]] = {
    "half|hälfte|halbe[nrs]?|moitié|mitad|metà|metade|helft|половин\\p{L}*|yarısı\\p{L}*|yarı|yarım|yarısını|połow\\p{L}*|hälften"
    "|demi|media|medio": (0.5, 50.0),
    "quarters?|viertel|cuarta parte|çeyre\\p{L}*|kwart": (0.25, 25.0),
    # Fourth, too.
    "quart|cuarto|четверт\\p{L}*": (0.25, 25.0, 4.0),
    "thirds?|drittel|tiers|tercio|terzo|треть\\p{L}*|üçte": (1 / 3, 3.0),
    "twice|double[ds]?|doppelte?|verdoppel\\p{L}*|doublé|doble|вдвое|дважды|удво\\p{L}*|iki katı\\p{L}*": (
        2.0,
    ),
}
# Cases that num2words does not give.
_FORMS = {
    2: "двух двум двумя две двое двоих zwo twee dwie dwóch ikisi ikinci",
    3: "трёх трех трём трем тремя трое троих üçü trzech drie",
    4: "четырёх четырех четырём четырем четверо четверых dördü czterech",
    5: "пяти пятью пятеро", 6: "шести шестью шестеро", 7: "семи семью семеро", 8: "восьми", 9: "девяти",
    10: "десяти десятью", 11: "одиннадцати", 12: "двенадцати", 15: "пятнадцати", 20: "двадцати",
    30: "тридцати", 40: "сорока", 50: "пятидесяти", 60: "шестидесяти", 70: "семидесяти", 80: "восьмидесяти",
    90: "девяноста", 100: "ста двести",
}  # fmt: skip
# Words for numbers that are commoner words of other languages.
_NO_NUMBERS = {"sei", "once", "set", "hat", "tien", "nio", "sto", "fire", "firs", "due", "opt", "dez", "sex"}
# Sixty or so: soixantaine, fünfmal, fivefold.
_ROUND = regex.compile(r"(.{3,}?)(?:aine|aines|ena|mal|fach|fold|krát|krotnie|пять)")
# One is only counted after a ten: elsewhere it is an article too.
_AND_ONE = regex.compile(
    r"[\s-]+(?:and |et |e )?(?:one|une?|один|одна|одно|bir|uma?|en|ett|jeden)(?![\p{L}\p{N}])",
    regex.IGNORECASE,
)
# Ten to nineteen in Turkish; its ten alone is a word of other languages.
_TURKISH_TEN = regex.compile(
    r"(?<!\p{L})on (bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz)(?!\p{L})", regex.IGNORECASE
)
_TURKISH_ONES = {
    word: value
    for value, word in enumerate(["bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"], 1)
}
# "Per cent" is no hundred.
_SHARE = regex.compile(r"(?:per|pour|por)[\s-]$", regex.IGNORECASE)
# Nor is a quarter-final a quarter; but three finals are three.
_FINAL = regex.compile(r"(?<=quarter)[\s-]finals?(?!\p{L})", regex.IGNORECASE)
_ROMAN = regex.compile(r"(?<![\p{L}\d])(?=[IVX]{2,6}(?:e|ème|\.|th)?(?!\p{L}))(X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "": 0}
# What joins the parts of one number: "two hundred and fifty", "3 bin 400".
_AND = regex.compile(r"[\s\u00a0-]+(?:and |und |y |et |e |и )?")
_DIGITS = regex.compile(
    r"(?<![\p{L}\d])[-−]?\d{1,3}(?:[   '’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|(?<=[\p{L}$€£-])\d+(?:[.,]\d+)*"
)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_JOINT = regex.compile(r"[\s -]*")
_FOLLOWING = regex.compile(r"[\s -]*([\p{L}\p{M}]+)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: all values it can have, and its characters."""

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
            and _AND.fullmatch(text, last.end, number.start)
        ):
            merged[-1] = _joined(last, scaled)
        else:
            merged.append(scaled)
    return merged


def readings(digits: str) -> frozenset[float]:
    """Return what a run of digits with stops, commas or blanks can mean."""
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
        yield Number(readings(match.group()), match.start(), match.end(), digits=True)


def _in_words(text: str) -> Iterator[Number]:
    for match in _TURKISH_TEN.finditer(text):
        value = 10.0 + _TURKISH_ONES[match.group(1).casefold()]
        yield Number(frozenset({value}), match.start(), match.end(), digits=False)
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        values = _values(word)
        if not values or len(word) == 1 or _SHARE.search(text, max(0, match.start() - 6), match.start()):
            continue
        if _FINAL.match(text, match.end()):
            continue
        number = Number(values, match.start(), match.end(), digits=False)
        if _is_ten(number) and (one := _AND_ONE.match(text, match.end())):
            number = Number(frozenset(value + 1 for value in values), match.start(), one.end(), digits=False)
        yield number


def _in_roman(text: str) -> Iterator[Number]:
    for match in _ROMAN.finditer(text):
        value = float(10 * len(match.group(1)) + _ROMAN_VALUES[match.group(2)])
        yield Number(frozenset({value}), match.start(), match.end(), digits=False)


@functools.lru_cache(maxsize=1 << 14)
def _values(word: str) -> frozenset[float]:
    table = _words()
    if word in table:
        return table[word]
    for pattern, values in _patterns():
        if pattern.fullmatch(word):
            return values
    if (several := _ROUND.fullmatch(word)) and several.group(1) in table:
        return table[several.group(1)]
    if word.endswith("aine") and word.removesuffix("aine") + "e" in table:
        return table[word.removesuffix("aine") + "e"]
    # German and its like write "35 Millionen" in one word, and ordinals with endings.
    for ending in ("n", "r", "s", "m", "er", "es", "en"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 3 and stem in table and table[stem]:
            return table[stem]
    return frozenset()


@functools.cache
def _patterns() -> list[tuple["regex.Pattern[str]", frozenset[float]]]:
    # A scale alone is one of it: "a million".
    both = {**_PARTS, **_SCALES}
    return [(regex.compile(words), frozenset(values)) for words, values in both.items() if words]


@functools.cache
def _scale_words() -> list[tuple["regex.Pattern[str]", tuple[float, ...]]]:
    return [(regex.compile(words, regex.IGNORECASE), values) for words, values in _SCALES.items()]


@functools.cache
def _words() -> dict[str, frozenset[float]]:
    """Return the numbers from 2 to 99 by the words for them, ordinals from the third on.

    One is left out: in most languages it is an article too.
    """
    found: dict[str, set[float]] = {}
    for language in LANGUAGES.split():
        for value in range(2, 100):
            for word in _spoken(value, language):
                found.setdefault(word, set()).add(float(value))
    for value, words in _FORMS.items():
        for word in words.split():
            found.setdefault(word, set()).add(float(value))
    return {word: frozenset(values) for word, values in found.items() if word not in _NO_NUMBERS}


def _spoken(value: int, language: str) -> set[str]:
    """Return the single words for a number, with its hyphens and without."""
    num2words = importlib.import_module("num2words").num2words
    said = set()
    for kind in ("cardinal", "ordinal") if 3 <= value <= 31 else ("cardinal",):
        # Not every language of its has ordinals.
        with contextlib.suppress(NotImplementedError, ValueError, IndexError, KeyError, TypeError):
            said.add(str(num2words(value, lang=language, to=kind)).casefold())
    forms = said | {word.replace("-", "") for word in said}
    return {word for word in forms if " " not in word and len(word) > 2}


def _is_compound(text: str, last: Number, number: Number) -> bool:
    """Return whether "sixty" and "six" are one number: a ten and a digit, a blank or hyphen between them."""
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
    """Multiply in the scale words that follow, as in "35 Mio." and "mil millones"."""
    while True:
        match = _FOLLOWING.match(text, number.end)
        word = match.group(1) if match else ""
        values = next((values for words, values in _scale_words() if words.fullmatch(word)), None)
        if not match or not values or (len(word) == 1 and not number.digits):
            return number
        products = frozenset(value * scale for value in number.values for scale in values)
        number = Number(products, number.start, match.end(), number.digits, min(values))

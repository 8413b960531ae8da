"""The kind of answer a question asks for, and whether a sentence holds one that the question does not.

By question words of a dozen languages: a question of another one asks for no kind, which does no harm.
"""

import functools
from collections.abc import Iterable
from enum import Enum
from importlib import import_module

import regex


class Kind(Enum):
    """What a question wants to know."""

    NUMBER = "number"
    TIME = "time"
    NAME = "name"


# Whole words; the one that comes first in the question counts.
_ASKING = {
    Kind.NUMBER: (
        r"how (?:many|much|old|long|far|high|tall|often|big|fast|large|heavy|deep)|(?:what"
        r"|which) (?:share|percentage|proportion|price|amount|number|score|age)|wie ?(?:viele?n?|hoch"
        r"|groß|lange?|alt|oft|schnell|weit|schwer|stark)|combien|quel (?:âge|est le prix)|cuánt[oa]s?"
        r"|quant[oaie]s?|hoeveel|hoe (?:oud|lang|hoog|groot|ver)|сколько|скільки|kaç|ne kadar|ile|ilu"
        r"|hur (?:många|mycket|gammal|långt?|hög)"
    ),
    Kind.TIME: (
        r"when|(?:what|which|in what|in which) (?:year|date|day|month)|wann|welche[mns]? (?:jahr|datum"
        r"|tag|monat)|quand|quelle (?:année|date)|cuándo|quando|wanneer|когда|в каком году|коли"
        r"|ne zaman|hangi yıl|kiedy|när"
    ),
    Kind.NAME: (
        r"who|whom|whose|where|wer|wen|wem|wessen|wo|wohin|woher|qui|où|quién(?:es)?|dónde|chi|dove"
        r"|quem|onde|wie is|wie was|waar|кто|кого|кому|кем|где|куда|хто|де|kim|kimin|kime|kimi|nerede"
        r"|nereye|kto|kogo|gdzie|vem|var"
    ),
}
_ASKED = {
    kind: regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{words})(?![\p{{L}}\p{{N}}])", regex.IGNORECASE)
    for kind, words in _ASKING.items()
}
_DIGITS = regex.compile(r"\p{N}[\p{N}.,:/]*")
# Numbers in words, from three on: articles like "one" and "un" are everywhere.
_NUMERALS = regex.compile(
    r"(?<!\p{L})(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty"
    r"|thirty|forty|fifty|hundreds?|thousands?|millions?|billions?|half|third|quarter|dozens?|zwei"
    r"|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|tausend|millionen"
    r"|milliarden|hälfte|drittel|viertel|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|vingt|cent"
    r"|mille|moitié|tiers|dos|tres|cuatro|cinco|siete|ocho|nueve|diez|cien|mil|mitad|millones|due|tre"
    r"|quattro|cinque|sette|otto|nove|dieci|cento|metà|milioni|duas?|dois|quatro|sete|oito|dez|metade"
    r"|milhões|twee|drie|vijf|zes|zeven|negen|tien|honderd|duizend|miljoen|miljard|helft|два|две|три"
    r"|четыре|пять|шесть|семь|восемь|девять|десять|сто|тысяч\p{L}*|миллион\p{L}*|миллиард\p{L}*"
    r"|половин\p{L}*|треть|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|yüz|bin|milyon|milyar|yarısı|dwa|trzy"
    r"|cztery|pięć|sto|tysi\p{L}*|milion\p{L}*|połow\p{L}*)(?!\p{L})",
    regex.IGNORECASE,
)
# Languages whose names of months and weekdays are known again.
_CALENDARS = "ar bg cs da de el en es fi fr hu it nb nl pl pt ro ru sv tr uk"
_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_NAME = regex.compile(r"(?<!\p{L})\p{Lu}[\p{L}\p{M}'’-]+")
# Enough of a word to know it again in another case: "Berlin" in "Berlins".
_STEM = 4
# Shorter abbreviations of months are words of other languages.
_SHORT = 3


@functools.lru_cache(maxsize=256)
def kind_of(question: str) -> Kind | None:
    """Return what `question` asks for, or None if its words do not say."""
    found = [(match.start(), kind) for kind, words in _ASKED.items() if (match := words.search(question))]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def suits(kind: Kind | None, question: str, sentence: str) -> int:
    """Return 1 if `sentence` holds something of that kind that `question` lacks, else -1; 0 for no kind."""
    if kind is None:
        return 0
    asked = question.casefold()
    if kind is Kind.NAME:
        # What begins a sentence has its capital from there.
        names = [match for match in _NAME.finditer(sentence) if match.start() > 1]
        return _is_new((match.group()[:_STEM] for match in names), asked)
    found = [match.group().rstrip(".,:/") for match in _DIGITS.finditer(sentence)]
    words = _NUMERALS if kind is Kind.NUMBER else _calendar()
    return _is_new([*found, *(match.group() for match in words.finditer(sentence))], asked)


@functools.cache
def _calendar() -> "regex.Pattern[str]":
    """Return a pattern of the names of months and weekdays, from dateparser's tables."""
    named = set()
    for language in _CALENDARS.split():
        table = import_module(f"dateparser.data.date_translation_data.{language}").info
        for key in f"{_MONTHS} {_DAYS}".split():
            named |= {name for name in table[key] if len(name) > _SHORT or key == "may"}
    names = "|".join(sorted(map(regex.escape, named), key=len, reverse=True))
    return regex.compile(rf"(?<!\p{{L}})(?:{names})(?!\p{{L}})", regex.IGNORECASE)


def _is_new(found: Iterable[str], asked: str) -> int:
    return 1 if any(one.casefold() not in asked for one in found) else -1

"""The kind of answer a question asks for, and whether a sentence holds one that the question does not.

By question words of a dozen languages: a question of another one asks for no kind, which does no harm.
"""

import functools
from collections.abc import Iterable
from enum import Enum

import regex

from index.text.calendars import DAYS, MONTHS, names_of, whole_words


class Kind(Enum):
    """What a question wants to know."""

    MONEY = "money"
    NUMBER = "number"
    TIME = "time"
    NAME = "name"


# Whole words; the one that comes first in the question counts, money before a mere number.
_ASKING = {
    Kind.MONEY: (
        r"how much(?=.*(?:cost|pay|paid|worth|earn|spen[dt]|sold|money|fine))|what (?:do|does|did|will"
        r"|would) .*(?<!the )cost|what (?:is|was) .*(?:worth|price)|wie ?(?:viele?|hoch|teuer)(?=.*(?:kost"
        r"|zahl|preis|straf|geld|wert|verdien|ausgeb))|was (?:kostet|kosten|kostete|kosteten)"
        r"|combien(?=.*(?:coût|prix|pay|dépens|gagn|vend))|quel (?:est|était) le (?:prix|coût)"
        r"|cuánto(?=.*(?:cuest|cost|pag|gast|val))|quanto(?=.*(?:cost|cust|pag|val))|wat kost\p{L}*"
        r"|hoeveel(?=.*(?:kost|betaal))|сколько(?=.*(?:сто[ия]|заплат|потрат|цен))"
        r"|скільки(?=.*(?:кошту|заплат))|kaça|kaç para|ne kadar(?=.*(?:tut|öde|harca))"
        r"|ile(?=.*(?:koszt|zapłac))|vad kosta\p{L}*"
    ),
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
_CURRENCY = regex.compile(
    r"[$€£¥₽₺₴₩₹]|(?<!\p{L})(?:euros?|dollars?|pounds?|pence|francs?|franken|pfund|rubel|yen|yuan|liras?|pesos?"
    r"|kron\p{L}+|złot\p{L}+|рубл\p{L}*|доллар\p{L}*|евро|гривен\p{L}*|долар\p{L}*)(?!\p{L})"
    r"|(?:usd|eur|gbp|chf)(?!\p{L})",
    regex.IGNORECASE,
)
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
_NAME = regex.compile(r"(?<!\p{L})\p{Lu}[\p{L}\p{M}'’-]+")
# Enough of a word to know it again in another case: "Berlin" in "Berlins".
_STEM = 4


@functools.lru_cache(maxsize=256)
def kind_of(question: str) -> Kind | None:
    """Return what `question` asks for, or None if its words do not say."""
    found = [(match.start(), kind) for kind, words in _ASKED.items() if (match := words.search(question))]
    # Of two at one place the first of _ASKING.
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
    if kind is Kind.MONEY and not _CURRENCY.search(sentence):
        return -1
    found = [match.group().rstrip(".,:/") for match in _DIGITS.finditer(sentence)]
    words = _calendar() if kind is Kind.TIME else _NUMERALS
    return _is_new([*found, *(match.group() for match in words.finditer(sentence))], asked)


@functools.cache
def _calendar() -> "regex.Pattern[str]":
    """Return a pattern of the names of months and weekdays."""
    return whole_words(set().union(*map(names_of, f"{MONTHS} {DAYS}".split())))


def _is_new(found: Iterable[str], asked: str) -> int:
    return 1 if any(one.casefold() not in asked for one in found) else -1

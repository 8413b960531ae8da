"""Words that turn a statement round: negations, and pairs of opposites, in a dozen languages.

A sentence that says the opposite of its evidence is nearly its copy: no likeness of meaning tells them apart.
"""

import functools
from dataclasses import dataclass

import regex

_CLAUSE = regex.compile(r"[.;:!?…]+\s|,\s|\s[–—-]\s|\(|\)|\s(?:but|while|although|aber|während|obwohl|mais|tandis que"
    r"|bien que|pero|aunque|mientras|но|а|хотя|однако|ama|ancak|fakat|ma|mentre|maar)\s", regex.IGNORECASE)  # fmt: skip
_NEGATIONS = (
    # en
    r"not|\p{L}+n['’]t|cannot|never|no|none|nobody|nothing|neither|nor|without|fail(?:ed|s|ing)?(?= to)|refus(?:e|es|ed|ing)"
    r"|den(?:y|ies|ied|ying)|declin(?:e|es|ed|ing)(?= to| the| an| his| her| it)|reject(?:s|ed|ing)?|unable|lacks?|lacked|unbeaten|uninsured|unharmed"
    # de
    r"|nicht|nichts?|kein\p{L}*|nie|niemals|niemand\p{L}*|ohne|weder|verweiger\p{L}*|weiger\p{L}*|bestreite\p{L}*"
    r"|bestritt\p{L}*|dementier\p{L}*|lehn\p{L}*(?=.* ab\b)|ablehn\p{L}*|abgelehnt|unmöglich|verzicht\p{L}*"
    # fr
    r"|ne|n['’](?=\p{L})|pas|jamais|aucune?|personne ne|rien|sans|ni|refus\p{L}*|nie(?:nt|r)?|nié|dément\p{L}*|rejet\p{L}*|renonc\p{L}*"
    # es
    r"|no|nunca|jamás|nadie|nada|ningun[oa]?|ningún|sin|tampoco|neg(?:ó|aron|ado|ar|aba)|niega\p{L}*|rechaz\p{L}*|rehus\p{L}*"
    # ru uk
    r"|не|ни|нет|никогда|никто|ничего|никак\p{L}*|без|нельзя|отказ\p{L}*|отверг\p{L}*|отриц\p{L}*|опроверг\p{L}*|ніколи|ніхто|немає"
    # tr
    r"|değil\p{L}*|yok|hiç\p{L}*|asla|olmadan|redde\p{L}*|inkar\p{L}*"
    # it pt nl pl sv
    r"|non|senza|nessun\p{L}*|não|sem|nenhum\p{L}*|niet|geen|nooit|zonder|nie|żaden|bez|nigdy|inte|aldrig|ingen|utan|ikke"
)  # fmt: skip
# Turkish denies with a syllable within a word, which words of other languages have too.
_TURKISH = regex.compile(r"[ğışĞİŞ]")
_TURKISH_NEGATED = regex.compile(
    r"\p{L}{2,}(?:madı|medi|mamış|memiş|mıyor|miyor|muyor|müyor|mayacak|meyecek|madan|meden|mayan|meyen|maz|mez"
    r"|madığı|mediği|mama|meme)\p{L}*|\p{L}{2,}(?:sız|siz|suz|süz)(?!\p{L})",
    regex.IGNORECASE,
)
_NEGATED = regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{_NEGATIONS})(?![\p{{L}}\p{{N}}])", regex.IGNORECASE)
# "not only", "no doubt" and the like deny nothing.
_NO_DENIAL = regex.compile(
    r"not only|not just|no doubt|no\. ?\d|nicht nur|nicht zuletzt|non seulement|ne [\p{L}' ]{0,20}que|no s[oó]lo|no solamente"
    r"|не только|plus que jamais|personne(?!\s+n)|pas moins de|no fewer than|no less than|nicht weniger als|rien que",
    regex.IGNORECASE,
)

# What is up or down, more or less, before or after: stems, both sides of each pair in all languages.
_OPPOSITES = {
    "rise": (
        r"r(?:ise|ises|ose|isen|ising)|increas\p{L}*|gr[eo]w(?:s|n|th|ing)?|climb\p{L}*|gain(?:s|ed)|up|higher|jump(?:s|ed)|soar\p{L}*|doubl\p{L}*|higher"
        r"|gestiegen|stieg\p{L}*|steig\p{L}*|erhöh\p{L}*|wuchs|gewachsen|zugenommen|höher\p{L}*|anstieg"
        r"|augment\p{L}*|hausse|progress\p{L}*|grimp\p{L}*|supérieure?s?|subi(?:ó|eron|do|da)|aument\p{L}*|creci\p{L}*|alza"
        r"|вырос\p{L}*|увелич\p{L}*|рост\p{L}?|подорож\p{L}*|повыс\p{L}*|art(?:tı|arak|ış|mış|ırdı)\p{L}*|yüksel\p{L}*",
        r"f(?:all|alls|ell|allen|alling)|decreas\p{L}*|declin(?:e|ed|es|ing)|dropp?\p{L}*|shr[aiu]nk\p{L}*|lower|down|lost|reduc\p{L}*|cut|halv\p{L}*|slump\p{L}*|lower"
        r"|gesunken|sank\p{L}*|sink\p{L}*|gefallen|fiel\p{L}*|verringer\p{L}*|zurückgegangen|rückgang\p{L}*|abgenommen|niedriger\p{L}*|schrumpf\p{L}*|halbier\p{L}*"
        r"|baiss\p{L}*|diminu\p{L}*|recul\p{L}*|chut\p{L}*|inférieure?s?|baj(?:ó|aron|ado|ada)|disminu\p{L}*|reduj\p{L}*|reduc\p{L}*|caíd\p{L}*|cayó|cayeron|descen\p{L}*|caído"
        r"|упал\p{L}*|сниз\p{L}*|сократ\p{L}*|снижени\p{L}*|паден\p{L}*|подешев\p{L}*|уменьш\p{L}*|düş(?:tü|erek|üş|müş|ürdü)\p{L}*|azal\p{L}*|geriled\p{L}*|gerile\p{L}*",
    ),
    "more": (
        r"more|over|above|exceed\p{L}*|at least|longer|older|faster|bigger|larger|taller|mehr|über|mindestens|länger|älter|größer|schneller|plus de|plus|davantage|au moins|dépass\p{L}*"
        r"|más|al menos|mayor|superior|больше|более|свыше|минимум|старше|длиннее|выше|не менее|daha fazla|fazla|en az|aşkın|daha uzun|daha büyük",
        r"less|fewer|under|below|at most|up to|shorter|younger|slower|smaller|nearly|almost|weniger|unter|höchstens|bis zu|kürzer|jünger|kleiner|knapp|fast|moins de|moins|au plus"
        r"|menos|como máximo|menor|inferior|меньше|менее|максимум|моложе|короче|ниже|не более|daha az|en fazla|en çok|daha kısa|daha küçük|altında",
    ),
    "before": (
        r"before|prior to|ahead of|earlier|vor|bevor|zuvor|früher|avant|antes|anterior|до|перед|раньше|прежде|önce|öncesi\p{L}*",
        r"after|following|later|since|nach|nachdem|danach|später|seit|après|depuis|tras|después|luego|desde|после|спустя|позже|затем|sonra|sonrası\p{L}*|beri",
    ),
    "win": (
        r"w[io]n|wins|winning|beat(?:s|en)?|defeat(?:s|ed)|victory|gewann\p{L}*|gewonnen|siegt\p{L}*|besieg\p{L}*|sieg|gagn\p{L}*|batt\p{L}*|vainqueur|victoire|ganó|ganaron|venc\p{L}*|derrot\p{L}*|победи\p{L}*|выигр\p{L}*|обыгр\p{L}*|kazan\p{L}*|yen(?:di|erek|ip)\p{L}*",
        r"los(?:e|es|t|ing)|defeated by|verlor\p{L}*|verlier\p{L}*|unterl\p{L}*|niederlage|perd\p{L}*|défaite|perdió|perdieron|perdid\p{L}*|проигр\p{L}*|потерп\p{L}*|kaybe\p{L}*|yenil\p{L}*",
    ),
    "begin": (
        r"began|begin\p{L}*|start\p{L}*|open(?:s|ed|ing)?|launch\p{L}*|begann\p{L}*|begonnen|beginn\p{L}*|eröffn\p{L}*|commenc\p{L}*|ouvr\p{L}*|ouvert\p{L}*|comenz\p{L}*|empez\p{L}*|abri\p{L}*|inaugur\p{L}*|нача\p{L}*|откры\p{L}*|başla\p{L}*|aç(?:ıl|tı)\p{L}*",
        r"end(?:s|ed|ing)?|finish\p{L}*|clos(?:e|es|ed|ing|ure)|stopp?(?:s|ed|ing)?|endet\p{L}*|beendet\p{L}*|geschlossen|schließ\p{L}*|schloss|ferm\p{L}*|termin\p{L}*|cess\p{L}*|cerr\p{L}*|acab\p{L}*|закры\p{L}*|законч\p{L}*|заверш\p{L}*|прекра\p{L}*|bit(?:ti|ir)\p{L}*|kapan\p{L}*|kapat\p{L}*|sona er\p{L}*",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text between marks, and whether it is denied."""

    start: int
    end: int
    negated: bool


def is_negated(text: str) -> bool:
    """Return whether `text` denies something."""
    said = _NO_DENIAL.sub(" ", text)
    return bool(_NEGATED.search(said) or (_TURKISH.search(said) and _TURKISH_NEGATED.search(said)))


def clauses(text: str) -> list[Clause]:
    """Cut `text` at commas, stops and words like "but"."""
    found, begin = [], 0
    for match in [*_CLAUSE.finditer(text), None]:
        end = match.start() if match else len(text)
        if end > begin:
            found.append(Clause(begin, end, is_negated(text[begin:end])))
        begin = match.end() if match else end
    return found


def opposed(sentence: str, evidence: str) -> str | None:
    """Return the name of a pair of opposites of which `sentence` has one side and `evidence` the other only."""
    for name, sides in _patterns().items():
        here = [bool(side.search(sentence)) for side in sides]
        there = [bool(side.search(evidence)) for side in sides]
        if here in ([True, False], [False, True]) and there == here[::-1]:
            return name
    return None


@functools.cache
def _patterns() -> dict[str, tuple["regex.Pattern[str]", ...]]:
    def whole(words: str) -> "regex.Pattern[str]":
        return regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{words})(?![\p{{L}}\p{{N}}])", regex.IGNORECASE)

    return {name: tuple(map(whole, sides)) for name, sides in _OPPOSITES.items()}

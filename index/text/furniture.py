"""Lines that pages put around their articles: sharing, advertising, "read also", copyright, keywords.

Only a whole line counts, and never a sentence. A line that may be a heading or an item of a list ("Comments",
"Twitter") counts only beside another such line, or at the very end. When in doubt the line stays: an article
that lacks a sentence is worse than one with a line too many.
"""

import functools
import re
from collections.abc import Sequence

import regex

from index.lexicon import any_of, compiled, words

from .wrapping import is_sentence

_MAX_LINE = 400
_EDGES = " \t:.!…›»>→|·•*-–—+[]()"

# Names of services, which are lines and buttons in all languages.
_SERVICES = frozenset(
    [
        "facebook",
        "twitter",
        "whatsapp",
        "linkedin",
        "telegram",
        "pinterest",
        "xing",
        "reddit",
        "instagram",
        "youtube",
        "tiktok",
    ]
)
_BUTTON = r"facebook|twitter|whatsapp|linkedin|telegram|pinterest|xing|reddit|e-?mail|x"
# "(c)" alone is the third item of a list; with a year and a name it is a sign of copyright.
_COPYRIGHT = re.compile(
    r"©\s*\W{0,3}\w|(?:copyright:?\s+)?\(c\)\s*(?:copyright\b|(?:19"
    r"|20)\d\d\b(?!\s+(?-i:[a-zß-ÿа-я]))(?!\s*[€$£%]))"
    r"|copyright:?\s+(?:©|\(c\)|\d{4}|by\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile('["“”„«»]')
_HUMP = re.compile(r"[^\W\d_](?<=[a-zß-öø-ÿа-яёіїєґşğıçöü])(?=[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐŞĞİÇ])")
_LEAST_HUMPS = 4


def furniture_of(paragraphs: Sequence[Sequence[str]]) -> list[list[bool]]:
    """Return for each line of each paragraph, its blanks single, whether it is the article's own."""
    # Below "(b)" stands "(c)".
    lettered = any(line[:3] in ("(b)", "(B)") for lines in paragraphs for line in lines)
    kinds = [
        ["" if lettered and line[:3] in ("(c)", "(C)") else _kind(line) for line in lines]
        for lines in paragraphs
    ]
    # Where only such lines are left, and where one stands beside another.
    last = max((number for number, of in enumerate(kinds) if "" in of), default=-1)
    own: list[list[bool]] = []
    for number, of in enumerate(kinds):
        before = paragraphs[number - 1][-1] if number else ""
        if "" in of:
            # Among lines of a list a button would be an item.
            own.append([kind != "sure" for kind in of])
            continue
        beside = [other for other in (*kinds[max(0, number - 1) : number], *kinds[number + 1 : number + 2])]
        company = len(of) > 1 or number > last or any(other and "" not in other for other in beside)
        listed = before.endswith((":", "："))
        own.append(
            [
                not (kind == "sure" or (kind == "alone" and not listed) or (company and not listed))
                for kind in of
            ]
        )
    return own


def _kind(line: str) -> str:
    """Return "sure" for a line of a page, "alone" and "weak" for what may be one, else the empty text."""
    if not line or len(line) > _MAX_LINE:
        return ""
    bare = line.strip(_EDGES).casefold()
    if bare in _lines():
        return "sure" if " " in bare else "alone" if bare in _alone() else "weak"
    if _buttons().fullmatch(line.strip(_EDGES)):
        return "alone"
    if _QUOTED.search(line):
        return ""
    if _COPYRIGHT.match(line) and len(line) <= 160:
        return "" if is_sentence(line) and not _rights().search(line) else "sure"
    if is_sentence(line):
        return ""
    return "sure" if _read_more().match(line) or _is_keywords(line) else ""


def _is_keywords(line: str) -> bool:
    """Return whether a line is keywords run together, such as `BridgeHarbourWhitehavenSteel`."""
    humps = len(_HUMP.findall(line))
    return humps >= _LEAST_HUMPS and humps > line.count(" ") and not re.search(r"[.!?,;:](?:\s|$)", line)


@functools.cache
def _lines() -> frozenset[str]:
    """Return whole lines, in small letters, without the marks of _EDGES around them."""
    return _SERVICES.union(_alone(), words(lambda language: language.furniture.lines))


@functools.cache
def _alone() -> frozenset[str]:
    """Return the words that stand between two paragraphs for one reason only."""
    return frozenset(words(lambda language: language.furniture.alone))


@functools.cache
def _buttons() -> "regex.Pattern[str]":
    """Return a pattern of several buttons in one line, as they come out of a page."""
    button = any_of([_BUTTON, *words(lambda language: language.furniture.buttons)])
    return compiled(rf"(?:{button}\b[\s|/·,]*){{2,}}")


@functools.cache
def _read_more() -> "regex.Pattern[str]":
    """Return a pattern of how a line begins that points to another article."""
    return compiled(rf"{any_of(words(lambda language: language.furniture.read_more))}\s*[:>»|]\s*\S")


@functools.cache
def _rights() -> "regex.Pattern[str]":
    """Return a pattern of how rights are reserved."""
    return compiled(any_of(words(lambda language: language.furniture.rights)))

"""Lines that pages put around their articles: consent, sharing, advertising, keywords.

Only a whole line counts, never part of a sentence. When in doubt the line stays: an article that lacks a
sentence is worse than one with a line too many.
"""

import functools
import re

import regex

from index.lexicon import any_of, compiled, words

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
_COPYRIGHT = re.compile(r"(?:©|\(c\))\s*\W{0,3}\w|copyright:?\s+(?:©|\(c\)|\d{4}|by\b)", re.IGNORECASE)
_QUOTED = re.compile('["“”„«»]')
_HUMP = re.compile(r"[^\W\d_](?<=[a-zß-öø-ÿа-яёіїєґşğıçöü])(?=[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐŞĞİÇ])")
_LEAST_HUMPS = 4


def is_furniture(line: str) -> bool:
    """Return whether a line with single blanks belongs to the page rather than the article."""
    if not line or len(line) > _MAX_LINE:
        return False
    bare = line.strip(_EDGES)
    if bare.casefold() in _lines() or _buttons().fullmatch(bare):
        return True
    if _QUOTED.search(line):
        return False
    return (
        bool(_beginning().match(line))
        or (len(line) <= 160 and bool(_COPYRIGHT.match(line)))
        or _is_keywords(line)
    )


def _is_keywords(line: str) -> bool:
    """Return whether a line is keywords run together, such as `BridgeHarbourWhitehavenSteel`."""
    humps = len(_HUMP.findall(line))
    return humps >= _LEAST_HUMPS and humps > line.count(" ") and not re.search(r"[.!?,;:](?:\s|$)", line)


@functools.cache
def _lines() -> frozenset[str]:
    """Return whole lines, in small letters, without the marks of _EDGES around them."""
    return _SERVICES.union(words(lambda language: language.furniture.lines))


@functools.cache
def _buttons() -> "regex.Pattern[str]":
    """Return a pattern of several buttons in one line, as they come out of a page."""
    button = any_of([_BUTTON, *words(lambda language: language.furniture.buttons)])
    return compiled(rf"(?:{button}\b[\s|/·,]*){{2,}}")


@functools.cache
def _beginning() -> "regex.Pattern[str]":
    """Return a pattern of how a line begins that points to another article, or asks for consent."""
    read_more = any_of(words(lambda language: language.furniture.read_more))
    consent = any_of(words(lambda language: language.furniture.consent))
    return compiled(rf"{read_more}\s*[:>»|]\s*\S|{consent}")

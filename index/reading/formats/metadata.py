"""What files state about their article: addresses, languages, names. What is not stated stays missing."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import unescape

from index.lexicon import words
from index.text.language import known_code

from .dates import as_date, date_in_name

__all__ = [
    "as_date",
    "date_in_name",
    "language_code",
    "names",
    "own_title",
    "people",
    "plain",
    "web_address",
]
_MAX_NAMES = 30
_MAX_NAME = 120
_MAX_LINE = 2000
# What programs put where nobody has written anything.
_NO_TITLES = {
    "untitled", "untitled document", "document", "document1", "new document", "word document", "title",
    "microsoft word document", "powerpoint presentation", "presentation1", "page title", "home", "index",
    "no title", "(no title)", "new page", "none", "null", "undefined", "nan",
}  # fmt: skip
_NO_NAMES = {
    "python-docx", "admin", "administrator", "wordpress", "user", "root", "author", "unknown", "anonymous",
    "owner", "microsoft office user", "microsoft", "default", "webmaster", "editor", "none", "null",
    "undefined", "n/a", "nan", "windows user", "staff",
}  # fmt: skip
# Codes of ISO 639 for no language in particular.
_NO_LANGUAGE = {"mis", "mul", "und", "zxx"}
_NAMED = ("name", "display_name", "displayName", "original", "title", "label", "@value")
# Of keywords that are objects with a kind for a name.
_KINDS = ("subject", "persons", "organizations", "glocations", "creative_works")
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
_AND = re.compile(r",\s+|\s+and\s+")
# What a template has where a value was to be.
_UNFILLED = re.compile(r"\{\{.*\}\}|\{%.*%\}|[$#]\{.*\}|<%.*%>|%[\w.-]+%", re.DOTALL)
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")


def plain(value: object) -> str | None:
    """Return a text as one line, its entities resolved: they are often escaped once too much."""
    text = " ".join(unescape(value).split()) if isinstance(value, str) else ""
    return text[:_MAX_LINE] or None


def own_title(value: object) -> str | None:
    """Return a title that somebody gave: none that a program gives to what has none."""
    title = plain(value)
    if title is None or _UNFILLED.fullmatch(title) or title.casefold() in _NO_TITLES | _untitled():
        return None
    return title


@cache
def _untitled() -> frozenset[str]:
    return frozenset(words(lambda language: language.pages.untitled))


def web_address(value: object) -> str | None:
    """Keep addresses of web pages only: a `javascript:` one would be a trap on the page."""
    text = value.strip() if isinstance(value, str) else ""
    return text[:2000] if re.match(r"https?://[^\s/]", text, re.IGNORECASE) else None


def language_code(value: object) -> str | None:
    """Return the ISO 639 code of what a file states: `de` of `de-AT`, `de_DE` or `deu`."""
    # What YAML makes of Norwegian's code, where it is not quoted.
    if value is False:
        value = "no"
    match = re.match(r"([a-z]{2,3})(?:[-_]|\Z)", value.strip().lower()) if isinstance(value, str) else None
    return known_code(match[1]) if match and match[1] not in _NO_LANGUAGE else None


def names(value: object) -> tuple[str, ...]:
    """Return authors or tags out of a text with commas, a list, or objects with a name; each once."""
    if isinstance(value, str):
        found: Iterable[object] = re.split(r"[,;|\n]", unescape(_LINK.sub(r"\1", value)))
    elif isinstance(value, (list, tuple)):
        found = value[: 4 * _MAX_NAMES]
    else:
        found = [value]
    stated = (plain(_LINK.sub(r"\1", name)) for name in map(_name, found) if name)
    own = (
        name
        for name in stated
        if name
        and len(name) <= _MAX_NAME
        and name.casefold() not in _NO_NAMES
        and not _UNFILLED.fullmatch(name)
    )
    return tuple(dict.fromkeys(own))[:_MAX_NAMES]


def people(value: object) -> tuple[str, ...]:
    """Return the authors that a value states, a byline in English among the ways to do so."""
    found = names(value)
    if not any(map(_BY.match, found)):
        return found
    # Without "By" before it, "Marks and Spencer" is one name.
    parts = (part for name in found for part in _AND.split(_BY.sub("", name, 1) if _BY.match(name) else name))
    return tuple(dict.fromkeys(parts))


def _name(value: object) -> str | None:
    """Return the name of a person or thing, which may be some levels down."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, Mapping):
            parts = [value.get(key) for key in ("givenName", "familyName")]
            parts = parts if all(parts) else [value.get(key) for key in ("first_name", "last_name")]
            whole = " ".join(part for part in parts if isinstance(part, str))
            named = ("value",) if value.get("name") in _KINDS else _NAMED
            value = next((found for found in map(value.get, named) if found), whole)
    return value if isinstance(value, str) else None

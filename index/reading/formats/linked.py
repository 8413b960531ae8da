"""JSON-LD of a page as it really comes, and which of it describes the page's own article."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from .loose_json import loose_json
from .metadata import plain

_ARTICLES = ("article", "posting", "report", "review", "opinion")
_PAGES = ("webpage", "itempage")
_MAX_JSON = 2_000_000
# What is no JSON is read by a library in pure Python.
_MAX_LENIENT = 500_000
_MAX_ITEMS = 2000
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "isPartOf")
# Marks around it that hide it from old browsers or from readers of XML.
_WRAPPING = 200
_OPENING = re.compile(r"\A\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*\Z")


def linked_article(tree: Any, addresses: list[str], headings: list[str]) -> dict[str, Any]:
    """Return what JSON-LD says of the page's own article; nothing if it only describes other pages.

    `addresses` and `headings` are what the page says of itself elsewhere. Things that are named by their
    `@id` are put where they are named.
    """
    items = [item for described in _scripts(tree) for item in _items(described)]
    known = {item["@id"]: item for item in items if isinstance(item.get("@id"), str) and len(item) > 1}
    articles = [item for item in items if _is_a(item, _ARTICLES)]
    pages = [item for item in items if _is_a(item, _PAGES)]
    own = _own(articles, {_key(address) for address in addresses}, set(map(_folded, headings)))
    # A page's own date and language count where its article states none.
    merged: dict[str, Any] = {}
    for item in [own, *pages[:1]] if own else pages[:1] if not articles else []:
        keys = item if item is own else ("datePublished", "inLanguage", "author", "publisher", "url")
        for key in keys:
            if key in item and not merged.get(key):
                merged[key] = _resolved(item[key], known)
    page = merged.get("mainEntityOfPage")
    merged["mainEntityOfPage"] = page.get("@id") or page.get("url") if isinstance(page, Mapping) else page
    return merged


def _own(articles: list[dict[str, Any]], addresses: set[str], headings: set[str]) -> dict[str, Any] | None:
    for item in articles:
        if addresses & _addresses(item):
            return item
    for item in articles:
        if _folded(item.get("headline") or item.get("name")) in headings:
            return item
    # What states another address than the page does is another page.
    return next((item for item in articles if not (addresses and _addresses(item))), None)


def _addresses(item: Mapping[str, Any]) -> set[str]:
    page = item.get("mainEntityOfPage")
    stated = [item.get("url"), item.get("@id"), page]
    if isinstance(page, Mapping):
        stated += [page.get("@id"), page.get("url")]
    return {_key(value) for value in stated if isinstance(value, str) and value.startswith("http")}


def _key(address: str) -> str:
    """Return what of an address tells pages apart: neither scheme nor fragment, nor a slash at its end."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _folded(value: object) -> str:
    return (plain(value) or "\0").casefold()


def _is_a(item: Mapping[str, Any], kinds: tuple[str, ...]) -> bool:
    stated = item.get("@type")
    stated = stated if isinstance(stated, list) else [stated]
    return any(isinstance(kind, str) and kind.lower().endswith(kinds) for kind in stated)


def _resolved(value: object, known: Mapping[str, dict[str, Any]]) -> object:
    """Put in place of a mere reference the thing that it names."""
    if isinstance(value, list):
        return [_resolved(item, known) for item in value[:200]]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value


def _scripts(tree: Any) -> Iterator[object]:
    for script in tree.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        if kind == "application/ld+json" and len(text) <= _MAX_JSON:
            begun = _OPENING.sub("", text[:_WRAPPING]) + text[_WRAPPING:]
            yield _json(begun[:-_WRAPPING] + _CLOSING.sub("", begun[-_WRAPPING:]))


def _json(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        return None
    except ValueError:
        return _lenient(text) if len(text) <= _MAX_LENIENT else None


def _lenient(text: str) -> object:
    try:
        return _plain_data(loose_json(text))
    except ValueError:
        return None


def _plain_data(value: Any) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain_data(item) for key, item in value.items()}
    return [_plain_data(item) for item in value] if isinstance(value, list) else value


def _items(described: object) -> Iterator[dict[str, Any]]:
    waiting, seen = deque([described]), 0
    while waiting and seen < _MAX_ITEMS:
        item = waiting.popleft()
        seen += 1
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in _NESTED if key in item)

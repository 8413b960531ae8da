"""What a web page states about its article.

In this order, each value from the first that states it: JSON-LD of an article, OpenGraph and `article:` tags,
other meta tags (Dublin Core, citation, parsely, plain), `<time>` inside the article, the `lang` of the page,
its title and heading, the day in its address or in the file's name. No date is guessed from the text.
"""

import json
from collections import deque
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from .metadata import as_date, date_in_name, language_code, names, web_address

_ARTICLE_TYPES = ("article", "posting", "report", "review", "opinion")
_MAX_JSON = 2_000_000
_MAX_ITEMS = 2000
# Dates of a kind that are tried: one that means nothing in any language takes milliseconds.
_MAX_DATES = 20
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "citation_publication_date",
    "citation_date", "parsely-pub-date", "sailthru.date", "publishdate", "publish-date", "pubdate",
    "publication_date", "date", "originalpublicationdate",
)  # fmt: skip
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title")
_SOURCES = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_journal_title", "application-name")
_AUTHORS = (
    "article:author",
    "author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "parsely-author",
    "byl",
)
_TAGS = ("article:tag", "keywords", "news_keywords", "parsely-tags", "dc.subject")
_PLACES = ("*[@itemprop='datePublished']", "time[@pubdate]", "article//time", "main//time")
_LANGUAGES = ("og:locale", "dc.language", "dcterms.language", "content-language", "language")


def page_metadata(tree: Any, path: str, url: str | None = None) -> dict[str, Any]:
    """Return the fields of a Document that a page states, by name, without its text."""
    linked, meta = _json_ld(tree), _meta_tags(tree)
    address = (
        web_address(url)
        or _first(web_address(linked.get(key)) for key in ("url", "mainEntityOfPage"))
        or _first(web_address(link.get("href")) for link in tree.iterfind(".//link[@rel='canonical']"))
        or _first(web_address(value) for value in meta.get("og:url", ()))
    )
    published, published_from = _published(tree, linked, meta, path, address)
    publisher = linked.get("publisher")
    return {
        "title": _plain(linked.get("headline")) or _stated(meta, _TITLES) or _heading(tree),
        "published": published,
        "published_from": published_from,
        "source": _plain(publisher.get("name") if isinstance(publisher, dict) else None)
        or _stated(meta, _SOURCES),
        "authors": _authors(linked.get("author")) or _authors(_all(meta, _AUTHORS)),
        "tags": names(linked.get("keywords")) or names(",".join(_all(meta, _TAGS))),
        "language": language_code(linked.get("inLanguage"))
        or language_code(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or language_code(_stated(meta, _LANGUAGES)),
        "url": address,
    }


def _published(
    tree: Any, linked: dict[str, Any], meta: dict[str, list[str]], path: str, url: str | None
) -> tuple[date | None, str | None]:
    if day := _first(as_date(linked.get(key)) for key in ("datePublished", "dateCreated", "uploadDate")):
        return day, "JSON-LD"
    for name in _DATES:
        if day := _first(map(as_date, meta.get(name, [])[:_MAX_DATES])):
            return day, f"meta {name}"
    # Elsewhere on a page stand the times of other articles, and the clock.
    places = (time for place in _PLACES for time in tree.iterfind(f".//{place}"))
    times = list(islice(places, _MAX_DATES))
    if day := _first(as_date(time.get("datetime") or "".join(time.itertext())) for time in times):
        return day, "time"
    if url and (day := date_in_name(url)):
        return day, "address"
    return (day, "file name") if (day := date_in_name(path)) else (None, None)


def _json_ld(tree: Any) -> dict[str, Any]:
    """Return the first article that the page describes as JSON-LD."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) > _MAX_JSON:
            continue
        try:
            described = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _items(described):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and kind.lower().endswith(_ARTICLE_TYPES) for kind in kinds):
                page = item.get("mainEntityOfPage")
                return {**item, "mainEntityOfPage": page.get("@id") if isinstance(page, dict) else page}
    return {}


def _items(described: object) -> Iterator[dict[str, Any]]:
    waiting, seen = deque([described]), 0
    while waiting and seen < _MAX_ITEMS:
        item = waiting.popleft()
        seen += 1
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.append(item.get("@graph"))


def _meta_tags(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        if name and (content := (tag.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _stated(meta: dict[str, list[str]], keys: tuple[str, ...]) -> str | None:
    found = (_plain(value) for key in keys for value in meta.get(key, ()))
    return next(filter(None, found), None)


def _all(meta: dict[str, list[str]], keys: tuple[str, ...]) -> list[str]:
    return next((meta[key] for key in keys if key in meta), [])


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ",".join(value)
    # Pages of authors are no names.
    return tuple(name for name in names(value) if not name.startswith("http"))


def _heading(tree: Any) -> str | None:
    headings = [" ".join("".join(h.itertext()).split()) for h in tree.iter("h1")]
    title = " ".join((tree.findtext(".//title") or "").split())
    # The title often names the outlet too; a heading that it begins with is the article's own.
    own = next((heading for heading in headings if heading and title.startswith(heading)), None)
    return own or title or next(filter(None, headings), None)


def _plain(value: object) -> str | None:
    from html import unescape

    # JSON-LD and meta tags are often escaped once too much.
    text = " ".join(unescape(value).split()) if isinstance(value, str) else ""
    return text[:2000] or None


def _first(values: Any) -> Any:
    return next((value for value in values if value), None)


def article_body(tree: Any) -> str:
    """Return the text of the article that the page describes as JSON-LD, as it stands there."""
    body = _json_ld(tree).get("articleBody")
    return body if isinstance(body, str) else ""

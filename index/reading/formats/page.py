"""What a web page states about its article.

In this order, each value from the first that states it: JSON-LD of an article, OpenGraph and `article:` tags,
other meta tags (Dublin Core, citation, parsely, plain), `<time>` inside the article, the `lang` of the page,
its title and heading, the day in its address or in the file's name. No date is guessed from the text.
"""

from datetime import date
from itertools import islice
from typing import Any

from .linked import linked_article
from .metadata import as_date, date_in_name, language_code, names, own_title, people, web_address
from .times import published_time

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
_LANGUAGES = ("og:locale", "dc.language", "dcterms.language", "content-language", "language")


def page_metadata(tree: Any, path: str, url: str | None = None) -> tuple[dict[str, Any], str]:
    """Return the fields of a Document that a page states, by name, and the text that its JSON-LD has."""
    meta = _meta_tags(tree)
    heading = _heading(tree)
    stated = [
        web_address(url),
        *(web_address(link.get("href")) for link in tree.iterfind(".//link[@rel='canonical']")),
        *map(web_address, meta.get("og:url", ())),
    ]
    own = [address for address in stated[:_MAX_DATES] if address]
    headings = [*_all(meta, _TITLES), heading or "", *map(_words, islice(tree.iter("h1"), _MAX_DATES))]
    linked = linked_article(tree, own, headings)
    address = (
        web_address(url)
        or _first(web_address(linked.get(key)) for key in ("url", "mainEntityOfPage"))
        or _first(own)
    )
    published, published_from = _published(tree, linked, meta, path, address)
    body = linked.get("articleBody")
    fields = {
        "title": own_title(linked.get("headline")) or _stated(meta, _TITLES) or heading,
        "published": published,
        "published_from": published_from,
        "source": next(iter(names([linked.get("publisher")])), None) or _stated(meta, _SOURCES),
        "authors": _authors(linked.get("author")) or _authors(_all(meta, _AUTHORS)),
        "tags": names(linked.get("keywords")) or names(",".join(_all(meta, _TAGS))),
        "language": language_code(linked.get("inLanguage"))
        or language_code(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or language_code(_stated(meta, _LANGUAGES)),
        "url": address,
    }
    return fields, body if isinstance(body, str) else ""


def _published(
    tree: Any, linked: dict[str, Any], meta: dict[str, list[str]], path: str, url: str | None
) -> tuple[date | None, str | None]:
    if day := _first(as_date(linked.get(key)) for key in ("datePublished", "dateCreated", "uploadDate")):
        return day, "JSON-LD"
    for name in _DATES:
        if day := _first(map(as_date, meta.get(name, [])[:_MAX_DATES])):
            return day, f"meta {name}"
    if day := published_time(tree):
        return day, "time"
    if url and (day := date_in_name(url)):
        return day, "address"
    return (day, "file name") if (day := date_in_name(path)) else (None, None)


def _meta_tags(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        if name and (content := (tag.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _stated(meta: dict[str, list[str]], keys: tuple[str, ...]) -> str | None:
    found = (own_title(value) for key in keys for value in meta.get(key, ()))
    return next(filter(None, found), None)


def _all(meta: dict[str, list[str]], keys: tuple[str, ...]) -> list[str]:
    return next((meta[key] for key in keys if key in meta), [])


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ",".join(value)
    # Pages of authors are no names.
    return tuple(name for name in people(value) if not name.startswith("http"))


def _heading(tree: Any) -> str | None:
    headings = [heading for h in tree.iter("h1") if (heading := own_title(_words(h)))]
    title = own_title(tree.findtext(".//title")) or ""
    # The title often names the outlet too; a heading that it begins with is the article's own.
    own = next((heading for heading in headings if title.startswith(heading)), None)
    return own or title or next(iter(headings), None)


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _first(values: Any) -> Any:
    return next((value for value in values if value), None)

"""Feeds: RSS, Atom, RDF. Each entry is an article."""

import re
from collections.abc import Iterator
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .encoding import decoded_page
from .html import text_of_fragment
from .metadata import as_date, language_code, names, people, web_address

_MAX_BYTES = 50_000_000
_MAX_ENTRIES = 50_000
_EXPORT = "http://wordpress.org/export/"
_NO_POSTS = {
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "oembed_cache",
    "wp_global_styles",
    "wp_block",
}
# `[caption width="300"]`, `[/caption]`, `[gallery]`: what an export has where a page shows something.
_SHORTCODE = re.compile(
    r"\[/[a-z][\w-]{1,40}\]|\[[a-z][\w-]{1,40}(?:\s{1,9}[\w-]{1,40}=[^\]\[]{0,1000})?\s{0,9}/\]"
    r"|\[[a-z][\w-]{1,40}\s{1,9}[\w-]{1,40}=[^\]\[]{0,1000}\]|\[(?:gallery|embed|caption|audio|video|playlist)\]"
)
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_FIRST_TAG = re.compile(rb"<\w")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>\s*")
_LONG_SPACE = re.compile(rb"\s{100,}")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the entries of a feed, by their content where they have it, else by their summary."""
    import feedparser

    if len(data) > _MAX_BYTES:
        raise ReadError(f"a feed of more than {_MAX_BYTES // 1_000_000} MB")
    data = _as_utf8(data)
    # Entities that a file declares itself can grow without bound, or name other files.
    if b"<!ENTITY" in data[:100_000].upper():
        raise ReadError("a feed that declares entities of its own")
    # Given a name feedparser would fetch it; given bytes it stays here.
    feed = feedparser.parse(_short_prolog(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        raise ReadError("not a feed")
    taken: dict[str, int] = {}
    for number, entry in enumerate(feed.entries[:_MAX_ENTRIES], 1):
        name = str(entry.get("id") or entry.get("link") or f"entry {number}")[:500]
        taken[name] = taken.get(name, 0) + 1
        name = name if taken[name] == 1 else f"{name}-{taken[name]}"
        if reason := _unpublished(entry):
            yield Skipped(name, reason)
            continue
        text = _text(
            entry, is_export=any(str(space).startswith(_EXPORT) for space in feed.namespaces.values())
        )
        yield _document(name, text, entry, feed.feed) if text else Skipped(name, "no text in it")


def _as_utf8(data: bytes) -> bytes:
    text = _DECLARATION.sub("", decoded_page(data), count=1)
    return f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode("utf-8", "replace")


def _short_prolog(data: bytes) -> bytes:
    """Return a feed without long white space before its first tag: feedparser looks at it again and again."""
    first = _FIRST_TAG.search(data)
    end = first.start() if first else len(data)
    return _LONG_SPACE.sub(b"\n", data[:end]) + data[end:]


def _unpublished(entry: Any) -> str | None:
    """Return why an entry of a WordPress export is no article, if it is none."""
    kind, status = entry.get("wp_post_type"), entry.get("wp_status")
    if kind in _NO_POSTS:
        return f"not an article: {kind}"
    return f"not published: {status}" if status not in (None, "publish", "inherit") else None


def _text(entry: Any, *, is_export: bool) -> str:
    bodies = [content.get("value") or "" for content in entry.get("content") or ()]
    body = max(bodies, key=len, default="") or entry.get("summary") or ""
    if is_export:
        # There an empty line ends a paragraph, as it was typed.
        body = _EMPTY_LINE.sub("\n<br><br>\n", _SHORTCODE.sub("", body))
    return text_of_fragment(body) if "<" in body or "&" in body else body


def _document(name: str, text: str, entry: Any, feed: Any) -> Document:
    published = as_date(entry.get("published")) or as_date(entry.get("updated"))
    title = text_of_fragment(entry.get("title") or "")
    return Document(
        text=text,
        title=" ".join(title.split()) or None,
        published=published,
        published_from="feed" if published else None,
        source=" ".join(text_of_fragment(feed.get("title") or "").split()) or None,
        authors=people([author.get("name") for author in entry.get("authors") or ()] or entry.get("author")),
        tags=names([tag.get("term") for tag in entry.get("tags") or ()]),
        language=language_code(feed.get("language")),
        url=web_address(entry.get("link")),
        name=name,
    )

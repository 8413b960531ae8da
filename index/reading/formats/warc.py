"""Web archives: WARC files, and WACZ files, which hold some. A page is an article, named by its address."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from index.reading.document import Document, ReadError, Skipped
from index.reading.registry import suffix_of

from . import pdf
from .container import MAX_MEMBER_BYTES, Container
from .encoding import decoded_page
from .html import article_of_html

_PAGES = ("text/html", "application/xhtml+xml")
_PDF = "application/pdf"
_MAX_RECORDS = 1_000_000
_MAX_ARTICLES = 100_000
_MAX_PAGE_BYTES = 50_000_000
_MAX_TOTAL_BYTES = 2_000_000_000
_MAX_LIST_BYTES = 20_000_000
# Addresses that one page is forwarded by.
_MAX_HOPS = 10
_FOUND, _REDIRECTS = "200", {"301", "302", "303", "307", "308"}


@dataclass(slots=True)
class _Captures:
    """What a first look at the records finds.

    `newest` has the record that holds the last capture of each page, by its address, with its day; `forwards`
    has where an address leads to.
    """

    newest: dict[str, tuple[str, int]] = field(default_factory=dict)
    forwards: dict[str, str] = field(default_factory=dict)


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles of the pages in a web archive; pictures, scripts and the like are none."""
    if suffix_of(path) != ".wacz":
        yield from _articles(data, set())
        return
    container = Container(data, "a web archive")
    pages = _listed(container)
    taken: set[str] = set()
    for name in container.names():
        if name.startswith("archive/") and name.endswith((".warc", ".warc.gz")):
            for found in _articles(container.bytes_of(name, MAX_MEMBER_BYTES), pages):
                if found.name not in taken:
                    taken.add(found.name)
                    yield found


def _listed(container: Container) -> set[str]:
    """Return the addresses of the pages that were visited, if the archive lists them: frames are none."""
    found = set()
    for name in ("pages/pages.jsonl", "pages/extraPages.jsonl"):
        for line in container.bytes_of(name, _MAX_LIST_BYTES).splitlines():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict) and isinstance(row.get("url"), str):
                found.add(urldefrag(row["url"]).url)
    return found


def _articles(data: bytes, pages: set[str]) -> Iterator[Document | Skipped]:
    captures = _captures(data)
    wanted = _forwarded(pages, captures.forwards) & captures.newest.keys() or captures.newest.keys()
    numbers = {captures.newest[url][1] for url in wanted}
    for count, (url, record) in enumerate(
        (_address(record), record) for number, record in enumerate(_records(data)) if number in numbers
    ):
        if count >= _MAX_ARTICLES:
            raise ReadError(f"more than {_MAX_ARTICLES:,} pages: what comes after them is left out")
        try:
            for found in _documents(url, record):
                yield replace(found, name=f"{url}#{found.name}" if found.name else url)
        except ReadError as error:
            yield Skipped(url, str(error))


def _captures(data: bytes) -> _Captures:
    found = _Captures()
    # What is wrong with the archive is said when its pages are read.
    with suppress(ReadError):
        for number, record in enumerate(_records(data)):
            _note(found, number, record)
    return found


def _note(found: _Captures, number: int, record: Any) -> None:
    url, kind = _address(record), _kind(record)
    if not url.startswith(("http://", "https://")):
        return
    status = record.http_headers.get_statuscode() if record.http_headers else _FOUND
    if status in _REDIRECTS:
        found.forwards[url] = urljoin(url, record.http_headers.get_header("Location") or "")
    elif status == _FOUND and kind in (*_PAGES, _PDF):
        day = record.rec_headers.get_header("WARC-Date") or ""
        found.newest[url] = max(found.newest.get(url, ("", number)), (day, number))


def _forwarded(pages: set[str], forwards: dict[str, str]) -> set[str]:
    """Return `pages` with the addresses that they are forwarded to."""
    found = set(pages)
    for page in pages:
        for _ in range(_MAX_HOPS):
            page = urldefrag(forwards.get(page, "")).url  # noqa: PLW2901
            found.add(page)
    return found


def _records(data: bytes) -> Iterator[Any]:
    """Yield the records that hold what a server or a crawler has stored."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    total = 0
    earlier: Any = None
    records = iter(ArchiveIterator(BytesIO(data)))
    for number in range(_MAX_RECORDS + 1):
        try:
            record = next(records, None)
        except ArchiveLoadFailed as error:
            raise ReadError(f"not a web archive, or damaged: {' '.join(str(error).split())[:200]}") from error
        # The library takes the end of the file for that of a record.
        if earlier and getattr(earlier.raw_stream, "limit", 0) > 0:
            raise ReadError("damaged: it is cut short")
        earlier = record
        if record is None:
            return
        total += max(0, record.length or 0)
        if number >= _MAX_RECORDS or total > _MAX_TOTAL_BYTES:
            most = f"{_MAX_RECORDS:,} records or {_MAX_TOTAL_BYTES // 10**9} GB"
            raise ReadError(f"more than {most}: what comes after them is left out")
        if record.rec_type in ("response", "resource"):
            yield record


def _address(record: Any) -> str:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    return urldefrag(str(address).strip("<>")).url


def _kind(record: Any) -> str:
    return _content_type(record).partition(";")[0].strip().lower()


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _documents(url: str, record: Any) -> Iterator[Document | Skipped]:
    data = record.content_stream().read(_MAX_PAGE_BYTES + 1)
    if len(data) > _MAX_PAGE_BYTES:
        raise ReadError(f"a page of more than {_MAX_PAGE_BYTES // 1_000_000} MB")
    if not data.strip():
        raise ReadError("empty")
    path = urlsplit(url).path
    if _kind(record) == _PDF:
        for found in pdf.read(path, data):
            yield replace(found, url=found.url or url) if isinstance(found, Document) else found
    else:
        yield article_of_html(decoded_page(data, _charset(_content_type(record))), path, url)


def _charset(content_type: str) -> str | None:
    from email.message import Message

    message = Message()
    message["Content-Type"] = " ".join(content_type.split())[:1000]
    return message.get_content_charset()

"""Mails and pages saved as one file (MHTML), which is a mail of its parts."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import PurePosixPath

from index.reading.document import Document, ReadError, Skipped

from .html import article_of_html, text_of_fragment
from .metadata import as_date, web_address
from .text import decoded

_PAGE = (".mhtml", ".mht")
_MAX_PARTS = 2000
# The standard library takes the square of a header's length to take it apart.
_MAX_HEADER = 4000


class _Policy(email.policy.EmailPolicy):
    """The policy that reads mails, with headers that are cut where no mail of people has them so long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a mail, or of the page in a saved one."""
    message = email.message_from_bytes(data, policy=_Policy())
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ReadError("not a mail: it has no headers")
    if PurePosixPath(path).suffix.lower() in _PAGE:
        yield _page(path, message)
    else:
        yield _mail(message)


def _page(path: str, message: EmailMessage) -> Document:
    root = _part(message, "text/html") or _part(message, "application/xhtml+xml")
    if root is None:
        raise ReadError("no page in it")
    url = web_address(_header(root, "Content-Location")) or web_address(
        _header(message, "Snapshot-Content-Location")
    )
    return article_of_html(_content(root), path, url)


def _mail(message: EmailMessage) -> Document:
    plain, page = _part(message, "text/plain"), _part(message, "text/html")
    text = _content(plain) if plain is not None else ""
    if page is not None and not text.strip():
        # Mails are short and have no furniture: everything in them is taken.
        text = text_of_fragment(_content(page))
    if not text.strip():
        raise ReadError("a mail without text")
    published = as_date(_header(message, "Date"))
    senders = getaddresses([_header(message, "From") or ""])
    return Document(
        text=text,
        title=_header(message, "Subject"),
        published=published,
        published_from="mail header" if published else None,
        authors=tuple(name or address for name, address in senders if address),
    )


def _part(message: EmailMessage, content_type: str) -> EmailMessage | None:
    """Return the first part of this type that is not an attachment."""
    for number, part in enumerate(message.walk()):
        if number > _MAX_PARTS:
            return None
        if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
            return part if isinstance(part, EmailMessage) else None
    return None


def _content(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(data.replace(b"\0", b"")) if data.strip() else ""


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        # The standard library's parsers of headers fail on some broken ones.
        value = None
    return " ".join(str(value).split()) or None if value is not None else None

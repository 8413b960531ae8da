"""Mails and pages saved as one file (MHTML), which is a mail of its parts."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import getaddresses
from itertools import islice
from pathlib import PurePosixPath

from index.reading.document import Document, ReadError, Skipped

from .encoding import decoded, decoded_page
from .html import article_of_html, text_of_fragment
from .metadata import as_date, web_address

_PAGE = (".mhtml", ".mht")
_MAX_PARTS = 2000
# The standard library takes the square of a header's length to take it apart.
_MAX_HEADER = 4000
_ENCODED = re.compile(r"(?:=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=(?:\s+(?==\?))?)+")


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
    return Document(
        text=text,
        title=_header(message, "Subject"),
        published=published,
        published_from="mail header" if published else None,
        authors=_people(message),
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
    # In a page the mail's own word counts before the page's.
    return decoded_page(data, part.get_content_charset()) if data.strip() else ""


def _header(message: EmailMessage, name: str) -> str | None:
    """Return a header's text, be its characters encoded as the standard wants or not."""
    raw = _raw_header(message, name)
    return " ".join(_ENCODED.sub(_words, raw).split()) or None


def _people(message: EmailMessage) -> tuple[str, ...]:
    # A name may hold an encoded comma: only what is between commas is decoded.
    people = getaddresses([" ".join(_raw_header(message, "From").split())])
    stated = (name or address for name, address in people if address)
    return tuple(" ".join(_ENCODED.sub(_words, name).split()) for name in stated)


def _raw_header(message: EmailMessage, name: str) -> str:
    value = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if value.isascii():
        return value
    try:
        data = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value
    # A few letters tell little: such mails have their headers in the encoding of their text.
    parts = islice(message.walk(), _MAX_PARTS)
    charsets = (part.get_content_charset() for part in parts if part.get_content_maintype() == "text")
    return decoded(data.replace(b"\0", b""), next(filter(None, charsets), None))


def _words(run: re.Match[str]) -> str:
    """Decode a run of encoded words: a character may begin in one and end in the next."""
    try:
        parts = decode_header(run[0])
    except (HeaderParseError, ValueError, LookupError):
        return run[0]
    return "".join(_word(part, charset) for part, charset in parts)


def _word(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        return decoded(part, (charset or "").partition("*")[0])
    except ReadError:
        return part.decode("ascii", "replace")

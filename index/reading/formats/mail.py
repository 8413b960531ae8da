"""Mails and pages saved as one file (MHTML), which is a mail of its parts."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import getaddresses
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from index.reading.document import Document, ReadError, Skipped
from index.text.wrapping import unwrapped

from .encoding import decoded, decoded_page
from .html import article_of_html, text_of_fragment
from .metadata import as_date, web_address

_PAGE = (".mhtml", ".mht")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_MAX_PARTS = 2000
_MAX_NESTED = 20
# Mails attached to attached mails are left out.
_MAX_DEPTH = 5
# Of what another alternative says, so much must be in plain text for it to be no stub.
_STUB = 0.6
_HEAD = ("From", "Date", "Subject")
_ADDRESS = re.compile(r"https?://\S+")
# The standard library takes the square of a header's length to take it apart.
_MAX_HEADER = 4000
_ENCODED = re.compile(r"(?:=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=(?:\s+(?==\?))?)+")


class _Policy(email.policy.EmailPolicy):
    """The policy that reads mails, with headers that are cut where no mail of people has them so long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a mail, then the mails attached to it; or that of the page in a saved one."""
    message = email.message_from_bytes(data, policy=_Policy())
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ReadError("not a mail: it has no headers")
    if PurePosixPath(path).suffix.lower() in _PAGE:
        yield _page(path, message)
    else:
        yield from _mails(message)


def _page(path: str, message: EmailMessage) -> Document:
    parts = [part for part in islice(message.walk(), _MAX_PARTS) if isinstance(part, EmailMessage)]
    pages = (part for kind in _PAGE_TYPES for part in parts if part.get_content_type() == kind)
    root = next((page for page in pages if page.get_content_disposition() != "attachment"), None)
    if root is None:
        raise ReadError("no page in it")
    url = web_address(_header(root, "Content-Location")) or web_address(
        _header(message, "Snapshot-Content-Location")
    )
    return article_of_html(_content(root), path, url)


def _mails(message: EmailMessage) -> Iterator[Document | Skipped]:
    """Yield the document of a mail, and one of each mail that hangs on it, under its own subject."""
    found = Body()
    taken: dict[str, int] = {}
    body_of(message, found)
    if not found.text and not found.attached:
        raise ReadError("a mail without text")
    if found.text:
        yield _document(message, found.text, "")
    for attached in found.attached:
        inner = Body()
        body_of(attached, inner, depth=_MAX_DEPTH)
        name = _header(attached, "Subject") or "mail"
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name}-{taken[name]}"
        yield _document(attached, inner.text, name) if inner.text else Skipped(name, "a mail without text")


def _document(message: EmailMessage, text: str, name: str) -> Document:
    published = as_date(_header(message, "Date"))
    return Document(
        text=text,
        title=_header(message, "Subject"),
        published=published,
        published_from="mail header" if published else None,
        authors=_people(message),
        name=name,
    )


@dataclass
class Body:
    """What is found in a mail: its text, and the mails attached to it."""

    text: str = ""
    attached: list[EmailMessage] = field(default_factory=list)
    parts: int = 0


def body_of(message: EmailMessage, found: Body, depth: int = 0) -> None:
    """Put the text of a mail and what is attached to it into `found`; mails nested deeper are left out."""
    found.text = _joined(_texts(message, found, depth))


def _texts(part: Any, found: Body, depth: int) -> Iterator[str]:
    """Yield the texts of a part of a mail, in order: of alternatives the best, mails with their head."""
    found.parts += 1
    if found.parts > _MAX_PARTS or depth > _MAX_NESTED or not isinstance(part, EmailMessage):
        return
    kind, disposition = part.get_content_type(), part.get_content_disposition()
    inner: Any = part.get_payload()
    if kind == "message/rfc822" and isinstance(inner, list):
        yield from _mail_within(inner, found, depth, is_attached=disposition == "attachment")
    elif disposition == "attachment":
        return
    elif isinstance(inner, list):
        if kind == "multipart/alternative":
            yield _best(
                [(child.get_content_type(), _joined(_texts(child, found, depth + 1))) for child in inner]
            )
        elif kind == "multipart/digest":
            yield from _mail_within(inner, found, depth, is_attached=True)
        else:
            yield from (text for child in inner for text in _texts(child, found, depth + 1))
    elif kind == "text/plain":
        yield _plain(part)
    elif kind in _PAGE_TYPES:
        # Mails are short and have no furniture: everything in them is taken.
        yield text_of_fragment(_content(part))


def _joined(texts: Iterator[str]) -> str:
    return "\n\n".join(filter(None, (text.strip() for text in texts)))


def _best(alternatives: list[tuple[str, str]]) -> str:
    """Return the plain text among alternatives, unless another says much more: it is a stub then."""
    fullest = max((text for _, text in alternatives), key=_said, default="")
    plain = next((text for kind, text in alternatives if kind == "text/plain"), "")
    return plain if _said(plain) >= _STUB * _said(fullest) and plain.strip() else fullest


def _said(text: str) -> int:
    return len(_ADDRESS.sub("", text).split())


def _mail_within(inner: list[Any], found: Body, depth: int, *, is_attached: bool) -> Iterator[str]:
    for message in (message for message in inner if isinstance(message, EmailMessage)):
        payload = message.get_payload()
        if message.get_content_type() == "message/rfc822" and isinstance(payload, list):
            yield from _mail_within(payload, found, depth + 1, is_attached=is_attached)
        elif is_attached:
            # Deeper ones are left out: each would have a name of its own to find.
            if depth < _MAX_DEPTH and len(found.attached) < _MAX_PARTS:
                found.attached.append(message)
        else:
            head = [f"{name}: {value}" for name in _HEAD if (value := _header(message, name))]
            yield "\n".join(["Forwarded message", *head])
            yield from _texts(message, found, depth + 1)


def _plain(part: EmailMessage) -> str:
    text = _content(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _flowed(text, deletes=str(part.get_param("delsp", "")).lower() == "yes")
    return unwrapped(text)


def _flowed(text: str, *, deletes: bool) -> str:
    """Return text with the lines joined that end in a blank (RFC 3676)."""
    made: list[list[str]] = []
    is_open = False
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw[1:] if raw.startswith(" ") else raw
        if is_open and not line.startswith(">") and line != "-- ":
            made[-1].append(line)
        else:
            made.append([line])
        is_open = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if is_open and deletes:
            made[-1][-1] = line[:-1]
    return "\n".join(map("".join, made))


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

"""Mailboxes in one file (mbox): each mail is an article, named by its Message-ID."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from email.parser import BytesHeaderParser
from email.policy import compat32

from index.reading.document import Document, ReadError, Skipped

from . import mail

_MAX_MAILS = 100_000
_MAX_ID = 200
_HEAD_BYTES = 100_000
# A mail begins with an envelope's line before its headers. The standard `mailbox` would begin one at any line
# that begins with "From ", which sentences do too.
_ENVELOPE = re.compile(rb"(?:\A|(?<=\n))From [^\n]*\n(?=(?:>?From [^\n]*\n)?[!-9;-~]+:)")
# What begins like an envelope inside a mail was quoted when it was filed.
_QUOTED = re.compile(rb"(?<=\n)>(?=>{0,99}From )")
# Thunderbird's mark of mails that were deleted and will be dropped when the folder is next compacted.
_DELETED = 0x0008


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles of a mailbox."""
    begins = [(match.start(), match.end()) for match in _ENVELOPE.finditer(data)]
    if not begins:
        raise ReadError('not a mailbox: no mail in it begins with a line "From ..." and headers')
    ends = [*(start for start, _ in begins[1:]), len(data)]
    taken: dict[str, int] = {}
    for number, ((_, start), end) in enumerate(zip(begins, ends, strict=True)):
        if number >= _MAX_MAILS:
            raise ReadError(f"more than {_MAX_MAILS:,} mails: what comes after them is left out")
        message = _QUOTED.sub(b"", data[start:end])
        name, is_deleted = _about(message)
        if is_deleted:
            continue
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name}-{taken[name]}"
        try:
            for found in mail.read("mail.eml", message):
                yield replace(found, name=f"{name}#{found.name}" if found.name else name)
        except ReadError as error:
            yield Skipped(name, str(error))


def _about(message: bytes) -> tuple[str, bool]:
    """Return a name that the mail keeps when others come or go, and whether it was deleted."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(message[:_HEAD_BYTES].split(b"\n\n", 1)[0])
    name = "".join(str(headers.get("Message-ID", "")).split()).strip("<>")
    status = str(headers.get("X-Mozilla-Status", "0")).strip()
    is_deleted = bool(re.fullmatch(r"[0-9a-fA-F]{1,8}", status)) and bool(int(status, 16) & _DELETED)
    return (name if 0 < len(name) <= _MAX_ID else hashlib.sha256(message).hexdigest()[:12]), is_deleted

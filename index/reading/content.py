"""The kind of a file whose ending does not name it, by its first bytes."""

import codecs
import re
from mimetypes import MimeTypes
from pathlib import PurePosixPath

# So many bytes from a file's start tell its kind.
HEAD_BYTES = 8192

# Pages begin with one of these, after comments and declarations.
_PAGE = re.compile(
    r"(?>\s*(?:<!--.*?-->|<\?xml.*?\?>))*+\s*<(?:!doctype\s+html|html|head|body|title|meta)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MAILBOX = re.compile(r"From [^\n]*\n[!-9;-~]+:[ \t]")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Copies that editors, browsers and `wget -K` leave beside a page.
_COPIES = (".orig", ".bak", ".old", ".tmp", ".part", ".crdownload", ".swp", "~")
# The library's own list, whatever the system has: an index must not depend on it.
_TYPES = MimeTypes()


def may_be_read(path: str) -> bool:
    """Return whether the first bytes of a file can tell more of its kind than its ending."""
    name = PurePosixPath(path).name.lower()
    # Of a name like `story.php?id=3` the library would guess by the end of the query.
    kind, packed = _TYPES.guess_type("/" + re.split("[?@]", name)[0])
    return not kind and not packed and not name.endswith(_COPIES)


def kind_by_content(path: str, head: bytes) -> str | None:
    """Return the reader of the file at `path` that begins with `head`, or None if no reader is sure of it."""
    if not may_be_read(path):
        return None
    if head.startswith(b"%PDF-"):
        return "pdf"
    wide = next((name for mark, name in _WIDE.items() if head.startswith(mark)), None)
    begins = head.decode(wide or "utf-8", "replace").lstrip("\ufeff")
    if _PAGE.match(begins):
        return "html"
    return "mbox" if _MAILBOX.match(begins.replace("\r\n", "\n")) else None

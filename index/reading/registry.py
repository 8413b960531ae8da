"""One file to the documents in it. The registry below has one reader for each format."""

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from .content import HEAD_BYTES, kind_by_content
from .document import Document, PassingError, ReadError, Skipped

# Part of the index's fingerprint: raise it when a reader finds different text or metadata than before.
READER = "read-5"

# Modules of `formats`. Each is imported when its first file appears, since some need heavy libraries.
READERS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xht": "html",
    ".shtml": "html",
    ".mhtml": "mail",
    ".mht": "mail",
    ".eml": "mail",
    ".mbox": "mbox",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".json": "lists",
    ".jsonl": "lists",
    ".ndjson": "lists",
    ".csv": "lists",
    ".tsv": "lists",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".zip": "archive",
    ".tar.gz": "archive",
    ".tgz": "archive",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wacz": "warc",
}
_QUERY = re.compile(r"[?@]")
_Reader = Callable[[str, bytes], Iterator[Document | Skipped]]


def suffix_of(path: str) -> str | None:
    """Return the ending of `path` if it names a format that can be read, else None.

    What `wget` puts behind an ending is no part of it: `article.html?page=2`, or with `@` on Windows.
    """
    name = PurePosixPath(path).name.lower()
    endings = [_QUERY.split(name[i:], 1)[0] for i, character in enumerate(name) if character == "." and i > 0]
    return next((ending for ending in endings if ending in READERS), None)


def is_archive(path: str) -> bool:
    """Return whether the file at `path` holds other files."""
    return READERS.get(suffix_of(path) or "") == "archive"


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles in the bytes of the file at `path`, whose ending or first bytes tell the format.

    Raises only ReadError, with the reason, if it cannot be read or holds no article.
    """
    suffix = suffix_of(path)
    kind = READERS[suffix] if suffix else kind_by_content(path, data[:HEAD_BYTES])
    if kind is None:
        raise ReadError("not a kind of file that is read")
    if not data.strip():
        raise ReadError("empty")
    reader: _Reader = importlib.import_module(f".formats.{kind}", __package__).read
    anything = False
    try:
        for found in reader(path, data):
            if isinstance(found, Skipped) or found.text.strip():
                yield found
            elif found.name:
                yield Skipped(found.name, "no text in it")
            else:
                continue
            anything = True
    except (ReadError, ImportError):
        raise
    except MemoryError as error:
        raise PassingError("reading it needs too much memory") from error
    except Exception as error:
        # Parsers raise whatever they like when a file is broken.
        raise ReadError(f"damaged: {_first_line(error)}") from error
    if not anything:
        raise ReadError("no text in it")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]

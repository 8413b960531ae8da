"""Rich text."""

import re
from collections.abc import Iterator

from index.reading.document import Document, ReadError, Skipped

from .metadata import as_date, names

_MAX_BYTES = 50_000_000
_INFO = re.compile(r"\{\\(title|author|keywords)\s++((?:[^{}\\]|\\.){0,500})\}", re.DOTALL)
_MADE = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a rich text file."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadError("not rich text")
    if len(data) > _MAX_BYTES:
        raise ReadError(f"larger than {_MAX_BYTES // 1_000_000} MB")
    # The format is ASCII; other characters are written as escapes.
    source = data.decode("latin-1")
    text = rtf_to_text(source, errors="ignore")
    about = {key: rtf_to_text(f"{{\\rtf1 {value}}}", errors="ignore") for key, value in _INFO.findall(source)}
    made = _MADE.search(source)
    published = as_date("-".join(made.groups())) if made else None
    yield Document(
        # A paragraph ends with each line.
        text=re.sub(r"\n+", "\n\n", text),
        title=" ".join(about.get("title", "").split()) or None,
        published=published,
        published_from="document properties" if published else None,
        authors=names(about.get("author")),
        tags=names(about.get("keywords")),
    )

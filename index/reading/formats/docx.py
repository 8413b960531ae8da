"""Word documents, as they read with all tracked changes accepted."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from index.reading.document import Document, ReadError, Skipped

from .container import Container
from .metadata import as_date, language_code, names
from .wordml import Styles, W, block_texts

_NOTES = ("footnotes", "endnotes")
_GENERATORS = frozenset({"python-docx", "docx4j", "Apache POI"})
_NOBODY = _GENERATORS | {"Microsoft Office User", "Windows User", "User", "Administrator"}
_TEMPLATE_TITLES = frozenset({"Word Document", "Microsoft Word Document"})


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a document, its notes at the end."""
    import docx

    parts = Container(data, "a Word document")
    # Unpacked once within bounds, before the library unpacks it without.
    for name in parts.names():
        parts.bytes_of(name)
    try:
        document = docx.Document(BytesIO(data))
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise ReadError(f"not a Word document, or damaged: {error}") from error
    about = document.core_properties
    # What programs that copy a template leave in it says nothing of the document.
    is_template = about.author in _GENERATORS and about.created == about.modified
    published = None if is_template else as_date(about.created)
    styles = Styles(document.styles.element)
    paragraphs = [*block_texts(document.element.body, styles), *_notes(parts, styles)]
    yield Document(
        text="\n\n".join(filter(None, paragraphs)),
        title=None if about.title in _TEMPLATE_TITLES else about.title or None,
        published=published,
        published_from="document properties" if published else None,
        authors=() if about.author in _NOBODY else names(about.author),
        tags=names(about.keywords),
        language=language_code(about.language),
    )


def _notes(parts: Container, styles: Styles) -> Iterator[str]:
    for kind in _NOTES:
        root = parts.xml(f"word/{kind}.xml")
        for note in root if root is not None else ():
            # Separators are notes too, of a type.
            if note.get(f"{W}type") is None:
                yield " ".join(filter(None, block_texts(note, styles)))

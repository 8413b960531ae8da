"""PDF: lines by pdfminer.six, which keeps columns apart; paragraphs, running heads and hyphens by us."""

import functools
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import regex

from index.lexicon import any_of, compiled, words
from index.reading.document import Document, ReadError, Skipped

from .metadata import as_date, date_in_name, language_code, names

# A book's worth; what comes after is said to be left out.
MAX_PAGES = 1000
# Share of a page's height, at its top and foot, where heads and page numbers stand.
_MARGIN = 0.12
# On so many pages a line in the margin is a running head.
_LEAST_REPEATS = 3
_SENTENCE_END = re.compile(r"[.!?…:;。！？]['\"”“»’)\]]*$")
_NO_TITLE = re.compile(r"(?i)microsoft word|untitled|\.(?:docx?|pdf|indd|odt|rtf|tex)$|^\W*$")


@dataclass(frozen=True, slots=True)
class _Box:
    """A block of lines as it stands on a page; `in_margin` at its top or foot."""

    page: int
    lines: tuple[str, ...]
    in_margin: bool

    @property
    def shape(self) -> str:
        """Return what is equal on every page for a running head."""
        return re.sub(r"\d+", "#", " ".join(self.lines))


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a PDF, and what is left out of a very long one."""
    if b"%PDF-" not in data[:1024]:
        raise ReadError("not a PDF")
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    boxes, about, is_cut = _boxes(data)
    if not boxes:
        raise ReadError("a PDF without text: only images")
    furniture = _furniture(boxes)
    text = "\n\n".join(_paragraphs([box for box in boxes if box.shape not in furniture]))
    seen = "\n\n".join("\n".join(box.lines) for box in boxes)
    yield Document(text=text, seen=seen, **_metadata(about, path))
    if is_cut:
        yield Skipped(f"page {MAX_PAGES + 1}", f"left out: only the first {MAX_PAGES:,} pages are read")


def _boxes(data: bytes) -> tuple[list[_Box], dict[str, Any], bool]:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams, LTTextContainer
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    try:
        document = PDFDocument(PDFParser(BytesIO(data)))
    except PDFPasswordIncorrect as error:
        raise ReadError("encrypted: it opens with a password only") from error
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams())
    interpreter = PDFPageInterpreter(resources, device)
    boxes: list[_Box] = []
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number >= MAX_PAGES:
            return boxes, _about(document), True
        interpreter.process_page(page)
        layout = device.get_result()
        for item in layout:
            if isinstance(item, LTTextContainer):
                lines = tuple(filter(None, (" ".join(line.split()) for line in item.get_text().split("\n"))))
                height = max(layout.height, 1)
                middle = ((item.y0 + item.y1) / 2 - layout.y0) / height
                if lines:
                    boxes.append(_Box(number, lines, not _MARGIN < middle < 1 - _MARGIN))
    return boxes, _about(document), False


def _furniture(boxes: list[_Box]) -> set[str]:
    """Return the shapes of running heads, feet and page numbers."""
    pages = len({box.page for box in boxes})
    margins = Counter(shape for _, shape in {(box.page, box.shape) for box in boxes if box.in_margin})
    repeated = {
        shape
        for shape, count in margins.items()
        if count >= max(_LEAST_REPEATS, pages / 3) or (count == pages == 2)
    }
    numbers = {box.shape for box in boxes if box.in_margin and _page_number().fullmatch(" ".join(box.lines))}
    return repeated | numbers


def _paragraphs(boxes: list[_Box]) -> list[str]:
    paragraphs: list[str] = []
    page = -1
    for box in boxes:
        text = joined(box.lines)
        goes_on = page != box.page and paragraphs and not _SENTENCE_END.search(paragraphs[-1])
        page = box.page
        if goes_on and text[0].islower():
            paragraphs[-1] = joined((paragraphs[-1], text))
        else:
            paragraphs.append(text)
    return paragraphs


def joined(lines: tuple[str, ...]) -> str:
    """Join lines to a paragraph, undoing hyphens at line ends."""
    text = ""
    for line in lines:
        if not text:
            text = line
        elif text[-1] in "-\u2010\u00ad" and text[-2:-1].isalpha() and line[0].isalpha():
            # "Nord-" and "Süd" keep their hyphen, "geöff-" and "net" had none.
            text = text + line if line[0].isupper() and text[-1] != "\u00ad" else text[:-1] + line
        else:
            text = f"{text} {line}"
    return text


def _about(document: Any) -> dict[str, Any]:
    from pdfminer.pdftypes import resolve1

    about: dict[str, Any] = {}
    for information in document.info:
        for key, value in information.items():
            about.setdefault(key, resolve1(value))
    about["Lang"] = resolve1(document.catalog.get("Lang"))
    return about


def _metadata(about: dict[str, Any], path: str) -> dict[str, Any]:
    from pdfminer.utils import decode_text

    def stated(key: str) -> str:
        value = about.get(key)
        return " ".join(decode_text(value).split()) if isinstance(value, bytes) else ""

    title = stated("Title")
    published = as_date(stated("CreationDate").removeprefix("D:")[:8])
    in_name = date_in_name(path)
    return {
        "title": None if _NO_TITLE.search(title) else title,
        # When the file was made is often later than the day that its name says.
        "published": in_name or published,
        "published_from": "file name" if in_name else "PDF header" if published else None,
        "authors": names(stated("Author")),
        "tags": names(stated("Keywords")),
        "language": language_code(stated("Lang")),
    }


@functools.cache
def _page_number() -> "regex.Pattern[str]":
    """Return a pattern of a page's number: 3, - 3 -, iii, page 3 of 12."""
    of = any_of(["/", "-", *words(lambda language: language.furniture.page_of)])
    number = rf"(?:\d{{1,4}}|[ivxlc]{{1,6}})(?:\s*{of}\s*\d{{1,4}})?"
    return compiled(rf"\W*(?:[^\W\d]{{1,8}}\.?\s*)?{number}\W*", 0)

"""PDF: lines by pdfminer.six, which keeps columns apart; paragraphs, running heads and hyphens by us."""

import functools
import logging
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import regex

from index.lexicon import any_of, compiled, words
from index.reading.document import NO_OCR, Document, ReadError, Skipped

from .metadata import as_date, date_in_name, language_code, names
from .ocr import can_recognise, recognised
from .pdf_columns import by_columns
from .pdf_lines import UNKNOWN
from .pdf_page import Box, boxes_of, reader

# A book's worth; what comes after is said to be left out.
MAX_PAGES = 1000
# On so many pages a line in the margin is a running head.
_LEAST_REPEATS = 3
_NUMBER = re.compile(r"\d+")
# A head with fewer words beside its number may be a heading: "Article 5", "Total for 2022".
_LEAST_HEAD_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?…:;。！？]['\"”“»’)\]]*$")
_NO_TITLE = re.compile(r"(?i)microsoft word|untitled|\.(?:docx?|pdf|indd|odt|rtf|tex)$|^\W*$")
# Of a box, so many letters may be unknown: more are no text.
_MOST_UNKNOWN = 0.3
# Boxes between the halves of a sentence: a caption, a note.
_MOST_BETWEEN = 2
_LEAST_PROSE = 80
# A page is scanned if images cover so much of it and it has hardly any letters, such as those of a stamp.
_SCANNED, _LEAST_LETTERS = 0.5, 100
_ENDS_NO_LINE = re.compile(r"\n[^\n]{0,60}$")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a PDF, and what is left out of it."""
    if b"%PDF-" not in data[:1024]:
        raise ReadError("not a PDF")
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    boxes, about, is_cut, scanned = _boxes(data)
    if scanned and can_recognise():
        # A page on which nothing is recognised keeps what its text layer has.
        images = {page: found for page, found in recognised(data, scanned) if found}
        boxes = [box for box in boxes if box.page not in images] + [
            box for of in images.values() for box in of
        ]
        boxes.sort(key=lambda box: box.page)
        scanned = []
    else:
        images = {}
    if not boxes:
        raise ReadError(NO_OCR if scanned else "a PDF without text")
    known = [box for box in boxes if not _is_unknown(box)]
    if not known:
        raise ReadError("a PDF of glyphs without characters: its fonts do not say which letters they draw")
    furniture = _furniture(known)
    paragraphs = _paragraphs([box for box in known if id(box) not in furniture])
    seen = "\n\n".join("\n".join(box.lines) for box in known)
    is_recognised = any(box.page in images for box in known)
    text = "\n\n".join(paragraphs)
    yield Document(text=text, seen=seen, recognised=is_recognised, **_metadata(about, path))
    for page in scanned:
        yield Skipped(f"page {page + 1}", NO_OCR)
    for page in sorted({box.page for box in boxes if _is_unknown(box)}):
        yield Skipped(
            f"page {page + 1}", "left out what is glyphs without characters: its fonts do not say which"
        )
    if is_cut:
        yield Skipped(f"page {MAX_PAGES + 1}", f"left out: only the first {MAX_PAGES:,} pages are read")


def _boxes(data: bytes) -> tuple[list[Box], dict[str, Any], bool, list[int]]:
    """Return the boxes of all pages, what the file says of itself, whether it is cut, and scanned pages."""
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    try:
        document = PDFDocument(PDFParser(BytesIO(data)))
    except PDFPasswordIncorrect as error:
        raise ReadError("encrypted: it opens with a password only") from error
    device, interpreter = reader()
    boxes: list[Box] = []
    scanned: list[int] = []
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number >= MAX_PAGES:
            return boxes, _about(document), True, scanned
        interpreter.process_page(page)
        found = by_columns(boxes_of(device.get_result(), number))
        boxes += found
        is_scanned = device.covered >= _SCANNED and _letters(found) < _LEAST_LETTERS
        # What is drawn of letters can be recognised where the file does not say which they are.
        if is_scanned or (found and all(map(_is_unknown, found)) and can_recognise()):
            scanned.append(number)
    return boxes, _about(document), False, scanned


def _letters(boxes: list[Box]) -> int:
    return sum(map(str.isalpha, "".join(line for box in boxes if not _is_unknown(box) for line in box.lines)))


def _is_unknown(box: Box) -> bool:
    """Return whether the file does not say which letters a box is of."""
    return sum(line.count(UNKNOWN) for line in box.lines) > _MOST_UNKNOWN * sum(map(len, box.lines))


def _furniture(boxes: list[Box]) -> set[int]:
    """Return the identities of running heads, feet and page numbers."""
    pages = len({box.page for box in boxes})
    by_shape: dict[str, list[Box]] = {}
    for box in boxes:
        if box.in_margin and not box.is_table:
            by_shape.setdefault(_NUMBER.sub("#", " ".join(box.lines)), []).append(box)
    found: set[int] = set()
    for of in by_shape.values():
        count = len({box.page for box in of})
        texts = [" ".join(box.lines) for box in of]
        if all(_page_number().fullmatch(text) for text in texts):
            if count == 1 or _counts_up(of):
                found |= {id(box) for box in of}
        elif count >= max(_LEAST_REPEATS, pages / 3) or (count == pages == 2):
            is_head = len(set(texts)) == 1 or (len(_words(texts[0])) >= _LEAST_HEAD_WORDS and _counts_up(of))
            if is_head:
                found |= {id(box) for box in of}
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", text)


def _counts_up(boxes: list[Box]) -> bool:
    """Return whether a number in the boxes goes up with their pages."""
    numbers = [[int(number[:9]) for number in _NUMBER.findall(" ".join(box.lines))] for box in boxes]
    if len({len(found) for found in numbers}) != 1:
        return False
    if not numbers[0]:
        # Roman ones.
        return True
    offsets = [
        Counter(found[place] - box.page for found, box in zip(numbers, boxes, strict=True))
        for place in range(len(numbers[0]))
    ]
    return any(offset.most_common(1)[0][1] >= 0.7 * len(boxes) for offset in offsets)


def _paragraphs(boxes: list[Box]) -> list[str]:
    paragraphs: list[str] = []
    # The place of the paragraph whose sentence has not ended, and its last box.
    open_place, last = -1, None
    for box in (box for box in boxes if box.lines):
        text = _text(box)
        if (
            last is not None
            and open_place >= 0
            and _goes_on(last, box, paragraphs[open_place], text, len(paragraphs) - open_place)
        ):
            paragraphs[open_place] = joined((paragraphs[open_place], text))
            last = box
        else:
            paragraphs.append(text)
            # A heading is no half of a sentence that goes on behind what is set otherwise.
            if box.is_table or (
                open_place >= 0
                and len(paragraphs[open_place]) >= _LEAST_PROSE
                and _is_aside(box, last)
                and len(paragraphs) - open_place <= _MOST_BETWEEN
            ):
                continue
            open_place, last = len(paragraphs) - 1, box
        if _SENTENCE_END.search(text):
            open_place, last = -1, None
    return paragraphs


def _is_aside(box: Box, last: Box | None) -> bool:
    """Return whether a box may stand between the halves of a sentence: it is set otherwise."""
    return last is not None and abs(box.size - last.size) > 0.05 * last.size


def _goes_on(last: Box, box: Box, before: str, text: str, between: int) -> bool:
    """Return whether a sentence goes on from one box to another, over the end of a page or a column."""
    if box.is_table or last.is_table or _SENTENCE_END.search(before):
        return False
    breaks = box.page != last.page or box.bounds[3] > last.bounds[1] or between > 1
    if not breaks or _is_aside(box, last):
        return False
    if text[0].islower():
        return True
    # A name or a noun: as far as the line before it reaches.
    return (
        between == 1
        and last.is_full
        and len(before) > _LEAST_PROSE
        and len(text) > _LEAST_PROSE
        and not _ENDS_NO_LINE.search(before)
    )


def _text(box: Box) -> str:
    """Return a box's lines joined, but for those that their author ended."""
    if not box.breaks:
        return joined(tuple(box.lines))
    made: list[str] = []
    run: list[str] = []
    for number, line in enumerate(box.lines):
        run.append(line)
        if number in box.breaks or number + 1 == len(box.lines):
            made.append(joined(tuple(run)))
            run = []
    return "\n".join(made)


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
    page = any_of(words(lambda language: language.pages.number))
    of = any_of(["/", "-", *words(lambda language: language.pages.out_of)])
    number = rf"(?:\d{{1,4}}|[ivxlc]{{1,6}})(?:\s*{of}\s*\d{{1,4}})?"
    return compiled(rf"[^\w§#№]*(?:{page}\.?\s*)?{number}(?:\s*[页頁])?\W*")

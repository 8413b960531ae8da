"""Text of scanned pages: Tesseract, where it is installed, recognises it; pypdfium2 draws the pages."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from io import BytesIO

from index.reading.document import PassingError, ReadError
from index.reading.pulse import still_working
from index.text.language import detect

from .pdf_page import Box

_PROGRAM = "tesseract"
# What Tesseract was trained on; larger sheets are drawn coarser, to fit a bound in memory.
_DOTS_PER_INCH, _MAX_PIXELS = 300, 25_000_000
_POINTS_PER_INCH = 72
# Below what a file may take to produce something.
_PAGE_SECONDS = 100
# With more languages at once it is slower, and takes letters of one for those of another.
_MAX_LANGUAGES = 8
_NO_LANGUAGES = {"osd", "equ"}
# Where more are installed, these are tried on a first page.
_FREQUENT = {"eng", "deu", "fra", "spa", "ita", "por", "rus", "chi_sim"}
# It takes seconds for each.
_MAX_PAGES = 500
# Columns of Tesseract's table. Words are sure from 0 to 100.
_BLOCK, _PARAGRAPH, _LINE, _LEFT, _TOP, _WIDTH, _HEIGHT, _CONFIDENCE, _TEXT = 2, 3, 4, *range(6, 12)
_LEAST_CONFIDENCE = 50
_MARGIN = 0.08
_SENTENCE_END = re.compile(r"[.!?…:;]['\"”“»’)\]]*$")
# Letters that tell a language.
_LEAST_LETTERS = 40


@functools.cache
def can_recognise() -> bool:
    """Return whether Tesseract and pypdfium2 are installed, and a language for them."""
    return bool(importlib.util.find_spec("pypdfium2") and shutil.which(_PROGRAM) and _languages())


def recognised(pdf: bytes, pages: Sequence[int]) -> Iterator[tuple[int, list[Box]]]:
    """Yield the number of each of these pages, which begin at 0, with what its image says.

    Raises ReadError if the pages cannot be drawn, PassingError if recognising one takes too long.
    """
    import pypdfium2

    languages = _languages()
    if len(pages) > _MAX_PAGES:
        raise ReadError(f"more than {_MAX_PAGES} scanned pages")
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"damaged: its pages cannot be drawn ({error})") from error
    try:
        for number in pages:
            image = _image(document, number)
            boxes = _boxes(_table(image, languages), number)
            still_working()
            fitting = _fitting(" ".join(line for box in boxes for line in box.lines), languages)
            if fitting != languages:
                # Among many languages letters of one are taken for those of another.
                languages = fitting
                boxes = _boxes(_table(image, languages), number)
                still_working()
            yield number, boxes
    finally:
        document.close()


@functools.cache
def _languages() -> tuple[str, ...]:
    """Return the languages that Tesseract has, by its own names."""
    try:
        done = subprocess.run(  # noqa: S603
            [_program(), "--list-langs"], capture_output=True, timeout=_PAGE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    names = done.stdout.decode("utf-8", "replace").splitlines()[1:]
    found = (name for name in sorted(names) if name and name not in _NO_LANGUAGES and "/" not in name)
    return tuple(sorted(found, key=lambda name: (name not in _FREQUENT, name)))


def _program() -> str:
    return shutil.which(_PROGRAM) or _PROGRAM


def _fitting(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `languages` that fit what a first page says; they are read better alone."""
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return languages
    from .metadata import language_code

    found = detect(text, None)
    fitting = tuple(name for name in languages if language_code(name.split("_")[0]) == found)
    return fitting or languages


def _image(document: object, number: int) -> bytes:
    import pypdfium2

    try:
        page = document[number]  # type: ignore[index]
        width, height = page.get_size()
        fitting = (_MAX_PIXELS / max(1.0, width * height)) ** 0.5
        drawn = page.render(scale=min(_DOTS_PER_INCH / _POINTS_PER_INCH, fitting), grayscale=True)
        image = BytesIO()
        drawn.to_pil().save(image, "PPM")
        page.close()
    except (pypdfium2.PdfiumError, ValueError, IndexError) as error:
        raise ReadError(f"page {number + 1} cannot be drawn ({error})") from error
    return image.getvalue()


def _table(image: bytes, languages: tuple[str, ...]) -> list[list[str]]:
    """Return Tesseract's table of what is on a page: a line for the page, each word, and all between."""
    command = [_program(), "stdin", "stdout", "-l", "+".join(languages[:_MAX_LANGUAGES]), "tsv"]
    # Its threads wait for each other more than they work, and other programs run beside it.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=image, capture_output=True, timeout=_PAGE_SECONDS, check=True, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise PassingError(f"recognising a page took longer than {_PAGE_SECONDS} seconds") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise PassingError(f"recognising a page failed: {error}") from error
    lines = done.stdout.decode("utf-8", "replace").splitlines()[1:]
    return [cells for cells in (line.split("\t") for line in lines) if len(cells) > _TEXT]


def _boxes(table: list[list[str]], page: int) -> list[Box]:
    """Return the paragraphs of a page, or nothing if Tesseract itself doubts most of it: it is a picture."""
    height = max((int(cells[_HEIGHT]) for cells in table), default=0)
    paragraphs: dict[tuple[str, str], list[list[str]]] = {}
    for cells in table:
        if cells[_TEXT].strip():
            paragraphs.setdefault((cells[_BLOCK], cells[_PARAGRAPH]), []).append(cells)
    sure = [float(cells[_CONFIDENCE]) for words in paragraphs.values() for cells in words]
    if not sure or sum(sure) / len(sure) < _LEAST_CONFIDENCE:
        return []
    boxes: list[Box] = []
    for words in paragraphs.values():
        box = _box(words, page, height)
        # Where lines stand far apart, each is a paragraph to Tesseract.
        if boxes and box.lines[0][0].islower() and not _SENTENCE_END.search(boxes[-1].lines[-1]):
            box = _together(boxes.pop(), box)
        boxes.append(box)
    return boxes


def _together(one: Box, other: Box) -> Box:
    left, bottom = (min(pair) for pair in zip(one.bounds[:2], other.bounds[:2], strict=True))
    right, top = (max(pair) for pair in zip(one.bounds[2:], other.bounds[2:], strict=True))
    return Box(one.page, [*one.lines, *other.lines], (left, bottom, right, top), one.size, False)


def _box(words: list[list[str]], page: int, height: int) -> Box:
    lines: dict[str, list[str]] = {}
    for cells in words:
        lines.setdefault(cells[_LINE], []).append(cells[_TEXT].strip())
    left, top = (min(int(cells[place]) for cells in words) for place in (_LEFT, _TOP))
    right = max(int(cells[_LEFT]) + int(cells[_WIDTH]) for cells in words)
    bottom = max(int(cells[_TOP]) + int(cells[_HEIGHT]) for cells in words)
    in_margin = bottom < _MARGIN * height or top > (1 - _MARGIN) * height
    bounds = (float(left), float(height - bottom), float(right), float(height - top))
    # Sizes of letters are estimates, which differ from line to line.
    return Box(page, [" ".join(of) for of in lines.values()], bounds, 1.0, in_margin)

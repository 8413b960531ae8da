"""Text of scanned pages: Tesseract, where it is installed, recognises it; pypdfium2 draws the pages."""

import functools
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from io import BytesIO

from index.reading.document import PassingError, ReadError
from index.reading.pulse import still_working
from index.text.language import detect

from .metadata import language_code

_PROGRAM = "tesseract"
# What Tesseract was trained on; larger sheets are drawn coarser, to fit a bound in memory.
_DOTS_PER_INCH, _MAX_PIXELS = 300, 25_000_000
_POINTS_PER_INCH = 72
# Below what a file may take to produce something.
_PAGE_SECONDS = 100
# With more languages at once it is slower, and takes letters of one for those of another.
_MAX_LANGUAGES = 8
_NO_LANGUAGES = {"osd", "equ"}
# Letters that tell a language.
_LEAST_LETTERS = 40


@functools.cache
def can_recognise() -> bool:
    """Return whether Tesseract and pypdfium2 are installed, and a language for them."""
    return bool(importlib.util.find_spec("pypdfium2") and shutil.which(_PROGRAM) and _languages())


def recognised(pdf: bytes, pages: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the number of each of these pages, which begin at 0, with the text in its image.

    Raises ReadError if the pages cannot be drawn, PassingError if recognising one takes too long.
    """
    import pypdfium2

    languages = _languages()
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"damaged: its pages cannot be drawn ({error})") from error
    try:
        for number in pages:
            text = _text(_image(document, number), languages)
            still_working()
            yield number, text
            languages = _fitting(text, languages)
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
    return tuple(name for name in sorted(names) if name and name not in _NO_LANGUAGES and "/" not in name)


def _program() -> str:
    return shutil.which(_PROGRAM) or _PROGRAM


def _fitting(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `languages` that fit what a first page says; they are read better alone."""
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return languages
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


def _text(image: bytes, languages: tuple[str, ...]) -> str:
    command = [_program(), "stdin", "stdout", "-l", "+".join(languages[:_MAX_LANGUAGES])]
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
    return done.stdout.decode("utf-8", "replace").replace("\f", "")

"""Scanned pages: their letters are recognised, and it is said that they were."""

import shutil
from collections.abc import Iterator

import pytest

from index.reading.document import NO_OCR, Document, PassingError, ReadError, Skipped
from index.reading.formats import ocr
from index.reading.formats.ocr import can_recognise
from index.reading.registry import read
from tests.index.reading.formats import making
from tests.index.reading.formats.making import PARAGRAPHS, scanned, zipped

LINES = [
    "The harbour board said on Tuesday that the old bridge",
    "would open again in the autumn of 2025, after re-",
    "pairs of 12.4 million euros.",
    "",
    "It had been closed since the flood, when two of its",
    "piers moved by eleven centimetres and the board",
]
NEXT = ["asked for an inspection of all bridges in the town."]

installed = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[None]:
    """Look for programs in an empty folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    can_recognise.cache_clear()
    ocr._languages.cache_clear()
    yield
    can_recognise.cache_clear()
    ocr._languages.cache_clear()


@installed
def test_a_scanned_page_is_read_and_marked() -> None:
    (found,) = read("a.pdf", scanned([LINES, NEXT]))
    assert isinstance(found, Document)
    assert found.recognised
    assert found.text.split("\n\n") == [
        "The harbour board said on Tuesday that the old bridge would open again in the autumn of 2025, after "
        "repairs of 12.4 million euros.",
        "It had been closed since the flood, when two of its piers moved by eleven centimetres and the board "
        "asked for an inspection of all bridges in the town.",
    ]


@installed
def test_a_stamp_does_not_hide_that_a_page_is_scanned() -> None:
    (found,) = read("a.pdf", scanned([LINES], stamp="Scanned by QuayScan"))
    assert isinstance(found, Document)
    assert found.recognised
    assert "12.4 million euros" in found.text


@installed
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "deu",
            [
                "Die Brücke über den Fluß öffnet am Sonntag,",
                "für Fußgänger schon früher, sagte Bürgermeister Müller.",
            ],
        ),
        ("rus", ["Мост через реку откроется в воскресенье,", "сообщил мэр города журналистам."]),
    ],
)
def test_other_languages_are_recognised_if_they_are_installed(language: str, lines: list[str]) -> None:
    if language not in ocr._languages():
        pytest.skip(f"Tesseract's {language} is not installed")
    (found,) = read("a.pdf", scanned([lines]))
    assert isinstance(found, Document)
    assert found.text.strip() == " ".join(lines)


@installed
def test_a_page_of_noise_is_no_text() -> None:
    with pytest.raises(ReadError, match="without text"):
        list(read("a.pdf", scanned([[]])))


def test_a_pdf_with_text_is_not_marked() -> None:
    (found,) = read("a.pdf", making.pdf())
    assert isinstance(found, Document)
    assert not found.recognised
    assert PARAGRAPHS[0] in " ".join(found.text.split())


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_the_reason_names_the_remedy() -> None:
    with pytest.raises(ReadError, match=r"only images of text.*tesseract-ocr.*article-qa\[ocr\]"):
        list(read("a.pdf", scanned([LINES])))
    (skipped,) = read("a.zip", zipped({"in/b.pdf": scanned([LINES])}))
    assert skipped == Skipped("in/b.pdf", NO_OCR)


@installed
def test_a_page_that_takes_too_long_is_tried_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_recognise()
    monkeypatch.setattr(ocr, "_PAGE_SECONDS", 0.01)
    with pytest.raises(PassingError, match="recognising a page took longer"):
        list(read("a.pdf", scanned([LINES])))

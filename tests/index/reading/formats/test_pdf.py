"""PDF: rows, raised marks, scripts from right to left, sentences over breaks, heads that are headings."""

import io
import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from index.reading.document import Document, ReadError
from index.reading.formats.pdf_columns import by_columns
from index.reading.formats.pdf_lines import text_of
from index.reading.formats.pdf_page import Box
from index.reading.registry import read

PROSE = (
    "The weavers of Aldmoor asked the county on Monday for a loan, since the river had carried away the wheel of"
    " their mill in the night before, and nobody in the town had the money for a new one. "
)


def drawn(pages: list[Callable[[Any], None]]) -> Document:
    """Return what is read of pages that are each drawn on a canvas."""
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    made = canvas.Canvas(out)
    for page in pages:
        page(made)
        made.showPage()
    made.save()
    found = next(iter(read("a.pdf", out.getvalue())))
    assert isinstance(found, Document)
    return found


def built(*flowables: Any) -> str:
    """Return what is read of a document that is laid out of these."""
    from reportlab.platypus import SimpleDocTemplate

    out = io.BytesIO()
    SimpleDocTemplate(out).build(list(flowables))
    found = next(iter(read("a.pdf", out.getvalue())))
    assert isinstance(found, Document)
    return found.text


def paragraph(text: str) -> Any:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph

    return Paragraph(text, getSampleStyleSheet()["Normal"])


def lines(text: list[str], x: float = 72, y: float = 740, size: float = 12) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", size)
        for number, line in enumerate(text):
            canvas.drawString(x, y - 14 * number, line)

    return draw


def test_raised_and_lowered_figures_stay_apart() -> None:
    text = built(
        paragraph(
            "In 1871<super>3</super> it had 40 m<super>2</super> and 10<super>6</super> looms, H<sub>2</sub>O."
        )
    )
    assert text.strip() == "In 1871 ³ it had 40 m² and 10⁶ looms, H2O."


def test_a_row_of_a_table_is_a_line() -> None:
    from reportlab.platypus import Table

    rows = [["Mill", "Looms", "Weavers"], ["Aldmoor", "1,204", "330"], ["Nether Aldmoor", "87", "1,940"]]
    text = built(paragraph(PROSE), Table(rows), paragraph(PROSE))
    assert "\n\nMill | Looms | Weavers\nAldmoor | 1,204 | 330\nNether Aldmoor | 87 | 1,940\n\n" in text


def test_what_a_form_draws_is_text() -> None:
    def draw(canvas: Any) -> None:
        canvas.beginForm("page")
        lines(["The whole page is a form.", "It has a second line."])(canvas)
        canvas.endForm()
        canvas.doForm("page")

    assert " ".join(drawn([draw]).text.split()) == "The whole page is a form. It has a second line."


@pytest.mark.parametrize(
    ("head", "stays"),
    [
        (lambda page: f"Article {page + 5}", True),
        (lambda page: f"Total for {2020 + page}", True),
        (lambda page: f"§ {page + 1}", True),
        (lambda page: str([1871, 1880, 1903, 1999][page]), True),
        (lambda page: f"Page {page + 1}", False),
        (lambda page: f"Seite {page + 1} von 4", False),
        (lambda page: f"- {page + 7} -", False),
        (lambda page: ["i", "ii", "iii", "iv"][page], False),
        (lambda page: f"The Aldmoor Weekly of Friday, number 7, {page + 1}", False),
        (lambda _: "The Aldmoor Weekly", False),
    ],
)
def test_a_line_at_the_top_is_a_head_only_if_it_counts_pages_or_comes_again(
    head: Callable[[int], str], stays: bool
) -> None:
    def page(number: int) -> Callable[[Any], None]:
        def draw(canvas: Any) -> None:
            canvas.drawString(72, 800, head(number))
            lines([f"Weaver number {number * 17 + line} has a loom of {line} beams." for line in range(4)])(
                canvas
            )

        return draw

    text = drawn([page(number) for number in range(4)]).text
    for number in range(4):
        found = re.search(rf"(?m)^{re.escape(head(number))}$", text)
        assert bool(found) == stays


def test_a_sentence_goes_on_over_a_page_whatever_stands_between() -> None:
    wrapped = textwrap.wrap(
        PROSE * 3 + "The council has asked the firm of Hans Dyrup to look at the wheel.", 70
    )

    def first(canvas: Any) -> None:
        lines(wrapped[:5])(canvas)
        lines(["Photo: the old mill in May"], y=600, size=8)(canvas)

    text = drawn([first, lines(wrapped[5:], y=760)]).text
    assert " ".join(wrapped) in text
    assert "Photo: the old mill in May" in text


def test_a_sentence_goes_on_over_a_column_with_a_name() -> None:
    # Its last line is as long as the others: the column ends, not the paragraph.
    left = textwrap.wrap(PROSE + "The firm that makes their wheels belongs to", 40)
    right = [
        "Hans Dyrup of Nether Aldmoor, who",
        "has made wheels for forty years",
        "and wants to see the river first.",
    ]

    def draw(canvas: Any) -> None:
        lines(left)(canvas)
        lines(right, x=330)(canvas)

    assert " ".join([*left, *right]) in drawn([draw]).text


@pytest.mark.parametrize("count", [2, 3])
def test_a_short_last_column_is_read_last(count: int) -> None:
    sentences = [f"Mill number {number} of the county had lost its wheel by then." for number in range(60)]
    rows = textwrap.wrap(" ".join(sentences), 40 if count == 2 else 26)
    tall = len(rows) // count + 8

    def page(canvas: Any) -> None:
        lines(["Aldmoor Weekly"], 60, 815, 9)(canvas)
        for number in range(count):
            column = rows[number * tall : (number + 1) * tall]
            lines(column, 60 + number * 480 // count, 780, 12 if count == 2 else 10)(canvas)

    found = drawn([page]).text
    places = [found.find(sentence) for sentence in sentences]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("words", "is_first"), [("The weavers of the town", True), ("הגשר סגור מיום שלישי", False)]
)
def test_the_script_says_which_column_is_read_first(words: str, is_first: bool) -> None:
    left = Box(0, [words] * 9, (60, 300, 280, 780), 12, False)
    heading = Box(0, [words], (60, 790, 160, 802), 14, False)
    right = Box(0, [words] * 4, (320, 660, 540, 780), 12, False)
    table = Box(0, [words] * 4, (320, 300, 540, 500), 12, False, is_table=True)
    found = by_columns([right, heading, left, table] if is_first else [heading, left, right, table])
    assert found == ([heading, left, right, table] if is_first else [right, heading, left, table])


def test_what_stands_above_other_columns_stays_there() -> None:
    above = [Box(0, ["a"] * 4, (x, 700, x + 200, 780), 12, False) for x in (60, 300)]
    across = Box(0, ["b"] * 4, (60, 500, 500, 600), 12, False)
    below = [Box(0, ["c"] * 4, (x, 300, x + 200, 480), 12, False) for x in (60, 300)]
    assert by_columns([*above, across, *below]) == [*above, across, *below]


@pytest.mark.parametrize(
    "own",
    [
        ["Ida Brook", "Mill Lane 14", "Aldmoor AM4 2XY"],
        [
            "O river that carried my mother across to the western shore",
            "You carried the mail",
            "The mill is empty",
        ],
        ["• a loom with two beams and a bench for the nights", "• a lamp of brass"],
        ["1. Close the sluice behind the wheel before all else.", "2. Open it slowly."],
    ],
)
def test_a_line_of_the_author_stays_a_line(own: list[str]) -> None:
    assert "\n".join(own) in drawn([lines(own)]).text


class Glyph:
    """A character where a file draws it."""

    def __init__(self, text: str, x0: float, size: float = 10.0) -> None:
        self.text, self.x0, self.x1, self.size, self.y0, self.y1 = text, x0, x0 + 5, size, 0.0, size

    def get_text(self) -> str:
        return self.text


@pytest.mark.parametrize(
    "logical",
    [
        "תחנת הקמח נפתחה במאי",
        "המחיר הוא 1,940 שקל (בערך)",
        "אמר John Smith אתמול",
        "ثلاثة ملايين ريال",
        "سنة 2024",
    ],
)
@pytest.mark.parametrize("order", ["as drawn", "as read"])
def test_scripts_from_right_to_left_come_in_reading_order(logical: str, order: str) -> None:
    turned = re.sub(r"[A-Za-z0-9](?:[A-Za-z0-9., ]*[A-Za-z0-9])?", lambda run: run[0][::-1], logical)[::-1]
    turned = turned.translate(str.maketrans("()", ")("))
    glyphs = [Glyph(letter, 5.0 * place) for place, letter in enumerate(turned)]
    assert text_of(glyphs if order == "as drawn" else glyphs[::-1]) == logical


def test_presentation_forms_are_letters() -> None:
    forms = "\ufeed\ufef4\ufee4\ufedf"
    assert text_of([Glyph(letter, 5.0 * place) for place, letter in enumerate(forms)]) == "لميو"


def no_letters(text: str) -> bytes:
    """Return a PDF whose font does not say which letters its glyphs are."""
    codes = "".join(f"{ord(letter):04x}" for letter in text)
    content = f"BT /F1 12 Tf 72 700 Td <{codes}> Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/DW 600>>",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(objects, 1))
    return body + b"trailer\n<</Size 7/Root 1 0 R>>\n%%EOF"


def test_glyphs_without_characters_are_no_text() -> None:
    with pytest.raises(ReadError, match="glyphs without characters"):
        list(read("a.pdf", no_letters("The weavers of Aldmoor")))

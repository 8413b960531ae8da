"""What each reader finds in a whole file of its format."""

import json
from datetime import date

import pytest

from index.reading.document import Document, ReadError, Skipped
from index.reading.registry import read
from tests.index.reading.formats import making
from tests.index.reading.formats.making import PARAGRAPHS, TITLE

DAY = date(2024, 5, 27)


def documents(name: str, data: bytes) -> list[Document]:
    return [found for found in read(name, data) if isinstance(found, Document)]


def one(name: str, data: bytes) -> Document:
    (found,) = documents(name, data)
    return found


@pytest.mark.parametrize("name", [name for name in making.WHOLE if name not in ("a.md", "a.tar.gz")])
def test_every_paragraph_is_there_in_order(name: str) -> None:
    text = documents(name, making.WHOLE[name]())[0].text
    places = [text.find(paragraph) for paragraph in PARAGRAPHS]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "published_from", "author"),
    [
        ("a.eml", "mail header", "Ina Voß"),
        ("a.odt", "document properties", None),
        ("a.rtf", "document properties", "Ina Voss"),
        ("a.epub", "document properties", "Ina Voss"),
        ("a.jsonl", "field of the list", "Ina Voss"),
        ("a.csv", "field of the list", "Ina Voss"),
        ("a.xml", "feed", None),
    ],
)
def test_metadata_says_where_the_date_is_from(name: str, published_from: str, author: str | None) -> None:
    found = documents(name, making.WHOLE[name]())[0]
    assert (found.published, found.published_from) == (DAY, published_from)
    assert found.title in (TITLE, "Old bridge")
    assert author is None or found.authors == (author,)


def test_a_page_saved_as_one_file_knows_its_address() -> None:
    found = one("a.mhtml", making.mhtml())
    assert (found.url, found.title, found.language) == ("https://news.example/bridge", TITLE, "en")


def test_lists_notes_and_tables_of_office_files_stay() -> None:
    for name in ("a.docx", "a.odt"):
        text = one(name, making.WHOLE[name]()).text
        assert "first item" in text
        assert "Year | Pounds" in text
    assert one("a.odt", making.odt()).text.endswith("End.\n\nA note.")


def test_a_word_document_reads_with_its_changes_accepted() -> None:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(making.docx())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    changed = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins></w:p>"
    )
    document = (
        bytes(parts["word/document.xml"]).decode() if isinstance(parts["word/document.xml"], bytes) else ""
    )
    parts["word/document.xml"] = document.replace("<w:body>", f"<w:body>{changed}", 1)
    assert one("a.docx", making.zipped(parts)).text.startswith("Kept inserted\n\n")


# PDF


def test_running_heads_and_page_numbers_are_seen_but_no_text() -> None:
    found = one("a.pdf", making.pdf(pages=5, head="The Quay Post, May 2024"))
    assert "Quay Post" not in found.text
    assert "- 3 -" not in found.text
    assert found.seen
    assert "Quay Post" in found.seen
    assert found.text.count(PARAGRAPHS[0]) == 5
    assert (found.title, found.authors) == (TITLE, ("Ina Voss",))


def test_columns_are_read_one_after_the_other() -> None:
    left = making.wrapped(" ".join(PARAGRAPHS[:2] * 3), 40)
    right = making.wrapped(" ".join(PARAGRAPHS[2:] * 3), 40)
    text = " ".join(one("a.pdf", making.two_columns(left, right)).text.split())
    assert " ".join(left) in text
    assert text.find("harbour board") < text.find("Moira Kell")


def test_hyphens_at_line_ends_go_and_real_ones_stay() -> None:
    from index.reading.formats.pdf import joined

    assert joined(("Die Brücke ist geöff-", "net, die Nord-", "Süd-Achse auch.")) == (
        "Die Brücke ist geöffnet, die Nord-Süd-Achse auch."
    )
    assert joined(("pages 3-", "4 and so on",)) == "pages 3- 4 and so on"  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html>no</html>", "not a PDF"),
        (making.pdf([]), "only images|without text"),
        (making.pdf(password="secret"), "encrypted"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        list(read("a.pdf", data))


def test_a_very_long_pdf_is_read_to_a_bound_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading.formats.pdf.MAX_PAGES", 3)
    document, cut = read("a.pdf", making.pdf(PARAGRAPHS[:1], pages=5))
    assert isinstance(document, Document)
    assert document.text.count(PARAGRAPHS[0]) == 3
    assert isinstance(cut, Skipped)
    assert "only the first 3 pages" in cut.reason


# Lists


def test_rows_keep_their_names_when_others_come_and_go() -> None:
    rows = [{"title": f"T{n}", "text": f"Text number {n} of the list."} for n in range(3)]
    rows[1]["url"] = "https://news.example/1"
    names = [found.name for found in documents("a.json", json.dumps(rows).encode())]
    assert names[1] == "https://news.example/1"
    assert [found.name for found in documents("a.json", json.dumps(rows[1:]).encode())] == names[1:]
    twice = [found.name for found in documents("a.json", json.dumps([rows[0], rows[0]]).encode())]
    assert twice == [names[0], f"{names[0]}-2"]


def test_a_broken_row_is_skipped_with_its_line_and_the_others_stay() -> None:
    data = b'{"id": 1, "text": "One."}\n{broken\n\n[1]\n{"id": 2, "text": "Two."}\n{"id": 3, "n": 1}'
    found = list(read("a.jsonl", data))
    assert [item.name for item in found] == ["1", "line 2", "line 4", "2", "line 6"]
    assert [type(item) for item in found] == [Document, Skipped, Skipped, Document, Skipped]


@pytest.mark.parametrize(
    "data",
    [
        b'{"title": "T", "text": "The body."}',
        b'{"articles": [{"headline": "T", "articleBody": "The body."}]}',
        b'{"meta": {"n": 1}, "x": [{"Title": "T", "Full-Text": "The body."}]}',
        b'[{"title": "T", "content": "<p>The body.</p><p></p>"}]',
        b'[{"title": "T", "description": "The body.", "text": ""}]',
    ],
)
def test_json_of_many_shapes(data: bytes) -> None:
    found = one("a.json", data)
    assert (found.text, found.title) == ("The body.", "T")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_with_any_delimiter(delimiter: str) -> None:
    data = (
        f'id{delimiter}text{delimiter}date\n1{delimiter}"One, two; three | four\nmore"{delimiter}2024-05-27\n'
    )
    found = one("a.csv", data.encode("utf-8-sig"))
    assert (found.name, found.text, found.published) == ("1", "One, two; three | four\nmore", DAY)


def test_xml_that_is_no_feed_is_refused() -> None:
    with pytest.raises(ReadError, match="not a feed"):
        list(read("a.xml", b"<?xml version='1.0'?><book><p>text</p></book>"))


# Archives


def test_members_are_named_by_their_place_and_others_say_why_not() -> None:
    data = making.zipped(
        {
            "in/b.html": making.html(),
            "c.jsonl": making.jsonl(),
            "x.png": b"x",
            "__MACOSX/d.txt": "x",
            "e.zip": b"x",
        }
    )
    found = {item.name: item for item in read("a.zip", data)}
    assert list(found) == ["in/b.html", "c.jsonl#n1", "c.jsonl#n2", "x.png", "e.zip"]
    reasons = {name: item.reason for name, item in found.items() if isinstance(item, Skipped)}
    assert reasons == {"x.png": "not a kind of file that is read", "e.zip": "an archive in an archive"}


@pytest.mark.parametrize("name", ["traversal.zip", "link.tar.gz", "zeros.zip", "nested.zip"])
def test_what_an_archive_must_not_do_is_skipped_with_a_reason(name: str) -> None:
    found = list(read(name, making.hostile()[name]))
    skipped = [item for item in found if isinstance(item, Skipped)]
    assert skipped
    assert all("evil" not in item.text for item in found if isinstance(item, Document))


def test_an_encrypted_member_is_skipped() -> None:
    data = bytearray(making.zipped({"a.txt": "text", "b.txt": "more text"}))
    # The flag in the local and in the central header of the first member.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = list(read("a.zip", bytes(data)))
    assert found[0] == Skipped("a.txt", "encrypted")
    assert isinstance(found[1], Document)

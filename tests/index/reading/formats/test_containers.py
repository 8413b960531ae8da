"""Files that hold many articles: mailboxes, web archives, spreadsheets."""

import gzip
from datetime import date, datetime

import pytest

from index.reading.document import Document, ReadError, Skipped
from index.reading.registry import read
from tests.index.reading.formats import making
from tests.index.reading.formats.making import PARAGRAPHS, html, listed_archive, web_archive, workbook, zipped

PROSE = "The harbour board opened the ferry line to the island again. " * 3
PAGE = {"Content-Type": "text/html; charset=utf-8"}


def all_of(path: str, data: bytes) -> list[Document]:
    return [found for found in read(path, data) if isinstance(found, Document)]


def mails(*texts: str) -> bytes:
    return "".join(
        f"From someone@quay.example Mon May 27 10:00:00 2024\n{text}\n\n" for text in texts
    ).encode()


def test_each_mail_of_a_mailbox_is_an_article_with_its_own_facts() -> None:
    data = mails(
        "Message-ID: <one@quay.example>\nSubject: The ferry\nDate: Mon, 27 May 2024 10:00:00 +0200\n\nIt sails.",
        "Message-ID: <two@quay.example>\nSubject: =?utf-8?q?Br=C3=BCcke?=\nFrom: Ada <a@b.example>\n\nSie steht.",
    )
    one, two = all_of("a.mbox", data)
    assert (one.name, one.title, one.published, one.text.strip()) == (
        "one@quay.example", "The ferry", date(2024, 5, 27), "It sails.",
    )  # fmt: skip
    assert (two.name, two.title, two.authors) == ("two@quay.example", "Brücke", ("Ada",))


def test_sentences_that_begin_like_an_envelope_stay_in_their_mail() -> None:
    data = mails(
        "Subject: A\n\nHere it is.\nFrom Monday it sails.\n\nFrom the pier: two boats.\n\n>From now on.\n>>From old.",
        "Subject: B\n\nTwo.",
    )
    one, two = all_of("a.mbox", data)
    for words in ("From Monday it sails.", "From the pier: two boats.", "\nFrom now on.", "\n>From old."):
        assert words in one.text
    assert two.text.strip() == "Two."


def test_mails_with_windows_line_ends_are_told_apart() -> None:
    data = mails("Subject: A\n\nOne.", "Subject: B\n\nTwo.").replace(b"\n", b"\r\n")
    assert [found.text.strip() for found in all_of("a.mbox", data)] == ["One.", "Two."]


def test_a_mail_keeps_its_name_when_others_come_and_go() -> None:
    second = "Subject: B\n\nTwo."
    assert (
        all_of("a.mbox", mails("Subject: A\n\nOne.", second))[1].name
        == all_of("a.mbox", mails(second))[0].name
    )
    same = mails("Message-ID: <x>\n\nOne.", "Message-ID: <x>\n\nTwo.")
    assert [found.name for found in all_of("a.mbox", same)] == ["x", "x-2"]


def test_a_deleted_mail_is_no_article() -> None:
    data = mails("X-Mozilla-Status: 0009\nSubject: A\n\nOne.", "X-Mozilla-Status: 0001\nSubject: B\n\nTwo.")
    assert [found.title for found in all_of("a.mbox", data)] == ["B"]


def test_a_mail_without_text_does_not_stop_the_others() -> None:
    found = list(read("a.mbox", mails("Message-ID: <empty>\nSubject: A\n\n", "Subject: B\n\nTwo.")))
    assert [type(item) for item in found] == [Skipped, Document]
    assert found[0].name == "empty"


def test_a_mailbox_without_an_ending_is_known_by_its_beginning() -> None:
    assert len(all_of("Inbox", mails("Subject: A\n\nOne.", "Subject: B\n\nTwo."))) == 2


def test_rows_of_a_sheet_are_articles() -> None:
    rows: list[list[object]] = [
        ["Export of May", None, None],
        [],
        ["Title", "Date", "Text"],
        ["Ferry", datetime(2024, 5, 27, 9, 30), PROSE],
        [],
        ["Bridge", date(2024, 5, 28), PROSE.replace("ferry", "bus")],
        [1984.0, "29 May 2024", PROSE.replace("ferry", "night")],
    ]
    found = all_of("a.xlsx", workbook({"Sheet": rows}))
    assert [(item.title, item.published) for item in found] == [
        ("Ferry", date(2024, 5, 27)), ("Bridge", date(2024, 5, 28)), ("1984", date(2024, 5, 29)),
    ]  # fmt: skip
    assert found[0].text.strip() == PROSE.strip()


def test_all_visible_sheets_are_read_each_with_its_own_columns() -> None:
    import io

    import openpyxl

    data = workbook(
        {
            "One": [["title", "text"], ["A", PROSE]],
            "Two": [["Text", "Titel"], [PROSE, "B"]],
            "Old": [["text"], [PROSE]],
        }
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["Old"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [item.title for item in all_of("a.xlsx", out.getvalue())] == ["A", "B"]


def test_a_row_that_is_no_article_is_told_by_its_place() -> None:
    data = workbook(
        {"One": [["title", "text"], ["A", PROSE], ["B", None]], "Two": [["title", "text"], ["C", PROSE]]}
    )
    found = list(read("a.xlsx", data))
    assert [item.name for item in found if isinstance(item, Skipped)] == ["One, row 3"]


def test_a_sheet_that_claims_to_be_huge_is_read_as_it_is() -> None:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(workbook({"One": [["title", "text"], ["A", PROSE]]}))) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes)
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert members["xl/worksheets/sheet1.xml"] != sheet
    assert [item.title for item in all_of("a.xlsx", zipped(members))] == ["A"]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_a_web_archive_are_articles_and_nothing_else_is(packed: bool) -> None:
    data = web_archive(
        [
            ("https://quay.example/one?id=1", "200 OK", PAGE, html()),
            ("https://quay.example/app.js", "200 OK", {"Content-Type": "text/javascript"}, b"let a = 1;"),
            ("https://quay.example/gone", "404 Not Found", PAGE, html()),
            ("https://quay.example/robots.txt", "200 OK", {"Content-Type": "text/plain"}, b"User-agent: *"),
            ("https://quay.example/report", "200 OK", {"Content-Type": "application/pdf"}, making.pdf()),
        ],
        packed=packed,
    )
    found = all_of("a.warc.gz" if packed else "a.warc", data)
    assert [(item.name, item.url) for item in found] == [
        ("https://quay.example/one?id=1", "https://quay.example/one?id=1"),
        ("https://quay.example/report", "https://quay.example/report"),
    ]
    assert PARAGRAPHS[0] in found[0].text


def test_what_the_server_packed_and_labelled_is_unpacked_and_decoded() -> None:
    page = html([f"Die Brücke über den Fluß öffnet. {PROSE}"]).decode("utf-8").replace("charset=utf-8", "")
    packed = {"Content-Type": "text/html; charset=iso-8859-1", "Content-Encoding": "gzip"}
    data = web_archive([("https://quay.example/a", "200 OK", packed, gzip.compress(page.encode("cp1252")))])
    (found,) = all_of("a.warc.gz", data)
    assert "Die Brücke über den Fluß öffnet." in found.text


def test_of_two_captures_of_a_page_the_later_is_read() -> None:
    captures = [
        ("https://quay.example/a", "200 OK", PAGE, html([PROSE + "In its first state."])),
        ("https://quay.example/a#top", "200 OK", PAGE, html([PROSE + "In its second state."])),
    ]
    (found,) = all_of("a.warc.gz", web_archive(captures))
    assert "second state" in found.text


def test_an_archive_that_is_cut_says_so_after_what_it_holds() -> None:
    captures = [
        (f"https://quay.example/{n}", "200 OK", PAGE, html([PROSE * 3, f"Number {n}."])) for n in range(6)
    ]
    data = web_archive(captures, packed=False)
    found: list[Document | Skipped] = []
    with pytest.raises(ReadError, match="cut short"):
        found.extend(read("a.warc", data[: len(data) * 3 // 5]))
    assert found


def test_of_an_archive_that_lists_its_pages_the_frames_are_left_out() -> None:
    captures = [
        ("http://quay.example/a", "301 Moved", {"Location": "https://quay.example/a"}, b""),
        ("https://quay.example/a", "200 OK", PAGE, html()),
        ("https://frame.example/b", "200 OK", PAGE, html([PROSE * 4])),
    ]
    for pages, names in (
        (("http://quay.example/a",), ["https://quay.example/a"]),
        ((), ["https://quay.example/a", "https://frame.example/b"]),
    ):
        assert [item.name for item in all_of("a.wacz", listed_archive(captures, pages))] == names


@pytest.mark.parametrize(
    "name",
    [
        "article.html?page=2", "article.html@page=2", "story.php?id=3&u=a.jpg", "story", "index.shtml", "a.aspx", "2024.05",
        "a.html?src=b.pdf",
    ],
)  # fmt: skip
def test_a_page_is_read_however_it_is_named(name: str) -> None:
    assert PARAGRAPHS[0] in all_of(name, html())[0].text


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf  <!-- saved -->\n<!DOCTYPE html>" + html(),
        b"<?xml version='1.0'?><!doctype html>" + html(),
        b"\xff\xfe" + html().decode().encode("utf-16-le"),
    ],
)
def test_a_page_may_begin_with_other_things(data: bytes) -> None:
    assert PARAGRAPHS[0] in all_of("story", data)[0].text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html.orig", html()), ("a.html~", html()), ("a.jpg", html()), ("a.css", html()), ("template.php", b"<?php if (1) { ?><html>"),
        ("notes", b"Just words about <html> in a file."), ("a.c", b"From here on\nint main() {}"), ("x", b"<!---->" * 1100),
    ],
)  # fmt: skip
def test_what_is_no_page_for_sure_is_left(name: str, data: bytes) -> None:
    with pytest.raises(ReadError, match="not a kind of file"):
        list(read(name, data))


def test_pages_in_an_archive_are_known_by_content_too() -> None:
    found = list(read("a.zip", zipped({"site/article.php?page=2": html(), "site/logo": b"\x89PNG"})))
    assert [(type(item), item.name) for item in found] == [
        (Document, "site/article.php?page=2"),
        (Skipped, "site/logo"),
    ]

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reading.document import Document, ReadError, Skipped
from index.reading.formats.markdown import markdown_text
from index.reading.formats.text import MAX_BYTES
from index.reading.registry import READERS, is_archive, suffix_of
from index.reading.registry import read as read_all

FRONT = "---\ntitle: A title\ndate: 2024-05-27\noutlet: Elbwarte\nlanguage: de-AT\nurl: https://example.org/a\n---\n"


def read(path: str, data: bytes) -> Document:
    (document,) = read_all(path, data)
    assert isinstance(document, Document)
    return document


def test_front_matter_gives_the_metadata() -> None:
    assert read("a.md", f"{FRONT}\nText.".encode()) == Document(
        text="Text.\n\n",
        title="A title",
        published=date(2024, 5, 27),
        published_from="front matter",
        source="Elbwarte",
        language="de",
        url="https://example.org/a",
    )


def test_front_matter_of_a_text_file_is_read_too() -> None:
    assert read("a.txt", f"{FRONT}Text.".encode()).title == "A title"


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("title: War: a report", "War: a report"),
        ('title: "War: a report"', "War: a report"),
        ("Title: 1984", "1984"),
        ("headline: Other name", "Other name"),
        ("title: [a, list]", None),
    ],
)
def test_titles_as_people_write_them(front: str, title: str | None) -> None:
    assert read("a.md", f"---\n{front}\n---\nOnly line.".encode()).title == title


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-27", date(2024, 5, 27)),
        ("2024-05-27T10:00:00+02:00", date(2024, 5, 27)),
        ("last week", None),
        ("2024-13-40", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_missing_never_guessed(value: str, expected: date | None) -> None:
    assert read("a.md", f"---\ntitle: T\ndate: {value}\n---\nText.".encode()).published == expected


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https:///x"]
)
def test_only_addresses_of_web_pages_are_kept(url: str) -> None:
    assert read("a.md", f"---\ntitle: T\nurl: '{url}'\n---\nText.".encode()).url is None


def test_two_rules_around_text_are_no_front_matter() -> None:
    assert "Not a mapping at all" in read("a.txt", b"---\nNot a mapping at all\n---\nText.").text


def test_a_headline_is_a_first_line_with_text_below() -> None:
    assert read("a.txt", b"Headline\n\nText below.").title == "Headline"
    assert read("a.txt", b"Only one line.").title is None
    assert read("a.txt", ("x" * 300 + "\n\nText").encode()).title is None


def test_a_headline_that_is_cut_says_so() -> None:
    long = "A very long headline " * 15
    title = read("a.md", f"---\ntitle: {long}\n---\nText.".encode()).title
    assert title
    assert len(title) <= 200
    assert title == f"{long[: len(title) - 1]}…"
    assert read("a.md", f"---\ntitle: {'x' * 200}\n---\nText.".encode()).title == "x" * 200


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe".encode("utf-8-sig"), "Größe"),
        ("Größe".encode("utf-16"), "Größe"),
        ("Der Preis beträgt 35 £ für die größere Menge.".encode("latin-1"), "beträgt 35 £ für die größere"),
        ("Министр обороны говорил по телефону в понедельник утром.".encode("cp1251"), "Министр обороны"),
        ("Türkiye'de bugün açıklanan şehir planı İzmir'i değiştirecek.".encode("cp1254"), "planı İzmir"),
        ("Zażółć gęślą jaźń, powiedział minister w poniedziałek w Łodzi.".encode("cp1250"), "w Łodzi"),
        ("naïve café – ".encode() * 400 + b"\xa3", "naïve café – "),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert text in read("a.txt", data).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\x00\x01binary", "zero bytes"),
        (b"x" * (MAX_BYTES + 1), "more than 20 MB of text"),
    ],
    ids=["nothing", "blanks", "binary", "huge"],
)
def test_what_is_no_article_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read("a.txt", data)


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    source = (
        "# Head *line*\n\nA **bold** [link](http://x.example) and `code`\nwrapped.\n\n- one\n- two\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nfenced\n```\n\n![picture](p.png)\n\n<b>tag</b>\n\nEnd."
    )
    lines = [line for line in markdown_text(source).splitlines() if line]
    assert lines[:4] == ["Head line", "A bold link and code wrapped.", "one", "two"]
    assert lines[-4:] == ["fenced", "picture", "tag", "End."]
    assert {"a | b", "1 | 2"} <= set(lines)


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=400))
def test_readers_raise_nothing_but_their_own_error(suffix: str, data: bytes) -> None:
    with suppress(ReadError):
        for found in read_all(f"a{suffix}", data):
            assert isinstance(found, Skipped) or found.text.strip()


@pytest.mark.parametrize(
    ("path", "suffix"),
    [
        ("a.txt", ".txt"),
        ("A.TXT", ".txt"),
        ("b/c.tar.gz", ".tar.gz"),
        ("c.v1.tar.gz", ".tar.gz"),
        ("d.gz", None),
        ("e", None),
        (".txt", None),
        ("f.html/g", None),
    ],
)
def test_endings(path: str, suffix: str | None) -> None:
    assert suffix_of(path) == suffix
    assert is_archive(path) == (suffix == ".tar.gz")


@given(st.text(st.characters(exclude_characters="\0"), max_size=300))
def test_any_front_matter_is_survived(front: str) -> None:
    document = read("a.md", f"---\n{front}\n---\n\nBody stays.".encode("utf-8", "replace"))
    assert "Body stays" in document.text

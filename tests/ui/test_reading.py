import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Encoder, Settings, Span, build
from index.store.beside import Beside, Neighbour
from index.text.clean import normalized as canonical
from qa import Engine
from tests.conftest import CORPUS
from ui.originals import disposition
from ui.reading import Mark, article_view, beside_view, direction_of, reader
from ui.wording import RECOGNISED

a_paragraph = st.text("ab <\n", max_size=6).filter(lambda text: "\n\n" not in text)
paragraphs = st.lists(a_paragraph, max_size=6).map("\n\n".join)
# What is set apart, and what looks like it.
signs = [
    "# ",
    "- ",
    "* ",
    "1. ",
    "|",
    " | ",
    "| --- | --- |",
    "===",
    "a",
    "B",
    ".",
    ":",
    "Opening hours",
    "\n",
    "\n\n",
]
texts = st.lists(st.sampled_from(signs), max_size=14).map(lambda parts: f"x{''.join(parts)}y").map(canonical)


@st.composite
def marked(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[str, list[Mark]]:
    text = draw(texts.filter(len))
    marks = []
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        first = draw(st.integers(start, end - 1))
        last = draw(st.none() | st.integers(first + 1, end))
        words = Span(first, last) if last else None
        marks.append(Mark(Span(start, end), words))
    return text, marks


def lines_of(view: dict[str, Any]) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """Yield the pieces of each line of a view, and what stands between it and the next."""
    for block in view["blocks"]:
        for line in block["lines"]:
            yield [piece for cell in line["cells"] for piece in cell], line["gap"]


@given(marked(paragraphs | texts))
def test_an_articles_view_is_its_text_with_exactly_the_quotes_marked(place: tuple[str, list[Mark]]) -> None:
    text, marks = place
    found = list(lines_of(article_view(Article("a1", "a.txt", text, "A"), marks)))
    assert "".join("".join(piece["text"] for piece in pieces) + gap for pieces, gap in found) == text
    assert {gap for _, gap in found} <= {"", "\n", "\n\n"}
    at = 0
    for pieces, gap in found:
        for piece in pieces:
            for position in range(at, at + len(piece["text"])):
                inside = [n for n, mark in enumerate(marks) if mark.span.start <= position < mark.span.end]
                words = [mark.words for mark in marks if mark.words]
                assert inside == piece["quotes"]
                assert any(span.start <= position < span.end for span in words) == piece["words"]
            at += len(piece["text"])
        at += len(gap)


def test_a_quote_inside_a_paragraph_is_one_piece_and_one_with_answering_words_three() -> None:
    article = Article("a1", "a.txt", "It is so. He paid 7 crowns.", "A")
    ((pieces, _),) = lines_of(article_view(article, [Mark(Span(10, 27))]))
    assert [piece["text"] for piece in pieces if piece["quotes"]] == ["He paid 7 crowns."]
    ((pieces, _),) = lines_of(article_view(article, [Mark(Span(10, 27), Span(18, 26))]))
    assert [(piece["text"], piece["words"]) for piece in pieces if piece["quotes"]] == [
        ("He paid ", False), ("7 crowns", True), (".", False)
    ]  # fmt: skip


def test_an_articles_view_says_what_is_known_of_it() -> None:
    article = Article(
        "a1", "in/a.txt", "One. Two.", "T", "https://a.example/", "O", date(2024, 5, 27), "ar",
        authors=("A. B.", "C."), recognised=True,
    )  # fmt: skip
    view = article_view(article, [Mark(Span(5, 9))])
    pieces = [
        {"text": "One. ", "quotes": [], "words": False, "sign": False},
        {"text": "Two.", "quotes": [0], "words": False, "sign": False},
    ]
    lines = [{"cells": [pieces], "gap": ""}]
    assert view == {
        "id": "a1", "title": "T", "about": ["O", "27 May 2024", "Arabic", RECOGNISED], "authors": "A. B., C.",
        "url": "https://a.example/", "lang": "ar", "direction": "rtl", "path": "in/a.txt",
        "original": "/original/a1",
        "blocks": [{"kind": "paragraph", "level": 0, "own": False, "lines": lines}],
    }  # fmt: skip
    bare = article_view(Article("a1", "a.txt", "One.", "T", url="javascript:alert(1)"), [])
    assert (bare["about"], bare["url"], bare["lang"], bare["direction"]) == ([], None, None, "auto")


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("he-IL", "rtl"),
        ("de", "ltr"),
        ("zz", "auto"),
        ("?", "auto"),
        (None, "auto"),
    ],
)
def test_an_article_is_laid_out_as_its_language_is_written(language: str | None, direction: str) -> None:
    assert direction_of(language) == direction


def neighbour(title: str, **known: Any) -> Neighbour:
    about = {"source": None, "published": None, "language": None, "story": 1, **known}
    return Neighbour(f"id {title}", f"{title}.txt", title, **about)


def test_what_is_beside_an_article_is_listed_by_what_it_is() -> None:
    day = (neighbour("C"), neighbour("D", source="Mail", published=date(2024, 5, 27)))
    view = beside_view(Beside((neighbour("A"),), (), day, 1002))
    groups = view["groups"]
    assert isinstance(groups, list)
    assert [(group["heading"], [entry["title"] for entry in group["entries"]]) for group in groups] == [
        ("The same story", ["A"]), ("From the same day", ["C", "D"])
    ]  # fmt: skip
    assert [group["more"] for group in groups] == [None, "and 1,000 more"]
    assert groups[1]["entries"][1]["about"] == ["Mail", "27 May 2024"]
    assert beside_view(Beside()) == {"groups": []}


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder, index = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("index")
    shutil.copy(CORPUS / "telefonat-austin-belousow.md", folder)
    build(folder, Settings(index=index), encoder=encoder)
    with Engine(settings=Settings(index=index), encoder=encoder) as opened:
        yield opened


def test_quotes_that_are_not_in_the_text_are_not_marked(engine: Engine) -> None:
    article, _ = reader(engine)
    cited = engine.query("Wann hat Austin zuletzt mit Schoigu gesprochen?").citations[0]
    length = len(engine.index.article(cited.article_id).text)  # type: ignore[union-attr]
    odd = [[0, 9, 2, 4], [3, 3], [5, 2], [0, length + 1], [0, 9, 8, 12], [1, 2, 3], [], ["a", 1], None, [7]]
    view = article([cited.article_id, cited.start, cited.end, odd])
    pieces = [piece for line, _ in lines_of(view) for piece in line]
    assert {number for piece in pieces for number in piece["quotes"]} == {0, 1, 2}
    assert "".join(piece["text"] for piece in pieces if 0 in piece["quotes"]) == cited.quote
    assert len("".join(piece["text"] for piece in pieces if piece["words"])) == 2
    whole = article([cited.article_id, 0, 0, []])
    assert not any(piece["quotes"] for line, _ in lines_of(whole) for piece in line)
    for place in (
        [cited.article_id, 3, 3, []],
        ["nothing", 0, 0, []],
        [cited.article_id],
        [7, 0, 1, []],
        None,
    ):
        assert "no longer in the index" in str(article(place)["error"])


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "Ä ü.md",
        'a"; filename="b.html',
        "a\r\nSet-Cookie: b",
        "\u202etxt.exe",
        "..",
        ".hidden",
        "a%22.md",
        "日本.txt",
    ],
)
def test_a_download_has_a_safe_name(name: str) -> None:
    header = disposition(name)
    header.encode("ascii")
    assert header.startswith('attachment; filename="')
    assert header.isprintable()
    plain, _, extended = header.removeprefix('attachment; filename="').partition("\"; filename*=UTF-8''")
    assert '"' not in plain
    for shown in (plain, unquote(extended)):
        assert shown
        assert not shown.startswith(".")
        assert "/" not in shown
        assert "\u202e" not in shown

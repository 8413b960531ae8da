"""The list of articles: searched, sorted and paged in the catalog, whatever is in it."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from index import Settings, build
from index.store.catalog import FILE_NAME
from index.store.labels import label, plain, word_count
from index.store.listing import ORDERS, PAGE, Listing, Order, Overview, Page, Skips, Wanted
from tests.fakes import HashEncoder

ROWS = [
    {
        "title": "Straßenbahn fährt wieder",
        "source": "Die Zeit",
        "date": "2024-05-02",
        "text": "Eins zwei drei.",
    },
    {"title": "Café opens at noon", "source": "Ædile Post", "date": "2023-01-31", "text": "One two " * 40},
    {"title": "100% of voters_said yes", "date": "2024-05-30", "text": "It was a long night in the hall."},
    {"title": "Zoo", "source": "Die Zeit", "text": "It has lions, bears and a café for tired visitors."},
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder, index = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("index") / "index"
    (folder / "list.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    (folder / "Übrig").mkdir()
    told = "The committee met on Tuesday and agreed to raise the fee for every berth in the harbour by four crowns."
    (folder / "Übrig/one.txt").write_text(f"A harbour raises fees\n\n{told}")
    (folder / "two.txt").write_text(f"A harbour raises fees\n\n{told}")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    build(folder, Settings(index=index), encoder=HashEncoder())
    return Settings(index=index)


def opened(settings: Settings) -> Listing:
    return Listing.open(settings.index / FILE_NAME)


def page(settings: Settings, wanted: Wanted) -> Page:
    with closing(opened(settings)) as listing:
        return listing.page(wanted)


def titles(settings: Settings, wanted: Wanted) -> list[str]:
    return [row.title for row in page(settings, wanted).rows]


def overview(settings: Settings) -> Overview:
    with closing(opened(settings)) as listing:
        return listing.overview()


def skips(settings: Settings) -> Skips:
    with closing(opened(settings)) as listing:
        return listing.skips()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("STRASSENBAHN", 1),
        ("cafe noon", 1),
        ("café", 1),
        ("die zeit", 2),
        ("zeit zoo", 1),
        ("aedile", 0),
        ("ædile", 1),
        ("%", 1),
        ("_", 1),
        ("100% voters_said", 1),
        ("übrig", 1),
        ("list.jsonl", 4),
        ("zoo\nlions", 0),
        ("'; DROP TABLE article; --", 0),
        ("\ud800", 0),
        ("\x00", 0),
        ("  ", 6),
        ("a " * 500, 6),
    ],
)
def test_what_is_typed_is_found_in_titles_outlets_and_paths(
    settings: Settings, text: str, found: int
) -> None:
    assert page(settings, Wanted(text)).found == found


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_shows_every_article_once(settings: Settings, order: Order, descending: bool) -> None:
    rows = page(settings, Wanted("", order, descending)).rows
    assert len({row.id for row in rows}) == len(rows) == 6
    known = [getattr(row, order) for row in rows if getattr(row, order) is not None]
    keys = [value.casefold() if isinstance(value, str) else value for value in known]
    assert keys == sorted(keys, reverse=descending)
    # What is not known is last both ways.
    assert [getattr(row, order) for row in rows][: len(known)] == known


def test_languages_are_sorted_as_the_reader_names_them(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    rows = [
        {"title": code, "language": code, "text": f"{code} is the code of a language."}
        for code in ("de", "el", "en", "ar")
    ]
    (folder / "codes.jsonl").write_text("\n".join(map(json.dumps, rows)))
    build(folder, settings, encoder=HashEncoder())
    named = ("ar", "en", "de")
    for descending, wanted in ((False, ["ar", "en", "de", "el"]), (True, ["el", "de", "en", "ar"])):
        assert titles(settings, Wanted("", "language", descending, 0, named)) == wanted


def test_a_row_says_what_is_known_of_its_article(settings: Settings) -> None:
    zoo, *_ = page(settings, Wanted("zoo")).rows
    assert (zoo.title, zoo.source, zoo.published, zoo.words, zoo.places) == ("Zoo", "Die Zeit", None, 10, 1)
    copies = page(settings, Wanted("harbour")).rows
    assert [row.places for row in copies] == [2, 2]
    assert {row.path for row in copies} == {"two.txt", "Übrig/one.txt"}


def test_pages_follow_one_another(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    rows = [
        {"title": f"Note {n}", "text": f"Number {n} of the notes, which says {n * 7}."} for n in range(120)
    ]
    (folder / "notes.jsonl").write_text("\n".join(map(json.dumps, rows)))
    build(folder, settings, encoder=HashEncoder())
    for order in ORDERS:
        found = [page(settings, Wanted("", order, True, number)).rows for number in range(3)]
        assert len({row.id for rows in found for row in rows}) == 120
        every = [getattr(row, order) for rows in found for row in rows if getattr(row, order) is not None]
        assert (
            every == sorted(every, key=lambda value: plain(str(value)) if order == "title" else value)[::-1]
        )
    pages = [page(settings, Wanted("", "path", False, number)) for number in range(3)]
    assert [len(found.rows) for found in pages] == [PAGE, PAGE, 20]
    assert len({row.id for found in pages for row in found.rows}) == 120
    assert {(found.found, found.pages) for found in pages} == {(120, 3)}
    assert page(settings, Wanted("", "path", False, 10**15)).page == 2
    assert page(settings, Wanted("no such note", "path", False, 9)) == Page((), 0, 0)


def test_the_overview_counts_months_outlets_and_languages(settings: Settings) -> None:
    found = overview(settings)
    assert found.months == ((202301, 1), (202405, 2), (None, 3))
    assert found.sources == ((None, 3), ("Die Zeit", 2), ("Ædile Post", 1))
    assert sum(number for _, number in found.languages) == 6


def test_what_was_skipped_is_kept_with_its_reason(settings: Settings) -> None:
    found = skips(settings)
    assert [path for path, _ in found.rows] == ["broken.pdf", "photo.jpg"]
    assert dict(found.rows)["photo.jpg"] == ".jpg: not a kind of file that is read"
    assert (found.found, sum(number for _, number in found.reasons)) == (2, 2)


def test_words_are_counted_in_every_script() -> None:
    assert word_count("It's a well-known fact: 3,5 percent.") == 7
    assert word_count("東京で会った") == 6
    assert word_count("Ветер дует с моря") == 4
    assert word_count("") == 0


def test_a_label_has_one_line_for_each_part() -> None:
    assert label("A\nB", None, "x/Y.txt") == "a b\n\nx/y.txt"

"""What else there is of an article's story and day, in an index of any size."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from index import Encoder, Settings, build, open_index
from index.errors import OriginalChangedError, OriginalGoneError
from index.store.beside import BesideLimits, beside
from index.store.catalog import FILE_NAME, Catalog
from tests.conftest import CORPUS
from tests.fakes import HashEncoder

FLOOD = (
    "The river Orm rose over its banks on Monday and flooded the old town of Tarlow, where {n} houses stand."
)


def written(folder: Path, name: str, text: str, outlet: str, day: str) -> None:
    (folder / name).write_text(f"---\ntitle: {name}\noutlet: {outlet}\ndate: {day}\n---\n\n{text}\n", "utf-8")


@pytest.fixture(scope="module")
def settings(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder, index = tmp_path_factory.mktemp("orm"), tmp_path_factory.mktemp("index")
    flood = FLOOD.format(n=40)
    written(folder, "flood.md", flood, "Mail", "2024-03-04")
    written(folder, "copy.md", flood, "Post", "2024-03-05")
    other = "In Tarlow the Orm left its bed on Monday; the old town with its forty houses lay under water."
    written(folder, "later.md", other, "Sun", "2024-03-06")
    written(folder, "years before.md", f"{other} Again.", "Sun", "2021-03-06")
    written(folder, "chess.md", "A girl of nine won the chess championship of Elmry.", "Mail", "2024-03-04")
    settings = Settings(index=index)
    build(folder, settings, encoder=encoder)
    return settings


def test_places_the_same_matter_and_the_same_day_are_told_apart(settings: Settings) -> None:
    with open_index(settings=settings) as index:
        ids = dict(index._catalog.select("SELECT path, id FROM article"))
        found = index.beside(ids["flood.md"])
        assert found
        assert [other.path for other in found.places] == ["copy.md"]
        assert [other.path for other in found.alike] == ["later.md"]
        assert [other.path for other in found.day] == ["chess.md"]
        assert found.on_day == 1
        again = index.beside(ids["copy.md"])
        assert again
        assert [other.path for other in again.places] == ["flood.md"]
        assert index.beside("nothing") is None


def test_an_article_is_found_by_words_in_a_row_however_many_have_them_apart(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    for number in range(60):
        written(
            folder,
            f"{number}.md",
            f"The other was it, or what? {number}. War es, wo? ある水は",
            "Mail",
            "2024",
        )
    long = "Nothing of this is short. " * 20
    written(
        folder, "right.md", f"{long} What it was the other knew; wo es war. 水はある {long}", "Mail", "2024"
    )
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        for words in ("what it was", "was  THE\nother", "wo es war", "水はある"):
            found = index.saying(words)
            assert found
            assert found[0].path == "right.md"
            assert found[1].of(found[0].text).casefold() == " ".join(words.casefold().split())


def many(path: Path, articles: int) -> None:
    """Write a catalog of so many articles, a hundred on each day but a thousand and more on one."""
    first = date(2001, 1, 1)
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM article")
        db.execute("DELETE FROM passage")
        vectors = np.random.default_rng(7).normal(size=(64, 384)).astype("<f2")
        days = [first + timedelta(days=0 if n < 2000 else n // 100) for n in range(articles)]
        rows = [
            (n + 1, n + 1, f"{n:016x}", f"{n}.txt", f"T{n}", "x" * 400, int(day.strftime("%Y%m%d")))
            for n, day in enumerate(days)
        ]
        db.executemany(
            "INSERT INTO article (key, generation, pending, file, story, id, path, digest, title, text, sentences,"
            " published, language, authors, tags) VALUES (?, (SELECT value FROM state WHERE key = 'generation'),"
            " 0, 1, ?, ?, ?, x'00', ?, ?, x'00', ?, 'en', '[]', '[]')",
            rows,
        )
        db.executemany(
            'INSERT INTO passage (number, generation, article, start, "end", sentences, digest, vector, checksum)'
            " VALUES (?, (SELECT value FROM state WHERE key = 'generation'), ?, 0, 9, x'00', x'00', ?, x'00')",
            [(n + 1, n + 1, vectors[n % 64].tobytes()) for n in range(articles)],
        )


def test_a_hundred_thousand_articles_take_no_longer_than_a_few(settings: Settings, tmp_path: Path) -> None:
    shutil.copy(settings.index / FILE_NAME, tmp_path / FILE_NAME)
    many(tmp_path / FILE_NAME, 100_000)
    catalog = Catalog.open(tmp_path / FILE_NAME)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    try:
        catalog._db.set_progress_handler(count, 1000)
        limits = BesideLimits()
        for number in (7, 50_000):
            found = beside(catalog, f"{number:016x}", lambda vector, count: [], limits)
            assert found
            assert len(found.day) == limits.named
            assert found.on_day == (limits.counted if number == 7 else 99)
        # Thousands of SQLite's instructions; to go through the articles would take half a million and more.
        assert 0 < steps < 150
    finally:
        catalog.close()


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda file: file.write_bytes(file.read_bytes() + b" "), OriginalChangedError),
        (lambda file: file.unlink(), OriginalGoneError),
        (lambda file: (file.unlink(), file.symlink_to("/etc/hostname")), OriginalGoneError),
        (lambda file: (file.unlink(), file.mkdir()), OriginalGoneError),
        (lambda file: shutil.rmtree(file.parent), OriginalGoneError),
        (
            lambda file: (file.parent.rename(file.parent.with_name("b")), file.parent.symlink_to("b")),
            OriginalGoneError,
        ),
    ],
    ids=["changed", "deleted", "a link", "a folder", "no folder", "a folder that is a link"],
)
def test_only_the_file_that_was_read_is_given_away(
    encoder: Encoder, tmp_path: Path, change: Change, error: type[Exception]
) -> None:
    (tmp_path / "a" / "in").mkdir(parents=True)
    shutil.copy(CORPUS / "derwent-marathon-record.md", tmp_path / "a" / "in")
    settings = Settings(index=tmp_path / "index")
    build(tmp_path / "a", settings, encoder=encoder)
    file = tmp_path / "a" / "in" / "derwent-marathon-record.md"
    with open_index(settings=settings) as index:
        (row,) = index._catalog.select("SELECT id FROM article")
        found = index.original(row[0])
        assert found
        assert (found.name, found.size) == (file.name, file.stat().st_size)
        assert b"".join(found.chunks()) == file.read_bytes()
        change(file)
        with pytest.raises(error, match=r"derwent-marathon-record\.md"):
            index.original(row[0])

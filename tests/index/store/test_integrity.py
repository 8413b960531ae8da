"""A changed bit is never quoted: it is noticed, said, and read again from its file."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index import Index, Settings, build, open_index
from index.errors import ArticleQAError, IndexDamagedError, IndexMismatchError, StorageError
from index.store.beside import newest
from index.store.catalog import FILE_NAME, Catalog
from index.store.filters import Filters
from index.store.integrity import check
from index.store.labels import label, word_count
from index.store.schema import FORMAT
from tests.fakes import HashEncoder

TEXT = "Austin und Schoigu sprachen zuletzt im Mai 2023 miteinander. Das Gespräch dauerte eine Stunde."
OTHER = "The harbour bridge reopened on Monday. It had been shut for a year while its cables were renewed."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    (path / "call.md").write_text(f"---\ntitle: Ein Anruf\ndate: 2024-05-27\nlanguage: de\n---\n\n{TEXT}\n")
    (path / "bridge.txt").write_text(OTHER)
    return path


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> Settings:
    made = Settings(index=tmp_path / "index")
    build(folder, made, encoder=HashEncoder())
    return made


def change(settings: Settings, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(settings.index / FILE_NAME)) as connection:
        connection.execute(statement, values)
        connection.commit()


def flip_bit(settings: Settings) -> None:
    """Change 2023 to 2022 in the file itself, as a failing disk does."""
    path = settings.index / FILE_NAME
    data = bytearray(path.read_bytes())
    places = [at for at in range(len(data)) if data[at : at + 8] == b"Mai 2023"]
    assert places
    for at in places:
        data[at + 7] ^= 1
    path.write_bytes(data)


def quoted(index: Index, question: str = TEXT) -> list[str]:
    hits = index.search(question, HashEncoder().encode([question], question=True)[0])
    return [hit.passage.text for hit in hits]


def changed(statement: str, *values: Any) -> Callable[[Settings], None]:
    return lambda settings: change(settings, statement, *values)


CALL = "(SELECT key FROM article WHERE path = 'call.md')"
DAMAGES = {
    "a bit of the file": flip_bit,
    "text": changed("UPDATE article SET text = replace(text, '2023', '2022')"),
    "title": changed("UPDATE article SET title = 'Kein Anruf' WHERE path = 'call.md'"),
    "day": changed("UPDATE article SET published = 20220527 WHERE path = 'call.md'"),
    "no day": changed("UPDATE article SET published = 20241399 WHERE path = 'call.md'"),
    "address": changed("UPDATE article SET url = 'https://evil.example/' WHERE path = 'call.md'"),
    "authors": changed("UPDATE article SET authors = '[\"x' WHERE path = 'call.md'"),
    "digest": changed("UPDATE article SET digest = x'00' WHERE path = 'call.md'"),
    "offsets": changed(f"UPDATE passage SET start = start + 1 WHERE article = {CALL}"),
    "end": changed(f'UPDATE passage SET "end" = "end" - 1 WHERE article = {CALL}'),
    "sentences": changed(f"UPDATE passage SET sentences = x'0000ffff' WHERE article = {CALL}"),
    "sentences of the article": changed("UPDATE article SET sentences = x'78' WHERE path = 'call.md'"),
    "odd sentences": changed(f"UPDATE passage SET sentences = x'00' WHERE article = {CALL}"),
    "vector": changed(f"UPDATE passage SET vector = zeroblob(128) WHERE article = {CALL}"),
    "checksum": changed(f"UPDATE passage SET checksum = x'' WHERE article = {CALL}"),
    "no UTF-8": changed("UPDATE article SET text = CAST(x'c3' || text AS TEXT) WHERE path = 'call.md'"),
    "file": changed("UPDATE article SET file = 77 WHERE path = 'call.md'"),
    "story": changed("UPDATE article SET story = 77 WHERE path = 'call.md'"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_was_changed_is_not_quoted_is_said_and_is_mended(
    folder: Path, settings: Settings, name: str
) -> None:
    with open_index(settings=settings) as index:
        assert TEXT in quoted(index)
        before = index.article(index.search(TEXT, HashEncoder().encode([TEXT])[0])[0].article.id)
    DAMAGES[name](settings)
    with open_index(settings=settings) as index:
        shown = quoted(index)
        assert all(text in (TEXT, OTHER) for text in shown)
        if name not in ("file", "story", "sentences of the article"):
            assert shown == [OTHER]
            assert index.withheld() == ["call.md"]
        assert index.status().health != "ok"
    assert check(settings).problems
    summary = build(folder, settings, encoder=HashEncoder())
    assert summary.removed == 0
    assert check(settings).problems == ()
    with open_index(settings=settings) as index:
        assert index.status().health == "ok"
        assert TEXT in quoted(index)
        found = index.search(TEXT, HashEncoder().encode([TEXT])[0])[0]
        assert found.article.published == date(2024, 5, 27)
        assert index.article(found.article.id) == before
        assert index.withheld() == []
    assert build(folder, settings, encoder=HashEncoder()).mended == 0


def test_a_damaged_article_is_not_opened_either(settings: Settings) -> None:
    with open_index(settings=settings) as index:
        identity = index.search(TEXT, HashEncoder().encode([TEXT])[0])[0].article.id
        flip_bit(settings)
    with (
        open_index(settings=settings) as index,
        pytest.raises(IndexDamagedError, match="run article-qa index"),
    ):
        index.article(identity)


def test_damaged_full_text_is_made_anew(folder: Path, settings: Settings) -> None:
    change(settings, "UPDATE words_data SET block = substr(block, 1, length(block) / 2) WHERE id > 10")
    with open_index(settings=settings) as index:
        assert "full text" in index.status().health
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        assert index.status().health == "ok"
        hits = index.search("Schoigu", HashEncoder().encode(["Schoigu"])[0])
        assert [hit.article.path for hit in hits if hit.lexical] == ["call.md"]


def test_a_catalog_that_is_no_database_any_more_is_made_anew_by_a_rebuild(
    folder: Path, settings: Settings
) -> None:
    path = settings.index / FILE_NAME
    path.write_bytes(b"\x00" * 5000)
    with pytest.raises(IndexDamagedError):
        open_index(settings=settings)
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        build(folder, settings, encoder=HashEncoder())
    assert build(folder, settings, rebuild=True, encoder=HashEncoder()).added == 2
    assert check(settings).problems == ()
    assert path.with_name(f"{FILE_NAME}.damaged").exists()


def test_a_torn_page_is_found_before_a_build_writes(folder: Path, settings: Settings) -> None:
    path = settings.index / FILE_NAME
    data = bytearray(path.read_bytes())
    data[3 * 16_384 : 3 * 16_384 + 400] = b"\xff" * 400
    path.write_bytes(data)
    with open_index(settings=settings) as index:
        assert index.status().health != "ok"
    assert check(settings).problems
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        build(folder, settings, encoder=HashEncoder())
    build(folder, settings, rebuild=True, encoder=HashEncoder())
    assert check(settings).problems == ()


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_bit_of_an_index_or_of_what_it_indexes_is_noticed_and_mended(
    folder: Path, settings: Settings, which: int, rebuild: bool
) -> None:
    path = settings.index / FILE_NAME
    with closing(sqlite3.connect(path)) as db:
        (identity,) = db.execute("SELECT id FROM article WHERE path = 'call.md'").fetchone()
        (digest,) = db.execute(f"SELECT digest FROM passage WHERE article = {CALL}").fetchone()
    data = path.read_bytes()
    places = [
        m.start() for sought in (identity.encode(), digest) for m in re.finditer(re.escape(sought), data)
    ]
    # Each is in its row, and in an index of its table.
    assert len(places) == 4
    at = places[which]
    path.write_bytes(data[: at + 3] + bytes([data[at + 3] ^ 1]) + data[at + 4 :])
    assert "damaged" in str(check(settings).problems)
    with open_index(settings=settings) as index:
        assert "damaged" in index.status().health
    build(folder, settings, rebuild=rebuild, encoder=HashEncoder())
    assert check(settings).problems == ()
    with open_index(settings=settings) as index:
        assert TEXT in quoted(index)


BRIDGE = "(SELECT key FROM article WHERE path = 'bridge.txt')"
RELATIONS = {
    "pending": "UPDATE article SET pending = 1 WHERE path = 'call.md'",
    "generation of an article": "UPDATE article SET generation = 3 WHERE path = 'call.md'",
    "next generation": "UPDATE article SET generation = 2 WHERE path = 'call.md'",
    "generation of passages": "UPDATE passage SET generation = 3",
    "next generation of passages": "UPDATE passage SET generation = 2",
    "generation of a file": "UPDATE file SET generation = 3 WHERE path = 'call.md'",
    "path of a file": "UPDATE file SET path = 'other.md' WHERE path = 'call.md'",
    "another's file": "UPDATE article SET file = (SELECT file FROM article WHERE path = 'bridge.txt')",
    "another's story": f"UPDATE article SET story = {BRIDGE} WHERE path = 'call.md'",
    "numbers": "UPDATE passage SET number = number + 64",
    "no article": "DELETE FROM article WHERE path = 'call.md'",
    "no passages": f"DELETE FROM passage WHERE article = {CALL}",
    "no file": "DELETE FROM file WHERE path = 'call.md'",
    "segment of passages": "UPDATE passage SET segment = 9",
    "generation of a segment": "UPDATE segment SET generation = 2",
    "no segment": "DELETE FROM segment",
    "current generation": "UPDATE state SET value = '3' WHERE key = 'generation'",
    "pipeline": "UPDATE state SET value = 'read-3' WHERE key = 'pipeline'",
    "identity": "UPDATE state SET value = 'x' WHERE key = 'identity'",
    "folder": "UPDATE state SET value = '/nowhere' WHERE key = 'folder'",
    "seal": "UPDATE state SET value = 'x' WHERE key = 'seal'",
    "no seal": "DELETE FROM state WHERE key = 'seal'",
}


@pytest.mark.parametrize("name", RELATIONS)
def test_rows_that_do_not_belong_together_any_more_are_noticed_and_nothing_is_encoded_again(
    folder: Path, settings: Settings, name: str
) -> None:
    with open_index(settings=settings) as index:
        before = set(quoted(index))
    change(settings, RELATIONS[name])
    assert check(settings).problems
    with open_index(settings=settings) as index:
        assert index.status().health != "ok"
    encoder = HashEncoder()
    build(folder, settings, encoder=encoder)
    # Vectors that are not there any more have to be made again.
    assert len(encoder.encoded) == (name == "no passages")
    assert check(settings).problems == ()
    with open_index(settings=settings) as index:
        assert index.status().health == "ok"
        assert set(quoted(index)) == before
    data = (settings.index / FILE_NAME).read_bytes()
    assert build(folder, settings, encoder=encoder).unchanged == 2
    assert (settings.index / FILE_NAME).read_bytes() == data


def test_a_mending_that_was_stopped_is_gone_on_with(folder: Path, settings: Settings) -> None:
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"Report {number} of the harbour. {OTHER[: 20 + number]}")
    build(folder, settings, encoder=HashEncoder())
    change(settings, "DELETE FROM passage WHERE number > 2")
    with pytest.raises(KeyboardInterrupt):
        build(folder, settings, encoder=HashEncoder(fail_after=3))
    assert check(settings).problems
    build(folder, settings, encoder=HashEncoder())
    assert check(settings).problems == ()
    with open_index(settings=settings) as index:
        assert index.counts().passages == 8


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_a_stopped_build_has_left_is_no_damage(folder: Path, settings: Settings, rebuild: bool) -> None:
    news = folder / "news.csv"
    for rows in (3, 1, 2):
        texts = [
            f"Story {row} of {rows}: the mayor of town {row} spoke for {row} hours." for row in range(rows)
        ]
        news.write_text("title,text\n" + "".join(f"Title {i},{text}\n" for i, text in enumerate(texts)))
        with pytest.raises(KeyboardInterrupt):
            build(folder, settings, rebuild=rebuild, encoder=HashEncoder(fail_after=0))
        assert check(settings).problems == ()
    summary = build(folder, settings, encoder=HashEncoder())
    assert (summary.mended, summary.articles) == (0, 4)
    assert check(settings).problems == ()


FACTS = ("format", "generation", "encoder", "pipeline", "build", "identity")


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM state WHERE key = ?",
        "UPDATE state SET value = 'x' WHERE key = ?",
        "UPDATE state SET value = '-1' WHERE key = ?",
        "UPDATE state SET value = x'ff00' WHERE key = ?",
    ],
)
def test_a_damaged_fact_is_one_line_and_is_mended_by_a_rebuild(
    folder: Path, settings: Settings, fact: str, statement: str
) -> None:
    change(settings, statement, fact)
    said = ""
    try:
        said = "".join(check(settings).problems)
        with open_index(settings=settings) as index:
            assert index.status().health != "ok"
            quoted(index)
    except ArticleQAError as error:
        said += str(error)
    assert "article-qa index" in said
    with suppress(ArticleQAError):
        build(folder, settings, encoder=HashEncoder())
    build(folder, settings, rebuild=True, encoder=HashEncoder())
    assert check(settings).problems == ()
    with open_index(settings=settings) as index:
        assert TEXT in quoted(index)


def test_a_place_that_is_damaged_is_not_quoted(folder: Path, settings: Settings) -> None:
    for name in ("copy", "second"):
        (folder / f"{name}.txt").write_text(OTHER)
    build(folder, settings, encoder=HashEncoder())
    change(settings, "UPDATE article SET title = 'Kein Titel' WHERE path = 'copy.txt'")
    with open_index(settings=settings) as index:
        hits = index.search(OTHER, HashEncoder().encode([OTHER])[0])
        assert [place.path for place in hits[0].article.also] == ["second.txt"]
        assert index.withheld() == ["copy.txt"]


def test_a_catalog_written_over_in_place_is_opened_anew(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    other = Settings(index=tmp_path / "other")
    for number in range(40):
        (folder / f"more{number}.txt").write_text(f"Number {number}. {OTHER} {number}")
    build(folder, other, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        quoted(index)
        content = (other.index / FILE_NAME).read_bytes()
        with (settings.index / FILE_NAME).open("r+b") as file:
            file.write(b"\xff" * len(content))
        for _ in range(2):
            with pytest.raises(ArticleQAError):
                quoted(index)
        with (settings.index / FILE_NAME).open("r+b") as file:
            file.write(content)
        assert index.counts().articles == 42
        assert TEXT in quoted(index)


def test_what_sqlite_says_of_a_mistake_of_ours_is_no_damage(settings: Settings) -> None:
    with closing(Catalog.open(settings.index / FILE_NAME)) as catalog:
        change(settings, "ALTER TABLE article RENAME COLUMN title TO heading")
        with pytest.raises(StorageError) as caught:
            newest(catalog, 3, Filters())
    assert "SQLite reports" in str(caught.value)
    assert "no such column: article.title" in str(caught.value)


def test_tables_that_are_not_as_they_were_made_are_damage(folder: Path, settings: Settings) -> None:
    change(settings, "ALTER TABLE band RENAME COLUMN band TO hand")
    assert "--rebuild" in check(settings).problems[0]
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        build(folder, settings, encoder=HashEncoder())
    build(folder, settings, rebuild=True, encoder=HashEncoder())
    build(folder, settings, rebuild=True, encoder=HashEncoder())
    assert check(settings).problems == ()


def test_a_rebuild_never_writes_over_a_catalog_that_was_set_aside(folder: Path, settings: Settings) -> None:
    path = settings.index / FILE_NAME
    for number in range(3):
        path.write_bytes(bytes([number]) * 5000)
        build(folder, settings, rebuild=True, encoder=HashEncoder())
    kept = sorted(found.name for found in settings.index.glob(f"{FILE_NAME}.damaged*"))
    assert kept == [f"{FILE_NAME}.damaged", f"{FILE_NAME}.damaged1", f"{FILE_NAME}.damaged2"]
    assert {path.with_name(name).read_bytes()[0] for name in kept} == {0, 1, 2}


def as_format_4(settings: Settings) -> None:
    """Turn an index into what format 4 held."""
    with closing(sqlite3.connect(settings.index / FILE_NAME)) as db:
        db.execute("DROP INDEX article_list")
        db.execute("ALTER TABLE article DROP COLUMN word_count")
        db.execute("ALTER TABLE article DROP COLUMN label")
        db.execute("ALTER TABLE file DROP COLUMN kept")
        db.execute("ALTER TABLE article DROP COLUMN recognised")
        db.execute("UPDATE state SET value = '4' WHERE key = 'format'")
        db.commit()


def test_an_index_of_an_earlier_format_is_migrated_and_nothing_is_encoded(
    folder: Path, settings: Settings
) -> None:
    as_format_4(settings)
    with pytest.raises(
        IndexMismatchError, match=f"format 4, this version reads {FORMAT}: bring it up to date"
    ):
        open_index(settings=settings)
    encoder = HashEncoder()
    assert build(folder, settings, encoder=encoder).unchanged == 2
    assert encoder.encoded == []
    assert check(settings).problems == ()
    with closing(sqlite3.connect(settings.index / FILE_NAME)) as db:
        found = db.execute("SELECT title, source, path, text, label, word_count FROM article").fetchall()
    assert len(found) == 2
    assert all(row[4:] == (label(*row[:3]), word_count(row[3])) for row in found)
    (folder / "copy.txt").write_text(OTHER)
    (folder / "call.md").rename(folder / "renamed.md")
    summary = build(folder, settings, encoder=encoder)
    assert (summary.articles, summary.stories) == (3, 2)
    assert encoder.encoded == []


@pytest.mark.parametrize(
    ("found", "said"),
    [(1, "--rebuild, which reuses its vectors"), (99, "update article-qa, or rebuild it")],
)
def test_an_index_of_any_other_format_is_rebuilt_from_its_vectors(
    folder: Path, settings: Settings, found: int, said: str
) -> None:
    as_format_4(settings)
    change(settings, f"UPDATE state SET value = '{found}' WHERE key = 'format'")
    for attempt in (lambda: open_index(settings=settings), lambda: build(folder, settings)):
        with pytest.raises(IndexMismatchError, match=said):
            attempt()
    encoder = HashEncoder()
    assert build(folder, settings, rebuild=True, encoder=encoder).articles == 2
    assert encoder.encoded == []
    assert check(settings).problems == ()


def test_a_damaged_catalog_gives_only_what_was_written(folder: Path, settings: Settings) -> None:
    change(settings, "UPDATE passage SET vector = zeroblob(128) WHERE number = 1")
    change(settings, "DROP TABLE alike")
    encoder = HashEncoder()
    assert build(folder, settings, rebuild=True, encoder=encoder).articles == 2
    assert len(encoder.encoded) == 1


def test_vectors_of_another_encoder_are_not_taken_over(folder: Path, settings: Settings) -> None:
    change(settings, "UPDATE state SET value = 'another' WHERE key = 'encoder'")
    change(settings, "UPDATE state SET value = '99' WHERE key = 'format'")
    encoder = HashEncoder()
    summary = build(folder, settings, rebuild=True, encoder=encoder)
    assert summary.encoded == summary.passages == len(encoder.encoded)

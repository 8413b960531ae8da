"""A changed bit is never quoted: it is noticed, said, and read again from its file."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index import Index, Settings, build, open_index
from index.catalog import FILE_NAME
from index.duplicates import signature
from index.errors import IndexDamagedError, IndexMismatchError
from index.integrity import check
from index.schema import FORMAT
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
        assert index.status()["health"] != "ok"
    assert check(settings).problems
    summary = build(folder, settings, encoder=HashEncoder())
    assert summary.removed == 0
    assert check(settings).problems == ()
    with open_index(settings=settings) as index:
        assert index.status()["health"] == "ok"
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
        assert "full text" in str(index.status()["health"])
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        assert index.status()["health"] == "ok"
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
        assert index.status()["health"] != "ok"
    assert check(settings).problems
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        build(folder, settings, encoder=HashEncoder())
    build(folder, settings, rebuild=True, encoder=HashEncoder())
    assert check(settings).problems == ()


def as_format_3(settings: Settings) -> None:
    """Turn an index into what the format before held."""
    with closing(sqlite3.connect(settings.index / FILE_NAME)) as db:
        db.execute("ALTER TABLE article ADD COLUMN signature BLOB NOT NULL DEFAULT x''")
        db.execute("CREATE INDEX band_by_article ON band (article)")
        for key, text in db.execute("SELECT key, text FROM article").fetchall():
            db.execute(
                "UPDATE article SET signature = ?, digest = x'11' WHERE key = ?", (signature(text), key)
            )
        for number, start, blob in db.execute("SELECT number, start, sentences FROM passage").fetchall():
            offsets = [start + value for value in memoryview(blob).cast("H")]
            wide = b"".join(offset.to_bytes(4, "little") for offset in offsets)
            db.execute("UPDATE passage SET sentences = ?, digest = x'22' WHERE number = ?", (wide, number))
        db.execute("ALTER TABLE passage DROP COLUMN checksum")
        db.execute("ALTER TABLE article DROP COLUMN sentences")
        db.execute("UPDATE state SET value = '3' WHERE key = 'format'")
        db.execute("DELETE FROM state WHERE key IN ('identity', 'centring')")
        db.commit()


def test_an_index_of_the_format_before_is_migrated_and_nothing_is_encoded(
    folder: Path, settings: Settings
) -> None:
    as_format_3(settings)
    with pytest.raises(
        IndexMismatchError, match=f"format 3, this version reads {FORMAT}: bring it up to date"
    ):
        open_index(settings=settings)
    encoder = HashEncoder()
    assert build(folder, settings, encoder=encoder).unchanged == 2
    assert encoder.encoded == []
    assert check(settings).problems == ()
    # Copies are found by the migrated bands, and vectors by the migrated digests.
    (folder / "copy.txt").write_text(OTHER)
    (folder / "call.md").rename(folder / "renamed.md")
    summary = build(folder, settings, encoder=encoder)
    assert (summary.articles, summary.stories) == (3, 2)
    assert encoder.encoded == []

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import regex
from filelock import FileLock

from index import Filters, Index, Progress, Settings, build, open_index
from index import build as package_build
from index.errors import (
    IndexBusyError,
    IndexMismatchError,
    IndexMissingError,
    QuestionError,
    SourceError,
    StorageError,
)
from index.store.catalog import Catalog
from index.store.integrity import check
from index.text import words
from tests.fakes import HashEncoder

builder = sys.modules[package_build.__module__]
encoding = sys.modules["index.building.embed"]

TOPICS = ["harbour bridge", "coffee harvest", "night train", "salt battery", "river trout", "city library"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    for number, topic in enumerate(TOPICS):
        (path / f"{number}.txt").write_text(article(topic, number))
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


def article(topic: str, number: int) -> str:
    body = " ".join(f"The {topic} was discussed on day {day} of week {number}." for day in range(40))
    front = f"title: About the {topic}\ndate: 2024-0{number + 1}-10\noutlet: Outlet {number % 2}"
    return f"---\n{front}\nlanguage: en\n---\n{body}"


def found(index: Index, question: str, filters: Filters | None = None) -> list[str]:
    vector = HashEncoder().encode([question], question=True)[0]
    return [hit.article.path for hit in index.search(question, vector, filters=filters, count=5)]


def contents(settings: Settings) -> dict[str, list[tuple[int, int, str]]]:
    """Return every passage of the index, found by reading its catalog article by article."""
    catalog = Catalog.open(settings.index / "catalog.sqlite")
    stored = catalog.passages(catalog.all_numbers(catalog.generation())).values()
    result: dict[str, list[tuple[int, int, str]]] = {}
    for row in stored:
        span = row.passage.span
        result.setdefault(row.article.path, []).append((span.start, span.end, row.passage.text))
    catalog.close()
    return {path: sorted(rows) for path, rows in sorted(result.items())}


def test_a_folder_becomes_an_index_that_finds(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Progress] = []
    monkeypatch.setattr("index.building.embed._STEP", 2)
    summary = build(folder, settings, encoder=HashEncoder(), progress=seen.append)
    assert (summary.added, summary.replaced, summary.removed, summary.unchanged) == (6, 0, 0, 0)
    assert summary.passages > 6
    assert seen[0] == Progress("reading", 0, 6, 0, "0.txt")
    assert (seen[-1].step, seen[-1].files, seen[-1].files_total) == ("encoding", 6, 6)
    assert seen[-1].passages == summary.passages == summary.encoded
    # All six are committed at once; until then the share tells how far it is.
    shares = [each.share for each in seen if each.share is not None]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert any(0.2 < share < 0.8 for share in shares)
    assert (summary.articles, summary.stories) == (6, 6)
    with open_index(settings=settings) as index:
        for number, topic in enumerate(TOPICS):
            assert found(index, topic)[0] == f"{number}.txt"
        whole = index.article(index.search("x", HashEncoder().encode(["x"])[0])[0].article.id)
        assert whole is not None
        for hit in index.search("night train", HashEncoder().encode(["night train"])[0]):
            whole = index.article(hit.article.id)
            assert whole is not None
            assert hit.passage.span.of(whole.text) == hit.passage.text


def test_indexing_twice_changes_nothing_and_encodes_nothing(folder: Path, settings: Settings) -> None:
    build(folder, settings, encoder=HashEncoder())
    before = {p: p.read_bytes() for p in settings.index.rglob("*") if p.is_file()}
    encoder = HashEncoder()
    summary = build(folder, settings, encoder=encoder)
    assert summary.unchanged == 6
    assert encoder.encoded == []
    assert {p: p.read_bytes() for p in settings.index.rglob("*") if p.is_file()} == before


def test_what_changed_is_added_replaced_and_removed_and_nothing_else(
    folder: Path, settings: Settings
) -> None:
    build(folder, settings, encoder=HashEncoder())
    before = contents(settings)
    (folder / "0.txt").unlink()
    (folder / "1.txt").write_text("Now a story about volcanic glass. It glitters.")
    (folder / "new.txt").write_text("A story about paper kites. They fly.")
    encoder = HashEncoder()
    with open_index(settings=settings) as index:
        assert "0.txt" in found(index, "harbour bridge")
        summary = build(folder, settings, encoder=encoder)
        assert (summary.added, summary.replaced, summary.removed, summary.unchanged) == (1, 1, 1, 4)
        assert len(encoder.encoded) == summary.passages == 2
        # The same open reader sees the new state.
        assert "0.txt" not in found(index, "harbour bridge")
        assert found(index, "volcanic glass")[0] == "1.txt"
        assert found(index, "paper kites")[0] == "new.txt"
    after = contents(settings)
    assert {path: after[path] for path in ("2.txt", "3.txt", "4.txt", "5.txt")} == {
        path: before[path] for path in ("2.txt", "3.txt", "4.txt", "5.txt")
    }


def test_a_file_that_cannot_be_read_is_skipped_with_its_reason(folder: Path, settings: Settings) -> None:
    build(folder, settings, encoder=HashEncoder())
    (folder / "0.txt").write_bytes(b"\x00\x01")
    (folder / "empty.txt").write_text("")
    summary = build(folder, settings, encoder=HashEncoder())
    assert summary.skipped == {"0.txt": "not text: it holds zero bytes", "empty.txt": "empty"}
    assert summary.removed == 1
    assert "0.txt" not in contents(settings)


@pytest.mark.parametrize("fail_after", [0, 7, 13, 17])
def test_a_stopped_build_answers_from_its_last_commit_and_the_next_one_finishes(
    folder: Path, settings: Settings, tmp_path: Path, fail_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "BATCH_PASSAGES", 6)
    with pytest.raises(KeyboardInterrupt):
        build(folder, settings, encoder=HashEncoder(fail_after))
    if fail_after == 0:
        assert not settings.index.exists()
    else:
        with open_index(settings=settings) as index:
            assert found(index, "harbour bridge")[0] == "0.txt"
    build(folder, settings, encoder=HashEncoder())
    undisturbed = Settings(index=tmp_path / "other")
    build(folder, undisturbed, encoder=HashEncoder())
    assert contents(settings) == contents(undisturbed)
    with open_index(settings=settings) as index, open_index(settings=undisturbed) as other:
        for topic in TOPICS:
            assert found(index, topic) == found(other, topic)


def test_many_batches_are_merged_and_answer_the_same(
    folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = Settings(index=tmp_path / "other")
    build(folder, undisturbed, encoder=HashEncoder())
    monkeypatch.setattr(encoding, "BATCH_PASSAGES", 1)
    for number in range(20, 26):
        (folder / f"{number}.txt").write_text(f"Extra {number}. Nothing more.")
    encoder = HashEncoder()
    build(folder, settings, encoder=encoder)
    catalog = Catalog.open(settings.index / "catalog.sqlite")
    rows = catalog.segments(1)
    catalog.close()
    assert len(rows) <= 8
    assert (
        sum(row.live for row in rows)
        == sum(len(p) for p in contents(settings).values())
        == len(encoder.encoded)
    )
    with open_index(settings=settings) as index, open_index(settings=undisturbed) as other:
        assert [p for p in found(index, "salt battery") if len(p) == 5][:3] == found(other, "salt battery")[
            :3
        ]
    # Folders that were merged away are kept for readers of the build before, and swept by the next.
    build(folder, settings, encoder=HashEncoder())
    assert {p.name for p in (settings.index / "chroma").iterdir()} == {row.folder for row in rows}


@pytest.mark.parametrize("damage", ["vectors", "database", "gone"])
def test_a_damaged_segment_is_compared_exactly_and_mended(
    folder: Path, settings: Settings, damage: str
) -> None:
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        expected = {topic: found(index, topic) for topic in TOPICS}
    (segment,) = (settings.index / "chroma").iterdir()
    if damage == "vectors":
        path = next(segment.glob("*/data_level0.bin"))
        path.write_bytes(b"\xff" * path.stat().st_size)
    elif damage == "database":
        (segment / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    else:
        for path in sorted(segment.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    with open_index(settings=settings) as index:
        assert index.damaged() == [segment.name]
        assert {topic: found(index, topic) for topic in TOPICS} == expected
    encoder = HashEncoder()
    build(folder, settings, encoder=encoder)
    assert encoder.encoded == []
    with open_index(settings=settings) as index:
        assert index.damaged() == []
        assert {topic: found(index, topic) for topic in TOPICS} == expected


def test_another_encoder_or_splitter_means_a_rebuild_switched_over_at_once(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, settings, encoder=HashEncoder())
    before = contents(settings)
    with pytest.raises(KeyboardInterrupt):
        build(folder, settings, rebuild=True, encoder=HashEncoder(fail_after=3))
    with open_index(settings=settings) as index:
        assert found(index, "coffee harvest")[0] == "1.txt"
    assert contents(settings) == before
    monkeypatch.setattr(builder, "pipeline", lambda: "another")
    # Texts that come out as before keep their vectors.
    encoder = HashEncoder()
    summary = build(folder, settings, encoder=encoder)
    assert (summary.added, encoder.encoded) == (6, [])
    assert contents(settings) == before
    monkeypatch.undo()
    other = settings.replaced(encoder="another/encoder")
    with pytest.raises(
        IndexMismatchError, match="set ARTICLE_QA_ENCODER=multilingual-e5-small, or run article-qa"
    ):
        open_index(settings=other)
    build(folder, other, encoder=HashEncoder())
    with open_index(settings=other) as index:
        assert found(index, "coffee harvest")[0] == "1.txt"
    with pytest.raises(IndexMismatchError):
        open_index(settings=settings)


def test_a_rebuild_that_was_stopped_goes_on(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, settings, encoder=HashEncoder())
    monkeypatch.setattr(encoding, "BATCH_PASSAGES", 1)
    with pytest.raises(KeyboardInterrupt):
        build(folder, settings, rebuild=True, encoder=HashEncoder(fail_after=12))
    encoder = HashEncoder()
    summary = build(folder, settings, rebuild=True, encoder=encoder)
    assert 0 < summary.unchanged < 6
    assert summary.unchanged + summary.added == 6
    with open_index(settings=settings) as index:
        assert index.counts().articles == 6
        assert found(index, "river trout")[0] == "4.txt"


def test_another_folder_is_refused_unless_wished(folder: Path, settings: Settings, tmp_path: Path) -> None:
    build(folder, settings, encoder=HashEncoder())
    other = tmp_path / "others"
    other.mkdir()
    (other / "a.txt").write_text("Another story.")
    with pytest.raises(SourceError, match="choose another one with --index DIR, or replace"):
        build(other, settings, encoder=HashEncoder())
    assert len(contents(settings)) == 6
    build(other, settings, rebuild=True, encoder=HashEncoder())
    assert list(contents(settings)) == ["a.txt"]
    other.rename(tmp_path / "moved")
    assert build(tmp_path / "moved", settings, encoder=HashEncoder()).unchanged == 1


def test_a_rebuild_from_another_folder_that_was_stopped_leaves_the_index_to_its_own(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    build(folder, settings, encoder=HashEncoder())
    other = tmp_path / "others"
    other.mkdir()
    (other / "a.txt").write_text("Another story.")
    with pytest.raises(KeyboardInterrupt):
        build(other, settings, rebuild=True, encoder=HashEncoder(fail_after=0))
    with open_index(settings=settings) as index:
        assert index.status().folder == str(folder)
    assert build(folder, settings, encoder=HashEncoder()).unchanged == 6
    with pytest.raises(SourceError, match="holds the articles of"):
        build(other, settings, encoder=HashEncoder())
    assert check(settings).problems == ()
    build(other, settings, rebuild=True, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        assert index.status().folder == str(other)
    assert list(contents(settings)) == ["a.txt"]


def test_an_open_index_follows_a_folder_that_was_deleted_and_made_anew(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        assert "0.txt" in found(index, "harbour bridge")
        identity = index.search("x", HashEncoder().encode(["x"])[0])[0].article.id
        shutil.rmtree(settings.index)
        readings: list[Callable[[], object]] = [
            lambda: found(index, "harbour bridge"),
            lambda: index.article(identity),
            lambda: [story.title for story in index.newest(3)],
            index.counts,
            index.status,
            index.damaged,
        ]
        for read in readings:
            with pytest.raises(IndexMissingError, match="is gone: rebuild it with article-qa index"):
                read()
        (folder / "0.txt").write_text("Now a story about volcanic glass. It glitters.")
        build(folder, settings, encoder=HashEncoder())
        assert found(index, "volcanic glass")[0] == "0.txt"
        assert index.counts().articles == 6
        # Another index in its place, of as many builds: by a rename, then by writing over the file.
        (folder / "0.txt").write_text("Now a story about paper kites. They fly.")
        other = settings.replaced(index=tmp_path / "other")
        build(folder, other, encoder=HashEncoder())
        settings.index.rename(tmp_path / "away")
        (tmp_path / "other").rename(settings.index)
        assert found(index, "paper kites")[0] == "0.txt"
        # And one that was made with another encoder is refused.
        shutil.rmtree(settings.index)
        build(folder, settings.replaced(encoder="another/encoder"), encoder=HashEncoder())
        with pytest.raises(IndexMismatchError, match="made with the encoder another/encoder"):
            found(index, "paper kites")


def test_filters_are_exact(folder: Path, settings: Settings) -> None:
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        late = found(index, "day", Filters(since=date(2024, 5, 10)))
        early = found(index, "day", Filters(until=date(2024, 1, 10)))
        source = found(index, "day", Filters(source="outlet 1"))
        assert set(late) == {"4.txt", "5.txt"}
        assert set(early) == {"0.txt"}
        assert set(source) <= {"1.txt", "3.txt", "5.txt"}
        with pytest.raises(QuestionError, match="no article is in the language 'de': choose among en"):
            found(index, "day", Filters(language="de"))
        assert len(found(index, "day", Filters(language="EN"))) == 5


def test_common_words_are_left_out_in_an_index_of_any_size(folder: Path, settings: Settings) -> None:
    """They were counted up to 50,000 only, which is never a fifth of more than 250,000 passages."""
    (folder / "kestrel.txt").write_text("A kestrel sat on the harbour bridge.")
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        few = lexical(index, "kestrel")
        assert lexical(index, "kestrel harbour") == pytest.approx(few, abs=0.35)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 262000)"
    with closing(sqlite3.connect(settings.index / "catalog.sqlite")) as db, db:
        db.execute(
            f'INSERT INTO passage {numbers} SELECT i, generation, article, segment, start, "end", sentences,'
            " digest, vector, checksum FROM n, (SELECT * FROM passage LIMIT 1)"
        )
        db.execute(f"INSERT INTO words (rowid, title, body) {numbers} SELECT i, '', 'harbour' FROM n")
    with open_index(settings=settings) as index:
        assert lexical(index, "kestrel harbour") == lexical(index, "kestrel")


def lexical(index: Index, question: str) -> float:
    hits = index.search(question, HashEncoder().encode([question])[0])
    return next(hit.lexical for hit in hits if hit.article.path == "kestrel.txt")


def test_words_cut_by_another_rule_are_made_anew_and_nothing_is_encoded(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full text forgets a passage only when it is told the same words again."""
    (folder / "thai.txt").write_text("สะพานเปิดในฤดูใบไม้ผลิ")
    with monkeypatch.context() as before:
        before.setattr(words, "_UNSPACED", regex.compile(r"[\p{Han}]+"))
        words.words_fingerprint.cache_clear()
        build(folder, settings, encoder=HashEncoder())
    words.words_fingerprint.cache_clear()
    with open_index(settings=settings) as index:
        assert "another version" in index.status().health
    encoder = HashEncoder()
    build(folder, settings, encoder=encoder)
    assert encoder.encoded == []
    (folder / "thai.txt").unlink()
    build(folder, settings, encoder=encoder)
    with closing(Catalog.open(settings.index / "catalog.sqlite")) as catalog:
        assert catalog.word_count("สะพานเปิดในฤดูใบไม้ผลิ", 9) == 0
        assert catalog.word_count("สะ", 9) == 0
        assert catalog.word_count("harbour", 9) > 0
    assert check(settings).problems == ()


def test_status_is_told_while_files_are_removed(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, settings, encoder=HashEncoder())
    going = settings.index / "going.tmp"
    going.write_text("x")
    monkeypatch.setattr(os, "stat", partial(_removed_when_seen, os.stat, going))
    with open_index(settings=settings) as index:
        assert index.status().bytes > 1000
    assert not going.exists()


def _removed_when_seen(
    look: Callable[..., os.stat_result], going: Path, path: object, **how: bool
) -> os.stat_result:
    found = look(path, **how)
    if path == going:
        going.unlink()
    return found


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        *((name, "Shoigu Schoigu Шойгу Şoygu") for name in ("Shoigu", "schoigu", "Шойгу", "şoygu")),
        *((name, "NATO НАТО") for name in ("NATO", "nato", "НАТО", "нато")),
        *((day, "März Marzo марта march") for day in ("march 1999", "im März 1999", "март 1999")),
        ("May 1st", "Mai май May"),
        *((year, "2023 ٢٠٢٣ ۲۰۲۳ २०२३ ２０２３") for year in ("2023", "٢٠٢٣")),
        *((size, "45,000 45000 ٤٥٠٠٠") for size in ("45000", "45,000")),
        ("7th", "7 7th"),
    ],
)
def test_full_text_finds_names_acronyms_months_and_numbers_in_any_form(
    tmp_path: Path, settings: Settings, asked: str, names: str
) -> None:
    texts = {name: f"They met {name} there." for name in names.split()} | {
        "none": "They met the shogun there."
    }
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, text in texts.items():
        (articles / f"{name}.txt").write_text(text, "utf-8")
    build(articles, settings, encoder=HashEncoder())
    vector = HashEncoder().encode([asked], question=True)[0]
    with open_index(settings=settings) as index:
        hits = index.search(asked, vector)
    assert {hit.article.path for hit in hits if hit.lexical} == {f"{name}.txt" for name in names.split()}


def test_the_second_builder_says_who_holds_the_lock(folder: Path, settings: Settings) -> None:
    build(folder, settings, encoder=HashEncoder())
    (settings.index / "writer.json").write_text(json.dumps({"process": 4321, "since": "12:00:00"}))
    with (
        FileLock(settings.index / "writer.lock"),
        pytest.raises(IndexBusyError, match="process 4321, since 12:00:00"),
    ):
        build(folder, settings, encoder=HashEncoder())
    assert build(folder, settings, encoder=HashEncoder()).unchanged == 6


def test_no_index_and_an_index_of_another_format_name_the_remedy(folder: Path, settings: Settings) -> None:
    with pytest.raises(IndexMissingError, match="make one with article-qa index FOLDER"):
        open_index(settings=settings)
    build(folder, settings, encoder=HashEncoder())
    connection = sqlite3.connect(settings.index / "catalog.sqlite")
    connection.execute("UPDATE state SET value = '99' WHERE key = 'format'")
    connection.commit()
    connection.close()
    for attempt in (
        lambda: open_index(settings=settings),
        lambda: build(folder, settings, encoder=HashEncoder()),
    ):
        with pytest.raises(IndexMismatchError, match=r"has format 99, this version reads 6: .* --rebuild"):
            attempt()


def test_a_place_that_cannot_be_written_names_the_remedy(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="choose another place with --index"):
        build(folder, Settings(index=tmp_path / "file" / "index"), encoder=HashEncoder())


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from index import ArticleQAError, Settings, build
from tests.fakes import HashEncoder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    build(Path(sys.argv[1]), Settings(index=Path(sys.argv[2])), encoder=HashEncoder())
except ArticleQAError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("limit", [40_000, 120_000, 200_000])
def test_a_full_disk_leaves_the_old_index_whole(
    folder: Path, settings: Settings, limit: int, tmp_path: Path
) -> None:
    """A limit on the size of files stands for a full disk: writes fail at the same calls."""
    new = tmp_path / "new-index"
    first = _limited(folder, new, limit)
    assert first.startswith("StorageError")
    assert not new.exists()
    build(folder, settings, encoder=HashEncoder())
    before = contents(settings)
    (folder / "big.txt").write_text("More of the same story is told here again. " * 5000)
    assert _limited(folder, settings.index, limit).startswith("StorageError")
    assert contents(settings) == before
    with open_index(settings=settings) as index:
        assert found(index, "city library")[0] == "5.txt"
    assert build(folder, settings, encoder=HashEncoder()).added == 1


def _limited(folder: Path, index: Path, limit: int) -> str:
    from tests.conftest import ROOT

    return subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder), str(index), str(limit)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip

"""Builds that are killed: real processes, real signals, at moments all over a build.

Afterwards the index answers from its last commit, the next build finishes the rest, and the result is that of
a build that nothing disturbed.
"""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import chromadb
import pytest

from index import Settings, build, open_index
from index.store.catalog import Catalog
from index.store.vectors import COLLECTION
from tests.conftest import ROOT
from tests.fakes import HashEncoder

TOPICS = ["harbour bridge", "coffee harvest", "night train", "salt battery", "river trout", "city library"]
# Where a build is when it is stopped, and how many milliseconds after that.
CHROMA = ["mkdir", "create", "upsert", "close", "digest"]
COMMIT = ["begin", "commit", "committed", "finish", "checkpoint"]
MOMENTS = [
    *itertools.product(CHROMA, (1, 2, 3), (0,)),
    *itertools.product(["begin"], (1, 3, 5), (0,)),
    *itertools.product(["commit"], (1, 2, 3, 4), (0,)),
    *itertools.product(["committed"], (1, 2), (0,)),
    *itertools.product(["finish", "checkpoint"], (1,), (0,)),
    ("upsert", 2, 4),
    ("close", 1, 2),
    ("commit", 2, 1),
    ("encode", 2, 0),
    ("read", 5, 0),
]
SIGNALS = [signal.SIGKILL, signal.SIGTERM]

CHILD = """
import os, signal, sys, threading, time
from pathlib import Path
import index.building.build, index.building.intake, index.store.vectors, index.store.catalog_writer
from index import Settings, build
from tests.fakes import HashEncoder

where, count, delay, number = sys.argv[3], int(sys.argv[4]), float(sys.argv[5]) / 1000, int(sys.argv[6])
seen = 0

def die():
    time.sleep(delay)
    os.kill(os.getpid(), number)
    time.sleep(30)

def at(name):
    global seen
    if name == where:
        seen += 1
        if seen == count:
            if delay:
                threading.Thread(target=die).start()
            else:
                die()

def before(owner, name, label, after=None):
    real = getattr(owner, name)
    def wrapped(*a, **k):
        at(label)
        result = real(*a, **k)
        if after:
            at(after)
        return result
    setattr(owner, name, wrapped)

vectors, writer = index.store.vectors, index.store.catalog_writer.CatalogWriter
before(vectors, "_persistent", "mkdir", "create")
before(vectors, "_add", "upsert", "close")
before(vectors, "digest", "digest")
before(writer, "show", "begin")
before(writer, "next_build", "commit", "commit")
before(sys.modules["index.building.build"]._Build, "_commit", "batch", "committed")
before(writer, "finish_files", "finish")
before(writer, "checkpoint", "checkpoint")
before(HashEncoder, "encode", "encode")
before(index.building.intake.Intake, "_taken_in", "read")
index.building.embed.BATCH_PASSAGES = 4
index.building.intake._COMMIT_AFTER = 0.0
build(Path(sys.argv[1]), Settings(index=Path(sys.argv[2])), encoder=HashEncoder())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("articles")
    for number, topic in enumerate(TOPICS):
        body = " ".join(f"The {topic} was discussed on day {day} of week {number}." for day in range(40))
        (path / f"{number}.txt").write_text(f"---\ntitle: About the {topic}\nlanguage: en\n---\n{body}")
        # The same story elsewhere: groups must survive too.
        (path / f"copy-{number}.md").write_text(f"---\ntitle: Again the {topic}\nlanguage: en\n---\n{body}")
    return path


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(index=tmp_path_factory.mktemp("undisturbed") / "index")
    build(folder, settings, encoder=HashEncoder())
    return settings


def contents(settings: Settings) -> list[tuple[str, int, int, str, tuple[str, ...]]]:
    catalog = Catalog.open(settings.index / "catalog.sqlite")
    stored = catalog.passages(catalog.all_numbers(catalog.generation())).values()
    rows = [
        (
            r.article.path,
            r.passage.span.start,
            r.passage.span.end,
            r.passage.text,
            tuple(p.path for p in r.article.also),
        )
        for r in stored
    ]
    catalog.close()
    return sorted(rows)


def in_chroma(settings: Settings) -> list[int]:
    """Return the numbers of all records in the segments that the catalog names."""
    catalog = Catalog.open(settings.index / "catalog.sqlite")
    folders = [row.folder for row in catalog.segments(catalog.generation())]
    catalog.close()
    numbers: list[int] = []
    for name in folders:
        client = chromadb.PersistentClient(str(settings.index / "chroma" / name))
        numbers += [int(i) for i in client.get_collection(COLLECTION, embedding_function=None).get()["ids"]]
    return sorted(numbers)


def live(settings: Settings) -> list[int]:
    catalog = Catalog.open(settings.index / "catalog.sqlite")
    numbers = sorted(catalog.all_numbers(catalog.generation()))
    catalog.close()
    return numbers


def answers(settings: Settings) -> Iterator[list[str]]:
    with open_index(settings=settings) as index:
        for topic in TOPICS:
            vector = HashEncoder().encode([topic], question=True)[0]
            yield [hit.article.path for hit in index.search(topic, vector, count=3)]


def killed(folder: Path, settings: Settings, moment: tuple[str, int, int], number: int) -> int:
    where, count, delay = moment
    arguments = [str(folder), str(settings.index), where, str(count), str(delay), str(number)]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("moment", "number"), [(moment, SIGNALS[i % 2]) for i, moment in enumerate(MOMENTS)], ids=str
)
def test_a_killed_build_is_finished_by_the_next(
    folder: Path, undisturbed: Settings, tmp_path: Path, moment: tuple[str, int, int], number: int
) -> None:
    settings = Settings(index=tmp_path / "index")
    assert killed(folder, settings, moment, number) == -number
    if (settings.index / "catalog.sqlite").exists():
        # What is committed is whole: every passage is that of the finished index, each one once.
        before = contents(settings)
        assert len(before) == len(set(before))
        expected = {row[:4] for row in contents(undisturbed)}
        assert {row[:4] for row in before} <= expected
        list(answers(settings))
    build(folder, settings, encoder=HashEncoder())
    assert contents(settings) == contents(undisturbed)
    assert set(live(settings)) <= set(in_chroma(settings))
    assert len(in_chroma(settings)) == len(set(in_chroma(settings)))
    assert list(answers(settings)) == list(answers(undisturbed))
    # And nothing is left to do.
    encoder = HashEncoder()
    assert build(folder, settings, encoder=encoder).unchanged == 12
    assert encoder.encoded == []


def test_there_are_thirty_moments_and_most_are_about_chroma_and_the_commit() -> None:
    assert len(MOMENTS) >= 30
    near = [moment for moment in MOMENTS if moment[0] in CHROMA + COMMIT]
    assert len(near) > len(MOMENTS) * 0.8


def test_a_killed_update_keeps_the_old_articles(folder: Path, undisturbed: Settings, tmp_path: Path) -> None:
    import shutil

    changing = tmp_path / "articles"
    shutil.copytree(folder, changing)
    settings = Settings(index=tmp_path / "index")
    build(changing, settings, encoder=HashEncoder())
    before = contents(settings)
    (changing / "0.txt").write_text(
        "---\ntitle: New\n---\nThe harbour bridge was replaced by a tunnel, they said."
    )
    assert killed(changing, settings, ("upsert", 1, 0), signal.SIGKILL) == -signal.SIGKILL
    # Not half of the old and half of the new.
    assert contents(settings) == before
    build(changing, settings, encoder=HashEncoder())
    assert any("tunnel" in row[3] for row in contents(settings))


def test_a_reader_in_another_process_never_sees_an_error_or_half_a_state(
    folder: Path, tmp_path: Path
) -> None:
    import shutil

    changing = tmp_path / "articles"
    shutil.copytree(folder, changing)
    settings = Settings(index=tmp_path / "index")
    build(changing, settings, encoder=HashEncoder())
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(settings.index)], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout
    assert reader.stdout.readline() == "asking\n"
    stop = threading.Event()
    for turn in range(8):
        # All of the articles change at once, in twelve transactions, or go and come back.
        for path in sorted(changing.glob("*.txt")):
            text = path.read_text()
            path.write_text(
                text.replace("discussed", f"debated{turn}") if turn % 2 == 0 else f"{text} Turn {turn}."
            )
        if turn == 4:
            build(changing, settings, encoder=HashEncoder(), rebuild=True)
        build(changing, settings, encoder=HashEncoder())
    stop.set()
    out, err = reader.communicate("stop\n", timeout=60)
    assert err == ""
    asked, failures = map(int, out.split())
    assert failures == 0
    assert asked > 20


READER = """
import select, sys
from pathlib import Path
from index import Settings, open_index
from tests.fakes import HashEncoder
topics = ["harbour bridge", "coffee harvest", "night train", "salt battery", "river trout", "city library"]
encoder = HashEncoder()
asked = failures = 0
with open_index(settings=Settings(index=Path(sys.argv[1]))) as index:
    print("asking", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        for number, topic in enumerate(topics):
            hits = index.search(topic, encoder.encode([topic], question=True)[0], count=30)
            asked += 1
            # Each story is there, as it was or as it is to be; offsets fit the article of that moment.
            failures += not any(str(number) in hit.article.path for hit in hits)
            failures += len({(h.article.id, h.passage.span) for h in hits}) != len(hits)
print(asked, failures)
"""


def test_two_builders_at_once_leave_one_to_do_it(folder: Path, undisturbed: Settings, tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index")
    code = (
        "import sys; from pathlib import Path; from index import *; from tests.fakes import HashEncoder\n"
        "try: print(build(Path(sys.argv[1]), Settings(index=Path(sys.argv[2])), encoder=HashEncoder()).added)\n"
        "except ArticleQAError as error: print(type(error).__name__, error)"
    )
    command = [sys.executable, "-c", code, str(folder), str(settings.index)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].strip() for process in both]
    for line in said:
        assert line in ("12", "0") or (line.startswith("IndexBusyError process ") and "is writing to" in line)
    assert contents(settings) == contents(undisturbed)


TMPFS = pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="only root can mount a small file system"
)


@TMPFS
def test_a_full_disk_leaves_the_old_index_whole(folder: Path, tmp_path: Path) -> None:
    from index.errors import StorageError

    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=14m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        settings = Settings(index=small / "index")
        other = small / "other"
        other.write_bytes(bytes(8_000_000))
        few = tmp_path / "few"
        few.mkdir()
        (few / "0.txt").write_text((folder / "0.txt").read_text())
        build(few, settings, encoder=HashEncoder())
        before, told = contents(settings), list(answers(settings))
        for number in range(400):
            (few / f"big-{number}.txt").write_text(
                f"Article {number}. " + f"Words of article {number} go on. " * 500
            )
        with pytest.raises(StorageError, match="free some space"):
            build(few, settings, encoder=HashEncoder())
        kept = contents(settings)
        assert set(before) <= set(kept)
        assert next(answers(settings))[0] == told[0][0]
        connection = sqlite3.connect(settings.index / "catalog.sqlite")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        for path in few.glob("big-*.txt"):
            path.unlink()
        # As the message has said. What is gone is taken out in one transaction, which is written beside the index first.
        other.unlink()
        build(few, settings, encoder=HashEncoder())
        assert contents(settings) == before
    finally:
        time.sleep(0.1)
        subprocess.run(["umount", "-l", str(small)], check=False)

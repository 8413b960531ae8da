"""Reading in a process of its own: real processes, real limits."""

import time
from pathlib import Path

import pytest

from index.document import ReadError
from index.files import MAX_FILE_BYTES
from index.prepare import Prepared, prepare
from index.read import read
from index.reading import Reading
from tests.index.readers import making


def test_files_of_all_kinds_come_through_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    with Reading() as reading:
        for _ in range(2):
            for name in ("a.html", "a.jsonl", "a.txt", "a.zip"):
                (tmp_path / "deep" / name).write_bytes(making.WHOLE[name]())
                found = list(reading.articles(tmp_path, f"deep/{name}"))
                assert found == list(_here(name))


def _here(name: str) -> list[object]:
    path = f"deep/{name}"
    return list(prepare(path, read(path, making.WHOLE[name]())))


def test_an_error_is_the_files_own_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"no")
    (tmp_path / "good.html").write_bytes(making.html())
    with Reading() as reading:
        with pytest.raises(ReadError, match="not a PDF"):
            list(reading.articles(tmp_path, "bad.pdf"))
        with pytest.raises(ReadError, match="No such file"):
            list(reading.articles(tmp_path, "gone.html"))
        assert list(reading.articles(tmp_path, "good.html"))


def test_who_stops_in_the_middle_of_a_list_gets_the_next_files_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(making.jsonl())
    (tmp_path / "b.html").write_bytes(making.html())
    with Reading() as reading:
        rows = reading.articles(tmp_path, "a.jsonl")
        next(rows)
        rows.close()  # type: ignore[attr-defined]
        (found,) = reading.articles(tmp_path, "b.html")
        assert isinstance(found, Prepared)
        assert found.article.title == making.TITLE


def test_a_reader_that_does_not_end_costs_one_file(tmp_path: Path) -> None:
    # A pipe that nobody writes to stands for a parser that loops.
    import os

    os.mkfifo(tmp_path / "slow.html")
    (tmp_path / "good.html").write_bytes(making.html())
    with Reading(patience=2.0) as reading:
        begun = time.monotonic()
        with pytest.raises(ReadError, match="took longer than 2 seconds"):
            list(reading.articles(tmp_path, "slow.html"))
        assert time.monotonic() - begun < 20
    with Reading() as reading:
        assert list(reading.articles(tmp_path, "good.html"))


def test_a_reader_that_needs_too_much_memory_costs_one_file(tmp_path: Path) -> None:
    (tmp_path / "big.json").write_bytes(b"[" + b"1," * 30_000_000 + b"1]")
    (tmp_path / "good.html").write_bytes(making.html())
    with Reading(memory=400 << 20) as reading:
        with pytest.raises(ReadError, match="memory"):
            list(reading.articles(tmp_path, "big.json"))
        assert list(reading.articles(tmp_path, "good.html"))


@pytest.mark.parametrize("name", ["line.txt", "line.html", "line.jsonl"])
def test_a_file_over_the_limit_is_not_read_at_all(tmp_path: Path, name: str) -> None:
    # A gigabyte on paper only.
    with (tmp_path / name).open("wb") as file:
        file.truncate(1_000_000_000)
    with (
        Reading() as reading,
        pytest.raises(ReadError, match=f"larger than {MAX_FILE_BYTES // 10**6} MB: 1,000"),
    ):
        list(reading.articles(tmp_path, name))


def test_a_folder_named_like_ours_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("raise SystemExit('imported')")
    (tmp_path / "a.html").write_bytes(making.html())
    monkeypatch.chdir(tmp_path)
    with Reading() as reading:
        assert list(reading.articles(tmp_path, "a.html"))

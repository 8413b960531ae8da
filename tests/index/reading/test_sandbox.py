"""Reading in a process of its own: real processes, real limits."""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from index import Settings, build
from index.reading.document import ReadError, Skipped, UnreadableError
from index.reading.files import MAX_FILE_BYTES
from index.reading.prepare import Prepared, prepare
from index.reading.registry import read
from index.reading.sandbox import Reading
from tests.fakes import HashEncoder
from tests.index.reading.formats import making


def test_files_of_all_kinds_come_through_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    with Reading() as reading:
        for _ in range(2):
            for name in ("a.html", "a.jsonl", "a.txt", "a.zip"):
                (tmp_path / "deep" / name).write_bytes(making.WHOLE[name]())
                found = list(reading.articles(tmp_path, f"deep/{name}"))
                assert found == list(_here(name))


def test_an_idle_process_is_used_again_and_a_dead_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The bridge opens in spring.")
    first, second = _read_by(tmp_path), _read_by(tmp_path)
    assert first == second
    os.kill(first, signal.SIGKILL)
    assert _read_by(tmp_path) != first
    # When there are two at once, each has its own.
    with Reading() as reading:
        assert list(reading.articles(tmp_path, "a.txt"))
        assert _read_by(tmp_path) not in (first, None)


def _read_by(folder: Path) -> int:
    """Read a file, and return the process that is kept afterwards: the youngest."""
    with Reading() as reading:
        assert len(list(reading.articles(folder, "a.txt"))) == 1
    mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return max(int(number) for number in mine if b"index.reading.child" in _command(number))


def _command(process: str) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _here(name: str) -> list[object]:
    path = f"deep/{name}"
    return list(prepare(path, read(path, making.WHOLE[name]())))


def test_half_a_character_in_json_costs_nothing(tmp_path: Path) -> None:
    rows = [
        r'{"id": "a\ud800", "title": "\ud800T", "text": "The \udc00 bridge opens.", "author": "\ud800"}',
        r'{"text": "The ferry opens in spring.", "url": "https://a.example/\ud800"}',
        r'{"\ud800": 1}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    with Reading() as reading:
        one, two, three = reading.articles(tmp_path, "a.jsonl")
    assert isinstance(one, Prepared)
    assert isinstance(two, Prepared)
    assert isinstance(three, Skipped)
    assert (one.article.path, two.article.url) == ("a.jsonl#a?", "https://a.example/?")
    for found in (one, two, three):
        repr(found).encode()


def test_an_error_is_the_files_own_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"no")
    (tmp_path / "good.html").write_bytes(making.html())
    with Reading() as reading:
        with pytest.raises(ReadError, match="not a PDF"):
            list(reading.articles(tmp_path, "bad.pdf"))
        with pytest.raises(ReadError, match="No such file"):
            list(reading.articles(tmp_path, "gone.html"))
        assert list(reading.articles(tmp_path, "good.html"))


def test_what_the_system_cannot_read_is_told_from_what_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "empty.txt").touch()
    with Reading() as reading:
        with pytest.raises(UnreadableError, match="Is a directory"):
            list(reading.articles(tmp_path, "folder.txt"))
        with pytest.raises(ReadError, match="empty") as caught:
            list(reading.articles(tmp_path, "empty.txt"))
    assert not isinstance(caught.value, UnreadableError)


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


def test_a_system_that_cannot_limit_memory_says_so_and_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As on Windows, where Python has no module `resource`."""
    (tmp_path / "a.txt").write_text("The bridge opens in spring.")
    script = tmp_path / "python"
    code = "import runpy, sys; sys.modules['resource'] = None; sys.argv[1:] = sys.argv[4:]; runpy.run_module"
    script.write_text(
        f"#!/bin/sh\nexec {sys.executable} -P -c \"{code}('index.reading.child', run_name='__main__')\" \"$@\"\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr("index.reading.sandbox.sys", SimpleNamespace(executable=str(script)))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with Reading() as reading:
        assert len(list(reading.articles(tmp_path, "a.txt"))) == 1
    assert "cannot limit the memory" in caplog.text


HANG = """
import sys, runpy, time
import index.reading.prepare
def cleaned(raw, real=index.reading.prepare.cleaned):
    while "never ends" in raw:
        time.sleep(0.01)
    if "eats" in raw:
        raise MemoryError
    return real(raw)
index.reading.prepare.cleaned = cleaned
sys.argv[0:1] = []
runpy.run_module("index.reading.child", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cleaning hang on texts that say so, in the process that reads."""
    script = tmp_path / "python"
    (tmp_path / "hang.py").write_text(HANG)
    # Called as `python -P -m index.reading.child MEMORY ...`.
    script.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} -P {tmp_path / "hang.py"} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setattr("index.reading.sandbox.sys", SimpleNamespace(executable=str(script)))


@pytest.mark.usefixtures("hanging")
@pytest.mark.parametrize("name", ["slow.txt", "slow.html"])
def test_cleaning_that_does_not_end_costs_one_file(tmp_path: Path, name: str) -> None:
    text = "This text never ends, however long one waits for it to come to its end. " * 5
    (tmp_path / name).write_bytes(making.html([text]) if name.endswith("html") else text.encode())
    for other in ("a.txt", "z.txt"):
        (tmp_path / other).write_text("The bridge opens in spring.")
    with Reading() as reading:
        assert list(reading.articles(tmp_path, "a.txt", [name, "z.txt"]))
        reading.patience = 3.0
        with pytest.raises(ReadError, match="took longer than 3 seconds"):
            list(reading.articles(tmp_path, name, ["z.txt"]))
        reading.patience = 120.0
        (last,) = reading.articles(tmp_path, "z.txt")
        assert isinstance(last, Prepared)
        assert last.article.path == "z.txt"


@pytest.mark.usefixtures("hanging")
def test_memory_that_cleaning_lacks_costs_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("This text eats all the memory that there is.")
    with Reading() as reading, pytest.raises(ReadError, match="memory"):
        list(reading.articles(tmp_path, "a.txt"))


@pytest.mark.usefixtures("hanging")
def test_a_build_goes_on_past_a_file_that_hangs_in_cleaning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.building.intake.Reading", partial(Reading, patience=10.0))
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(f"The bridge number {number} opens in spring.")
    (folder / "05.txt").write_text("This text never ends.")
    summary = build(folder, Settings(index=tmp_path / "index"), encoder=HashEncoder())
    assert summary.skipped == {"05.txt": "reading it took longer than 10 seconds"}
    assert (summary.added, summary.articles) == (11, 11)


def test_files_told_of_in_advance_are_each_answered_with_their_own(tmp_path: Path) -> None:
    names = [f"{number}.txt" for number in range(15)]
    for name in names:
        (tmp_path / name).write_text(f"This is what stands in {name}, and nothing else.")
    (tmp_path / "7.txt").unlink()
    with Reading() as reading:
        for place, name in enumerate(names):
            # Now and then another file is asked for than the one that was told of.
            following = ["0.txt"] if place % 5 == 4 else names[place + 1 :]
            if name == "7.txt":
                with pytest.raises(ReadError, match="No such file"):
                    list(reading.articles(tmp_path, name, following))
                continue
            (found,) = reading.articles(tmp_path, name, following)
            assert isinstance(found, Prepared)
            assert name in found.article.text


def test_paths_too_long_for_a_pipe_do_not_stop_it(tmp_path: Path) -> None:
    deep = "/".join(["\u1234" * 80] * 14)
    (tmp_path / deep).mkdir(parents=True)
    names = [f"{deep}/{number}.txt" for number in range(12)]
    for name in names:
        (tmp_path / name).write_text("The bridge opens in spring. " * 2000)
    with Reading() as reading:
        for place, name in enumerate(names):
            assert len(list(reading.articles(tmp_path, name, names[place + 1 :]))) == 1

"""What the commands print, on any kind of stream and with names of any bytes."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import termios
import unicodedata
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Settings, build
from index.model.encoder import SentenceEncoder
from tests.conftest import ROOT
from ui.cli import main
from ui.terminal import json_text

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Control characters of both blocks, direction marks, isolates, zero width, line ends, a lone surrogate, private
# use and unassigned characters of two planes.
ODD = "\x1b[2J\x7f\x9b2J\u200e\u202e\u2067\u2069\u061c\u200b\u2060\ufeff\u00ad\u2028\u2029\udcff\ue000\u0378\U000f0000\U000e0001"
NAME = "Brücke \u202e\x9b2J\u200b\u2028\ue000 мост 桥.txt"
STREAMS = [
    ("ascii", "strict"), ("ascii", "surrogateescape"), ("latin-1", "strict"), ("cp1252", "strict"),
    ("shift_jis", "strict"), ("utf-8", "strict"), ("utf-8", "surrogateescape"), ("utf-16", "strict"), ("ascii", "ignore"),
]  # fmt: skip


@pytest.fixture(scope="module")
def odd(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles with odd names, and its index beside them."""
    folder = tmp_path_factory.mktemp("odd") / "Straße \u202e桥"
    folder.mkdir()
    (folder / NAME).write_text(
        "Die Brücke öffnet im Mai, sagte der Hafen \u202eam Dienstag. Яхты и лодки ждут."
    )
    (folder / "no utf-8 \udcff.txt").write_text("The ferry stops in May, said the harbour.")
    (folder / "\U000f0000\x1b[2J.txt").write_bytes(b"\x00")
    (folder.parent / "questions.jsonl").write_text(
        '{"question": "Wann öffnet die Brücke \\udcff?", "answers": ["Mai"]}\n'
    )
    build(folder, Settings(index=folder.parent / "index"), encoder=encoder)
    return folder


def printed(monkeypatch: pytest.MonkeyPatch, kind: tuple[str, str], *arguments: str) -> tuple[int, str, str]:
    encoding, errors = kind
    streams = [io.TextIOWrapper(io.BytesIO(), encoding, mode) for mode in (errors, "backslashreplace")]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        try:
            status = main(arguments)
        except SystemExit as left:
            status = int(left.code or 0)
    out, err = (stream.detach().getvalue().decode(encoding) for stream in streams)
    return status, out, err


def commands(folder: Path) -> list[list[str]]:
    index = ["--index", str(folder.parent / "index")]
    return [
        ["index", str(folder), *index],
        ["check", *index],
        ["show", str(folder / NAME)],
        ["show", str(folder / "no utf-8 \udcff.txt")],
        ["status", *index],
    ]


def asking(folder: Path) -> list[list[str]]:
    """Commands that take a second or more because they load models."""
    index = ["--index", str(folder.parent / "index")]
    return [
        ["ask", "Wann öffnet die Brücke? \udcff\x9b", *index],
        ["ask", "Wer gewann die Schachmeisterschaft 1998 in Straße?", "--path", "*", *index],
        ["eval", str(folder.parent / "questions.jsonl"), *index],
    ]


@pytest.mark.parametrize("kind", STREAMS, ids="-".join)
def test_every_command_prints_on_a_stream_of_any_kind(
    odd: Path, monkeypatch: pytest.MonkeyPatch, kind: tuple[str, str]
) -> None:
    slow = asking(odd) if kind in STREAMS[:1] else []
    for arguments in [*commands(odd), *slow]:
        status, out, err = printed(monkeypatch, kind, *arguments)
        assert (status, err) == (0, ""), arguments
        assert_fit(out)
        status, out, err = printed(monkeypatch, kind, *arguments, "--json")
        assert (status, err) == (0, ""), arguments
        assert_fit(out)
        assert isinstance(json.loads(out), dict)


def assert_fit(out: str) -> None:
    assert not [hex(ord(c)) for c in out if unicodedata.category(c) in UNSEEN and c != "\n"]


def test_json_keeps_names_and_what_can_be_read(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, _, shown, skipped, status = commands(odd)
    _, out, _ = printed(monkeypatch, ("utf-8", "strict"), *index, "--json")
    assert set(json.loads(out)["skipped"]) == {"no utf-8 \udcff.txt", "\U000f0000\x1b[2J.txt"}
    assert r"no utf-8 \udcff.txt" in out
    assert r"\udb80\udc00\u001b[2J.txt" in out
    _, out, _ = printed(monkeypatch, ("utf-8", "strict"), *asking(odd)[0], "--json")
    assert json.loads(out)["citations"][0]["path"] == NAME
    assert r"Brücke \u202e\u009b2J\u200b\u2028\ue000 мост 桥.txt" in out
    _, out, _ = printed(monkeypatch, ("ascii", "strict"), *shown, "--json")
    assert out.isascii()
    assert json.loads(out)["path"] == NAME
    _, out, _ = printed(monkeypatch, ("utf-8", "strict"), *skipped, "--json")
    assert json.loads(out) == {
        "path": "no utf-8 \udcff.txt",
        "skipped": "its name is not valid UTF-8",
        "dropped": [],
    }
    _, out, _ = printed(monkeypatch, ("utf-8", "strict"), *status, "--json")
    assert json.loads(out)["folder"] == str(odd)


@given(
    st.dictionaries(
        st.text(st.characters()), st.text(st.characters()) | st.sampled_from([ODD, NAME, "¥‾\\\n\t"])
    )
)
def test_json_says_the_same_whatever_is_escaped(value: dict[str, str]) -> None:
    plain = json.loads(json.dumps(value))
    for encoding in (None, "utf-8", "ascii", "latin-1", "shift_jis", "cp1252"):
        for indent in (None, 2):
            text = json_text(value, encoding, indent)
            assert json.loads(text) == plain
            assert_fit(text)
            assert text.encode(encoding or "utf-8").decode(encoding or "utf-8") == text


@pytest.mark.parametrize("kind", STREAMS, ids="-".join)
@pytest.mark.parametrize(
    "arguments",
    [[f"fly{ODD}"], ["ask", "a", f"--x{ODD}"], ["ask", "--lang", "a", f"--s={ODD}"], ["chat", "--port", ODD], ["index", ODD],
     ["eval", ODD], ["show", ODD], ["ask", "why?", "--since", ODD], ["ask", "why?", "--index", ODD], ["ask", "--help"],
     ["trust", ODD], ["trust", "--remove", ODD], ["ask", "why?", "--llm", ODD]],
)  # fmt: skip
def test_what_was_typed_commands_no_terminal(
    kind: tuple[str, str], arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, err = printed(monkeypatch, kind, *arguments)
    assert_fit(out)
    assert_fit(err)
    assert out or err


def spawn(command: list[str], arguments: list[str], **streams: int | IO[bytes]) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    return subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment, **streams)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["status"], ["status", "--json"], ["show", NAME, "--json"]], ids=" ".join
)
@pytest.mark.parametrize("to", ["a pipe whose reader has left", "a full disk"])
def test_an_output_that_cannot_be_written_ends_without_a_traceback(
    odd: Path, command: list[str], arguments: list[str], to: str
) -> None:
    if arguments[0] == "status":
        arguments = [*arguments, "--index", str(odd.parent / "index")]
    arguments = [str(odd / NAME) if argument == NAME else argument for argument in arguments]
    reader, writer = os.pipe()
    os.close(reader)
    with Path("/dev/full").open("wb") as full, os.fdopen(writer, "wb") as left:
        process = spawn(command, arguments, stdout=left if "pipe" in to else full, stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    full_disk = b"article-qa: cannot write the output (no space left on device): redirect it elsewhere\n"
    assert err == (b"" if "pipe" in to else full_disk)


@pytest.mark.parametrize("closed", [1, 2])
def test_a_stream_that_is_closed_is_done_without(odd: Path, command: list[str], closed: int) -> None:
    line = ["sh", "-c", f'"$@" {closed}>&-', "sh", *command]
    arguments = ["index", str(odd), "--index", str(odd.parent / "index")]
    process = spawn(line, arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert err == b""
    assert (out == b"") == (closed == 1)


def read(terminal: int) -> bytes:
    """Read on; at the end, which Linux reports as an error, return nothing."""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


def test_the_bar_takes_any_name(odd: Path, command: list[str], tmp_path: Path) -> None:
    """On a terminal: the bar is shown nowhere else."""
    ours, theirs = pty.openpty()
    # A terminal without a width gets no bar.
    termios.tcsetwinsize(theirs, (24, 200))
    arguments = ["index", str(odd), "--index", str(tmp_path / "index")]
    with os.fdopen(theirs, "wb") as terminal:
        process = spawn(command, arguments, stdout=subprocess.DEVNULL, stderr=terminal)
    shown = b"".join(iter(lambda: read(ours), b"")).decode("ascii")
    os.close(ours)
    assert process.wait(120) == 0
    assert "encoding" in shown
    # The bar moves the cursor, but no name does.
    left = re.sub(r"\r|\n|\x1b\[A", "", shown)
    assert_fit(left)


def test_followed_as_json_all_lines_are_json(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.building.watch.changes", lambda folder, index: iter([None]))
    index, *_ = commands(odd)
    for kind in (("ascii", "strict"), ("utf-8", "strict")):
        status, out, err = printed(monkeypatch, kind, *index, "--watch", "--json")
        assert status == 0
        assert [json.loads(line)["unchanged"] for line in out.splitlines()] == [1, 1]
        assert err.startswith("article-qa: watching ")
        assert_fit(out + err)
        status, out, err = printed(monkeypatch, kind, *index, "--watch")
        assert (status, err) == (0, "")
        assert "watching " in out
        assert_fit(out)

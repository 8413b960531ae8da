"""Files to documents. Formats that need a parser are read in a process that can be killed.

A parser that loops or fills the memory on a hostile file then costs one file, not the build.
"""

import contextlib
import json
import os
import resource
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from .document import Document, ReadError, Skipped
from .files import MAX_FILE_BYTES
from .read import read, suffix_of

# Read by a few lines of our own, which are bounded: no process is needed, nor the time to start it.
_PLAIN = {".txt", ".text", ".md", ".markdown"}
# Seconds in which a reader has to come up with something, be it one article of many.
_PATIENCE = 120.0
_MEMORY_BYTES = 4 << 30
_CHUNK = 1 << 20


class Reading:
    """Reads files one after another; start it with `with`."""

    def __init__(self, patience: float = _PATIENCE, memory: int = _MEMORY_BYTES) -> None:
        self._patience, self._memory = patience, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = bytearray()

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop()

    def documents(self, file: Path, path: str) -> Iterator[Document | Skipped]:
        """Yield what is in `file`, whose ending, as that of `path`, names the format.

        Raises ReadError with the reason if it cannot be read.
        """
        try:
            size = file.stat().st_size
            if size > MAX_FILE_BYTES:
                raise ReadError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB: {size // 1_000_000:,} MB")
            if suffix_of(path) in _PLAIN:
                yield from read(path, file.read_bytes())
                return
        except OSError as error:
            raise ReadError(error.strerror or "unreadable") from error
        yield from self._elsewhere(file, path)

    def _elsewhere(self, file: Path, path: str) -> Iterator[Document | Skipped]:
        process = self._process = self._process or self._started()
        finished = False
        try:
            stdin = cast("IO[bytes]", process.stdin)
            stdin.write(json.dumps([str(file), path]).encode() + b"\n")
            stdin.flush()
            while True:
                kind, value = json.loads(self._line(process))
                if kind == "end":
                    finished = True
                    return
                if kind == "error":
                    finished = True
                    raise ReadError(value)
                yield _document(value) if kind == "document" else Skipped(**value)
        except (BrokenPipeError, EOFError) as error:
            limit = f"{self._memory >> 30} GB of memory"
            raise ReadError(f"reading it failed: it is damaged or needs more than {limit}") from error
        finally:
            # Whoever stops in the middle leaves lines behind that belong to no other file.
            if not finished:
                self._stop()

    def _started(self) -> "subprocess.Popen[bytes]":
        root = Path(__file__).parent.parent
        return subprocess.Popen(  # noqa: S603
            # Without -P a folder named `index` where the user stands would be imported.
            [sys.executable, "-P", "-m", f"{__package__}.reading", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
            # Ctrl+C is for the build, which then ends this process.
            start_new_session=True,
        )

    def _line(self, process: "subprocess.Popen[bytes]") -> bytes:
        stdout = cast("IO[bytes]", process.stdout)
        until = time.monotonic() + self._patience
        searched = 0
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while (end := self._unread.find(b"\n", searched)) < 0:
                searched = len(self._unread)
                if not selector.select(until - time.monotonic()):
                    raise ReadError(f"reading it took longer than {self._patience:.0f} seconds")
                more = os.read(stdout.fileno(), _CHUNK)
                if not more:
                    raise EOFError
                self._unread += more
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._unread.clear()
        if process:
            process.kill()
            with contextlib.suppress(BrokenPipeError):
                process.communicate()


def _document(value: dict[str, Any]) -> Document:
    published = value["published"]
    return Document(
        **{
            **value,
            "published": date.fromisoformat(published) if published else None,
            "authors": tuple(value["authors"]),
            "tags": tuple(value["tags"]),
        }
    )


def _serve() -> None:
    """Answer each line of the standard input, `[file, path]`, with lines of what is in that file."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        file, path = json.loads(line)
        for answer in _answers(Path(file), path):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _answers(file: Path, path: str) -> Iterator[tuple[str, object]]:
    try:
        for found in read(path, file.read_bytes()):
            value = asdict(found)
            if isinstance(found, Document):
                value["published"] = found.published.isoformat() if found.published else None
            yield "document" if isinstance(found, Document) else "skipped", value
        yield "end", None
    except ReadError as error:
        yield "error", str(error)
    except OSError as error:
        yield "error", error.strerror or "unreadable"


if __name__ == "__main__":
    _serve()

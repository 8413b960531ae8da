"""Files to articles, in a process that can be killed.

All that grows with a file happens there, from its bytes to the sentences and the signature of its articles:
what loops or fills the memory on a hostile file costs that file, not the build.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from index.article import Article, Span
from index.errors import StorageError

from .document import ReadError, Skipped
from .files import MAX_FILE_BYTES
from .prepare import Prepared, prepare
from .registry import read

# Seconds in which the process has to come up with something, be it one article of many.
_PATIENCE = 120.0
_MEMORY_BYTES = 4 << 30
# Answers that wait to be taken; the process waits when there are as many.
_WAITING = 64
# Files that the process is told of in advance, and what that may take of a pipe's room (64 KB on Linux): with
# one at a time each would wait for the other.
AHEAD, _AHEAD_BYTES = 8, 32_000
_MAX_REASON = 500


class Reading:
    """Reads files one after another; start it with `with`.

    `tells_dropped` asks for the lines of each file that are not in its articles.
    """

    def __init__(
        self, patience: float = _PATIENCE, memory: int = _MEMORY_BYTES, *, tells_dropped: bool = False
    ) -> None:
        self._patience, self._memory, self._tells_dropped = patience, memory, tells_dropped
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._asked: list[bytes] = []

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop()

    def articles(self, root: Path, path: str, following: Iterable[str] = ()) -> Iterator[Prepared | Skipped]:
        """Yield the articles in the file at `path` below `root`; its ending names the format.

        While they are taken, the process goes on with `following`, the files that will be asked for next.
        Raises ReadError with the reason if the file cannot be read.
        """
        finished = False
        try:
            self._ask(root, path, following)
            while True:
                kind, value = json.loads(self._answer())
                if kind in ("end", "error"):
                    finished = True
                    if kind == "error":
                        raise ReadError(value)
                    return
                if kind == "storage":
                    raise StorageError(value)
                yield _prepared(value) if kind == "article" else Skipped(**value)
        except (BrokenPipeError, EOFError) as error:
            limit = f"{self._memory >> 30} GB of memory"
            raise ReadError(f"reading it failed: it is damaged or needs more than {limit}") from error
        finally:
            # Whoever stops in the middle leaves answers behind that belong to no other file.
            if not finished:
                self._stop()

    def _ask(self, root: Path, path: str, following: Iterable[str]) -> None:
        ahead = islice(following, AHEAD)
        requests = [json.dumps([str(root), wanted]).encode() + b"\n" for wanted in (path, *ahead)]
        while sum(map(len, requests)) > _AHEAD_BYTES and len(requests) > 1:
            requests.pop()
        if self._asked != requests[: len(self._asked)]:
            self._stop()
        is_first = not self._asked
        self._process = self._process or self._started()
        new = b"".join(requests[len(self._asked) :])
        self._asked = requests[1:]
        try:
            stdin = cast("IO[bytes]", self._process.stdin)
            stdin.write(new)
            stdin.flush()
        except BrokenPipeError:
            # Where the process has begun with this file, the answers before its end are still to be taken.
            if is_first:
                raise

    def _started(self) -> "subprocess.Popen[bytes]":
        root = Path(__file__).parent.parent
        process = subprocess.Popen(  # noqa: S603
            # Without -P a folder named `index` where the user stands would be imported.
            [sys.executable, "-P", "-m", f"{__package__}.sandbox", str(self._memory)]
            + ["dropped"] * self._tells_dropped,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # One thread: each of many would take of the memory that is allowed, and nothing needs them.
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}
            | {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            # Ctrl+C is for the build, which then ends this process.
            start_new_session=True,
        )
        self._answers = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=_listen, args=(process.stdout, self._answers), daemon=True)
        self._thread.start()
        return process

    def _answer(self) -> bytes:
        try:
            line = self._answers.get(timeout=self._patience)
        except queue.Empty:
            raise ReadError(f"reading it took longer than {self._patience:.0f} seconds") from None
        if not line.endswith(b"\n"):
            raise EOFError
        return line

    def _stop(self) -> None:
        process, self._process, self._asked = self._process, None, []
        if not process or not self._thread:
            return
        process.kill()
        while self._thread.is_alive():
            # It may be waiting for someone to take what it has heard.
            with contextlib.suppress(queue.Empty):
                self._answers.get(timeout=0.01)
        with contextlib.suppress(BrokenPipeError):
            process.communicate()


def _listen(stdout: IO[bytes], answers: "queue.Queue[bytes]") -> None:
    """Put each line into `answers`, at the end what is no whole line."""
    # A pipe cannot be waited for with a limit of time on every system; a queue can.
    for line in stdout:
        answers.put(line)
    answers.put(b"")


def _value(prepared: Prepared) -> dict[str, Any]:
    """Return an article as what JSON knows."""
    article = {name: getattr(prepared.article, name) for name in Article.__slots__ if name != "also"}
    published = prepared.article.published
    return {
        "article": {**article, "published": published.isoformat() if published else None},
        "sentences": [(span.start, span.end) for span in prepared.sentences],
        "signature": prepared.signature.hex(),
        "dropped": prepared.dropped,
    }


def _prepared(value: dict[str, Any]) -> Prepared:
    article = value["article"]
    published = article["published"]
    return Prepared(
        Article(
            **{
                **article,
                "published": date.fromisoformat(published) if published else None,
                "authors": tuple(article["authors"]),
                "tags": tuple(article["tags"]),
            }
        ),
        tuple(Span(start, end) for start, end in value["sentences"]),
        bytes.fromhex(value["signature"]),
        tuple(value["dropped"]),
    )


def _serve() -> None:
    """Answer each line of the standard input, `[root, path]`, with lines of what is in that file."""
    _limit_memory(int(sys.argv[1]))
    tell_dropped = "dropped" in sys.argv[2:]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        root, path = json.loads(line)
        for answer in _found(Path(root, path), path, tell_dropped=tell_dropped):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limit for a process.
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _found(file: Path, path: str, *, tell_dropped: bool) -> Iterator[tuple[str, object]]:
    try:
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            raise ReadError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB: {size // 1_000_000:,} MB")
        for found in prepare(path, read(path, file.read_bytes()), tell_dropped=tell_dropped):
            if isinstance(found, Skipped):
                yield "skipped", {"name": found.name, "reason": found.reason[:_MAX_REASON]}
            else:
                yield "article", _value(found)
        yield "end", None
    except ReadError as error:
        yield "error", str(error).encode("utf-8", "replace").decode("utf-8")[:_MAX_REASON]
    except StorageError as error:
        yield "storage", str(error)
    except OSError as error:
        yield "error", error.strerror or "unreadable"
    except MemoryError:
        yield "error", "reading it needs too much memory"


if __name__ == "__main__":
    _serve()

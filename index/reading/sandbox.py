"""Files to articles, in a process that can be killed.

Everything whose cost grows with a file happens in that process, from the file's bytes to the sentences and
the signature of its articles. A hostile file that loops or fills the memory costs that file, not the build.
"""

import atexit
import contextlib
import importlib.util
import json
import logging
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

from .document import PassingError, ReadError, Skipped, UnreadableError
from .dropped import Difference
from .kept import Kept
from .prepare import Prepared

# The process must produce something within this many seconds, at least one article of many.
_PATIENCE = 120.0
_MEMORY_BYTES = 4 << 30
# The process pauses when this many of its answers have not been taken yet.
_WAITING = 64
# The process is told of this many files in advance, since one at a time would make each side wait for the
# other. The requests must fit into a pipe, which holds 64 KB on Linux.
AHEAD, _AHEAD_BYTES = 8, 32_000
# An idle process is kept this long for the next build of the same program, because starting one takes half
# a second. A folder that is being followed often changes twice within a minute.
_IDLE_SECONDS = 60.0
# An idle process answers within a millisecond, unless the machine is overloaded.
_READY_SECONDS = 5.0

# What the process answers about a file that is not an article.
_ERRORS = {"error": ReadError, "passing": PassingError, "unreadable": UnreadableError}

_logger = logging.getLogger(__name__)


class Reading:
    """Reads files one after another; use it in a `with` statement.

    The process has `patience` seconds for each article. With `tells_difference` each article comes
    with how it differs from its file.
    """

    def __init__(
        self, patience: float = _PATIENCE, memory: int = _MEMORY_BYTES, *, tells_difference: bool = False
    ) -> None:
        self.patience, self._memory = patience, memory
        # Without -P a folder named `index` in the current folder would be imported.
        module = ["-P", "-m", f"{__package__}.child", str(memory)]
        self._command = (sys.executable, *module, *["difference"] * tells_difference)
        self._process: _Process | None = None
        # Requests that have been sent but not answered yet.
        self._asked: list[bytes] = []

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process and not self._asked:
            _keep(self._process)
            self._process = None
        self._stop()

    def articles(self, root: Path, path: str, following: Iterable[str] = ()) -> Iterator[Prepared | Skipped]:
        """Yield the articles in the file at `path` below `root`; its ending names the format.

        Meanwhile the process goes on with `following`, the files that will be asked for next.
        Raises ReadError with the reason if the file is not an article, UnreadableError if the system cannot
        read it now, PassingError if another try may succeed.
        """
        finished = False
        try:
            process = self._ask(root, path, following)
            while True:
                kind, value = json.loads(process.answer(self.patience))
                if kind in ("end", *_ERRORS):
                    finished = True
                    if kind != "end":
                        raise _ERRORS[kind](value)
                    return
                if kind == "storage":
                    raise StorageError(value)
                if kind == "working":
                    continue
                yield _prepared(value) if kind == "article" else Skipped(**value)
        except (BrokenPipeError, EOFError) as error:
            limit = f"{self._memory >> 30} GB of memory"
            raise PassingError(f"reading it failed: it is damaged or needs more than {limit}") from error
        finally:
            # If the caller stops halfway, the answers left over belong to no other file.
            if not finished:
                self._stop()

    def _ask(self, root: Path, path: str, following: Iterable[str]) -> "_Process":
        ahead = islice(following, AHEAD)
        requests = [json.dumps([str(root), wanted]).encode() + b"\n" for wanted in (path, *ahead)]
        while sum(map(len, requests)) > _AHEAD_BYTES and len(requests) > 1:
            requests.pop()
        if self._asked != requests[: len(self._asked)]:
            self._stop()
        is_first = not self._asked
        process = self._process = self._process or _kept(self._command) or _Process(self._command)
        new = b"".join(requests[len(self._asked) :])
        self._asked = requests[1:]
        try:
            process.send(new)
        except BrokenPipeError:
            # If the process ended after it had begun this file, its answers up to there still count.
            if is_first:
                raise
        return process

    def _stop(self) -> None:
        process, self._process, self._asked = self._process, None, []
        if process:
            process.end()


class _Process:
    """A running process with the answers it has given so far."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command = command
        if not importlib.util.find_spec("resource"):
            _logger.warning("this system cannot limit the memory of the process that reads files")
        self._popen = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # Ctrl+C is for the build, which then ends this process.
            start_new_session=True,
        )
        self._answers: queue.Queue[bytes] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=_listen, args=(self._popen.stdout, self._answers), daemon=True)
        self._thread.start()

    def is_ready(self) -> bool:
        """Return whether the process, which has nothing to do, answers."""
        try:
            self.send(b"null\n")
            return bool(json.loads(self.answer(_READY_SECONDS)) == ["ready", None])
        except (BrokenPipeError, EOFError, ReadError):
            return False

    def send(self, requests: bytes) -> None:
        """Write requests. Raises BrokenPipeError if the process has ended."""
        stdin = cast("IO[bytes]", self._popen.stdin)
        stdin.write(requests)
        stdin.flush()

    def answer(self, patience: float) -> bytes:
        """Return the next answer.

        Raises PassingError after `patience` seconds without one, EOFError if the process has ended.
        """
        try:
            line = self._answers.get(timeout=patience)
        except queue.Empty:
            raise PassingError(f"reading it took longer than {patience:.0f} seconds") from None
        if not line.endswith(b"\n"):
            raise EOFError
        return line

    def end(self) -> None:
        """Kill the process and wait for it."""
        self._popen.kill()
        while self._thread.is_alive():
            # The thread may be waiting for room in the queue.
            with contextlib.suppress(queue.Empty):
                self._answers.get(timeout=0.01)
        with contextlib.suppress(BrokenPipeError):
            self._popen.communicate()


def _environment() -> dict[str, str]:
    root = Path(__file__).parent.parent.parent
    own = {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    # One thread: the stacks of many would count against the memory limit, and nothing here needs them.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # The process parses files that anyone may have made, so it is told no secret.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ARTICLE_QA_")}
    return {**inherited, **own, **threads}


def _listen(stdout: IO[bytes], answers: "queue.Queue[bytes]") -> None:
    """Put each line into `answers`, and at the end an empty one."""
    # Not every system can wait for a pipe with a time limit; a queue can.
    for line in stdout:
        answers.put(line)
    answers.put(b"")


_idle: dict[tuple[str, ...], tuple[_Process, threading.Timer]] = {}
_idle_lock = threading.Lock()


def _kept(command: tuple[str, ...]) -> _Process | None:
    """Return an idle process of this command, if one is still running; it is then the caller's."""
    with _idle_lock:
        process, timer = _idle.pop(command, (None, None))
    if timer:
        timer.cancel()
    if process and not process.is_ready():
        process.end()
        return None
    return process


def _keep(process: _Process) -> None:
    """Keep a process that has answered everything, in place of an earlier one."""
    timer = threading.Timer(_IDLE_SECONDS, _drop, [process])
    timer.daemon = True
    with _idle_lock:
        earlier, its_timer = _idle.pop(process.command, (None, None))
        _idle[process.command] = process, timer
    timer.start()
    if earlier and its_timer:
        its_timer.cancel()
        earlier.end()


def _drop(process: _Process) -> None:
    """End a process if it is still idle."""
    with _idle_lock:
        kept, timer = _idle.get(process.command, (None, None))
        if kept is not process:
            return
        del _idle[process.command]
    if timer:
        timer.cancel()
    process.end()


@atexit.register
def _drop_all() -> None:
    for process, _ in list(_idle.values()):
        _drop(process)


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
        Kept(*value["kept"]),
        _difference(*value["difference"]),
    )


def _difference(dropped: list[str], changed: list[list[list[str]]]) -> Difference:
    return Difference(tuple(dropped), tuple((tuple(seen), tuple(kept)) for seen, kept in changed))

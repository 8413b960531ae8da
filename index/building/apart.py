"""A build in a process of its own: whoever serves the index goes on answering from its last state."""

import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from index.settings import Settings

from .progress import Progress, Summary

# A build that was asked to stop rolls back within moments. One that does not is killed after so many seconds.
_PATIENCE = 20.0
_CRASHED = "the build ended unexpectedly: the terminal that runs article-qa may say why; start it again"


@dataclass(frozen=True, slots=True)
class State:
    """How the builds of an index stand. `ended` counts those that are over; it says how the last one went."""

    running: bool = False
    stopping: bool = False
    progress: Progress | None = None
    ended: int = 0
    summary: Summary | None = None
    error: str | None = None


class Apart:
    """Builds the index of `settings` from `folder`, one build at a time. Safe for several threads."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self._settings = settings
        self._lock = threading.Lock()
        self._state = State()
        self._process: subprocess.Popen[str] | None = None
        # Whether another build follows the running one, and whether that reads everything.
        self._next: bool | None = None

    def state(self) -> State:
        """Return how the builds stand."""
        with self._lock:
            return self._state

    def start(self, *, rebuild: bool = False) -> None:
        """Start a build. If one is running, another one follows it, for what has come since."""
        with self._lock:
            if self._state.running:
                self._next = rebuild or bool(self._next)
            else:
                self._start(rebuild=rebuild)

    def stop(self) -> None:
        """Ask a running build to stop; what it has committed stays."""
        with self._lock:
            self._next = None
            if not self._process or not self._state.running or self._state.stopping:
                return
            self._state = replace(self._state, stopping=True)
            process = self._process
        _end(process)

    def _start(self, *, rebuild: bool) -> None:
        # Without -P a folder named `index` in the current folder would be imported.
        command = (sys.executable, "-P", "-m", f"{__package__}.child")
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._process, self._next = process, None
        self._state = replace(State(running=True), ended=self._state.ended)
        asked = {"folder": str(self.folder), "rebuild": rebuild, "settings": _given(self._settings)}
        threading.Thread(target=self._follow, args=(process, json.dumps(asked)), daemon=True).start()

    def _follow(self, process: "subprocess.Popen[str]", asked: str) -> None:
        """Keep the state up to date until the process has ended."""
        last: dict[str, Any] = {"error": _CRASHED}
        with process:
            # It may have ended at once, or been stopped before it began.
            with suppress(BrokenPipeError, ValueError):
                _input(process).write(asked + "\n")
                _input(process).flush()
            for line in process.stdout or ():
                kind, value = json.loads(line)
                if kind == "progress":
                    with self._lock:
                        self._state = replace(self._state, progress=Progress(**value))
                else:
                    last = {kind: Summary(**value) if kind == "summary" else value}
        with self._lock:
            stopped = {"error": None} if self._state.stopping and "summary" not in last else {}
            self._state = State(ended=self._state.ended + 1, **{**last, **stopped})
            if self._next is not None:
                self._start(rebuild=self._next)


def _end(process: "subprocess.Popen[str]") -> None:
    """Stop a process, in the background if that takes long: the end of its input asks it to."""
    with suppress(BrokenPipeError):
        _input(process).close()

    def wait() -> None:
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()

    threading.Thread(target=wait, daemon=True).start()


def _input(process: "subprocess.Popen[str]") -> IO[str]:
    return cast(IO[str], process.stdin)


def _given(settings: Settings) -> dict[str, str]:
    """Return the settings that a build uses."""
    given = {"index": str(settings.index.resolve()), "encoder": settings.encoder}
    given["cache"] = str(settings.cache.resolve())
    return given | ({"chroma": settings.chroma.get_secret_value()} if settings.chroma else {})

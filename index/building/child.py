"""The process of a build that somebody watches from outside: it tells how far it is, line by line.

Started as `python -m index.building.child` by `apart`, its only caller.
"""

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from index.errors import ArticleQAError
from index.settings import Settings

from .build import build
from .progress import Progress, Report

# Seconds between two reports.
_REFRESH = 0.2
# Questions come first.
_NICE = 5


def main() -> None:
    """Read what to build from the first line of the input, and build until that is done or the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # A shell may have started the program deaf to Ctrl+C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # The parent may be gone, and with it whoever would read this.
    with suppress(BrokenPipeError, KeyboardInterrupt):
        if line := sys.stdin.readline():
            _tell(answers, *_built(json.loads(line), answers))


def _built(asked: dict[str, object], answers: TextIO) -> tuple[str, object]:
    if hasattr(os, "nice"):
        os.nice(_NICE)
    threading.Thread(target=_heed_the_end, daemon=True).start()
    try:
        settings = Settings.model_validate(asked["settings"])
        folder, rebuild = Path(str(asked["folder"])), bool(asked["rebuild"])
        summary = build(folder, settings, rebuild=rebuild, progress=_teller(answers))
    except ArticleQAError as error:
        return "error", str(error)
    except KeyboardInterrupt:
        return "error", None
    finally:
        # The input ends after a whole build too.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return "summary", summary.to_dict()


def _heed_the_end() -> None:
    """Interrupt the build when the input ends: the parent wants that, or is gone."""
    # Not sys.stdin.read(), whose lock the interpreter wants when it ends.
    while os.read(sys.stdin.fileno(), 1 << 10):
        pass
    os.kill(os.getpid(), signal.SIGINT)


def _teller(answers: TextIO) -> Report:
    step, told = "", 0.0

    def tell(progress: Progress) -> None:
        nonlocal step, told
        if progress.step != step or time.monotonic() - told >= _REFRESH:
            step, told = progress.step, time.monotonic()
            _tell(answers, "progress", asdict(progress))

    return tell


def _tell(answers: TextIO, kind: str, value: object) -> None:
    answers.write(json.dumps([kind, value]) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()

"""The process that reads files: it answers each line of its standard input with what is in that file.

Started as `python -m index.reading.child MEMORY [difference]` by `sandbox`, its only caller.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any, TextIO

from index.article import Article
from index.errors import StorageError

from .document import PassingError, ReadError, Skipped
from .files import MAX_FILE_BYTES
from .prepare import Prepared, prepare
from .pulse import pulse
from .registry import read

_MAX_REASON = 500


def serve() -> None:
    """Read requests, `[root, path]`, and write their answers, `[kind, value]`, each on a line of its own.

    The request `null` only asks whether the process is there.
    """
    _limit_memory(int(sys.argv[1]))
    tell_difference = "difference" in sys.argv[2:]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        with pulse(lambda: _tell(answers, ("working", None))):
            for answer in _answers(json.loads(line), tell_difference=tell_difference):
                _tell(answers, answer)


def _tell(answers: TextIO, answer: tuple[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:
        # Windows cannot limit a process this way; it reads without a limit there.
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _answers(request: tuple[str, str] | None, *, tell_difference: bool) -> Iterator[tuple[str, object]]:
    if request is None:
        yield "ready", None
        return
    root, path = request
    file = Path(root, path)
    try:
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            raise ReadError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB: {size // 1_000_000:,} MB")
        for found in prepare(path, read(path, file.read_bytes()), tell_difference=tell_difference):
            if isinstance(found, Skipped):
                yield "skipped", {"name": found.name, "reason": found.reason[:_MAX_REASON]}
            else:
                yield "article", _as_json(found)
        yield "end", None
    except PassingError as error:
        yield "passing", str(error)
    except ReadError as error:
        yield "error", str(error).encode("utf-8", "replace").decode("utf-8")[:_MAX_REASON]
    except StorageError as error:
        yield "storage", str(error)
    except OSError as error:
        yield "unreadable", error.strerror or "unreadable"
    except MemoryError:
        yield "passing", "reading it needs too much memory"


def _as_json(prepared: Prepared) -> dict[str, Any]:
    article = {name: getattr(prepared.article, name) for name in Article.__slots__ if name != "also"}
    published = prepared.article.published
    return {
        "article": {**article, "published": published.isoformat() if published else None},
        "sentences": [(span.start, span.end) for span in prepared.sentences],
        "signature": prepared.signature.hex(),
        "kept": astuple(prepared.kept),
        "difference": astuple(prepared.difference),
    }


if __name__ == "__main__":
    serve()

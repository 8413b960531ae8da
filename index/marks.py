"""Marks that tell which folders article-qa made and so may delete. It never removes anything else."""

import json
import os
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

MARK = "made-by-article-qa.json"
INDEX = "index"


def mark(folder: Path, what: str) -> None:
    """Mark `folder` as article-qa's, and say what it is.

    Raises OSError.
    """
    write_own(folder / MARK, content(what))


def content(what: str) -> dict[str, object]:
    """Return what the mark of a folder says."""
    return {"made by": "article-qa", "what": what}


def write_own(path: Path, content: dict[str, object]) -> None:
    """Write a small JSON file, whole or not at all, replacing whatever is at `path`, even a link.

    Raises OSError.
    """
    for attempt in count():
        temporary = path.with_name(f"{path.name}.{os.getpid()}-{attempt}")
        # A file of this name belongs to a killed build or to somebody else.
        with suppress(FileExistsError), temporary.open("x", encoding="utf-8") as file:
            file.write(json.dumps(content) + "\n")
            break
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise


def is_marked(folder: Path, what: str) -> bool:
    """Return whether `folder` is marked as `what` and is not a link."""
    if folder.is_symlink():
        return False
    with suppress(OSError, ValueError):
        return bool(json.loads((folder / MARK).read_text("utf-8")) == content(what))
    return False


def remove(folder: Path, what: str) -> None:
    """Delete `folder` with everything in it if it is marked as `what`."""
    if is_marked(folder, what):
        shutil.rmtree(folder, ignore_errors=True)


def segment(name: str) -> str:
    """Return how a segment's folder is marked, by name, so that a copy under another name is not ours."""
    return f"segment {name}"

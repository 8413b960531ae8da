"""The marks by which article-qa knows what it made, and so may delete; nothing else is ever removed."""

import json
import os
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

MARK = "made-by-article-qa.json"
INDEX = "index"


def mark(folder: Path, what: str) -> None:
    """Say in `folder` that it is article-qa's, and what it is.

    Raises OSError.
    """
    write_own(folder / MARK, content(what))


def content(what: str) -> dict[str, object]:
    """Return what the mark of a folder says."""
    return {"made by": "article-qa", "what": what}


def write_own(path: Path, content: dict[str, object]) -> None:
    """Write a small JSON file of ours whole or not at all, in place of whatever is at `path`, a link too.

    Raises OSError.
    """
    for attempt in count():
        temporary = path.with_name(f"{path.name}.{os.getpid()}-{attempt}")
        # One that is there is a killed build's, or somebody else's.
        with suppress(FileExistsError), temporary.open("x", encoding="utf-8") as file:
            file.write(json.dumps(content) + "\n")
            break
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise


def is_marked(folder: Path, what: str) -> bool:
    """Return whether `folder` is a folder, not a link to one, and was marked as `what`."""
    if folder.is_symlink():
        return False
    with suppress(OSError, ValueError):
        return bool(json.loads((folder / MARK).read_text("utf-8")) == content(what))
    return False


def remove(folder: Path, what: str) -> None:
    """Delete `folder` with all in it if it is marked as `what`; else leave it alone."""
    if is_marked(folder, what):
        shutil.rmtree(folder, ignore_errors=True)


def segment(name: str) -> str:
    """Return what the folder of a segment is marked as: a copy under another name is somebody else's."""
    return f"segment {name}"

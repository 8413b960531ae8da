"""Follows a folder and tells when something in it has changed."""

from collections.abc import Iterator
from pathlib import Path

# A change ends after this many milliseconds of quiet, so that a copied folder is one change, not hundreds.
_QUIET, _AT_LATEST = 500, 10_000


def changes(folder: Path, index: Path) -> Iterator[None]:
    """Yield each time that files of `folder` have changed, until the process is interrupted.

    Hidden files don't count, nor does the index if it is inside the folder.
    """
    from watchfiles import Change, watch

    root, own = folder.resolve(), index.resolve()

    def counts(_: Change, name: str) -> bool:
        path = Path(name)
        if path == own or own in path.parents or root not in (path, *path.parents):
            return False
        return not any(part.startswith(".") for part in path.relative_to(root).parts)

    for _ in watch(root, watch_filter=counts, debounce=_AT_LATEST, step=_QUIET, raise_interrupt=True):
        yield

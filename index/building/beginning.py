"""An index that holds nothing yet, for a folder that articles are still to come to."""

from contextlib import closing
from pathlib import Path

from index.article import is_utf8
from index.errors import IndexMissingError, SourceError
from index.model.encoder import fingerprint
from index.reading.prepare import pipeline
from index.settings import Settings
from index.store.catalog import FILE_NAME, Catalog
from index.store.catalog_writer import CatalogWriter
from index.store.ownership import claim

from .build import lock


def begin(folder: Path, settings: Settings) -> Path:
    """Make sure that there is an index for `folder`, if only an empty one; return the folder's whole path.

    Raises SourceError if there is no such folder, or the index belongs to another one that exists.
    """
    if not folder.is_dir() or not is_utf8(str(folder.resolve())):
        raise SourceError(f"{folder} is not a folder: give the folder that holds your articles")
    root, path = folder.resolve(), settings.index / FILE_NAME
    try:
        with closing(Catalog.open(path)) as catalog:
            other = Path(catalog.fact_or_none("folder") or root)
    except IndexMissingError:
        claim(settings.index)
        with (
            lock(settings.index),
            closing(CatalogWriter.create(path, fingerprint(settings), pipeline())) as new,
            new.transaction(),
        ):
            new.set_state(folder=str(root))
            new.seal()
        return root
    if other != root and other.is_dir():
        raise SourceError(
            f"the index {settings.index} holds the articles of {other}: choose another one with --index DIR"
        )
    return root

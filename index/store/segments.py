"""Where an index's vectors are: which segments are live, when they are merged, how readers open them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from index import marks
from index.errors import ArticleQAError, IndexDamagedError
from index.model.centring import CENTRING
from index.redaction import Address
from index.settings import BUNDLED_ENCODER, Settings

from .catalog import Catalog, SegmentRow
from .catalog_writer import CatalogWriter
from .connection import damaged
from .filters import as_number
from .rows import Stored
from .vectors import ExactVectors, Records, Segment, ServerCollection, VectorStore, is_sound, write_segment

FOLDER = "chroma"
# Each segment costs a question about a millisecond.
MAX_SEGMENTS = 8
MAX_DEAD_SHARE = 0.3
# Passages that go from the catalog to Chroma at once: bounds the memory of a merge.
_CHUNK = 4096


class Shelf(Protocol):
    """The writer's side of the vectors of one generation."""

    def add(self, numbers: Sequence[int]) -> None:
        """Put passages that the open transaction has added where readers will find their vectors."""

    def settle(self) -> None:
        """Bring what is stored in line with the catalog, with no encoding; after a build's commits."""


def open_shelf(settings: Settings, catalog: CatalogWriter, generation: int) -> Shelf:
    """Return the shelf that `settings` ask for: segments on this machine, or a Chroma server."""
    catalog.centres = settings.encoder == BUNDLED_ENCODER
    if settings.chroma:
        return _ServerShelf(settings.chroma, catalog, generation)
    return _SegmentShelf(settings.index / FOLDER, catalog, generation)


def open_stores(settings: Settings, catalog: Catalog) -> tuple[list[VectorStore], list[str]]:
    """Open the live vectors for reading; also return the names of damaged segments.

    What is in no sound segment, or was centred otherwise than questions expect, is compared exactly from the
    catalog, so that an answer never lacks it.
    """
    generation = catalog.generation()
    if catalog.centres and _is_outdated(catalog):
        # Until the next build writes Chroma's anew.
        numbers = catalog.all_numbers(generation)
        return [ExactVectors(numbers, catalog.vectors(numbers))], []
    if settings.chroma:
        return [ServerCollection(settings.chroma, _collection_name(catalog, generation))], []
    stores: list[VectorStore] = []
    damaged: list[str] = []
    loose = catalog.loose(generation)
    for row in catalog.segments(generation):
        try:
            stores.append(Segment(settings.index / FOLDER / row.folder, row.digest))
        except IndexDamagedError:
            damaged.append(row.folder)
            loose += catalog.numbers(row.id)
    if loose:
        stores.append(ExactVectors(loose, catalog.vectors(loose)))
    return stores, damaged


def exact_segment(catalog: Catalog, folder: str) -> ExactVectors:
    """Return the live vectors of the segment in `folder`, to be compared without Chroma."""
    rows = catalog.segments(catalog.generation())
    numbers = [number for row in rows if row.folder == folder for number in catalog.numbers(row.id)]
    return ExactVectors(numbers, catalog.vectors(numbers))


class _SegmentShelf:
    def __init__(self, root: Path, catalog: CatalogWriter, generation: int) -> None:
        self._root, self._catalog, self._generation = root, catalog, generation
        self._sweep()

    def _sweep(self) -> None:
        """Delete the segments that the catalog does not name, and nothing else.

        They are a killed build's, or were retired by the build before: readers had that long to move on.
        """
        named = self._catalog.folders()
        for folder in self._root.glob("*"):
            if folder.name not in named:
                marks.remove(folder, marks.segment(folder.name))
            elif not marks.is_marked(folder, marks.segment(folder.name)):
                # Of an index that was made before there were marks; the catalog says that it is ours.
                with suppress(OSError):
                    marks.mark(folder, marks.segment(folder.name))

    def add(self, numbers: Sequence[int]) -> None:
        if numbers:
            folder = uuid.uuid4().hex[:12]
            records = _records(self._catalog, numbers)
            made = write_segment(self._root / folder, len(numbers), records)
            self._catalog.add_segment(self._generation, folder, made, numbers)

    def settle(self) -> None:
        rows = self._catalog.segments(self._generation)
        worn = rows if _is_outdated(self._catalog) else [row for row in rows if self._is_worn(row)]
        sound = [row for row in rows if row not in worn]
        merged = worn + _to_merge(sound)
        loose = self._catalog.loose(self._generation)
        if not merged and not loose:
            return
        with self._catalog.transaction():
            numbers = loose + [number for row in merged for number in self._catalog.numbers(row.id)]
            self.add(sorted(numbers))
            self._catalog.remove_segments(row.id for row in merged)
            self._catalog.set_state(centring=CENTRING)
            self._catalog.next_build()

    def _is_worn(self, row: SegmentRow) -> bool:
        return row.live < row.size * (1 - MAX_DEAD_SHARE) or not is_sound(self._root / row.folder, row.digest)


def _is_outdated(catalog: Catalog) -> bool:
    """Return whether what Chroma holds was centred in another way than now, or not at all."""
    return catalog.fact_or_none("centring") != CENTRING


def _to_merge(rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """Choose small segments once there are too many, so that no passage is moved more than a few times."""
    if len(rows) <= MAX_SEGMENTS:
        return []
    largest = max(row.live for row in rows)
    small = [row for row in rows if row.live * 4 < largest]
    return small if len(rows) - len(small) < MAX_SEGMENTS else list(rows)


class _ServerShelf:
    def __init__(self, address: Address, catalog: CatalogWriter, generation: int) -> None:
        self._catalog, self._generation = catalog, generation
        if catalog.fact_or_none("collection") is None:
            with catalog.transaction():
                catalog.set_state(collection=f"article-qa-{uuid.uuid4().hex[:12]}")
        self._collection = ServerCollection(address, _collection_name(catalog, generation), create=True)

    def add(self, numbers: Sequence[int]) -> None:
        for records in _records(self._catalog, numbers):
            self._collection.add(records)

    def settle(self) -> None:
        stored = self._collection.numbers()
        live = set(self._catalog.all_numbers(self._generation))
        outdated = _is_outdated(self._catalog)
        self.add(sorted(live if outdated else live - stored))
        if outdated:
            with self._catalog.transaction():
                self._catalog.set_state(centring=CENTRING)
                self._catalog.next_build()
        self._collection.remove(sorted(stored - live))
        self._collection.close()


def collection_problem(settings: Settings, catalog: Catalog) -> str:
    """Return why the Chroma server of `settings` cannot be asked, nothing if it can."""
    if not settings.chroma:
        return ""
    try:
        ServerCollection(settings.chroma, _collection_name(catalog, catalog.generation())).close()
    except ArticleQAError as error:
        return str(error)
    return ""


def _collection_name(catalog: Catalog, generation: int) -> str:
    return f"{catalog.fact_or_none('collection') or 'article-qa'}-{generation}"


def _records(catalog: Catalog, numbers: Sequence[int]) -> Iterator[Records]:
    """Yield passages as Chroma takes them, with the flat metadata that other programs can filter by."""
    for at in range(0, len(numbers), _CHUNK):
        chunk = numbers[at : at + _CHUNK]
        stored = catalog.passages(chunk, live_only=False)
        if len(stored) < len(chunk):
            raise damaged(catalog.path, "passages that were whole when the build began")
        rows = [stored[number] for number in chunk]
        yield Records(
            chunk, catalog.vectors(chunk), [row.passage.text for row in rows], [_metadata(r) for r in rows]
        )


def _metadata(row: Stored) -> dict[str, str | int]:
    article, span = row.article, row.passage.span
    stated: Iterable[tuple[str, str | int | None]] = (
        ("article_id", article.id),
        ("title", article.title),
        ("path", article.path),
        ("language", article.language),
        ("source", article.source),
        ("published", as_number(article.published)),
        ("start", span.start),
        ("end", span.end),
    )
    # Chroma refuses None; an absent key is how its filters understand "unknown".
    return {key: value for key, value in stated if value is not None}

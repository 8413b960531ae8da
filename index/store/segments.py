"""An index's vectors: which segments are live, when they are merged, how readers open them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class MergeLimits:
    """When segments are rewritten. Argued: each bound trades time for questions against time for builds."""

    segments: int = 8
    """Each segment costs a question about a millisecond."""
    dead_share: float = 0.3
    """A segment with this share of removed passages is rewritten: they take disk, and search finds them in
    vain."""
    small: float = 0.25
    """Segments smaller than this share of the largest are merged first, so no passage moves more than a few
    times."""


LIMITS = MergeLimits()
# Passages that go from the catalog to Chroma at once; this bounds the memory of a merge.
_CHUNK = 4096


class Shelf(Protocol):
    """The writer's side of the vectors of one generation."""

    def add(self, numbers: Sequence[int]) -> None:
        """Store the vectors of passages that the open transaction has added."""

    def reconcile(self) -> None:
        """Bring what is stored in line with the catalog, without encoding; called after a build's commits."""


def open_shelf(settings: Settings, catalog: CatalogWriter, generation: int) -> Shelf:
    """Return the shelf that `settings` ask for: segments on this machine, or a Chroma server."""
    catalog.centres = settings.encoder == BUNDLED_ENCODER
    if settings.chroma:
        return _ServerShelf(settings.chroma, catalog, generation)
    return _SegmentShelf(settings.index / FOLDER, catalog, generation)


def open_stores(settings: Settings, catalog: Catalog) -> tuple[list[VectorStore], list[str]]:
    """Open the live vectors for reading; also return the names of damaged segments.

    Passages that are in no sound segment, or were centred differently from what questions expect, are
    compared exactly from the catalog, so an answer never misses them.
    """
    generation = catalog.generation()
    if catalog.centres and _is_outdated(catalog):
        # Until the next build rewrites Chroma's vectors.
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

        A killed build left them, or the previous build retired them; readers have moved on since.
        """
        named = self._catalog.folders()
        for folder in self._root.glob("*"):
            if folder.name not in named:
                marks.remove(folder, marks.segment(folder.name))
            elif not marks.is_marked(folder, marks.segment(folder.name)):
                # The index is older than our marks, but the catalog says that the folder is ours.
                with suppress(OSError):
                    marks.mark(folder, marks.segment(folder.name))

    def add(self, numbers: Sequence[int]) -> None:
        if numbers:
            folder = uuid.uuid4().hex[:12]
            records = _records(self._catalog, numbers)
            made = write_segment(self._root / folder, len(numbers), records)
            self._catalog.add_segment(self._generation, folder, made, numbers)

    def reconcile(self) -> None:
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
        return row.live < row.size * (1 - LIMITS.dead_share) or not is_sound(
            self._root / row.folder, row.digest
        )


def _is_outdated(catalog: Catalog) -> bool:
    """Return whether Chroma's vectors were centred differently from now, or not at all."""
    return catalog.fact_or_none("centring") != CENTRING


def _to_merge(rows: Sequence[SegmentRow], limits: MergeLimits = LIMITS) -> list[SegmentRow]:
    """Choose small segments once there are too many, so no passage moves more than a few times."""
    if len(rows) <= limits.segments:
        return []
    largest = max(row.live for row in rows)
    small = [row for row in rows if row.live < limits.small * largest]
    return small if len(rows) - len(small) < limits.segments else list(rows)


class _ServerShelf:
    def __init__(self, address: Address, catalog: CatalogWriter, generation: int) -> None:
        self._catalog, self._generation = catalog, generation
        if catalog.fact_or_none("collection") is None:
            with catalog.transaction():
                catalog.set_state(collection=f"article-qa-{uuid.uuid4().hex[:12]}")
        self._collection = ServerCollection(address, _collection_name(catalog, generation), create=True)
        self._sweep()

    def _sweep(self) -> None:
        """Delete the collections of past generations: readers had until this build to move on."""
        shown = _collection_name(self._catalog, self._catalog.generation())
        own = _collection_name(self._catalog, self._generation)
        self._collection.remove_others(f"{self._catalog.fact('collection')}-", {shown, own})

    def add(self, numbers: Sequence[int]) -> None:
        for records in _records(self._catalog, numbers):
            self._collection.add(records)

    def reconcile(self) -> None:
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
    """Return why the Chroma server of `settings` cannot be asked, or an empty text if it can."""
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
    """Yield passages in Chroma's form, with flat metadata that other programs can filter by."""
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
    # Chroma refuses None; to its filters an absent key means "unknown".
    return {key: value for key, value in stated if value is not None}

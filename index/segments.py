"""Where an index's vectors are: which segments are live, when they are merged, how readers open them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from . import ownership
from .addresses import Address
from .catalog import Catalog, SegmentRow, damaged
from .catalog_writer import CatalogWriter
from .centring import have_moved, means_of
from .encoder import Vectors
from .errors import ArticleQAError, IndexDamagedError
from .filters import as_number
from .rows import Stored
from .settings import Settings
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
    if settings.chroma:
        return _ServerShelf(settings, settings.chroma, catalog, generation)
    return _SegmentShelf(settings, catalog, generation)


def open_stores(settings: Settings, catalog: Catalog) -> tuple[list[VectorStore], list[str]]:
    """Open the live vectors for reading; also return the names of damaged segments.

    What is in no sound segment is compared exactly from the catalog, so that an answer never lacks it.
    """
    generation = catalog.generation()
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


class _Centre:
    """What the vectors of a generation are centred by, and when that changes."""

    def __init__(self, settings: Settings, catalog: CatalogWriter, generation: int) -> None:
        self._settings, self._catalog, self._generation = settings, catalog, generation

    def set_first(self) -> None:
        """Take the means of what there is, if none are set; inside a transaction."""
        if not self._catalog.means(self._generation):
            self._catalog.set_means(self._generation, self._now())

    def moved(self) -> dict[str, Vectors] | None:
        """Return the means of now if they are far from those set; None if no build has come since."""
        state = self._catalog.state()
        before = self._catalog.means(self._generation)
        if before and state.get("centred") == state["build"]:
            return None
        now = self._now()
        return now if have_moved(now, before) else None

    def looked(self) -> None:
        """Keep that the means are those of this build, as near as matters."""
        state = self._catalog.state()
        if state.get("centred") != state["build"]:
            with self._catalog.transaction():
                self._catalog.set_state(centred=state["build"])

    def _now(self) -> dict[str, Vectors]:
        return means_of(self._catalog.plain_vectors(self._generation), self._settings)


class _SegmentShelf:
    def __init__(self, settings: Settings, catalog: CatalogWriter, generation: int) -> None:
        self._root, self._catalog, self._generation = settings.index / FOLDER, catalog, generation
        self._centre = _Centre(settings, catalog, generation)
        self._sweep()

    def _sweep(self) -> None:
        """Delete the segments that the catalog does not name, and nothing else.

        They are a killed build's, or were retired by the build before: readers had that long to move on.
        """
        named = self._catalog.folders()
        for folder in self._root.glob("*"):
            if folder.name not in named:
                ownership.remove(folder, ownership.segment(folder.name))
            elif not ownership.is_marked(folder, ownership.segment(folder.name)):
                # Of an index that was made before there were marks; the catalog says that it is ours.
                with suppress(OSError):
                    ownership.mark(folder, ownership.segment(folder.name))

    def add(self, numbers: Sequence[int]) -> None:
        if numbers:
            self._centre.set_first()
            folder = uuid.uuid4().hex[:12]
            records = _records(self._catalog, self._generation, numbers)
            made = write_segment(self._root / folder, len(numbers), records)
            self._catalog.add_segment(self._generation, folder, made, numbers)

    def settle(self) -> None:
        rows = self._catalog.segments(self._generation)
        moved = self._centre.moved()
        worn = rows if moved else [row for row in rows if self._is_worn(row)]
        sound = [row for row in rows if row not in worn]
        merged = worn + _to_merge(sound)
        loose = self._catalog.loose(self._generation)
        if merged or loose:
            with self._catalog.transaction():
                if moved:
                    self._catalog.set_means(self._generation, moved)
                numbers = loose + [number for row in merged for number in self._catalog.numbers(row.id)]
                self.add(sorted(numbers))
                self._catalog.remove_segments(row.id for row in merged)
                self._catalog.next_build()
        self._centre.looked()

    def _is_worn(self, row: SegmentRow) -> bool:
        return row.live < row.size * (1 - MAX_DEAD_SHARE) or not is_sound(self._root / row.folder, row.digest)


def _to_merge(rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """Choose small segments once there are too many, so that no passage is moved more than a few times."""
    if len(rows) <= MAX_SEGMENTS:
        return []
    largest = max(row.live for row in rows)
    small = [row for row in rows if row.live * 4 < largest]
    return small if len(rows) - len(small) < MAX_SEGMENTS else list(rows)


class _ServerShelf:
    def __init__(self, settings: Settings, address: Address, catalog: CatalogWriter, generation: int) -> None:
        self._catalog, self._generation = catalog, generation
        self._centre = _Centre(settings, catalog, generation)
        if "collection" not in catalog.state():
            with catalog.transaction():
                catalog.set_state(collection=f"article-qa-{uuid.uuid4().hex[:12]}")
        self._collection = ServerCollection(address, _collection_name(catalog, generation), create=True)

    def add(self, numbers: Sequence[int]) -> None:
        if numbers:
            self._centre.set_first()
        for records in _records(self._catalog, self._generation, numbers):
            self._collection.add(records)

    def settle(self) -> None:
        stored = self._collection.numbers()
        live = set(self._catalog.all_numbers(self._generation))
        moved = self._centre.moved()
        with self._catalog.transaction():
            if moved:
                self._catalog.set_means(self._generation, moved)
                self._catalog.next_build()
            self.add(sorted(live if moved else live - stored))
        self._centre.looked()
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
    return f"{catalog.state().get('collection', 'article-qa')}-{generation}"


def _records(catalog: Catalog, generation: int, numbers: Sequence[int]) -> Iterator[Records]:
    """Yield passages as Chroma takes them, with the flat metadata that other programs can filter by."""
    for at in range(0, len(numbers), _CHUNK):
        chunk = numbers[at : at + _CHUNK]
        stored = catalog.passages(chunk, live_only=False)
        if len(stored) < len(chunk):
            raise damaged(catalog.path, "passages that were whole when the build began")
        rows = [stored[number] for number in chunk]
        yield Records(
            chunk,
            catalog.vectors(chunk, generation),
            [row.passage.text for row in rows],
            [_metadata(r) for r in rows],
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

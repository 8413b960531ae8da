"""Vectors in Chroma: segments written once on this machine, or one collection on a server.

The only importer of chromadb. A record's id is the passage's number in the catalog. Numbers are never reused,
so records of removed passages can be recognised.
"""

import hashlib
import sqlite3
from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamagedError, StorageError
from index.marks import mark, segment
from index.model.arrays import Vectors
from index.redaction import Address, scrubbed

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
# Chroma's defaults are 16 and 100. On 7,000 real passages these raised recall of the first ten from 0.98 to
# 1.00.
_HNSW = {"space": "cosine", "max_neighbors": 24, "ef_construction": 128, "ef_search": 128}
DATABASE = "chroma.sqlite3"


@dataclass(frozen=True, slots=True)
class Records:
    """Passages on their way into Chroma, by column; `vectors` has one row each."""

    numbers: Sequence[int]
    vectors: Vectors
    texts: Sequence[str]
    metadata: Sequence[dict[str, str | int]]


class VectorStore(Protocol):
    """Finds the nearest vectors: `(passage number, cosine)`, best first."""

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return up to `count` of the nearest, which may include removed passages."""

    def close(self) -> None:
        """Close files and connections."""


def write_segment(folder: Path, size: int, records: Iterable[Records]) -> str:
    """Write `size` records into a new Chroma folder, close it, and return its digest.

    Raises StorageError if they cannot be written.
    """
    # Make Chroma persist exactly at the last record, so that all vectors are in the files we digest.
    hnsw = {**_HNSW, "sync_threshold": max(2, size), "batch_size": max(2, min(100, size))}
    try:
        folder.mkdir(parents=True)
        mark(folder, segment(folder.name))
        client = _persistent(folder)
        try:
            collection = client.create_collection(
                COLLECTION, configuration=_configuration(hnsw), embedding_function=None
            )
            for part in records:
                _add(collection, part, client.get_max_batch_size())
        finally:
            client.close()
        compact(folder / DATABASE)
        return digest(folder)
    except _chroma_errors() as error:
        raise StorageError(f"cannot write to {folder.parent} ({error}): free some space there") from error


# Chroma keeps each text three times: in the metadata, in a full-text index, and in an index of the metadata.
# A segment is only read, so the first is enough. Filters of other programs then look at every row. The view
# stands in for the full-text index by looking at every text, and the triggers let other programs add and
# delete as before.
_COMPACT = """
DROP TABLE embedding_fulltext_search;
CREATE VIEW embedding_fulltext_search AS
    SELECT id AS rowid, string_value FROM embedding_metadata WHERE key = 'chroma:document';
CREATE TRIGGER embedding_fulltext_search_insert INSTEAD OF INSERT ON embedding_fulltext_search
    BEGIN SELECT 1; END;
CREATE TRIGGER embedding_fulltext_search_update INSTEAD OF UPDATE ON embedding_fulltext_search
    BEGIN SELECT 1; END;
CREATE TRIGGER embedding_fulltext_search_delete INSTEAD OF DELETE ON embedding_fulltext_search
    BEGIN SELECT 1; END;
DROP INDEX embedding_metadata_string_value;
DROP INDEX embedding_metadata_int_value;
VACUUM;
"""


def compact(database: Path) -> None:
    """Shrink a segment's closed database to a fifth of its size; other programs read it as before.

    docs/decisions/disk.md has what each step saves. Raises sqlite3.Error.
    """
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.executescript(_COMPACT)


def digest(folder: Path) -> str:
    """Return the SHA-256 of everything in a segment that Chroma answers from and that reading doesn't change.

    That is each file beside the database, with its name, and what the database says about the collection and
    its records. Texts and metadata don't count: they are for other programs, and ours come from the catalog.
    Raises OSError or sqlite3.Error.
    """
    sha = hashlib.sha256()
    for path in sorted(path for path in folder.glob("*/*") if path.is_file()):
        sha.update(f"{path.relative_to(folder).as_posix()}\n".encode("utf-8", "surrogateescape"))
        with path.open("rb") as file:
            sha.update(hashlib.file_digest(file, "sha256").digest())
    with closing(_read_only(folder / DATABASE)) as database:
        for statement in _STATED:
            for row in database.execute(statement):
                sha.update(repr(row).encode("utf-8", "surrogatepass"))
            sha.update(b"\n")
    return sha.hexdigest()


# What Chroma reads in its database to find a collection and search it.
_STATED = (
    "SELECT id FROM tenants ORDER BY id",
    "SELECT id, name, tenant_id FROM databases ORDER BY id",
    "SELECT * FROM collections ORDER BY id",
    "SELECT * FROM collection_metadata ORDER BY collection_id, key",
    "SELECT * FROM segments ORDER BY id",
    "SELECT * FROM segment_metadata ORDER BY segment_id, key",
    "SELECT segment_id, CAST(seq_id AS TEXT) FROM max_seq_id ORDER BY segment_id",
    "SELECT id, segment_id, embedding_id, CAST(seq_id AS TEXT) FROM embeddings ORDER BY id",
    "SELECT seq_id, operation, topic, id, vector, encoding FROM embeddings_queue ORDER BY seq_id",
)


def _read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


class Segment:
    """A closed Chroma folder, opened to read.

    Raises IndexDamagedError if its files are damaged. Opening such a folder can end the process, so the files
    are checked before Chroma sees them.
    """

    def __init__(self, folder: Path, expected_digest: str) -> None:
        self.name = folder.name
        if not is_sound(folder, expected_digest):
            raise IndexDamagedError(f"the segment {folder.name} is damaged: run article-qa index again")
        with self._opened():
            self._client = _persistent(folder)
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
            self._size = self._collection.count()

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return up to `count` nearest records of this segment.

        Raises IndexDamagedError if Chroma cannot search it, perhaps because its files were deleted.
        """
        with self._opened():
            return _query(self._collection, vector, min(count, self._size))

    def close(self) -> None:
        """Close Chroma's files."""
        with suppress(IndexDamagedError), self._opened():
            self._client.close()

    @contextmanager
    def _opened(self) -> Iterator[None]:
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # Chroma's Rust code raises panics that are not an Exception.
            raise IndexDamagedError(
                f"the segment {self.name} cannot be searched ({' '.join(str(error).split())[:200]}): "
                "run article-qa index again"
            ) from error


class ExactVectors:
    """Vectors in memory, compared one by one, for filtered questions and damaged segments.

    `vectors` has a row for each of `numbers`; `passing`, if given, says which rows count.
    """

    def __init__(
        self,
        numbers: Sequence[int] | NDArray[np.int64],
        vectors: Vectors,
        passing: NDArray[np.bool_] | None = None,
    ) -> None:
        self._numbers, self._vectors = np.asarray(numbers, np.int64), vectors
        self._passing = passing

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return the `count` nearest of the rows that count."""
        # Multiplying all rows is faster than copying those that pass.
        cosines = self._vectors @ vector if len(self._numbers) else np.zeros(0, np.float32)
        numbers = self._numbers
        if self._passing is not None:
            cosines, numbers = cosines[self._passing], numbers[self._passing]
        likely = np.argpartition(-cosines, count)[:count] if count < len(cosines) else np.arange(len(cosines))
        best = likely[np.lexsort((numbers[likely], -cosines[likely]))]
        return [(int(numbers[i]), float(cosines[i])) for i in best]

    def close(self) -> None:
        """Nothing is open."""


class ServerCollection:
    """A collection on a Chroma server, updated in place; the catalog says which records are live."""

    def __init__(self, address: Address, name: str, *, create: bool = False) -> None:
        self._address = address
        with self._answering():
            self._client = _remote(address)
            try:
                self._collection = self._opened(name, create=create)
                self._batch = self._client.get_max_batch_size()
            except BaseException:
                self.close()
                raise

    def _opened(self, name: str, *, create: bool) -> "Collection":
        if not create:
            return self._client.get_collection(name, embedding_function=None)
        return self._client.get_or_create_collection(
            name, configuration=_configuration(_HNSW), embedding_function=None
        )

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return up to `count` nearest records of the collection."""
        with self._answering():
            return _query(self._collection, vector, count)

    def add(self, records: Records) -> None:
        """Add records, overwriting any with the same id."""
        with self._answering():
            _add(self._collection, records, self._batch)

    def numbers(self) -> set[int]:
        """Return the ids of all records."""
        with self._answering():
            return {int(name) for name in self._collection.get(include=[])["ids"]}

    def remove(self, numbers: Sequence[int]) -> None:
        """Delete records, ignoring unknown ids."""
        with self._answering():
            for at in range(0, len(numbers), self._batch):
                ids = [str(number) for number in numbers[at : at + self._batch]]
                self._collection.delete(ids=ids)

    def remove_others(self, prefix: str, kept: Names[str]) -> None:
        """Delete the server's collections whose names begin with `prefix`, without those that are `kept`."""
        with self._answering():
            for collection in self._client.list_collections():
                if collection.name.startswith(prefix) and collection.name not in kept:
                    self._client.delete_collection(collection.name)

    def close(self) -> None:
        """Close the connection."""
        # Chroma's own `close` leaves its HTTP connections open. No other client shares them.
        session = getattr(getattr(self._client, "_server", None), "_session", None)
        self._client.close()
        if session:
            session.close()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - Chroma's client raises no narrower one for what a proxy says
            said = " ".join(scrubbed(str(error), self._address.secrets).split())[:200]
            raise IndexDamagedError(
                f"the Chroma server {self._address} does not answer as it should "
                f"({said or type(error).__name__}): start it, or run article-qa index again"
            ) from (None if self._address.secrets else error)


def _chroma_errors() -> tuple[type[Exception], ...]:
    from chromadb.errors import ChromaError, InternalError

    return (ChromaError, InternalError, sqlite3.Error, ValueError, OSError, RuntimeError)


def _settings() -> Any:
    from chromadb.config import Settings

    # Otherwise Chroma would read a file `.env` in the current folder.
    return Settings(_env_file=None, anonymized_telemetry=False)


def _persistent(folder: Path) -> "Client":
    import chromadb

    # The factory's result has a `close` that its declared type lacks.
    return cast("Client", chromadb.PersistentClient(str(folder), settings=_settings()))


def _remote(address: Address) -> "Client":
    import chromadb

    parts = address.parts
    ssl = parts.scheme == "https"
    port = parts.port or (443 if ssl else 80)
    headers = {"Authorization": address.authorization} if address.authorization else None
    client = chromadb.HttpClient(parts.hostname or "", port, ssl=ssl, headers=headers, settings=_settings())
    return cast("Client", client)


def _configuration(hnsw: dict[str, Any]) -> Any:
    return {"hnsw": hnsw}


def _add(collection: "Collection", records: Records, step: int) -> None:
    for at in range(0, len(records.numbers), step):
        part = slice(at, at + step)
        collection.upsert(
            ids=[str(number) for number in records.numbers[part]],
            embeddings=records.vectors[part],
            documents=list(records.texts[part]),
            metadatas=list(records.metadata[part]),
        )


def _query(collection: "Collection", vector: Vectors, count: int) -> list[tuple[int, float]]:
    if count < 1:
        return []
    found = collection.query(query_embeddings=vector[None, :], n_results=count, include=["distances"])
    distances: Iterable[float] = (found["distances"] or [[]])[0]
    return [(int(name), 1.0 - float(d)) for name, d in zip(found["ids"][0], distances, strict=True)]


def is_sound(folder: Path, expected_digest: str) -> bool:
    """Return whether a segment is the one that was written and its database is whole."""
    with suppress(sqlite3.Error, OSError):
        if (folder / DATABASE).is_file() and digest(folder) == expected_digest:
            with closing(_read_only(folder / DATABASE)) as database:
                return bool(database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    return False

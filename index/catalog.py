"""The catalog: one SQLite file that is the truth about an index, and its commit point.

It holds articles, passages with their vectors, the full-text index, and which Chroma segments are
live. What a transaction has committed here exists; any file that it does not name does not.

A full rebuild writes a second generation beside the first, unseen until one transaction switches over.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .article import Article, Passage, Place, Span
from .encoder import Vectors
from .errors import IndexBusyError, IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from .filters import Filters, as_date
from .spelling import spelling_key

FILE_NAME = "catalog.sqlite"
FORMAT = 4

_GENERATION = "(SELECT value FROM state WHERE key = 'generation')"
_LIVE = f"passage.generation = {_GENERATION}"
# Articles that have been read but whose story is not committed yet are not there for readers.
_SHOWN = f"article.generation = {_GENERATION} AND NOT article.pending"
# Columns of `as_article`, in its order.
ABOUT = (
    "article.id, article.path, article.title, article.url, article.source, article.published,"
    " article.language, article.published_from, article.authors, article.tags, article.story"
)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A live segment: its folder, the digest of its files, passages written to it and those still live."""

    id: int
    folder: str
    digest: str
    size: int
    live: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the catalog holds it, with its article's metadata but without the article's text."""

    number: int
    passage: Passage
    article: Article


class Catalog:
    """An open catalog, to read. One connection: use it from one thread at a time, or hold a lock."""

    WRITABLE = False

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the catalog at `path`.

        Raises IndexMissingError, IndexMismatchError for another format, IndexDamagedError.
        """
        if not path.is_file():
            raise IndexMissingError(
                f"there is no index in {path.parent}: make one with article-qa index FOLDER"
            )
        catalog = cls(path, connect(path, writable=cls.WRITABLE))
        found = catalog.state().get("format", "none")
        if found != str(FORMAT):
            catalog.close()
            raise IndexMismatchError(
                f"the index in {path.parent} has format {found}, this version reads {FORMAT}: "
                f"delete that folder and run article-qa index FOLDER"
            )
        return catalog

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything inside from one committed state."""
        with storage_errors(self.path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def state(self) -> dict[str, str]:
        """Return the index's own facts: format, encoder, build number, fingerprint, folder, ..."""
        return dict(self._all("SELECT key, value FROM state"))

    def version(self) -> int:
        """Return a number that differs after any commit of another connection; costs microseconds."""
        return int(self._one("PRAGMA data_version")[0])

    def generation(self) -> int:
        """Return the generation that readers see."""
        return int(self.state()["generation"])

    def segments(self, generation: int) -> list[SegmentRow]:
        """Return the live segments with the number of live passages in each."""
        rows = self._all(
            "SELECT segment.id, folder, segment.digest, size, COUNT(passage.number) FROM segment"
            " LEFT JOIN passage ON passage.segment = segment.id"
            " WHERE segment.generation = ? GROUP BY segment.id ORDER BY segment.id",
            generation,
        )
        return [SegmentRow(*row) for row in rows]

    def numbers(self, segment: int) -> list[int]:
        """Return the passages of a segment that are not removed."""
        return [row[0] for row in self._all("SELECT number FROM passage WHERE segment = ?", segment)]

    def loose(self, generation: int) -> list[int]:
        """Return the passages that are in no segment."""
        statement = "SELECT number FROM passage WHERE generation = ? AND segment IS NULL"
        return [row[0] for row in self._all(statement, generation)]

    def all_numbers(self, generation: int) -> list[int]:
        """Return all passages of a generation."""
        return [row[0] for row in self._all("SELECT number FROM passage WHERE generation = ?", generation)]

    def vectors(self, numbers: Sequence[int]) -> Vectors:
        """Return the stored vectors, float32, in the order of `numbers`, which must all be live."""
        blobs = self._by_number(numbers, "number, vector", "1")
        return as_matrix([blobs[number][0] for number in numbers])

    def filtered(self, filters: Filters) -> list[int]:
        """Return the keys of the stories that pass `filters`."""
        condition, values = filters.clause()
        return [row[0] for row in self._all(f"SELECT key FROM article WHERE {condition}", *values)]

    def live_vectors(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
        """Return of all live passages the numbers, the keys of their stories, and the vectors."""
        rows = self._all(f"SELECT number, article, vector FROM passage WHERE {_LIVE}")
        numbers, keys = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
        return numbers, keys, as_matrix([row[2] for row in rows])

    def passage_count(self) -> int:
        """Return the number of rows of the full-text index."""
        return int(self._one("SELECT COUNT(*) FROM passage")[0])

    def word_count(self, word: str, limit: int) -> int:
        """Return in how many passages `word` is, counting no further than `limit`."""
        statement = "SELECT COUNT(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
        return int(self._one(statement, _expression([word]), limit)[0])

    def spelled(self, word: str, limit: int) -> list[str]:
        """Return up to `limit` words of the articles, `unmarked`, that may be spellings of `word`."""
        rows = self._all("SELECT word FROM spelling WHERE key = ? LIMIT ?", spelling_key(word), limit)
        return [row[0] for row in rows]

    def full_text(self, words: Sequence[str], filters: Filters, limit: int) -> list[tuple[int, float]]:
        """Return `(passage number, BM25)` of the best live passages with any of `words`; higher is better."""
        condition, values = filters.clause()
        rows = self._all(
            "SELECT passage.number, -bm25(words) AS score FROM words"
            " JOIN passage ON passage.number = words.rowid JOIN article ON article.key = passage.article"
            f" WHERE words MATCH ? AND {_LIVE} AND {condition} ORDER BY score DESC LIMIT ?",
            _expression(words),
            *values,
            limit,
        )
        return [(number, score) for number, score in rows]

    def passages(self, numbers: Sequence[int], *, live_only: bool = True) -> dict[int, Stored]:
        """Return the passages among `numbers`, by number, without those of a generation not switched to."""
        columns = f'number, start, "end", passage.sentences, substr(text, start + 1, "end" - start), {ABOUT}'
        found = self._by_number(numbers, columns, _LIVE if live_only else "1")
        places = self._places({row[-1] for row in found.values()})
        return {number: _stored(number, row, places) for number, row in found.items()}

    def article(self, article_id: str) -> Article | None:
        """Return the whole article, or None if there is no such one."""
        rows = self._all(f"SELECT {ABOUT}, text FROM article WHERE id = ? AND {_SHOWN}", article_id)
        for *about, text in rows:
            return as_article(about, text, self._places({about[-1]}))
        return None

    def _places(self, stories: set[int]) -> "dict[int, list[Place]]":
        """Return where each of these stories stands, the place of its own article first."""
        rows = self._all(
            "SELECT story, path, title, url, source, published FROM article WHERE NOT pending"
            " AND story IN (SELECT value FROM json_each(?)) ORDER BY key != story, path",
            json.dumps(sorted(stories)),
        )
        places: dict[int, list[Place]] = {}
        for story, path, title, url, source, published in rows:
            places.setdefault(story, []).append(Place(path, title, url, source, as_date(published)))
        return places

    def counts(self) -> dict[str, object]:
        """Return what `status` tells: articles, stories, passages, languages, dates."""
        articles, stories, first, last = self._one(
            "SELECT COUNT(*), COUNT(DISTINCT story), MIN(published), MAX(published) FROM article"
            f" WHERE {_SHOWN}"
        )
        languages = self._all(
            f"SELECT language, COUNT(*) AS number FROM article WHERE {_SHOWN} GROUP BY language"
            " ORDER BY number DESC, language"
        )
        return {
            "articles": articles,
            "stories": stories,
            "passages": self._one(f"SELECT COUNT(*) FROM passage WHERE {_LIVE}")[0],
            "languages": {language or "unknown": count for language, count in languages},
            "first_published": day.isoformat() if (day := as_date(first)) else None,
            "last_published": day.isoformat() if (day := as_date(last)) else None,
        }

    def titles(self, limit: int) -> list[str]:
        """Return titles of the newest stories, one a language before a second of any."""
        rows = self._all(
            "SELECT title, ROW_NUMBER() OVER (PARTITION BY language ORDER BY published DESC, path) AS turn"
            f" FROM article WHERE {_SHOWN} AND key = story"
            " ORDER BY turn, published DESC, path LIMIT ?",
            limit,
        )
        return [row[0] for row in rows]

    def _by_number(self, numbers: Sequence[int], columns: str, condition: str) -> dict[int, tuple[Any, ...]]:
        # Through one JSON array: SQLite limits how many `?` a statement may have.
        rows = self._all(
            f"SELECT {columns} FROM passage JOIN article ON article.key = passage.article"
            f" WHERE {condition} AND number IN (SELECT value FROM json_each(?))",
            json.dumps(list(numbers)),
        )
        return {int(row[0]): row[1:] for row in rows}

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with storage_errors(self.path):
            return self._db.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: object) -> tuple[Any, ...]:
        return self._all(statement, *values)[0]


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the SQLite file at `path`; transactions are begun and ended by hand."""
    with storage_errors(path):
        connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        try:
            if not writable:
                connection.execute("PRAGMA query_only = 1")
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.OperationalError:
            connection.close()
            if writable:
                raise
            # A folder that may not be written at all: SQLite then reads without its lock files.
            return sqlite3.connect(
                f"{path.resolve().as_uri()}?immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the project's own, each with its remedy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = error.sqlite_errorname or ""
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise StorageError(
                f"cannot write to {path.parent} ({error}): free some space there or choose another --index"
            ) from error
        if name.startswith("SQLITE_BUSY"):
            raise IndexBusyError(f"{path} is locked by another program: try again when it is done") from error
        raise IndexDamagedError(
            f"{path} is damaged ({error}): delete {path.parent} and run article-qa index FOLDER"
        ) from error


def _expression(words: Iterable[str]) -> str:
    """Return FTS5's way to say "any of these words"; in quotes nothing in a word is an operator."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)


def packed(spans: Iterable[Span]) -> bytes:
    """Return offsets as the bytes that the catalog keeps."""
    return array("I", (offset for span in spans for offset in (span.start, span.end))).tobytes()


def unpacked(blob: bytes) -> tuple[Span, ...]:
    """Return the offsets that `packed` made bytes of."""
    offsets = array("I", blob)
    return tuple(Span(start, end) for start, end in zip(offsets[::2], offsets[1::2], strict=True))


def as_matrix(blobs: Sequence[bytes]) -> Vectors:
    """Return stored vectors, float16, as the rows of a float32 matrix."""
    width = len(blobs[0]) // 2 if blobs else 0
    return np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), width).astype(np.float32)


def as_article(about: Sequence[Any], text: str, places: dict[int, list[Place]]) -> Article:
    """Return the article of the columns ABOUT."""
    identity, path, title, url, source, published, language, published_from, authors, tags, story = about
    return Article(
        id=identity,
        path=path,
        text=text,
        title=title,
        url=url,
        source=source,
        published=as_date(published),
        language=language,
        published_from=published_from,
        authors=tuple(json.loads(authors)),
        tags=tuple(json.loads(tags)),
        also=tuple(place for place in places.get(story, ()) if place.path != path),
    )


def _stored(number: int, row: Sequence[Any], places: dict[int, list[Place]]) -> Stored:
    start, end, sentences, text, *about = row
    article = as_article(about, "", places)
    passage = Passage(article.id, article.title, text, Span(start, end), unpacked(sentences))
    return Stored(number, passage, article)

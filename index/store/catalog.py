"""The catalog: one SQLite file that is the truth about an index, and its commit point.

It holds the articles, the passages with their vectors, the full-text index, and the list of live Chroma
segments. What is committed here exists; a file that it doesn't name does not.

A full rebuild writes a second generation beside the first, invisible until one transaction switches over.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Place
from index.errors import IndexMissingError
from index.model.arrays import Vectors
from index.model.centring import centred
from index.reading.kept import Kept
from index.text.spelling import acronym_key, spelling_key
from index.text.words import index_words

from .connection import FileId, damaged, mismatch, opened, storage_errors, transaction, unreadable
from .facets import FacetCounts, Facets
from .filters import PLACES, Filters, as_date, register, unknown_value
from .ownership import CATALOG
from .rows import ABOUT, PASSAGE, PATH_FROM_END, Stored, as_file, as_matrix, as_stored, as_written
from .schema import FORMAT

FILE_NAME = CATALOG

_GENERATION = "(SELECT value FROM state WHERE key = 'generation')"
_LIVE = f"passage.generation = {_GENERATION}"
# Readers don't see articles that have been read but whose story is not committed yet.
_SHOWN = f"article.generation = {_GENERATION} AND NOT article.pending"


# Where the values of each limit are. There are too many paths, so a folder stands for all in it.
_VALUES = {
    "language": "article.language AS value FROM article",
    "source": "article.source AS value FROM article",
    "tag": "tag.value AS value FROM article, json_each(article.tags) AS tag",
    "path": "iif(instr(path, '/'), substr(path, 1, instr(path, '/')), path) AS value FROM article",
}


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A live segment: its folder, its digest, and how many passages it was written with and still has."""

    id: int
    folder: str
    digest: str
    size: int
    live: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds. `languages` are numbers of articles by language, the most frequent first."""

    articles: int
    stories: int
    passages: int
    languages: dict[str, int]
    first_published: date | None
    last_published: date | None

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON, days as yyyy-mm-dd."""
        values = asdict(self)
        return {name: day.isoformat() if isinstance(day, date) else day for name, day in values.items()}


class Catalog:
    """An open catalog, to read. One connection: use it from one thread at a time, or hold a lock.

    `file` identifies the file that was opened, since another one may replace it at `path`.
    """

    WRITABLE = False

    def __init__(self, path: Path, connection: sqlite3.Connection, file: FileId | None) -> None:
        self.path = path
        self.file = file
        self._db = connection
        register(connection)
        # Whether vectors are centred by language before they are compared, as the bundled encoder's are.
        self.centres = False
        # Articles with damaged rows, which are not quoted.
        self.withheld: set[str] = set()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the catalog at `path`.

        Raises IndexMissingError, IndexMismatchError for another format, IndexUnreadableError.
        """
        catalog = cls(path, *opened(path, writable=cls.WRITABLE))
        try:
            found = catalog.format()
            if found != FORMAT:
                raise mismatch(path, found)
            for key in ("encoder", "pipeline", "identity"):
                catalog.fact(key)
            for key in ("generation", "build"):
                catalog.number(key)
        except BaseException:
            catalog.close()
            raise
        return catalog

    def format(self) -> int:
        """Return the number of the catalog's format.

        Raises IndexMissingError if the catalog is still being made.
        """
        if not self._all("SELECT 1 FROM sqlite_master WHERE name = 'state'"):
            raise IndexMissingError(
                f"the index in {self.path.parent} is still being made: wait, or run article-qa index FOLDER"
            )
        return self.number("format")

    def fact(self, key: str) -> str:
        """Return a fact that every index has: format, encoder, build, ...

        Raises IndexUnreadableError if it is missing.
        """
        found = self.fact_or_none(key)
        if found is None:
            raise unreadable(self.path, f"its {key} is missing")
        return found

    def fact_or_none(self, key: str) -> str | None:
        """Return a fact about the index, or None if it is missing."""
        rows = self._all("SELECT value FROM state WHERE key = ?", key)
        return rows[0][0] if rows and isinstance(rows[0][0], str) else None

    def number(self, key: str) -> int:
        """Return a fact that is a number.

        Raises IndexUnreadableError if it is not a number.
        """
        found = self.fact(key)
        if not re.fullmatch(r"[0-9]{1,18}", found):
            raise unreadable(self.path, f"its {key} is not a number")
        return int(found)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything inside from one committed state."""
        with storage_errors(self.path), transaction(self._db, "BEGIN", "ROLLBACK"):
            yield

    def version(self) -> int:
        """Return a number that changes with each commit of another connection; this takes microseconds."""
        return int(self._one("PRAGMA data_version")[0])

    def generation(self) -> int:
        """Return the generation that readers see."""
        return self.number("generation")

    def stated_build(self) -> str:
        """Return what names a build, even if another index with as many builds has overwritten the file."""
        return f"{self.fact('build')} {self.fact('identity')}"

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
        """Return the vectors to compare, float32, in the order of `numbers`, which must all be live."""
        found = self._by_number(numbers, "number, vector, language", "1")
        rows = [found[number] for number in numbers]
        return self._comparable([blob for blob, _ in rows], [language for _, language in rows])

    def _comparable(self, blobs: Sequence[bytes], languages: Sequence[str | None]) -> Vectors:
        vectors = as_matrix(blobs)
        return centred(vectors, languages) if self.centres else vectors

    def filtered(self, filters: Filters) -> list[int]:
        """Return the keys of the stories that pass `filters`."""
        condition, values = self.within(filters).clause()
        return [row[0] for row in self._all(f"SELECT key FROM article WHERE {condition}", *values)]

    def within(self, filters: Filters) -> Filters:
        """Return filters whose paths are those of the folder that the index is of."""
        return filters.inside(self.fact_or_none("folder"), self._passed)

    def _passed(self, filters: Filters) -> bool:
        condition, values = filters.places()
        return bool(self._all(f"SELECT 1 FROM {PLACES} AND {condition} LIMIT 1", *values))

    def unknown(self, filters: Filters) -> str | None:
        """Say which limit has an unknown value, and which values there are; None if all are known."""
        for name, value, alone in filters.values():
            if not self._passed(self.within(alone)):
                rows = self._all(
                    f"SELECT {_VALUES[name]} WHERE {_SHOWN} AND value IS NOT NULL"
                    " GROUP BY value ORDER BY COUNT(*) DESC, value"
                )
                return unknown_value(name, value, [row[0] for row in rows])
        return None

    def facets(self, counts: FacetCounts, filters: Filters) -> Facets:
        """Return how many articles have each value under `filters`, by the `counts` kept for it."""
        return counts.under(self.within(filters), self.stated_build(), self._all)

    def live_vectors(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
        """Return the numbers, story keys and vectors to compare of all live passages."""
        rows = self._all(
            "SELECT number, passage.article, vector, language FROM passage"
            f" JOIN article ON article.key = passage.article WHERE {_LIVE}"
        )
        numbers, keys = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
        return numbers, keys, self._comparable([row[2] for row in rows], [row[3] for row in rows])

    def passage_count(self) -> int:
        """Return the number of rows of the full-text index."""
        return int(self._one("SELECT COUNT(*) FROM passage")[0])

    def word_count(self, word: str, limit: int) -> int:
        """Return how many passages contain `word`, counting up to `limit`."""
        statement = "SELECT COUNT(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
        return int(self._one(statement, _expression([word]), limit)[0])

    def spelled(self, word: str, limit: int) -> list[str]:
        """Return up to `limit` words of the articles, `unmarked`, that may be spellings of `word`."""
        keys = [key for key in (spelling_key(word), acronym_key(word)) if key]
        statement = "SELECT DISTINCT word FROM spelling WHERE key IN (SELECT value FROM json_each(?)) LIMIT ?"
        return [row[0] for row in self._all(statement, json.dumps(keys), limit)]

    def full_text(self, words: Sequence[str], filters: Filters, limit: int) -> list[tuple[int, float]]:
        """Return `(number, BM25)` of the best live passages with any of `words`; a higher BM25 is better."""
        condition, values = self.within(filters).clause()
        rows = self._all(
            "SELECT passage.number, -bm25(words.words) AS score FROM words"
            " JOIN passage ON passage.number = words.rowid JOIN article ON article.key = passage.article"
            f" WHERE words.words MATCH ? AND {_LIVE} AND {condition} ORDER BY score DESC LIMIT ?",
            _expression(words),
            *values,
            limit,
        )
        return [(number, score) for number, score in rows]

    def with_phrase(self, words: str, limit: int) -> list[int]:
        """Return the numbers of live passages that have `words` one after another."""
        live = f"number FROM passage JOIN article ON article.key = passage.article WHERE {_LIVE}"
        statement = f"SELECT rowid FROM words WHERE words MATCH ? AND rowid IN (SELECT {live}) LIMIT ?"
        return [row[0] for row in self._all(statement, _expression([index_words(words)]), limit)]

    def passages(self, numbers: Sequence[int], *, live_only: bool = True) -> dict[int, Stored]:
        """Return the passages among `numbers` by number; with `live_only`, those that readers see.

        Damaged passages are left out, and their articles `withheld`. With `live_only` each article comes with
        its other places.
        """
        columns = f"number, {PASSAGE}, {ABOUT}"
        found = self._by_number(numbers, columns, _LIVE if live_only else "1")
        places = self._places({row[-1] for row in found.values()}) if live_only else {}
        stored = {number: as_stored(number, row, places) for number, row in found.items()}
        self.withheld.update(str(found[number][-PATH_FROM_END]) for number in stored if not stored[number])
        return {number: row for number, row in stored.items() if row}

    def article(self, article_id: str) -> Article | None:
        """Return the whole article, or None if there is no such one.

        Raises IndexDamagedError if it is damaged.
        """
        rows = self._all(f"SELECT {ABOUT}, digest, text FROM article WHERE id = ? AND {_SHOWN}", article_id)
        for *about, digest, text in rows:
            article = as_written(about, text, digest, self._places({about[-1]}))
            if article is None:
                raise damaged(self.path, f"the text of {about[1]}")
            return article
        return None

    def intact(self, articles: Iterable[str]) -> set[str]:
        """Return the identities among `articles` whose rows are entirely undamaged."""
        rows = self._all(
            f"SELECT {ABOUT}, digest, text FROM article WHERE {_SHOWN}"
            " AND id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(set(articles))),
        )
        whole = {row[0] for *row, digest, text in rows if as_written(row, text, digest, {})}
        self.withheld.update(row[1] for row in rows if row[0] not in whole)
        return whole

    def _places(self, stories: set[int]) -> "dict[int, list[Place]]":
        """Return the places of those of these stories that have several, the own article's first.

        Damaged articles are left out and `withheld`.
        """
        rows = self._all(
            f"SELECT {ABOUT}, digest, text FROM article WHERE {_SHOWN} AND story IN (SELECT value"
            f" FROM json_each(?) JOIN article ON story = value WHERE {_SHOWN} GROUP BY value"
            " HAVING COUNT(*) > 1) ORDER BY key != story, path",
            json.dumps(sorted(stories)),
        )
        places: dict[int, list[Place]] = {}
        for *about, digest, text in rows:
            article = as_written(about, text, digest, {})
            if article:
                place = Place(article.path, article.title, article.url, article.source, article.published)
                places.setdefault(about[-1], []).append(place)
            else:
                self.withheld.add(str(about[1]))
        return places

    def counts(self) -> Counts:
        """Return how much readers see."""
        articles, stories, first, last = self._one(
            "SELECT COUNT(*), COUNT(DISTINCT story), MIN(published), MAX(published) FROM article"
            f" WHERE {_SHOWN}"
        )
        languages = self._all(
            f"SELECT language, COUNT(*) AS number FROM article WHERE {_SHOWN} GROUP BY language"
            " ORDER BY number DESC, language"
        )
        return Counts(
            articles=int(articles),
            stories=int(stories),
            passages=int(self._one(f"SELECT COUNT(*) FROM passage WHERE {_LIVE}")[0]),
            languages={str(language or "unknown"): int(count) for language, count in languages},
            first_published=as_day(first),
            last_published=as_day(last),
        )

    def kept(self) -> tuple[Kept, dict[str, str]]:
        """Return how much of all files is kept, and the articles that keep little of theirs, by path."""
        rows = self._all(
            f"SELECT kept FROM file WHERE generation = {_GENERATION} AND NOT pending ORDER BY path"
        )
        files = [as_file(0, "", "", "{}", told, 0) for (told,) in rows]
        little = {path: how for file in files for path, how in file.little.items()}
        return sum((file.kept for file in files), Kept()), little

    def _by_number(self, numbers: Sequence[int], columns: str, condition: str) -> dict[int, tuple[Any, ...]]:
        # One JSON array, since SQLite limits how many `?` a statement may have.
        rows = self._all(
            f"SELECT {columns} FROM passage JOIN article ON article.key = passage.article"
            f" WHERE {condition} AND number IN (SELECT value FROM json_each(?))",
            json.dumps(list(numbers)),
        )
        return {int(row[0]): row[1:] for row in rows}

    def select(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that only reads, for modules with queries of their own."""
        return self._all(statement, *values)

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with storage_errors(self.path):
            return self._db.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: object) -> tuple[Any, ...]:
        return self._all(statement, *values)[0]


def as_day(number: int | None) -> date | None:
    """Return the date of yyyymmdd, or None if a damaged row holds something else."""
    with suppress(ValueError, TypeError):
        return as_date(number)
    return None


def _expression(words: Iterable[str]) -> str:
    """Return FTS5's expression for "any of these words". Inside quotes nothing is an operator."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)

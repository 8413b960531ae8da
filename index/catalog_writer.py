"""Writing to the catalog. Whoever writes holds the index's lock; each transaction is all or nothing."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .article import Article, Passage
from .catalog import FORMAT, Catalog, as_number, connect, packed, storage_errors
from .encoder import Vectors
from .words import index_words

_SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    key INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,
    hash TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT, source TEXT,
    published INTEGER, language TEXT, UNIQUE (generation, path));
CREATE INDEX article_by_id ON article (id);
CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, folder TEXT NOT NULL,
    digest TEXT NOT NULL, size INTEGER NOT NULL);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (key), segment INTEGER,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences BLOB NOT NULL, vector BLOB NOT NULL);
CREATE INDEX passage_by_article ON passage (article);
CREATE INDEX passage_by_segment ON passage (segment);
CREATE VIRTUAL TABLE words USING fts5 (
    title, body, content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'");
"""


class CatalogWriter(Catalog):
    """An open catalog, to read and write."""

    WRITABLE = True

    @classmethod
    def create(cls, path: Path, encoder: str, pipeline: str) -> "CatalogWriter":
        """Make an empty catalog, whole or not at all, for the vectors of `encoder`."""
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            catalog = cls(path, connect(path, writable=True))
            catalog._db.execute("PRAGMA journal_mode = WAL")
            with catalog.transaction():
                for statement in _SCHEMA.split(";\n"):
                    catalog._db.execute(statement)
                catalog.set_state(
                    format=str(FORMAT), generation="1", encoder=encoder, pipeline=pipeline, build="0"
                )
        return catalog

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside visible at once, or nothing of it."""
        with storage_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # After a failed COMMIT on a full disk SQLite may have rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def set_state(self, **values: str) -> None:
        """Set facts; inside a transaction."""
        self._db.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", values.items())

    def next_build(self) -> None:
        """Count the build that this transaction commits; readers see by it that something is new."""
        build = int(self.state()["build"]) + 1
        self.set_state(build=str(build), built=time.strftime("%Y-%m-%dT%H:%M:%S%z"))

    def add(
        self, generation: int, article: Article, file_hash: str, passages: Sequence[Passage], vectors: Vectors
    ) -> list[int]:
        """Add an article with its passages and their vectors; return the passages' numbers."""
        key = self._db.execute(
            "INSERT INTO article (generation, id, path, hash, title, text, url, source, published, language)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (generation, article.id, article.path, file_hash, article.title, article.text, article.url,
             article.source, as_number(article.published), article.language),
        ).lastrowid  # fmt: skip
        return [
            self._add_passage(generation, key, passage, vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]

    def _add_passage(self, generation: int, key: int | None, passage: Passage, vector: Vectors) -> int:
        number = self._db.execute(
            'INSERT INTO passage (generation, article, start, "end", sentences, vector)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            (generation, key, passage.span.start, passage.span.end, packed(passage.sentences),
             vector.astype("<f2").tobytes()),
        ).lastrowid  # fmt: skip
        self._db.execute(
            "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)",
            (number, index_words(passage.title), index_words(passage.text)),
        )
        return int(number or 0)

    def remove(self, generation: int, paths: Iterable[str]) -> None:
        """Remove the articles at `paths` with all that belongs to them."""
        for path in paths:
            for (key,) in self._all(
                "SELECT key FROM article WHERE generation = ? AND path = ?", generation, path
            ):
                self._remove_passages("article = ?", key)
                self._db.execute("DELETE FROM article WHERE key = ?", (key,))

    def _remove_passages(self, condition: str, value: object) -> None:
        rows = self._all(
            'SELECT number, title, substr(text, start + 1, "end" - start) FROM passage'
            f" JOIN article ON article.key = passage.article WHERE passage.{condition}",
            value,
        )
        # A contentless full-text table forgets a row when it is told the row's words again.
        self._db.executemany(
            "INSERT INTO words (words, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            [(number, index_words(title), index_words(text)) for number, title, text in rows],
        )
        self._db.execute(f"DELETE FROM passage WHERE {condition}", (value,))

    def add_segment(self, generation: int, folder: str, digest: str, numbers: Sequence[int]) -> None:
        """Name a closed segment and say that these passages are in it."""
        identity = self._db.execute(
            "INSERT INTO segment (generation, folder, digest, size) VALUES (?, ?, ?, ?)",
            (generation, folder, digest, len(numbers)),
        ).lastrowid
        self._db.executemany(
            "UPDATE passage SET segment = ? WHERE number = ?", ((identity, n) for n in numbers)
        )

    def remove_segments(self, ids: Iterable[int]) -> None:
        """Take segments out of use."""
        self._db.executemany("DELETE FROM segment WHERE id = ?", ((i,) for i in ids))

    def begin_generation(self, generation: int, target: str) -> dict[str, str]:
        """Start a rebuild or take up a killed one of the same `target`; return the hashes of what is done."""
        if self.state().get("target") != target:
            self.drop(generation)
            self.set_state(target=target)
        return self.hashes(generation)

    def switch_to(self, generation: int, encoder: str, pipeline: str) -> None:
        """Make `generation` the one that readers see, and drop the one before."""
        self.drop(self.generation())
        self.set_state(generation=str(generation), encoder=encoder, pipeline=pipeline, target="")
        self.next_build()

    def drop(self, generation: int) -> None:
        """Remove a generation with everything in it."""
        self._remove_passages("generation = ?", generation)
        self._db.execute("DELETE FROM article WHERE generation = ?", (generation,))
        self._db.execute("DELETE FROM segment WHERE generation = ?", (generation,))

    def folders(self) -> set[str]:
        """Return the folder of every segment that is named, of all generations."""
        return {row[0] for row in self._all("SELECT folder FROM segment")}

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, if no reader is in the way."""
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

"""Writing to the catalog. The caller holds the index's lock; each transaction is all or nothing."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from index.article import Article, Passage, Span
from index.model.arrays import Vectors
from index.model.centring import CENTRING
from index.reading.prepare import Prepared

from . import full_text
from .catalog import Catalog
from .connection import connect, damaged, file_id, storage_errors, transaction
from .filters import as_number
from .labels import label, word_count
from .rows import (
    ABOUT,
    DAMAGED,
    ArticleRow,
    FileRow,
    article_digest,
    as_article,
    as_file,
    as_matrix,
    packed,
    packed_gaps,
    passage_checksum,
    passage_digest,
    unpacked_gaps,
)
from .schema import FORMAT, PAGE_BYTES, SCHEMA
from .seal import FACT, seal_of

# Look at no more than this many articles that share a band, or a news agency's boilerplate would make every
# article a candidate for every other.
MAX_BAND = 64
# Compare no more than this many in all, starting with those that share the most bands.
MAX_CANDIDATES = 256
# Passages read at once when full text is rebuilt, which bounds the memory.
_CHUNK = 1024
# The tables of a generation besides its passages.
_DROPPED = ("article", "band", "file", "segment")


class CatalogWriter(Catalog):
    """An open catalog, to read and write."""

    WRITABLE = True

    @classmethod
    def create(cls, path: Path, encoder: str, pipeline: str) -> "CatalogWriter":
        """Make an empty catalog for the vectors of `encoder`, whole or not at all."""
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = connect(path, writable=True)
            catalog = cls(path, connection, file_id(path))
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode = WAL")
            with catalog.transaction():
                for statement in SCHEMA.split(";\n"):
                    catalog._db.execute(statement)
                catalog.set_state(
                    format=str(FORMAT),
                    identity=uuid.uuid4().hex,
                    generation="1",
                    encoder=encoder,
                    pipeline=pipeline,
                    centring=CENTRING,
                    build="0",
                )
                catalog.seal()
        return catalog

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside visible at once, or nothing of it."""
        with storage_errors(self.path), transaction(self._db, "BEGIN IMMEDIATE", "COMMIT"):
            yield

    def set_state(self, **values: str) -> None:
        """Set facts; inside a transaction."""
        self._db.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", values.items())

    def next_build(self) -> None:
        """Count and seal the build that this transaction commits, so that readers notice it."""
        self.count_build()
        self.seal()

    def count_build(self) -> None:
        """Count a build without sealing it, so that earlier damage stays noticeable."""
        build = self.number("build") + 1
        self.set_state(build=str(build), built=time.strftime("%Y-%m-%dT%H:%M:%S%z"))

    def seal(self) -> None:
        """Store a digest of everything readers see; call it in each transaction that changes any of it."""
        self.set_state(**{FACT: seal_of(self._db)})

    def files(self, generation: int) -> list[FileRow]:
        """Return all files of a generation, starting with those that are not entirely committed."""
        rows = self._all(
            "SELECT key, path, hash, skipped, kept, pending FROM file WHERE generation = ?"
            " ORDER BY pending DESC",
            generation,
        )
        return [as_file(*row) for row in rows]

    def stage_file(self, generation: int, path: str, file_hash: str) -> int:
        """Begin to stage a file, dropping an earlier attempt, and return its key."""
        self.unstage_file(generation, path)
        inserted = self._db.execute(
            "INSERT INTO file (generation, path, hash, skipped, pending) VALUES (?, ?, ?, '{}', 1)",
            (generation, path, file_hash),
        )
        return int(inserted.lastrowid or 0)

    def unstage_file(self, generation: int, path: str) -> None:
        """Forget what has been staged of a file, if anything."""
        for (earlier,) in self._all(
            "SELECT key FROM file WHERE generation = ? AND path = ? AND pending", generation, path
        ):
            self._give_up(earlier, generation, path)

    def _give_up(self, file: int, generation: int, path: str) -> None:
        """Forget an unfinished attempt at a file. What readers see of it is the committed file's again."""
        pending = self._all("SELECT key FROM article WHERE file = ? AND pending", file)
        self._remove_articles(row[0] for row in pending)
        committed = self._all(
            "SELECT key FROM file WHERE generation = ? AND path = ? AND NOT pending", generation, path
        )
        if self._all("SELECT 1 FROM article WHERE file = ?", file) and not committed:
            self._db.execute("UPDATE file SET pending = 0 WHERE key = ?", (file,))
            return
        for (key,) in committed:
            self._db.execute("UPDATE article SET file = ? WHERE file = ?", (key, file))
        self._db.execute("DELETE FROM file WHERE key = ?", (file,))

    def describe(self, file: FileRow) -> None:
        """Store what was found out about a file, to say so again without reading the file."""
        told = json.dumps({"kept": astuple(file.kept), "little": file.little})
        values = (file.hash, json.dumps(file.skipped), told, file.key)
        self._db.execute("UPDATE file SET hash = ?, skipped = ?, kept = ? WHERE key = ?", values)

    def stage_article(self, generation: int, file: int, prepared: Prepared) -> int | None:
        """Add an article, invisible to readers, and return its key, or None if it is there unchanged."""
        article = prepared.article
        digest = article_digest(article)
        staged = self._all(
            "SELECT key, digest, pending FROM article WHERE generation = ? AND path = ? ORDER BY pending",
            generation,
            article.path,
        )
        for key, found, pending in staged:
            if found == digest and not pending:
                self._db.execute("UPDATE article SET file = ? WHERE key = ?", (file, key))
                return None
            if pending:
                self._remove_articles([key])
        inserted = self._db.execute(
            "INSERT INTO article (generation, pending, file, id, path, digest, title, text, sentences,"
            " url, source, published, published_from, language, authors, tags, recognised, word_count, label)"
            " VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (generation, file, article.id, article.path, digest, article.title, article.text,
             packed_gaps(prepared.sentences), article.url, article.source, as_number(article.published),
             article.published_from, article.language, json.dumps(article.authors),
             json.dumps(article.tags), article.recognised, word_count(article.text),
             label(article.title, article.source, article.path)),
        )  # fmt: skip
        return int(inserted.lastrowid or 0)

    def add_bands(self, generation: int, article: int, bands: Iterable[bytes]) -> list[int]:
        """Store an article's bands, and return the articles that share any, likeliest first."""
        others: Counter[int] = Counter()
        for band in set(bands):
            # Bands of removed articles stay until the end of the build.
            statement = (
                "SELECT key FROM band JOIN article ON key = article"
                " WHERE band.generation = ? AND band = ? LIMIT ?"
            )
            others.update(row[0] for row in self._all(statement, generation, band, MAX_BAND))
            self._db.execute("INSERT OR IGNORE INTO band VALUES (?, ?, ?)", (generation, band, article))
        del others[article]
        return [other for other, _ in others.most_common(MAX_CANDIDATES)]

    def add_alike(self, article: int, others: Iterable[int]) -> None:
        """Store that an article tells the same story as others."""
        self._db.executemany("INSERT OR IGNORE INTO alike VALUES (?, ?)", ((article, key) for key in others))

    def alike(self) -> list[tuple[int, int]]:
        """Return all pairs of articles of the same story, each once."""
        return [(a, b) for a, b in self._all("SELECT article, other FROM alike")]

    def text(self, article: int) -> str:
        """Return an article's canonical text by its key."""
        return str(self._one("SELECT text FROM article WHERE key = ?", article)[0])

    def staged(self, article: int) -> tuple[Article, tuple[Span, ...]]:
        """Return an article by its key, visible or not, without its other places, and its sentences."""
        statement = f"SELECT {ABOUT}, text, sentences FROM article WHERE key = ?"
        (*about, text, sentences) = self._one(statement, article)
        return as_article(about, text, {}), unpacked_gaps(sentences)

    def articles_of(self, generation: int, files: Iterable[int]) -> list[ArticleRow]:
        """Return the articles of these files, visible or not."""
        rows = self._all(
            "SELECT key, file, path, published, pending, story,"
            " EXISTS (SELECT 1 FROM passage WHERE passage.article = article.key), length(text)"
            " FROM article WHERE generation = ? AND file IN (SELECT value FROM json_each(?)) ORDER BY key",
            generation,
            json.dumps(sorted(files)),
        )
        return [
            ArticleRow(key, file, path, published, bool(pending), story, bool(has_passages), length)
            for key, file, path, published, pending, story, has_passages, length in rows
        ]

    def show(self, generation: int, article: ArticleRow, story: int) -> None:
        """Make an article part of a story and visible to readers, replacing its earlier version."""
        if article.pending:
            earlier = self._all(
                "SELECT key FROM article WHERE generation = ? AND path = ? AND NOT pending",
                generation,
                article.path,
            )
            self._remove_articles(row[0] for row in earlier)
        self._db.execute("UPDATE article SET pending = 0, story = ? WHERE key = ?", (story, article.key))

    def add_passages(
        self, generation: int, article: int, passages: Sequence[Passage], vectors: Vectors
    ) -> list[int]:
        """Add an article's passages and their vectors; return the passages' numbers."""
        return [
            self._add_passage(generation, article, passage, vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]

    def _add_passage(self, generation: int, article: int, passage: Passage, vector: Vectors) -> int:
        columns = (passage.span.start, passage.span.end, packed(passage.sentences, passage.span.start),
                   passage_digest(passage.embedded_text), vector.astype("<f2").tobytes())  # fmt: skip
        number = self._db.execute(
            'INSERT INTO passage (generation, article, start, "end", sentences, digest, vector, checksum)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (generation, article, *columns, passage_checksum(passage, *columns)),
        ).lastrowid
        full_text.add(self._db, int(number or 0), passage)
        return int(number or 0)

    def known_vectors(self, generations: Iterable[int], texts: Sequence[str]) -> dict[int, Vectors]:
        """Return the vectors that are already there for `texts`, by position: equal texts have equal vectors.

        `generations` are those made with the same encoder.
        """
        among = json.dumps(sorted(set(generations)))
        digests = [passage_digest(text) for text in texts]
        found = {}
        for position, digest in enumerate(digests):
            rows = self._all(
                "SELECT vector FROM passage WHERE digest = ?"
                " AND generation IN (SELECT value FROM json_each(?)) LIMIT 1",
                digest,
                among,
            )
            if rows:
                found[position] = as_matrix([rows[0][0]])[0]
        return found

    def forget(self, articles: Iterable[int], passages_of: Iterable[int]) -> None:
        """Remove damaged articles and passages, by keys of articles, so that their files are read again.

        Call it in a transaction. Full text is rebuilt, since the words of a damaged row are unknown.
        """
        gone = json.dumps(sorted(articles))
        bare = json.dumps(sorted({*json.loads(gone), *passages_of}))
        of_gone = "IN (SELECT value FROM json_each(?))"
        files = f"key IN (SELECT file FROM article WHERE key {of_gone})"
        self._db.execute(f"UPDATE file SET hash = '{DAMAGED}' WHERE {files}", (gone,))
        self._db.execute(f"DELETE FROM passage WHERE article {of_gone}", (bare,))
        for column in ("article", "other"):
            self._db.execute(f"DELETE FROM alike WHERE {column} {of_gone}", (gone,))
        self._db.execute(f"DELETE FROM article WHERE key {of_gone}", (gone,))
        self._make_full_text()

    def _make_full_text(self) -> None:
        """Rebuild full text from the passages."""
        full_text.clear(self._db)
        numbers = [
            row[0]
            for row in self._all("SELECT number FROM passage WHERE article IN (SELECT key FROM article)")
        ]
        for at in range(0, len(numbers), _CHUNK):
            chunk = numbers[at : at + _CHUNK]
            stored = self.passages(chunk, live_only=False)
            if len(stored) < len(chunk):
                raise damaged(self.path, "passages that were whole when the build began")
            for number in chunk:
                full_text.add(self._db, number, stored[number].passage)

    def gather_passages(self) -> tuple[int, ...]:
        """Return passages to the generation of their visible articles; return all generations.

        Their vectors can then be reused when everything is read into another generation.
        """
        current = self.generation()
        articles = "SELECT key FROM article WHERE generation = ?"
        statement = f"UPDATE passage SET generation = ? WHERE generation != ? AND article IN ({articles})"
        self._db.execute(statement, (current, current, current))
        return tuple(row[0] for row in self._all("SELECT DISTINCT generation FROM passage"))

    def finish_files(self, generation: int, files: Iterable[int]) -> int:
        """Remove all files but these, with their articles, and return how many articles were removed."""
        wanted = json.dumps(sorted(files))
        outside = "generation = ? AND {} NOT IN (SELECT value FROM json_each(?))"
        gone = self._all(f"SELECT key FROM article WHERE {outside.format('file')}", generation, wanted)
        self._remove_articles(row[0] for row in gone)
        self._db.execute(f"DELETE FROM file WHERE {outside.format('key')}", (generation, wanted))
        self._db.execute("UPDATE file SET pending = 0 WHERE generation = ? AND pending", (generation,))
        self._db.execute("DELETE FROM band WHERE article NOT IN (SELECT key FROM article)")
        return len(gone)

    def _remove_articles(self, keys: Iterable[int]) -> None:
        for key in keys:
            self.remove_passages(key)
            for statement in (
                "DELETE FROM alike WHERE article = ?",
                "DELETE FROM alike WHERE other = ?",
                "DELETE FROM article WHERE key = ?",
            ):
                self._db.execute(statement, (key,))

    def remove_passages(self, article: int) -> None:
        """Remove an article's passages. The article itself stays as a place of its story."""
        rows = self._all(
            'SELECT number, title, substr(text, start + 1, "end" - start) FROM passage'
            " JOIN article ON article.key = passage.article WHERE passage.article = ?",
            article,
        )
        full_text.forget(self._db, rows)
        self._db.execute("DELETE FROM passage WHERE article = ?", (article,))

    def add_segment(self, generation: int, folder: str, digest: str, numbers: Sequence[int]) -> None:
        """Record a closed segment and the passages in it."""
        identity = self._db.execute(
            "INSERT INTO segment (generation, folder, digest, size) VALUES (?, ?, ?, ?)",
            (generation, folder, digest, len(numbers)),
        ).lastrowid
        self._db.executemany(
            "UPDATE passage SET segment = ? WHERE number = ?", ((identity, n) for n in numbers)
        )

    def remove_segments(self, ids: Iterable[int]) -> None:
        """Stop using segments."""
        self._db.executemany("DELETE FROM segment WHERE id = ?", ((i,) for i in ids))

    def begin_generation(self, generation: int, target: str) -> None:
        """Start a rebuild, or continue a killed one with the same `target`."""
        if self.fact_or_none("target") != target:
            self._drop(generation)
            self.set_state(target=target)

    def switch_to(self, generation: int, encoder: str, pipeline: str) -> None:
        """Show readers `generation`, and remove all others."""
        tables = " UNION ".join(f"SELECT generation FROM {table}" for table in (*_DROPPED, "passage"))
        for (other,) in self._all(f"SELECT generation FROM ({tables}) WHERE generation != ?", generation):
            self._drop(other)
        self._make_full_text()
        self.set_state(
            generation=str(generation), encoder=encoder, pipeline=pipeline, centring=CENTRING, target=""
        )
        self.next_build()

    def _drop(self, generation: int) -> None:
        """Remove a generation with everything in it, except its words.

        They may have been cut by another rule, so full text can't be told which ones to forget. Without their
        passages they find nothing, and `switch_to` rebuilds full text.
        """
        self._db.execute("DELETE FROM passage WHERE generation = ?", (generation,))
        articles = "(SELECT key FROM article WHERE generation = ?)"
        self._db.execute(f"DELETE FROM alike WHERE article IN {articles}", (generation,))
        for table in _DROPPED:
            self._db.execute(f"DELETE FROM {table} WHERE generation = ?", (generation,))

    def folders(self) -> set[str]:
        """Return the folders of all segments in all generations."""
        return {row[0] for row in self._all("SELECT folder FROM segment")}

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file, unless a reader is in the way."""
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

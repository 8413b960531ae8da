"""First half of a build: files to articles in the catalog, not yet visible to readers."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.reading.document import ReadError, Skipped, UnreadableError
from index.reading.files import Files, file_hash
from index.reading.kept import Kept
from index.reading.prepare import Prepared
from index.reading.sandbox import AHEAD, Reading
from index.store.catalog_writer import CatalogWriter
from index.store.rows import FileRow
from index.text.duplicates import bands, same_story

from .progress import Progress, Report
from .retries import Attempt

# Commit after this many seconds: a killed build loses no more reading than that.
_COMMIT_AFTER = 5.0
# Keep at most this many reasons for one file: a million broken rows say no more than a thousand.
_MAX_REASONS = 1000
# Compare an article with at most this many characters of others, which takes seconds.
MAX_COMPARED = 10_000_000


class Intake:
    """Reads what is new or changed since the last build, or since one that was stopped."""

    def __init__(self, catalog: CatalogWriter, generation: int, files: Files, report: Report) -> None:
        self._catalog, self._generation, self._files, self._report = catalog, generation, files, report
        self._rows: dict[str, FileRow] = {}

    def run(self) -> dict[str, FileRow]:
        """Read what has to be read, and return the new rows of all files by path."""
        known = self._catalog.files(self._generation)
        hashes = self._hashes()
        # If a path has two rows the pending one counts: articles in both have become its own.
        latest = {row.path: row for row in reversed(known)}
        self._rows = {path: row for path, row in latest.items() if self._files.is_unread(path)}
        attempts: dict[str, Attempt] = {}
        for path, hashed in hashes.items():
            earlier = Attempt.of(latest[path].hash) if path in latest else None
            if earlier is None or earlier.hash != hashed:
                attempts[path] = Attempt(hashed)
            elif earlier.is_due:
                attempts[path] = earlier
            else:
                self._rows[path] = replace(latest[path], hash=str(earlier.waited()))
        self._note_waiting(row for path, row in self._rows.items() if row.hash != latest[path].hash)
        if attempts:
            # What failed before may take minutes to fail again, so it comes last.
            self._read(sorted(attempts, key=lambda path: attempts[path].builds > 0), attempts)
        return self._rows

    def _note_waiting(self, rows: Iterable[FileRow]) -> None:
        for row in rows:
            with self._catalog.transaction():
                self._catalog.describe(row)

    def _hashes(self) -> dict[str, str]:
        """Return the hash of each file that is there and can be read."""
        hashes = {}
        for path in self._files.paths:
            try:
                hashes[path] = file_hash(self._files.root / path)
            except FileNotFoundError:
                continue
            except OSError as error:
                self._files.unread[path] = error.strerror or "unreadable"
        return hashes

    def _read(self, paths: list[str], attempts: dict[str, Attempt]) -> None:
        done = 0
        with Reading() as reading:
            while done < len(paths):
                until = time.monotonic() + _COMMIT_AFTER
                with self._catalog.transaction():
                    for path in paths[done:]:
                        self._report(Progress("reading", done, len(paths), 0, path))
                        done += 1
                        following = paths[done : done + AHEAD]
                        try:
                            self._rows[path] = self._taken_in(reading, path, attempts[path], following)
                        except UnreadableError as error:
                            self._give_up(path, str(error))
                        if time.monotonic() >= until:
                            break
        self._report(Progress("reading", done, len(paths), 0, ""))

    def _taken_in(self, reading: Reading, path: str, attempt: Attempt, following: Iterable[str]) -> FileRow:
        """Stage the articles of a file, and keep the reasons why it or parts of it are not articles.

        Raises UnreadableError if the system cannot read the file now.
        """
        key = self._catalog.stage_file(self._generation, path, attempt.hash)
        skipped: dict[str, str] = {}
        little: dict[str, str] = {}
        total, articles, failed = Kept(), 0, None
        try:
            for found in reading.articles(self._files.root, path, following):
                if not isinstance(found, Skipped):
                    self._stage(key, found)
                    articles += 1
                    total += found.kept
                    if found.kept.is_little and len(little) < _MAX_REASONS:
                        little[found.article.path] = str(found.kept)
                elif len(skipped) < _MAX_REASONS:
                    skipped[found.name] = found.reason
        except UnreadableError:
            raise
        except ReadError as error:
            # Keep what was read so far: an archive that is cut short still holds whole articles.
            skipped[""], failed = str(error), error
        if skipped and not articles:
            skipped.setdefault("", "no article in it")
        row = FileRow(key, path, str(attempt.after(failed, skipped)), skipped, True, total, little)
        self._catalog.describe(row)
        return row

    def _give_up(self, path: str, reason: str) -> None:
        """Leave a file as readers see it, to be read by the next build."""
        self._catalog.unstage_file(self._generation, path)
        self._files.unread[path] = reason
        self._rows |= {row.path: row for row in self._catalog.files(self._generation) if row.path == path}

    def _stage(self, file: int, prepared: Prepared) -> None:
        key = self._catalog.stage_article(self._generation, file, prepared)
        if key is None:
            return
        candidates = self._catalog.add_bands(self._generation, key, bands(prepared.signature))
        self._catalog.add_alike(key, self._alike(prepared.article.text, candidates))

    def _alike(self, text: str, candidates: list[int]) -> Iterator[int]:
        """Yield the `candidates`, likeliest first, that tell the same story as `text`."""
        left = MAX_COMPARED
        for candidate in candidates:
            other = self._catalog.text(candidate)
            if same_story(text, other):
                yield candidate
            left -= len(text) + len(other)
            if left <= 0:
                return

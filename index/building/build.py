"""Folder to index: adds, replaces and removes exactly what changed, in committed batches."""

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import (
    IndexBusyError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnreadableError,
    SourceError,
    StorageError,
)
from index.marks import write_own
from index.model.arrays import Vectors
from index.model.encoder import Encoder, fingerprint, load_encoder
from index.reading.files import Files, find_files
from index.reading.prepare import pipeline, place_of
from index.settings import Settings
from index.store.catalog import FILE_NAME
from index.store.catalog_writer import CatalogWriter
from index.store.connection import unreadable
from index.store.integrity import examine, mend_structure
from index.store.migration import migrate
from index.store.ownership import claim, set_aside, withdraw
from index.store.rows import ArticleRow, FileRow
from index.store.salvage import salvaged
from index.store.schema import LEFT_OUT
from index.store.segments import FOLDER, Shelf, open_shelf

from .embed import Batch, Encoding
from .intake import Intake
from .progress import Progress, Report, Summary
from .stories import stories

# Name at most this many files that are not read: a folder of pictures may hold a million.
_MAX_LEFT_OUT = 1000


def build(
    folder: Path,
    settings: Settings,
    *,
    rebuild: bool = False,
    encoder: Encoder | None = None,
    progress: Report = lambda _: None,
) -> Summary:
    """Bring the index at `settings.index` in line with the articles in `folder`.

    `encoder` is loaded from `settings` if it is needed and not given. Raises ArticleQAError; the index then
    answers from its last committed state, and another call does the rest.
    """
    begun = time.perf_counter()
    files = find_files(folder, settings.index)
    existed = (settings.index / FILE_NAME).exists()
    claim(settings.index)
    with lock(settings.index):
        run = _Build(files, settings, encoder, progress)
        try:
            try:
                run.run(rebuild)
            except (IndexUnreadableError, IndexMismatchError):
                if not rebuild:
                    raise
                aside = set_aside(settings.index / FILE_NAME)
                run = _Build(files, settings, run.encoder, progress)
                run.vectors = salvaged(aside, fingerprint(settings))
                run.run(rebuild)
        except BaseException:
            # A first build that fails before its first commit leaves no trace.
            if not existed and not run.committed:
                withdraw(settings.index, FOLDER)
            raise
    run.summary.seconds = time.perf_counter() - begun
    return run.summary


@contextmanager
def lock(index: Path) -> Iterator[None]:
    """Be the only writer. Others get an error that says who is writing."""
    holder = index / "writer.json"
    # Wait a moment: a process that has just taken the lock may not have written who it is.
    lock = FileLock(index / "writer.lock", timeout=1)
    try:
        lock.acquire()
        write_own(holder, {"process": os.getpid(), "since": time.strftime("%H:%M:%S")})
    except Timeout as error:
        raise IndexBusyError(f"{_holder(holder)} is writing to {index}: try again when it is done") from error
    except OSError as error:
        lock.release()
        raise StorageError(
            f"cannot write to {index} ({error.strerror}): choose another place with --index"
        ) from error
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text("utf-8"))
        return f"process {holder['process']}, since {holder['since']},"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


class _Build:
    """One run over the files, and what it has done so far."""

    def __init__(self, files: Files, settings: Settings, encoder: Encoder | None, report: Report) -> None:
        self._files, self._settings, self.encoder, self._report = files, settings, encoder, report
        self._fingerprint, self._pipeline = fingerprint(settings), pipeline()
        self._new: set[int] = set()
        # Other generations whose vectors can be reused.
        self._reusable: tuple[int, ...] = ()
        # Those of a catalog that was set aside, by the digest of their text.
        self.vectors: dict[bytes, Vectors] = {}
        self._relations_damaged = False
        self.committed = False
        self.summary = Summary(skipped=dict(files.skipped))

    def run(self, rebuild: bool) -> None:
        """Read what is new, encode it by stories, remove what is gone, and switch over after a rebuild."""
        with contextlib.closing(self._open()) as catalog:
            if not rebuild:
                self._refuse_other(catalog)
            self._mend(catalog)
            generation = self._target(catalog, rebuild)
            before = {row.path: row for row in catalog.files(generation) if not row.pending}
            files = Intake(catalog, generation, self._files, self._report).run()
            shelf = open_shelf(self._settings, catalog, generation)
            self._take_over(catalog, shelf, generation, files, before)
            if generation != catalog.generation():
                with catalog.transaction():
                    # Not before: until the rebuild is done, the index still belongs to its old folder.
                    catalog.set_state(folder=str(self._files.root))
                    catalog.switch_to(generation, self._fingerprint, self._pipeline)
            self._note_left_out(catalog)
            shelf.reconcile()
            catalog.checkpoint()
            self._count(catalog, files)

    def _open(self) -> CatalogWriter:
        path = self._settings.index / FILE_NAME
        try:
            if path.exists():
                migrate(path)
            return CatalogWriter.open(path)
        except IndexMissingError:
            # Load it before writing anything, so that a missing model leaves no half-made index.
            self._loaded_encoder()
            return CatalogWriter.create(path, self._fingerprint, self._pipeline)

    def _refuse_other(self, catalog: CatalogWriter) -> None:
        """Raise SourceError if the index belongs to another folder that still exists."""
        other = Path(catalog.fact_or_none("folder") or self._files.root)
        if other != self._files.root and other.is_dir():
            raise SourceError(
                f"the index {self._settings.index} holds the articles of {other}: choose another one with "
                "--index DIR, or replace its articles with --rebuild"
            )

    def _mend(self, catalog: CatalogWriter) -> None:
        """Take damaged rows out of the catalog, so that they are read again.

        Raises IndexUnreadableError if the file itself is damaged.
        """
        damage = examine(catalog.path)
        if damage.structure:
            mend_structure(catalog.path)
            damage = examine(catalog.path)
        if damage.structure:
            raise unreadable(catalog.path, damage.structure)
        if not damage.is_any:
            return
        self._relations_damaged = damage.relations
        with catalog.transaction():
            catalog.forget(damage.articles, damage.passages)
            if damage.relations:
                catalog.count_build()
            else:
                catalog.next_build()
        self.summary.mended = len(damage.paths)

    def _target(self, catalog: CatalogWriter, rebuild: bool) -> int:
        """Return the generation to write to."""
        current = catalog.generation()
        same_encoder = catalog.fact("encoder") == self._fingerprint
        afresh = rebuild or self._relations_damaged or catalog.fact("pipeline") != self._pipeline
        with catalog.transaction():
            if same_encoder and not afresh:
                if catalog.fact_or_none("folder") != str(self._files.root):
                    catalog.set_state(folder=str(self._files.root))
                    catalog.seal()
                return current
            # Another encoder or pipeline, the user's wish, or rows that can't be trusted: write a second
            # generation beside the first.
            if same_encoder and not rebuild:
                self._reusable = catalog.gather_passages() if self._relations_damaged else (current,)
            catalog.begin_generation(current + 1, f"{self._fingerprint} {self._pipeline}")
            return current + 1

    def _take_over(
        self,
        catalog: CatalogWriter,
        shelf: Shelf,
        generation: int,
        files: dict[str, FileRow],
        before: dict[str, FileRow],
    ) -> None:
        """Show readers the articles of `files`, and no others."""
        keys = [row.key for row in files.values()]
        articles = catalog.articles_of(generation, keys)
        self._compare(articles, files, before)
        # Do this even if no file has changed: an earlier build may have been stopped.
        unsettled = [story for story in stories(articles, catalog.alike()) if not story.is_settled]
        # Stories that lose an article to another one go first, so that no article is ever missing.
        unsettled.sort(key=lambda story: (story.is_new, story.own.path))
        encoding = Encoding(
            catalog,
            {generation, *self._reusable},
            unsettled,
            self._loaded_encoder,
            self._report,
            self.vectors,
        )
        for batch in encoding.batches():
            self._commit(catalog, shelf, generation, batch)
        self.summary.passages, self.summary.encoded = encoding.passages, encoding.encoded
        with catalog.transaction():
            if catalog.finish_files(generation, keys):
                catalog.next_build()

    def _commit(self, catalog: CatalogWriter, shelf: Shelf, generation: int, batch: Sequence[Batch]) -> None:
        """Make a batch of stories visible in one transaction."""
        with catalog.transaction():
            numbers: list[int] = []
            for item in batch:
                for article in item.story.articles:
                    catalog.show(generation, article, item.story.own.key)
                    if article.has_passages and article is not item.story.own:
                        catalog.remove_passages(article.key)
                numbers += catalog.add_passages(generation, item.story.own.key, item.passages, item.vectors)
            shelf.add(numbers)
            # In a rebuild readers still see the other generation, whose seal stays valid.
            if generation == catalog.generation():
                catalog.next_build()
        self.committed = True

    def _note_left_out(self, catalog: CatalogWriter) -> None:
        """Store which files are not read, and why, for those who only have the index."""
        reasons = sorted((self._files.skipped | self._files.unread).items())
        left_out = json.dumps(dict(reasons[:_MAX_LEFT_OUT]))
        if catalog.fact_or_none(LEFT_OUT) != left_out:
            with catalog.transaction():
                catalog.set_state(**{LEFT_OUT: left_out})

    def _compare(
        self, articles: Sequence[ArticleRow], files: dict[str, FileRow], before: dict[str, FileRow]
    ) -> None:
        """Count how many files are added, replaced and removed."""
        summary = self.summary
        self._new = {article.file for article in articles if article.pending}
        held = {article.file for article in articles}
        for path, row in files.items():
            if row.key in self._new:
                summary.added += path not in before or "" in before[path].skipped
                summary.replaced += path in before and "" not in before[path].skipped
            elif path in before and row.key not in held and "" not in before[path].skipped:
                summary.removed += 1
        summary.removed += sum("" not in before[path].skipped for path in before.keys() - files.keys())

    def _count(self, catalog: CatalogWriter, files: dict[str, FileRow]) -> None:
        summary = self.summary
        for path, reason in self._files.unread.items():
            summary.skipped[path] = f"cannot be read now ({reason}); what the index holds of it stays"
        summary.unchanged = sum("" not in row.skipped and row.key not in self._new for row in files.values())
        for path, row in sorted(files.items()):
            for name, reason in row.skipped.items():
                summary.skipped[place_of(path, name)] = reason
            summary.kept_little |= row.little
        counts = catalog.counts()
        summary.articles, summary.stories = counts.articles, counts.stories

    def _loaded_encoder(self) -> Encoder:
        if self.encoder is None:
            self._report(Progress("loading", 0, 0, 0, ""))
            self.encoder = load_encoder(self._settings)
        return self.encoder

"""Folder to index: adds, replaces and removes exactly what changed, one committed batch after another."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from .article import Article
from .catalog import FILE_NAME
from .catalog_writer import CatalogWriter
from .encoder import Encoder, Vectors, fingerprint, load_encoder
from .errors import IndexBusyError, IndexMissingError, SourceError, StorageError
from .files import Files, find_files
from .prepare import PIPELINE, Prepared, article_id, file_hash, prepare
from .read import ReadError
from .segments import Shelf, open_shelf
from .settings import Settings

# A killed build loses at most the work since its last commit: this many passages, a minute or two.
BATCH_PASSAGES = 2048
# Passages encoded between two reports of progress.
_STEP = 128


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: files done of those to do, passages encoded, the last file looked at."""

    files: int
    files_total: int
    passages: int
    path: str


@dataclass(slots=True)
class Summary:
    """What a build did: numbers of files, passages encoded, and each skipped file with its reason."""

    added: int = 0
    replaced: int = 0
    removed: int = 0
    unchanged: int = 0
    passages: int = 0
    seconds: float = 0.0
    skipped: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def build(
    folder: Path,
    settings: Settings,
    *,
    rebuild: bool = False,
    encoder: Encoder | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Summary:
    """Bring the index at `settings.index` in line with the articles in `folder`.

    `encoder` is loaded from `settings` when it is needed and not given. Raises ArticleQAError; the index
    then answers from its last committed state, and another call does the rest.
    """
    begun = time.perf_counter()
    files = find_files(folder, settings.index)
    existed = settings.index.exists()
    with _lock(settings.index):
        run = _Build(files, settings, encoder, progress)
        try:
            run.run(rebuild)
        except BaseException:
            # A first build that failed before it had anything to show leaves no trace.
            if not existed and not run.committed:
                shutil.rmtree(settings.index, ignore_errors=True)
            raise
    run.summary.seconds = time.perf_counter() - begun
    return run.summary


@contextmanager
def _lock(index: Path) -> Iterator[None]:
    """Be the only writer; others are told who it is."""
    holder = index / "writer.json"
    lock = FileLock(index / "writer.lock", timeout=0)
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        holder.write_text(json.dumps({"process": os.getpid(), "since": time.strftime("%H:%M:%S")}), "utf-8")
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
    """One run over the files, with what it has done so far."""

    def __init__(
        self, files: Files, settings: Settings, encoder: Encoder | None, progress: Callable[[Progress], None]
    ) -> None:
        self._files, self._settings, self._encoder, self._progress = files, settings, encoder, progress
        self._fingerprint = fingerprint(settings)
        self._done = 0
        self._to_do = 0
        self.committed = False
        self.summary = Summary(skipped=dict(files.skipped))

    def run(self, rebuild: bool) -> None:
        """Compare, remove, add batch by batch, switch over if it was a rebuild, tidy up."""
        catalog = self._open(rebuild)
        try:
            generation, known = self._target(catalog, rebuild)
            hashes = {path: self._hash(path) for path in self._files.paths}
            changed = [path for path, found in hashes.items() if found != known.get(path)]
            self._to_do = len(changed)
            self.summary.unchanged = len(hashes) - len(changed)
            shelf = open_shelf(self._settings, catalog, generation)
            self._remove(catalog, generation, sorted(known.keys() - hashes.keys()))
            for batch in self._batches(changed):
                self._commit(catalog, shelf, generation, known.keys(), batch)
            if generation != catalog.generation():
                with catalog.transaction():
                    catalog.switch_to(generation, self._fingerprint, PIPELINE)
            shelf.settle()
            catalog.checkpoint()
        finally:
            catalog.close()

    def _open(self, rebuild: bool) -> CatalogWriter:
        path = self._settings.index / FILE_NAME
        try:
            catalog = CatalogWriter.open(path)
        except IndexMissingError:
            # Before anything is made on disk: without a model there is to be no half-made index.
            self._loaded_encoder()
            catalog = CatalogWriter.create(path, self._fingerprint, PIPELINE)
        other = Path(catalog.state().get("folder", self._files.root))
        if other != self._files.root and other.is_dir() and not rebuild:
            catalog.close()
            raise SourceError(
                f"the index {self._settings.index} holds the articles of {other}: choose another one with "
                "--index DIR, or replace its articles with --rebuild"
            )
        return catalog

    def _target(self, catalog: CatalogWriter, rebuild: bool) -> tuple[int, dict[str, str]]:
        """Return the generation to write to, and the hashes of the files that are in it."""
        state = catalog.state()
        current = int(state["generation"])
        with catalog.transaction():
            catalog.set_state(folder=str(self._files.root))
            if not rebuild and (state["encoder"], state["pipeline"]) == (self._fingerprint, PIPELINE):
                return current, catalog.hashes(current)
            # Another encoder or splitter, or the user's wish: a second generation beside the first.
            return current + 1, catalog.begin_generation(current + 1, f"{self._fingerprint} {PIPELINE}")

    def _hash(self, path: str) -> str:
        try:
            return file_hash((self._files.root / path).read_bytes())
        except OSError:
            # Unlike any hash: the file is then looked at, and skipped with the reason.
            return ""

    def _remove(self, catalog: CatalogWriter, generation: int, paths: Sequence[str]) -> None:
        if paths:
            with catalog.transaction():
                catalog.remove(generation, paths)
                catalog.next_build()
            self.summary.removed += len(paths)

    def _batches(self, paths: Sequence[str]) -> Iterator[list[Prepared]]:
        batch: list[Prepared] = []
        for path in paths:
            batch.append(self._prepared(path))
            if sum(len(prepared.passages) for prepared in batch) >= BATCH_PASSAGES:
                yield batch
                batch = []
        if batch:
            yield batch

    def _prepared(self, path: str) -> Prepared:
        """Prepare a file; one that cannot be read comes back without passages, its reason noted."""
        try:
            return prepare(path, (self._files.root / path).read_bytes())
        except ReadError as error:
            self.summary.skipped[path] = str(error)
        except OSError as error:
            self.summary.skipped[path] = error.strerror or "unreadable"
        return Prepared(Article(article_id(path), path, "", ""), "", ())

    def _commit(
        self, catalog: CatalogWriter, shelf: Shelf, generation: int, known: Set[str], batch: list[Prepared]
    ) -> None:
        """Encode a batch and make it visible in one transaction."""
        vectors = self._encoded(batch)
        old = [prepared.article.path for prepared in batch if prepared.article.path in known]
        with catalog.transaction():
            catalog.remove(generation, old)
            numbers: list[int] = []
            for prepared in batch:
                if prepared.passages:
                    rows = vectors[len(numbers) : len(numbers) + len(prepared.passages)]
                    numbers += catalog.add(
                        generation, prepared.article, prepared.file_hash, prepared.passages, rows
                    )
            shelf.add(numbers)
            catalog.next_build()
        self.committed = True
        indexed = {prepared.article.path for prepared in batch if prepared.passages}
        self.summary.replaced += len(indexed.intersection(old))
        self.summary.added += len(indexed.difference(old))
        self.summary.removed += len(set(old) - indexed)
        self._done += len(batch)

    def _encoded(self, batch: list[Prepared]) -> Vectors:
        """Encode the batch's passages, longest first: neighbours of one length waste the least padding."""
        texts = [passage.embedded_text for prepared in batch for passage in prepared.passages]
        encoder = self._loaded_encoder()
        vectors = np.empty((len(texts), encoder.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for at in range(0, len(order), _STEP):
            part = order[at : at + _STEP]
            share = len(batch) * at // len(order)
            path = batch[min(share, len(batch) - 1)].article.path
            self._progress(Progress(self._done + share, self._to_do, self.summary.passages, path))
            vectors[part] = encoder.encode([texts[i] for i in part])
            self.summary.passages += len(part)
        self._progress(Progress(self._done + len(batch), self._to_do, self.summary.passages, ""))
        return vectors

    def _loaded_encoder(self) -> Encoder:
        if self._encoder is None:
            self._encoder = load_encoder(self._settings)
        return self._encoder

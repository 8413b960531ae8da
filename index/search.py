"""Question to Hits: nearest vectors and full text, fused, from the index's last committed state."""

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .article import Article, Passage
from .errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from .model.arrays import Vectors
from .model.encoder import fingerprint, shown_encoder
from .redaction import shown
from .settings import BUNDLED_ENCODER, Settings, load
from .store.catalog import FILE_NAME, Catalog
from .store.connection import file_id
from .store.filters import Filters
from .store.integrity import health
from .store.segments import exact_segment, open_stores
from .store.vectors import ExactVectors, Segment, VectorStore
from .text.calendars import month_names
from .text.words import number_forms, question_words, unmarked

# Passages taken from each of the two searches before they are fused.
CANDIDATES = 40
# What a passage gains that holds all that full text can find of the question, in cosine. Questions in
# another language share few words and are hardly moved; docs/decisions/search.md has the measurement.
LEXICAL_WEIGHT = 0.15
# Words in more than this share of the passages say nothing about any of them and cost time.
_COMMON_SHARE = 0.2
_COUNT_LIMIT = 50_000
# Spellings of one word that are looked up at most.
_SPELLINGS = 8
# `status` is to answer within a second, of a large index too.
_STATUS_SECONDS = 0.5
# The most that BM25 gives for one word is its rarity times k1 + 1, with SQLite's k1 of 1.2.
_BM25_CEILING = 2.2


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `article` is without its text. `cosine` and `lexical` (0..1) make up `score`."""

    passage: Passage
    article: Article
    cosine: float
    lexical: float

    @property
    def score(self) -> float:
        """Return what hits are ranked by."""
        return self.cosine + LEXICAL_WEIGHT * self.lexical


class Index:
    """An index, open to read; follows the builds of other processes. Safe to call from several threads."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self.settings = settings
        self._catalog = catalog
        self._catalog.centres = settings.encoder == BUNDLED_ENCODER
        self._lock = threading.RLock()
        self._stores: list[VectorStore] = []
        self._damaged: list[str] = []
        # The last use of the open catalog met an error: the next one opens it anew.
        self._failed = False
        self._build: str | None = None
        self._all: tuple[NDArray[np.int64], NDArray[np.int64], Vectors] | None = None

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            for store in self._stores:
                store.close()
            self._stores, self._build, self._all = [], None, None
            self._catalog.close()

    def article(self, article_id: str) -> Article | None:
        """Return an article with its canonical text, or None if there is none of that identity.

        Raises IndexDamagedError if it is not what was written.
        """
        with self._current() as catalog:
            return catalog.article(article_id)

    def titles(self, limit: int) -> list[str]:
        """Return titles of the newest articles, of every language one before a second of any."""
        with self._current() as catalog:
            return catalog.titles(limit)

    def counts(self) -> dict[str, object]:
        """Return how many articles, stories and passages there are, of which languages and days."""
        with self._current() as catalog:
            return catalog.counts()

    def withheld(self) -> list[str]:
        """Return the paths of articles that this build's questions met damaged; they are not quoted."""
        with self._lock:
            return sorted(self._catalog.withheld)

    def search(
        self, question: str, vector: Vectors, *, filters: Filters | None = None, count: int = 10
    ) -> list[Hit]:
        """Return the `count` best passages, best first.

        `vector` is the question's, of shape (dimension,) and unit length. Raises IndexMismatchError when
        the index has meanwhile been rebuilt with another encoder.
        """
        # One snapshot for all reads; vectors are those of the same build or are opened anew.
        with self._current() as catalog, catalog.snapshot():
            self._follow()
            return self._search(question, vector, filters or Filters(), count)

    def status(self) -> dict[str, object]:
        """Return what the index holds and how it was made; compares it for half a second."""
        with self._current() as catalog:
            return status(catalog, self.settings)

    def damaged(self) -> list[str]:
        """Return segments that are damaged and compared exactly instead, until the next build mends them."""
        with self._current() as catalog, catalog.snapshot():
            self._follow()
            return list(self._damaged)

    @contextmanager
    def _current(self) -> Iterator[Catalog]:
        """Hold the catalog that is at the index's place now, which may not be the one that was opened.

        Raises IndexMissingError if there is none any more.
        """
        with self._lock:
            if self._failed or file_id(self._catalog.path) != self._catalog.file:
                self._reopen()
            try:
                yield self._catalog
            except (IndexDamagedError, StorageError):
                # The file may have been written over in place: what SQLite remembers of it is then wrong.
                self._failed = True
                raise

    def _reopen(self) -> None:
        """Open the index that has taken this one's place, or the file that was written to.

        What SQLite remembers of a file is wrong once another program writes over it.
        """
        old, failed = self._catalog, self._failed
        # Until another one is open; connections to one file share what they remember, so the old goes first.
        self._failed = True
        old.close()
        try:
            fresh = Catalog.open(old.path)
        except IndexMissingError as error:
            raise IndexMissingError(
                f"the index {self.settings.index} is gone: make it anew with article-qa index FOLDER"
            ) from error
        try:
            check_encoder(fresh, self.settings)
        except BaseException:
            fresh.close()
            raise
        if failed or not (fresh.file and fresh.file.is_same_file(old.file)):
            self.close()
            self._damaged = []
        else:
            fresh.withheld |= old.withheld
        self._catalog, self._failed = fresh, False
        self._catalog.centres = self.settings.encoder == BUNDLED_ENCODER

    def _follow(self) -> None:
        """Open the vectors of the build that the catalog shows now."""
        # A file may be written over by another index's of as many builds.
        build = f"{self._catalog.fact('build')} {self._catalog.fact('identity')}"
        if build == self._build:
            return
        check_encoder(self._catalog, self.settings)
        old = self._stores
        self._stores, self._damaged = open_stores(self.settings, self._catalog)
        self._build, self._all = build, None
        self._catalog.withheld.clear()
        for store in old:
            store.close()

    def _passing(self, filters: Filters) -> ExactVectors:
        """Return the vectors that pass; all are kept in memory from the first such question of a build on."""
        if self._all is None:
            self._all = self._catalog.live_vectors()
        numbers, stories, vectors = self._all
        return ExactVectors(numbers, vectors, np.isin(stories, self._catalog.filtered(filters)))

    def _search(self, question: str, vector: Vectors, filters: Filters, count: int) -> list[Hit]:
        stores = self._stores
        if filters:
            # Chroma's own filter grows slow with the collection; comparing what passes is exact and quick.
            stores = [self._passing(filters)]
        wanted = max(CANDIDATES, 2 * count)
        cosines = dict(self._nearest(stores, vector, wanted))
        lexical = self._full_text(question, filters, wanted)
        stored = self._catalog.passages([*cosines.keys(), *lexical.keys()])
        missing = [number for number in stored if number not in cosines]
        if missing:
            cosines.update(zip(missing, (self._catalog.vectors(missing) @ vector).tolist(), strict=True))
        hits = [
            Hit(row.passage, row.article, cosines[number], lexical.get(number, 0.0))
            for number, row in stored.items()
        ]
        # Ties are broken by place, so that an answer is the same on every run.
        hits.sort(key=lambda hit: (-hit.score, hit.article.path, hit.passage.span))
        return self._intact(hits, count)

    def _nearest(self, stores: Sequence[VectorStore], vector: Vectors, count: int) -> list[tuple[int, float]]:
        found: list[tuple[int, float]] = []
        for store in stores:
            # Twice as many as wanted: passages removed since a segment was written are among them.
            try:
                found += store.nearest(vector, 2 * count)
            except IndexDamagedError:
                if not isinstance(store, Segment):
                    raise
                found += self._exact_instead(store).nearest(vector, 2 * count)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[: 2 * count]

    def _exact_instead(self, segment: Segment) -> ExactVectors:
        """Compare a segment that Chroma cannot search any more exactly, until the next build mends it."""
        exact = exact_segment(self._catalog, segment.name)
        self._stores = [exact if store is segment else store for store in self._stores]
        self._damaged.append(segment.name)
        segment.close()
        return exact

    def _intact(self, hits: list[Hit], count: int) -> list[Hit]:
        """Return the first `count` hits whose articles are what was written."""
        best = hits[:count]
        whole = self._catalog.intact(hit.article.id for hit in best)
        if all(hit.article.id in whole for hit in best):
            return best
        whole = self._catalog.intact(hit.article.id for hit in hits)
        return [hit for hit in hits if hit.article.id in whole][:count]

    def _full_text(self, question: str, filters: Filters, count: int) -> dict[int, float]:
        """Return, by passage, BM25 as a share of what the question's words could give at most."""
        total = self._catalog.passage_count()
        rarity, sought = 0.0, list[str]()
        words = question_words(question)
        # "May" beside a number is a month, which every language calls otherwise.
        is_dated = any(word[0].isdigit() for word in words)
        for word in words:
            # A name or a number may be written otherwise here, or in another script.
            months = [unmarked(name) for name in sorted(month_names(word))] if is_dated else []
            others = [*number_forms(word), *self._catalog.spelled(word, _SPELLINGS), *months]
            ways = list(dict.fromkeys([unmarked(word), *others]))
            found = sum(self._catalog.word_count(way, _COUNT_LIMIT) for way in ways)
            if found > _COMMON_SHARE * total and total > count:
                continue
            # The formula of BM25 as in SQLite; a word that is nowhere weighs most of all.
            rarity += max(math.log((total - found + 0.5) / (found + 0.5)), 1e-6)
            sought += ways
        if not sought:
            return {}
        ceiling = _BM25_CEILING * rarity
        found_by = self._catalog.full_text(sought, filters, count)
        return {number: min(1.0, bm25 / ceiling) for number, bm25 in found_by}


def open_index(folder: Path | str | None = None, settings: Settings | None = None) -> Index:
    """Open the index in `folder` (default: the one in `settings`, themselves read from their usual places).

    Raises IndexMissingError, IndexMismatchError or IndexDamagedError.
    """
    given = {"index": folder}
    used = settings.replaced(**given) if settings else load(given=given)
    catalog = Catalog.open(used.index / FILE_NAME)
    try:
        check_encoder(catalog, used)
    except BaseException:
        catalog.close()
        raise
    return Index(used, catalog)


def check_encoder(catalog: Catalog, settings: Settings) -> None:
    """Raise IndexMismatchError unless the index was made with the encoder of `settings`."""
    stored = catalog.fact("encoder")
    wanted = fingerprint(settings)
    if stored == wanted:
        return
    made_with = stored.split("@")[0]
    same_name = made_with == wanted.split("@")[0]
    # An older index may hold an address as it was given.
    is_name = not same_name and shown(made_with) == made_with
    remedy = f"set ARTICLE_QA_ENCODER={made_with}, or " if is_name else ""
    raise IndexMismatchError(
        f"the index {settings.index} was made with the encoder {shown_encoder(stored)}, not {wanted}: "
        f"{remedy}run article-qa index {catalog.fact_or_none('folder') or 'FOLDER'} to make it anew"
    )


def status(catalog: Catalog, settings: Settings) -> dict[str, object]:
    """Return what an index holds; `health` is "ok" or says what to do, looked for half a second at most."""
    size = sum(path.stat().st_size for path in settings.index.rglob("*") if path.is_file())
    return {
        "index": str(settings.index),
        "folder": catalog.fact_or_none("folder"),
        **catalog.counts(),
        "encoder": shown_encoder(catalog.fact("encoder")),
        "build": catalog.number("build"),
        "built": catalog.fact_or_none("built"),
        "bytes": size,
        "health": health(catalog, settings, _STATUS_SECONDS),
    }

"""Question to Hits: nearest vectors joined with full text, from the index's last committed state."""

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .article import Article, Passage, Span
from .errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    QuestionError,
    StorageError,
)
from .model.arrays import Vectors
from .model.encoder import fingerprint, shown_encoder
from .redaction import shown
from .settings import BUNDLED_ENCODER, Settings, load
from .status import Status, status
from .store.beside import Beside, Neighbour, beside, newest
from .store.catalog import FILE_NAME, Catalog, Counts
from .store.connection import file_id
from .store.facets import FacetCounts, Facets
from .store.filters import Filters
from .store.originals import Original, original
from .store.segments import exact_segment, open_stores
from .store.vectors import ExactVectors, Segment, VectorStore
from .text.calendars import month_names
from .text.words import number_forms, place_of, question_words, unmarked

# BM25 gives a word at most its rarity times k1 + 1, and SQLite's k1 is 1.2.
_BM25_CEILING = 2.2
# So many passages are looked into for words that someone says an article has.
_LOOKED_INTO = 50


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How the nearest vectors and full text are joined."""

    lexical: float = 0.15
    """What full text adds to a passage that holds everything it can find of the question, in cosine.

    Compared with 0 on XQuAD (240 paragraphs, 1,190 questions) by `python -m bench.quality xquad`, in November
    2026; docs/decisions/search.md has the table. Questions in another language share few words
    with a passage, so it hardly moves them.
    """
    candidates: int = 40
    """Passages taken from each of the two searches before they are joined.

    Twice the passages whose sentences are read (`qa.engine.PASSAGES`), so that each search can fill them.
    """
    common_share: float = 0.2
    """Words in more than this share of the passages are not looked up.

    BM25 weighs a word by its rarity: ln 4 = 1.4 at this share, against 10 for a word in one of 30,000
    passages. The lists of common words are the longest to read.
    """
    spellings: int = 8
    """Look up at most this many spellings of a word of the question: more would cost time for words that
    merely sound alike."""


WEIGHTS = SearchWeights()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `article` comes without its text. `cosine` and `lexical` (0 to 1) make up `score`."""

    passage: Passage
    article: Article
    cosine: float
    lexical: float
    weights: SearchWeights = WEIGHTS

    @property
    def score(self) -> float:
        """Return the number that hits are ranked by."""
        return self.cosine + self.weights.lexical * self.lexical


class Index:
    """An open index. It follows the builds of other processes and is safe to use from several threads."""

    def __init__(self, settings: Settings, catalog: Catalog, weights: SearchWeights = WEIGHTS) -> None:
        self.settings = settings
        self._weights = weights
        self._catalog = catalog
        self._catalog.centres = settings.encoder == BUNDLED_ENCODER
        self._lock = threading.RLock()
        self._stores: list[VectorStore] = []
        self._damaged: list[str] = []
        # Whether the last use of the catalog failed; the next one then opens it again.
        self._failed = False
        self._build: str | None = None
        self._all: tuple[NDArray[np.int64], NDArray[np.int64], Vectors] | None = None
        self._facets = FacetCounts()

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
        """Return an article with its canonical text, or None if no article has that identity.

        Raises IndexDamagedError if it is not what was written.
        """
        with self._current() as catalog:
            return catalog.article(article_id)

    def beside(self, article_id: str) -> Beside | None:
        """Return what else there is of an article's story and day, or None if there is no such article."""
        with self._current() as catalog, catalog.snapshot():
            self._follow()
            return beside(catalog, article_id, lambda near, count: self._nearest(self._stores, near, count))

    def saying(self, words: str) -> tuple[Article, Span] | None:
        """Return an article that has these words one after another, with their place; None if none is found.

        Case and blanks do not count.
        """
        with self._current() as catalog, catalog.snapshot():
            for passages in map(catalog.passages, self._perhaps_saying(words)):
                for name in dict.fromkeys(row.article.id for row in passages.values()):
                    article = catalog.article(name)
                    if article and (place := place_of(words, article.text)):
                        return article, place
        return None

    def _perhaps_saying(self, words: str) -> Iterator[list[int]]:
        yield self._catalog.with_phrase(words, _LOOKED_INTO)
        # What goes on from one passage to the next is in none as a whole.
        yield list(self._full_text(words, Filters(), _LOOKED_INTO))

    def original(self, article_id: str) -> Original | None:
        """Open the file that an article was read from, or return None if there is no such article.

        Raises OriginalGoneError or OriginalChangedError if it is not what was read.
        """
        with self._current() as catalog:
            return original(catalog, article_id)

    def newest(self, count: int, filters: Filters | None = None) -> tuple[Neighbour, ...]:
        """Return the newest stories that pass: one in each language before a second in any."""
        with self._current() as catalog:
            return newest(catalog, count, filters or Filters())

    def build(self) -> str:
        """Return the name of the build that the index is of: another one may hold anything else."""
        with self._current() as catalog:
            return catalog.stated_build()

    def counts(self) -> Counts:
        """Return how many articles, stories and passages there are, their languages and days."""
        with self._current() as catalog:
            return catalog.counts()

    def facets(self, filters: Filters | None = None) -> Facets:
        """Return how many articles there are by outlet, language, folder and tag, and in which days.

        The counts of each kind are those of the articles that pass the limits of all other kinds.
        """
        with self._current() as catalog, catalog.snapshot():
            return catalog.facets(self._facets, filters or Filters())

    def withheld(self) -> list[str]:
        """Return the paths of damaged articles met since the last build; they aren't quoted."""
        with self._lock:
            return sorted(self._catalog.withheld)

    def search(
        self, question: str, vector: Vectors, *, filters: Filters | None = None, count: int = 10
    ) -> list[Hit]:
        """Return the `count` best passages, best first.

        `vector` is the question's, of shape (dimension,) and unit length. Raises IndexMismatchError when
        the index has meanwhile been rebuilt with another encoder, and QuestionError, which names the values
        there are, if `filters` have one that no article has.
        """
        # All reads see one snapshot, and the vectors of the same build.
        with self._current() as catalog, catalog.snapshot():
            self._follow()
            return self._search(question, vector, filters or Filters(), count)

    def status(self) -> Status:
        """Return what the index holds and how it was made, looking for damage for half a second at most."""
        with self._current() as catalog:
            return status(catalog, self.settings)

    def damaged(self) -> list[str]:
        """Return the damaged segments. They are compared exactly until the next build rewrites them."""
        with self._current() as catalog, catalog.snapshot():
            self._follow()
            return list(self._damaged)

    @contextmanager
    def _current(self) -> Iterator[Catalog]:
        """Hold the catalog that is at the index's place now, which may have replaced the one that was opened.

        Raises IndexMissingError if there is none any more.
        """
        with self._lock:
            if self._failed or file_id(self._catalog.path) != self._catalog.file:
                self._reopen()
            try:
                yield self._catalog
            except (IndexDamagedError, StorageError):
                # The file may have been overwritten in place, and SQLite's cache of it be wrong.
                self._failed = True
                raise

    def _reopen(self) -> None:
        """Open the index that has replaced this one, or the same file again after others wrote to it."""
        old, failed = self._catalog, self._failed
        # It counts as failed until another one is open. Connections to one file share a cache: close the old
        # one first.
        self._failed = True
        old.close()
        try:
            fresh = Catalog.open(old.path)
        except IndexMissingError as error:
            raise IndexMissingError(
                f"the index {self.settings.index} is gone: rebuild it with article-qa index FOLDER"
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
        """Open the vectors of the build that the catalog holds now."""
        build = self._catalog.stated_build()
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
        """Return the vectors that pass. From a build's first such question on, all vectors stay in memory.

        Raises QuestionError if nothing passes because no article has one of the values.
        """
        passing = self._catalog.filtered(filters)
        # One of several values may be unknown although others let something through.
        if (not passing or filters.is_plural) and (problem := self._catalog.unknown(filters)):
            raise QuestionError(problem)
        if self._all is None:
            self._all = self._catalog.live_vectors()
        numbers, stories, vectors = self._all
        return ExactVectors(numbers, vectors, np.isin(stories, passing))

    def _search(self, question: str, vector: Vectors, filters: Filters, count: int) -> list[Hit]:
        stores = self._stores
        if filters:
            # Chroma's own filter slows down as the collection grows; comparing what passes is exact and fast.
            stores = [self._passing(filters)]
        wanted = max(self._weights.candidates, 2 * count)
        cosines = dict(self._nearest(stores, vector, wanted))
        lexical = self._full_text(question, filters, wanted)
        stored = self._catalog.passages([*cosines.keys(), *lexical.keys()])
        missing = [number for number in stored if number not in cosines]
        if missing:
            cosines.update(zip(missing, (self._catalog.vectors(missing) @ vector).tolist(), strict=True))
        hits = [
            Hit(row.passage, row.article, cosines[number], lexical.get(number, 0.0), self._weights)
            for number, row in stored.items()
        ]
        # Ties are broken by place, so that every run gives the same answer.
        hits.sort(key=lambda hit: (-hit.score, hit.article.path, hit.passage.span))
        return self._intact(hits, count)

    def _nearest(self, stores: Sequence[VectorStore], vector: Vectors, count: int) -> list[tuple[int, float]]:
        found: list[tuple[int, float]] = []
        for store in stores:
            # Ask for twice as many, since some may have been removed after the segment was written.
            try:
                found += store.nearest(vector, 2 * count)
            except IndexDamagedError:
                if not isinstance(store, Segment):
                    raise
                found += self._exact_instead(store).nearest(vector, 2 * count)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[: 2 * count]

    def _exact_instead(self, segment: Segment) -> ExactVectors:
        """Return exact vectors for a segment that Chroma can no longer search."""
        exact = exact_segment(self._catalog, segment.name)
        self._stores = [exact if store is segment else store for store in self._stores]
        self._damaged.append(segment.name)
        segment.close()
        return exact

    def _intact(self, hits: list[Hit], count: int) -> list[Hit]:
        """Return the first `count` hits whose articles are undamaged."""
        best = hits[:count]
        whole = self._catalog.intact(hit.article.id for hit in best)
        if all(hit.article.id in whole for hit in best):
            return best
        whole = self._catalog.intact(hit.article.id for hit in hits)
        return [hit for hit in hits if hit.article.id in whole][:count]

    def _full_text(self, question: str, filters: Filters, count: int) -> dict[int, float]:
        """Return BM25 by passage, as a share of the most that the question's words could give."""
        total = self._catalog.passage_count()
        rarity, sought = 0.0, list[str]()
        words = question_words(question)
        # "May" beside a number is a month, whose name differs from language to language.
        is_dated = any(word[0].isdigit() for word in words)
        # A word in more passages than this is not looked up, so counting stops there. In a small index every
        # word is looked up.
        enough = int(self._weights.common_share * total) if total > count else total
        for word in words:
            # A name or a number may be written differently here, or in another script.
            months = [unmarked(name) for name in sorted(month_names(word))] if is_dated else []
            others = [*number_forms(word), *self._catalog.spelled(word, self._weights.spellings), *months]
            ways = list(dict.fromkeys([unmarked(word), *others]))
            found = sum(self._catalog.word_count(way, enough + 1) for way in ways)
            if found > enough and total > count:
                continue
            # SQLite's formula of BM25; a word found nowhere weighs most.
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
    # An older index may hold an address as the user gave it.
    is_name = not same_name and shown(made_with) == made_with
    remedy = f"set ARTICLE_QA_ENCODER={made_with}, or " if is_name else ""
    raise IndexMismatchError(
        f"the index {settings.index} was made with the encoder {shown_encoder(stored)}, not {wanted}: "
        f"{remedy}run article-qa index {catalog.fact_or_none('folder') or 'FOLDER'} to rebuild it"
    )

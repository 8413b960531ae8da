"""The vectors of a catalog that was set aside, so that a rebuild encodes nothing twice."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from index.article import Passage, Span
from index.model.arrays import Vectors

from .rows import ABOUT, PASSAGE, as_matrix, as_stored, passage_digest

# Columns that every format since the first has had.
_PLAIN = (
    'SELECT article.title, substr(article.text, start + 1, "end" - start), vector'
    " FROM passage JOIN article ON article.key = passage.article"
)
_CHECKED = f"SELECT number, {PASSAGE}, {{}} FROM passage JOIN article ON article.key = passage.article"


def salvaged(catalog: Path, encoder: str) -> dict[bytes, Vectors]:
    """Return the vectors in a catalog of any format, by the digest of their text.

    Only those that `encoder` made, and of a damaged catalog only those that can be read and are what was
    written.
    """
    found: dict[bytes, Vectors] = {}
    with suppress(sqlite3.Error), closing(_opened(catalog)) as db:
        stated = db.execute("SELECT value FROM state WHERE key = 'encoder'").fetchone()
        if stated is None or stated[0] != encoder:
            return {}
        columns = {row[1] for row in db.execute("PRAGMA table_info(passage)")}
        if "checksum" in columns:
            of_article = {row[1] for row in db.execute("PRAGMA table_info(article)")}
            about = ABOUT if "recognised" in of_article else ABOUT.replace("article.recognised", "0")
            for number, *row in db.execute(_CHECKED.format(about)):
                if stored := as_stored(number, row, {}):
                    found[passage_digest(stored.passage.embedded_text)] = as_matrix([row[4]])[0]
        else:
            for title, text, vector in db.execute(_PLAIN):
                found[passage_digest(_embedded(title, text))] = as_matrix([vector])[0]
    return found


def _embedded(title: str, text: str) -> str:
    span = Span(0, len(text))
    return Passage("", title, text, span, (span,)).embedded_text


def _opened(catalog: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{catalog.resolve().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda stored: stored.decode("utf-8", "replace")
    return connection

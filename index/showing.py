"""One file as the index would take it in, and what of it would be left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from .article import Article
from .clean import normalized
from .document import Document, ReadError, Skipped
from .errors import SourceError
from .files import NAME_REASON, is_utf8
from .prepare import article_of, place_of
from .reading import Reading


@dataclass(frozen=True, slots=True)
class Shown:
    """An article of a file with the lines of the file that are not in it, in order; or why it is none."""

    article: Article | None
    dropped: tuple[str, ...] = ()
    path: str = ""
    reason: str = ""


def shown(file: Path) -> Iterator[Shown]:
    """Yield the articles of `file`, read as they are for an index.

    Raises SourceError if there is no such file.
    """
    if not file.is_file():
        raise SourceError(f"there is no file {file}: give the path of an article")
    if not is_utf8(file.name):
        yield Shown(None, path=file.name, reason=NAME_REASON)
        return
    with Reading() as reading:
        try:
            for found in reading.documents(file, file.name):
                yield _shown(file.name, found)
        except ReadError as error:
            yield Shown(None, path=file.name, reason=str(error))


def _shown(path: str, found: Document | Skipped) -> Shown:
    if isinstance(found, Skipped):
        return Shown(None, path=place_of(path, found.name), reason=found.reason)
    try:
        article = article_of(path, found)
    except ReadError as error:
        return Shown(None, path=place_of(path, found.name), reason=str(error))
    return Shown(article, _dropped(found, article), article.path)


def _dropped(document: Document, article: Article) -> tuple[str, ...]:
    """Return the lines that are seen in the file and are not in the text."""
    seen, kept = _lines(normalized(document.seen or document.text)), _lines(article.text)
    dropped: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, seen, kept, autojunk=False).get_opcodes():
        if kind in ("delete", "replace"):
            # A reader breaks lines otherwise than a page does: its words are then there all the same.
            words = Counter(" ".join(kept[c:d]).split())
            for line in seen[a:b]:
                said = Counter(word for word in line.split() if word != "|")
                if said <= words:
                    words -= said
                else:
                    dropped.append(line)
    return tuple(dropped)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]

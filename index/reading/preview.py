"""One file as the index would read it, and what would be left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.article import Article, is_utf8
from index.errors import SourceError

from .document import ReadError, Skipped
from .dropped import Difference
from .files import NAME_REASON
from .kept import Kept
from .prepare import place_of
from .sandbox import Reading


@dataclass(frozen=True, slots=True)
class Shown:
    """An article with what it leaves out of its file or has otherwise, or why there is no article."""

    article: Article | None
    difference: Difference = field(default_factory=Difference)
    kept: Kept = field(default_factory=Kept)
    path: str = ""
    reason: str = ""


def shown(file: Path) -> Iterator[Shown]:
    """Yield the articles of `file`, read as for an index.

    Raises SourceError if there is no such file.
    """
    if not file.is_file():
        raise SourceError(f"there is no file {file}: give the path of an article")
    if not is_utf8(file.name):
        yield Shown(None, path=file.name, reason=NAME_REASON)
        return
    with Reading(tells_difference=True) as reading:
        try:
            for found in reading.articles(file.parent, file.name):
                if isinstance(found, Skipped):
                    yield Shown(None, path=place_of(file.name, found.name), reason=found.reason)
                else:
                    yield Shown(found.article, found.difference, found.kept, found.article.path)
        except ReadError as error:
            yield Shown(None, path=file.name, reason=str(error))

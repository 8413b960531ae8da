"""`article-qa feedback`: what readers thought of answers."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui.output import out, out_json, tell

from .command import OF_INDEX, Commands, settings_of, with_index

if TYPE_CHECKING:
    from index import Settings
    from ui.conversations.feedback import Rated


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "feedback", run, "print what readers of the page thought of its answers")
    parser.add_argument(
        "--lines",
        type=Path,
        metavar="FILE.jsonl",
        help="write them as questions for article-qa eval into a new file, as far as they say what is right",
    )
    parser.add_argument("--json", action="store_true", help="print them as JSON, one line each")


def run(given: argparse.Namespace) -> None:
    """Print the ratings, or write them as questions."""
    from ui.conversations.feedback import rated
    from ui.conversations.file import place
    from ui.conversations.store import Store

    settings = settings_of(given, OF_INDEX)
    store = Store(place(settings.index))
    if not store.path.exists():
        from index import open_index

        # It says so if there is no index either.
        open_index(settings=settings).close()
    found = [rating for pair in store.rated() if (rating := rated(*pair))]
    store.close()
    if given.lines:
        _write(given.lines, found, settings)
    elif given.json:
        for rating in found:
            out_json(rating.to_dict())
    elif found:
        out("\n\n".join("\n".join(rating.lines()) for rating in found))
    else:
        tell("nobody has said yet what they think of an answer: the page has thumbs below each")


def _write(path: Path, found: "list[Rated]", settings: "Settings") -> None:
    from index.errors import StorageError
    from ui.conversations.feedback import line

    holds = _holding(settings)
    lines = [known for rating in found if (known := line(rating, holds))]
    text = "".join(json.dumps(known, ensure_ascii=False) + "\n" for known in lines)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise StorageError(f"{path} is there already: name a new file") from error
    except OSError as error:
        raise StorageError(f"cannot write {path} ({error.strerror}): name another file") from error
    out(f"{len(lines)} of {len(found)} ratings say what is right: {path}")


def _holding(settings: "Settings") -> Callable[[str], bool]:
    """Return whether the index holds an article, by its id; if there is no index, it holds none."""
    from index import open_index
    from index.errors import ArticleQAError

    try:
        index = open_index(settings=settings)
    except ArticleQAError as error:
        tell(f"files are not named, since the index cannot be read: {error}")
        return lambda _: False
    return lambda article: index.article(article) is not None

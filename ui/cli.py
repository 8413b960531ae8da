"""The command line: `article-qa index | ask | chat | mcp | feedback | eval | show | status | check | trust`.

Heavy libraries are imported where a command needs them, so that `--help` answers at once.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from .commands import ask, chat, check, eval, feedback, index, mcp, show, status, trust
from .output import parser_for, prepare, tell, tell_as_is


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status: 0 done, 1 the user's mistake, 2 wrong usage."""
    prepare()
    given = parser().parse_args(arguments)
    from index.errors import ArticleQAError

    command: Callable[[argparse.Namespace], None] = given.command
    try:
        command(given)
    except ArticleQAError as error:
        tell(str(error))
        return 1
    except KeyboardInterrupt:
        tell_as_is("\narticle-qa: stopped; what was saved stays: run the same command to continue")
        return 1
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; there is nobody to tell.
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    made = parser_for("article-qa", "Ask a folder of articles a question; get quotes with their sources.")
    made.add_argument("--version", action="version", version=f"article-qa {version('article-qa')}")
    commands = made.add_subparsers(
        required=True, metavar="index | ask | chat | mcp | feedback | eval | show | status | check | trust"
    )
    for command in (index, ask, chat, mcp, feedback, eval, show, status, check, trust):
        command.add(commands)
    return made


if __name__ == "__main__":
    sys.exit(main())

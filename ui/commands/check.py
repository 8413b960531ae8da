"""`article-qa check`: compare an index with its digests."""

import argparse

from ui.output import out, out_json
from ui.terminal import check_lines

from .command import OF_INDEX, Commands, settings_of, with_index


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "check", run, "compare everything in the index with its digests")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def run(given: argparse.Namespace) -> None:
    """Print what was compared and what is damaged. Raises IndexDamagedError if anything is."""
    from index.errors import IndexDamagedError
    from index.store.integrity import check

    checked = check(settings_of(given, OF_INDEX))
    if given.json:
        out_json(checked.to_dict())
    else:
        out("\n".join(check_lines(checked)))
    if checked.problems:
        raise IndexDamagedError(checked.problems[0])

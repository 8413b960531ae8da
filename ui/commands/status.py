"""`article-qa status`: what an index holds."""

import argparse

from ui.output import out, out_json
from ui.terminal import status_lines

from .command import OF_INDEX, Commands, settings_of, with_index


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "status", run, "show what the index holds and whether it is intact")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(given: argparse.Namespace) -> None:
    """Print what the index holds."""
    from index import open_index

    with open_index(settings=settings_of(given, OF_INDEX)) as index:
        facts = index.status().to_dict()
    if given.json:
        out_json(facts)
    else:
        out("\n".join(status_lines(facts)))

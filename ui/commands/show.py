"""`article-qa show`: what an index takes from a file."""

import argparse
from pathlib import Path

from ui.output import out, out_json
from ui.terminal import article_facts, article_lines, difference_facts, difference_lines, one_line

from .command import Commands, with_index


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "show", run, "print the text and metadata that an index takes from a file")
    parser.add_argument("path", type=Path, metavar="PATH", help="the file")
    parser.add_argument(
        "--diff",
        action="store_true",
        help="print what is left out or changed instead: menus, share buttons, repeats, joined lines",
    )
    parser.add_argument("--json", action="store_true", help="print both as JSON, one line per article")


def run(given: argparse.Namespace) -> None:
    """Print the articles of the file."""
    from index.reading.preview import shown

    for number, found in enumerate(shown(given.path)):
        if given.json:
            facts = (
                {**article_facts(found.article), **difference_facts(found)}
                if found.article
                else {"path": found.path, "skipped": found.reason, "dropped": []}
            )
            out_json(facts)
            continue
        if number:
            out("\n" + "=" * 72)
        if not found.article:
            out(f"skipped {one_line(found.path)}: {one_line(found.reason)}")
        elif given.diff:
            out("\n".join(difference_lines(found)))
        else:
            out("\n".join(article_lines(found.article)))

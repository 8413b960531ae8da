"""`article-qa ask`: answer one question."""

import argparse
from typing import TYPE_CHECKING

from ui.output import out, out_json
from ui.terminal import answer_lines

from .command import OF_ANSWERS, Commands, add_model, settings_of, with_index

if TYPE_CHECKING:
    from index import Limits


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "ask", run, "answer a question with quotes and their sources")
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    add_model(parser)
    parser.add_argument("--since", metavar="DATE", help="only articles published on or after yyyy-mm-dd")
    parser.add_argument("--until", metavar="DATE", help="only articles published on or before yyyy-mm-dd")
    for name, metavar, text in (
        ("--source", "OUTLET", "only articles from this outlet"),
        ("--lang", "LANG", "only articles in this language: de, en, fr, ..."),
        ("--path", "PATH", "only this file or folder, or paths that match a pattern with *"),
        ("--tag", "TAG", "only articles with this tag"),
    ):
        parser.add_argument(name, action="append", metavar=metavar, help=f"{text}; may be repeated")


def run(given: argparse.Namespace) -> None:
    """Print the answer."""
    from index import Filters
    from qa.engine import Engine, checked_question

    settings = settings_of(given, OF_ANSWERS)
    # Loading the models takes seconds: complain about the question and its limits first.
    checked_question(given.question)
    limits: Limits = {
        "since": given.since,
        "until": given.until,
        "source": given.source,
        "language": given.lang,
        "path": given.path,
        "tag": given.tag,
    }
    Filters.of(**limits)
    with Engine(settings=settings) as engine:
        answer = engine.query(given.question, **limits)
    if given.json:
        out_json(answer.to_dict(), indent=2)
    else:
        out("\n".join(answer_lines(answer)))

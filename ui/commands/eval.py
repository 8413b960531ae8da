"""`article-qa eval`: score an index on questions whose answers are known."""

import argparse
from pathlib import Path

from ui.output import out, out_json
from ui.terminal import score_lines

from .command import OF_ANSWERS, Commands, settings_of, with_index


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "eval", run, "score the index on your own questions")
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE.jsonl",
        help='one JSON object per line: {"question", "answers": [...], "file"?}; without answers '
        "the question should be refused",
    )
    parser.add_argument("--json", action="store_true", help="print the scores and each question as JSON")


def run(given: argparse.Namespace) -> None:
    """Print the scores."""
    from qa import Engine
    from qa.evaluation import by_languages, evaluate, load_questions, scores

    settings = settings_of(given, OF_ANSWERS)
    questions = load_questions(given.file)
    with Engine(settings=settings) as engine:
        outcomes = evaluate(engine, questions)
    if given.json:
        plain = {
            "scores": scores(outcomes),
            "by_languages": by_languages(outcomes),
            "questions": [outcome.to_dict() for outcome in outcomes],
        }
        out_json(plain, indent=2)
        return
    out("\n".join(score_lines(scores(outcomes))))
    for name, figures in by_languages(outcomes).items():
        out("\n".join(["", name, *score_lines(figures)]))

"""The command line: `article-qa index | ask | chat | status`.

Heavy libraries are imported where a command needs them, so that `--help` answers at once.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Progress, Settings, Summary
    from qa import Answer

_SKIPPED_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status: 0 done, 1 the user's mistake, 2 usage."""
    given = _parser().parse_args(arguments)
    from index.errors import ArticleQAError

    command: Callable[[argparse.Namespace], None] = given.command
    try:
        command(given)
    except ArticleQAError as error:
        print(f"article-qa: {one_line(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\narticle-qa: stopped; what was committed stays, the same command goes on", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; there is nobody to tell.
        sys.stderr.close()
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="article-qa", description="Ask a folder of articles a question; get quotes with their sources."
    )
    parser.add_argument("--version", action="version", version=f"article-qa {version('article-qa')}")
    commands = parser.add_subparsers(required=True, metavar="index | ask | chat | status")
    _add_index(commands)
    _add_ask(commands)
    _add_chat(commands)
    _add_status(commands)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index's folder (default: .article-qa)")
    parser.set_defaults(command=run)
    return parser


def _add_index(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "index", _index, "make or update the index of a folder of articles")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that holds the articles")
    parser.add_argument(
        "--rebuild", action="store_true", help="make everything anew; the old index answers until then"
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def _add_ask(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "ask", _ask, "answer a question with quotes and their sources")
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--llm", metavar="MODEL", help="the language model that writes; none: quotes only")
    parser.add_argument("--since", metavar="DATE", help="only articles published on or after yyyy-mm-dd")
    parser.add_argument("--until", metavar="DATE", help="only articles published on or before yyyy-mm-dd")
    parser.add_argument("--source", metavar="OUTLET", help="only articles of this outlet")
    parser.add_argument("--lang", metavar="LANG", help="only articles in this language: de, en, fr, ...")


def _add_chat(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "chat", _chat, "serve the chat page for a browser")
    parser.add_argument("--llm", metavar="MODEL", help="the language model that writes; none: quotes only")
    parser.add_argument("--host", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to listen on (default: 7860)")


def _add_status(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "status", _status, "say what the index holds and whether it is whole")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def _settings(given: argparse.Namespace) -> "Settings":
    from index.settings import load

    changes = {name: getattr(given, name, None) for name in ("index", "llm", "host", "port")}
    return load().replaced(**changes)


def _index(given: argparse.Namespace) -> None:
    from tqdm import tqdm

    from index import build

    # On a terminal only: a bar in a log file is thousands of lines.
    with tqdm(unit=" files", disable=None, dynamic_ncols=True, leave=False) as bar:

        def show(progress: "Progress") -> None:
            bar.total = progress.files_total
            bar.set_postfix_str(
                f"{progress.passages} passages  {one_line(progress.path)[-40:]}", refresh=False
            )
            bar.update(progress.files - bar.n)

        summary = build(given.folder, _settings(given), rebuild=given.rebuild, progress=show)
    if given.json:
        print(json.dumps(summary.to_dict(), ensure_ascii=False))
    else:
        _print_summary(summary)


def _print_summary(summary: "Summary") -> None:
    counts = (
        f"{summary.added} added, {summary.replaced} replaced, {summary.removed} removed, "
        f"{summary.unchanged} unchanged, {len(summary.skipped)} skipped"
    )
    print(f"{counts} ({summary.passages} passages encoded, {summary.seconds:.1f} s)")
    for path, reason in list(summary.skipped.items())[:_SKIPPED_SHOWN]:
        print(f"  skipped {one_line(path)}: {one_line(reason)}")
    if len(summary.skipped) > _SKIPPED_SHOWN:
        print(f"  and {len(summary.skipped) - _SKIPPED_SHOWN} more: --json lists all")


def _ask(given: argparse.Namespace) -> None:
    from qa.engine import Engine, checked_question

    settings = _settings(given)
    # Before models are loaded, which takes seconds.
    checked_question(given.question)
    with Engine(settings=settings) as engine:
        answer = engine.query(
            given.question, since=given.since, until=given.until, source=given.source, language=given.lang
        )
    if given.json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        _print_answer(answer)


def _print_answer(answer: "Answer") -> None:
    if answer.found:
        for sentence in answer.sentences:
            marks = "".join(f"[{number}]" for number in sentence.citations)
            print(f"{one_line(sentence.text)} {marks}")
        print("\nSources")
    else:
        print(f"{answer.text}\n\nNearest")
    for citation in answer.citations:
        about = [citation.title, citation.source, citation.published, citation.path]
        print(f"[{citation.number}] " + one_line(" · ".join(part for part in about if part)))
        if not answer.found:
            print(f"    {one_line(citation.quote)}")


def _chat(given: argparse.Namespace) -> None:
    settings = _settings(given)
    from qa import Engine

    with Engine(settings=settings) as engine:
        from .app import serve

        serve(engine, settings.host, settings.port)


def _status(given: argparse.Namespace) -> None:
    from index import open_index

    with open_index(settings=_settings(given)) as index:
        facts = index.status()
    if given.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        print(f"{name.replace('_', ' '):16} {one_line(str(shown))}")


def one_line(text: str) -> str:
    """Return `text` fit for a terminal: one line, nothing in it that could command the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `article-qa index | ask | chat | eval | show | status | check | trust`.

Heavy libraries are imported where a command needs them, so that `--help` answers at once.
"""

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from .output import out, out_json, parser_for, prepare, tell, tell_as_is
from .terminal import (
    answer_lines,
    article_facts,
    article_lines,
    check_lines,
    one_line,
    progress_line,
    score_lines,
    status_lines,
    summary_lines,
)

if TYPE_CHECKING:
    from tqdm import tqdm

    from index import Progress, Settings
    from index.building.progress import Report

# What the commands use of the settings; the page uses all.
_OF_INDEX = frozenset({"index", "encoder", "cache", "chroma"})
_SERVED = frozenset({"llm_url", "llm_key"})
_OF_ANSWERS = _OF_INDEX | _SERVED | {"cross_encoder", "llm"}
# Seconds between two states of the bar.
_REFRESH = 0.1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status: 0 done, 1 the user's mistake, 2 usage."""
    prepare()
    given = _parser().parse_args(arguments)
    from index.errors import ArticleQAError

    command: Callable[[argparse.Namespace], None] = given.command
    try:
        command(given)
    except ArticleQAError as error:
        tell(str(error))
        return 1
    except KeyboardInterrupt:
        tell_as_is("\narticle-qa: stopped; what was committed stays, the same command goes on")
        return 1
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; there is nobody to tell.
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = parser_for("article-qa", "Ask a folder of articles a question; get quotes with their sources.")
    parser.add_argument("--version", action="version", version=f"article-qa {version('article-qa')}")
    commands = parser.add_subparsers(
        required=True, metavar="index | ask | chat | eval | show | status | check | trust"
    )
    _add_index(commands)
    _add_ask(commands)
    _add_chat(commands)
    _add_eval(commands)
    _add_show(commands)
    _add_status(commands)
    _add_check(commands)
    _add_trust(commands)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    text: str,
) -> argparse.ArgumentParser:
    parser = _plain_command(commands, name, run, text)
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index's folder (default: .article-qa)")
    return parser


def _plain_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(command=run)
    return parser


def _add_index(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "index", _index, "make or update the index of a folder of articles")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that holds the articles")
    parser.add_argument(
        "--rebuild", action="store_true", help="make everything anew; the old index answers until then"
    )
    parser.add_argument("--watch", action="store_true", help="go on and follow the folder's changes")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def _add_ask(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "ask", _ask, "answer a question with quotes and their sources")
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    _add_model(parser)
    parser.add_argument("--since", metavar="DATE", help="only articles published on or after yyyy-mm-dd")
    parser.add_argument("--until", metavar="DATE", help="only articles published on or before yyyy-mm-dd")
    parser.add_argument("--source", metavar="OUTLET", help="only articles of this outlet")
    parser.add_argument("--lang", metavar="LANG", help="only articles in this language: de, en, fr, ...")
    parser.add_argument("--path", help="only this file or folder, or paths of this pattern with *")
    parser.add_argument("--tag", help="only articles with this tag")


def _add_chat(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "chat", _chat, "serve the chat page for a browser")
    _add_model(parser)
    parser.add_argument("--host", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to listen on (default: 7860)")
    parser.add_argument(
        "--allow-host",
        action="append",
        metavar="NAME",
        help="another name by which browsers reach the page, such as a proxy's; can be given several times",
    )
    parser.add_argument(
        "--open",
        action="store_true",
        help="beyond this machine: let everybody read without a password",
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--llm",
        metavar="MODEL",
        help="the language model that writes: none (quotes only), local, ollama/NAME or openai/NAME",
    )


def _add_eval(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "eval", _eval, "score the index on questions of your own")
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE.jsonl",
        help='a line each: {"question", "answers": [...], "file"?}; without answers it is to be refused',
    )
    parser.add_argument("--json", action="store_true", help="print the scores, and each question, as JSON")


def _add_show(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "show", _show, "print the text and metadata that an index takes from a file")
    parser.add_argument("path", type=Path, metavar="PATH", help="the file")
    parser.add_argument(
        "--diff", action="store_true", help="print what is dropped instead: page furniture, repeats"
    )
    parser.add_argument("--json", action="store_true", help="print both as JSON, a line for each article")


def _add_status(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "status", _status, "say what the index holds and whether it is whole")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _command(commands, "check", _check, "compare all that an index holds with its digests")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def _add_trust(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _plain_command(
        commands, "trust", _trust, "let the settings file of a folder count, as it is now"
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the file (default: ./article-qa.toml)"
    )
    parser.add_argument("--remove", action="store_true", help="trust it no longer")


def _settings(given: argparse.Namespace, used: Collection[str]) -> "Settings":
    """Return the settings; say where those of `used` come from that the current folder brings."""
    from index.settings import read

    loaded = read(given={name: getattr(given, name, None) for name in ("index", "llm", "host", "port")})
    settings = loaded.settings
    told = set(used) if settings.is_served else set(used) - _SERVED
    if named := [name for name in loaded.guarded if name in told]:
        tell(f"{', '.join(named)} from {loaded.file}")
    if loaded.held_back and _SERVED & told:
        tell(loaded.held_back)
    return settings


def _index(given: argparse.Namespace) -> None:
    from index.building.watch import changes
    from index.errors import ArticleQAError

    settings = _settings(given, _OF_INDEX)
    _build(given, settings)
    if not given.watch:
        return
    following = f"following {one_line(str(given.folder))}; Ctrl+C stops"
    # Among JSON it would be a line that no program can read.
    (tell if given.json else out)(following)
    for _ in _until_interrupted(changes(given.folder, settings.index)):
        try:
            _build(given, settings)
        except ArticleQAError as error:
            # Whatever it is may be mended while we watch; the index stays as it was.
            tell(str(error))


def _until_interrupted(waiting: Iterator[None]) -> Iterator[None]:
    """Yield what comes until Ctrl+C is pressed while waiting for it: that is how following ends."""
    with contextlib.suppress(KeyboardInterrupt):
        yield from waiting


def _build(given: argparse.Namespace, settings: "Settings") -> None:
    from tqdm import tqdm

    from index import build

    # On a terminal only: a bar in a log file is thousands of lines.
    hidden = True if sys.stderr is None else None
    with tqdm(unit=" files", disable=hidden, dynamic_ncols=True, leave=False) as bar:
        summary = build(given.folder, settings, rebuild=given.rebuild, progress=_shown_on(bar))
    # A folder that is followed is made anew once.
    given.rebuild = False
    if given.json:
        out_json(summary.to_dict())
    else:
        out("\n".join(summary_lines(summary)))


def _shown_on(bar: "tqdm[NoReturn]") -> "Report":
    """Return what shows a build's progress on a bar."""
    step, shown = "", 0.0

    def show(progress: "Progress") -> None:
        nonlocal step, shown
        # Of a folder of small files more are read in a second than anyone can see.
        if bar.disable or (progress.step == step and time.monotonic() - shown < _REFRESH):
            return
        if progress.step != step:
            bar.reset(progress.files_total)
        step, shown = progress.step, time.monotonic()
        bar.n = progress.files
        bar.set_description_str(step, refresh=False)
        bar.set_postfix_str(progress_line(progress))

    return show


def _show(given: argparse.Namespace) -> None:
    from index.reading.preview import shown

    for number, found in enumerate(shown(given.path)):
        if given.json:
            facts = (
                article_facts(found.article)
                if found.article
                else {"path": found.path, "skipped": found.reason}
            )
            out_json({**facts, "dropped": list(found.dropped)})
            continue
        if number:
            out("\n" + "=" * 72)
        if not found.article:
            out(f"skipped {one_line(found.path)}: {one_line(found.reason)}")
        elif given.diff:
            out("\n".join(f"- {one_line(line)}" for line in found.dropped) or "nothing was dropped")
        else:
            out("\n".join(article_lines(found.article)))


def _ask(given: argparse.Namespace) -> None:
    from qa.engine import Engine, checked_question

    settings = _settings(given, _OF_ANSWERS)
    # Before models are loaded, which takes seconds.
    checked_question(given.question)
    with Engine(settings=settings) as engine:
        answer = engine.query(
            given.question,
            since=given.since,
            until=given.until,
            source=given.source,
            language=given.lang,
            path=given.path,
            tag=given.tag,
        )
    if given.json:
        out_json(answer.to_dict(), indent=2)
    else:
        out("\n".join(answer_lines(answer)))


def _chat(given: argparse.Namespace) -> None:
    from index import Settings

    settings = _settings(given, Settings.model_fields)
    settings = settings.replaced(hosts=(*settings.hosts, *(given.allow_host or ())))
    from qa import Engine

    with Engine(settings=settings) as engine:
        from .app import serve

        serve(engine, settings.host, settings.port, everybody=given.open)


def _eval(given: argparse.Namespace) -> None:
    from qa import Engine
    from qa.evaluation import by_languages, evaluate, load_questions, scores

    settings = _settings(given, _OF_ANSWERS)
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


def _status(given: argparse.Namespace) -> None:
    from index import open_index

    with open_index(settings=_settings(given, _OF_INDEX)) as index:
        facts = index.status().to_dict()
    if given.json:
        out_json(facts)
    else:
        out("\n".join(status_lines(facts)))


def _trust(given: argparse.Namespace) -> None:
    from index.errors import SettingsError
    from index.settings import describe
    from index.trust import FILE_NAME, distrust, read_file, store, trust, trusted

    path = given.file or Path(FILE_NAME)
    path = path / FILE_NAME if path.is_dir() else path
    if given.remove:
        was = distrust(path)
        out(f"{one_line(str(path))} {'is trusted no longer' if was else 'was not trusted'}")
        return
    file = read_file(path)
    if file is None:
        raise SettingsError(f"there is no file {path}: give the settings file to trust")
    facts = describe(file)
    if trusted().is_damaged:
        tell(f"{store()} was damaged and is made anew: files trusted before have to be trusted again")
    trust(file)
    out("\n".join([*status_lines(facts), f"{one_line(str(file.path))} is trusted until it changes"]))


def _check(given: argparse.Namespace) -> None:
    from index.errors import IndexDamagedError
    from index.store.integrity import check

    checked = check(_settings(given, _OF_INDEX))
    if given.json:
        out_json(checked.to_dict())
    else:
        out("\n".join(check_lines(checked)))
    if checked.problems:
        raise IndexDamagedError(checked.problems[0])


if __name__ == "__main__":
    sys.exit(main())

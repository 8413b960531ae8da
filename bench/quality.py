"""How good finding and refusing are on questions with known answers, beside LlamaIndex's quickstart.

    python -m bench.quality xquad en=FILE.json de=FILE.json [--questions 300]
    python -m bench.quality mixed FOLDER en=FILE.json de=FILE.json [--questions 300]
    python -m bench.quality folder FOLDER FILE.jsonl

`xquad` takes files in SQuAD's format that hold the same questions in each language. It asks the questions of
every language about the texts of every language: first with all texts, then without every second article, so
that half of the questions have no answer. `mixed` deals the articles of such files out among their languages,
asks every question in each, and separates questions in the text's language from those in another; it also
measures the held-out clusters of the reading set within FOLDER. `folder` takes a folder of articles and a
file of questions, as `article-qa eval` does. `--results DIR` stores the figures there under the name of the
commit.
"""

import argparse
import json
import random
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from index import Encoder, Settings, build, load_encoder
from qa import Engine
from qa.evaluation import RANKED, Known, Outcome, evaluate, is_right, load_questions, rank, scores

from . import mixed
from .folders import named, paragraphs
from .quickstart import Quickstart

Figures = dict[str, dict[str, float]]


def main() -> None:
    """Measure, print the tables, and store them if asked to."""
    parser = argparse.ArgumentParser(prog="bench.quality", description="Measure finding and refusing.")
    parser.add_argument("--results", type=Path, metavar="DIR", help="store the figures under the commit")
    parser.add_argument("--alone", action="store_true", help="without the quickstart")
    kinds = parser.add_subparsers(required=True)
    xquad = kinds.add_parser("xquad")
    xquad.add_argument("files", nargs="+", metavar="LANG=FILE")
    xquad.add_argument("--questions", type=int, default=300, help="per pair of languages")
    xquad.set_defaults(measure=_xquad)
    several = kinds.add_parser("mixed")
    several.add_argument("folder", type=Path)
    several.add_argument("files", nargs="+", metavar="LANG=FILE")
    several.add_argument("--questions", type=int, default=300, help="per pair of languages")
    several.set_defaults(measure=_mixed)
    folder = kinds.add_parser("folder")
    folder.add_argument("folder", type=Path)
    folder.add_argument("questions", type=Path)
    folder.add_argument("--index", type=Path, help="an index of that folder, if there is one")
    folder.set_defaults(measure=_folder)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        name, figures = given.measure(given, load_encoder(Settings()), Path(work))
    for group, row in figures.items():
        print(group)
        for figure, value in row.items():
            print(f"    {figure:24} {value:8.3f}")
    if given.results:
        given.results.mkdir(parents=True, exist_ok=True)
        target = given.results / f"{_commit()}-{name}.json"
        target.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _commit() -> str:
    described = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(described, capture_output=True, text=True, check=True).stdout.strip()


def _xquad(given: argparse.Namespace, encoder: Encoder, work: Path) -> tuple[str, Figures]:
    files = {name: Path(path) for name, path in (item.split("=", 1) for item in given.files)}
    figures: Figures = {}
    halves: list[Outcome] = []
    for texts, texts_path in files.items():
        whole, half = work / texts / "whole", work / texts / "half"
        write_texts(texts_path, texts, whole, 1)
        write_texts(texts_path, texts, half, 2)
        quickstart = None if given.alone else _quickstart(whole, work / texts)
        for language, path in files.items():
            known = chosen(known_of(path, texts_path, language), given.questions)
            pair = f"{language}/{texts}"
            figures[pair] = scores(_asked(whole, work, encoder, [item for _, item in known]))
            if quickstart:
                figures[f"{pair} quickstart"] = _plain(quickstart, [item for _, item in known])
            outcomes = _asked(half, work, encoder, [_if_held(article, item) for article, item in known])
            figures[f"{pair} half left out"] = scores(outcomes)
            halves += outcomes
    figures["all half left out"] = scores(halves)
    return "xquad", figures


def write_texts(path: Path, language: str, folder: Path, step: int) -> None:
    """Write every paragraph, or those of every `step`-th article, as a file."""
    folder.mkdir(parents=True)
    for number, (article, context, _) in enumerate(paragraphs(path)):
        if article % step == 0:
            text = f"---\nlanguage: {language}\n---\n{context}"
            (folder / f"{number:04}.txt").write_text(text, "utf-8")


def files_of(path: Path) -> dict[str, int]:
    """Return the article's number for each file that `write_texts` writes."""
    return {f"{number:04}.txt": article for number, (article, _, _) in enumerate(paragraphs(path))}


def known_of(questions: Path, texts: Path, language: str) -> list[tuple[int, Known]]:
    """Return each question with its article's number and its answer in the texts' language."""
    return [
        (
            article,
            Known(str(asked["question"]), (str(held["answers"][0]["text"]),), f"{number:04}.txt", language),
        )
        for number, ((article, _, ours), (_, _, theirs)) in enumerate(
            zip(paragraphs(questions), paragraphs(texts), strict=True)
        )
        for asked, held in zip(ours, theirs, strict=True)
    ]


def chosen(known: list[tuple[int, Known]], count: int) -> list[tuple[int, Known]]:
    """Return `count` questions, the same ones on every run."""
    return random.Random(5).sample(known, min(count, len(known)))


def _if_held(article: int, known: Known) -> Known:
    return known if article % 2 == 0 else Known(known.question, (), None, known.language)


def _asked(folder: Path, work: Path, encoder: Encoder, known: Sequence[Known]) -> list[Outcome]:
    settings = Settings(index=work / f"index-{folder.parent.name}-{folder.name}")
    build(folder, settings, encoder=encoder)
    with closing(Engine(settings=settings, encoder=encoder)) as engine:
        return evaluate(engine, known)


def _mixed(given: argparse.Namespace, encoder: Encoder, work: Path) -> tuple[str, Figures]:
    def ask(folder: Path, index: Path, known: Sequence[Known]) -> list[Outcome]:
        settings = Settings(index=index)
        build(folder, settings, encoder=encoder)
        with closing(Engine(settings=settings, encoder=encoder)) as engine:
            return evaluate(engine, known)

    figures, whole, known = mixed.dealt(named(given.files), given.questions, work, ask)
    if not given.alone:
        figures["dealt out, quickstart"] = _plain(_quickstart(whole, work), known)
    return "mixed", figures | mixed.clusters(given.folder, work, ask)


def _folder(given: argparse.Namespace, encoder: Encoder, work: Path) -> tuple[str, Figures]:
    known = load_questions(given.questions)
    settings = Settings(index=given.index or work / "index")
    build(given.folder, settings, encoder=encoder)
    with closing(Engine(settings=settings, encoder=encoder)) as engine:
        outcomes = evaluate(engine, known)
    figures: Figures = {"all": scores(outcomes)}
    quickstart = None if given.alone else _quickstart(given.folder, work)
    if quickstart:
        figures["all quickstart"] = _plain(quickstart, known)
    for language in dict.fromkeys(item.language for item in known):
        figures[str(language)] = scores([o for o in outcomes if o.known.language == language])
        if quickstart:
            asked = [item for item in known if item.language == language]
            figures[f"{language} quickstart"] = _plain(quickstart, asked)
    return given.questions.stem, figures


def _quickstart(folder: Path, work: Path) -> Quickstart:
    quickstart = Quickstart(folder, work)
    quickstart.build()
    return quickstart


def _plain(quickstart: Quickstart, known: Sequence[Known]) -> dict[str, float]:
    """Return the figures that a retriever alone can have."""
    answerable = [item for item in known if item.answers]
    ranks = [
        rank([is_right(item, {path}, text) for path, text in quickstart.retrieve(item.question, RANKED)])
        for item in answerable
    ]
    return {
        name: sum((place or 99) <= limit for place in ranks) / len(ranks)
        for name, limit in (("passage first", 1), ("passage in five", 5), ("passage in ten", 10))
    }


if __name__ == "__main__":
    main()

"""Questions with the rows that search brings for them, captured once: what a reader is measured on.

    python -m bench.reader_rows OUT NEWS en=xquad.en.json de=xquad.de.json [--index DIR] [--only bbc,clusters]

OUT is a folder, with a file for each group of questions; what is there already is not asked again. NEWS is the
folder of news that `bench/data/bbc_questions.jsonl` asks about. The held-out clusters of the reading set are asked
about alone, within the article's language, and among the news (`--index`: an index of both). Files in SQuAD's
format are written one folder a language, and dealt out among their languages.
"""

import argparse
import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path

from index import Filters, Settings, build, load_encoder, open_index
from index.model.encoder import SentenceEncoder
from index.model.reader.rows import Row
from qa.evaluation import Known, is_right, load_questions, paths_of
from qa.evidence.candidates import Candidate, Models, candidates
from qa.evidence.weights import LIMITS

from . import mixed
from .folders import deal, named, near_misses, write_clusters
from .quality import chosen, files_of, known_of, write_texts
from .reading import load, split

QUESTIONS = Path(__file__).parent / "data" / "bbc_questions.jsonl"
_ROWS = 32


@dataclass(frozen=True, slots=True)
class Item:
    """A question with what search brings, as it is read; `right` are the numbers of the rows that answer it.

    `features` are what search says of each row.
    """

    group: str
    question: str
    language: str
    text_language: str
    kind: str
    is_answerable: bool
    rows: tuple[Row, ...]
    features: tuple[tuple[float, float, float], ...]
    right: tuple[int, ...]

    def to_json(self) -> str:
        """Return the item as a line."""
        plain = asdict(self)
        plain["rows"] = [
            (r.title, r.published and r.published.isoformat(), r.before, r.text) for r in self.rows
        ]
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> "Item":
        """Return the item of a line."""
        plain = json.loads(line)
        plain["rows"] = tuple(
            Row(title, date.fromisoformat(day) if day else None, before, text)
            for title, day, before, text in plain["rows"]
        )
        for name in ("features", "right"):
            plain[name] = tuple(tuple(x) if isinstance(x, list) else x for x in plain[name])
        return cls(**{one.name: plain[one.name] for one in fields(cls)})


def load_items(path: Path) -> list[Item]:
    """Return the items of a folder's files."""
    found = []
    for file in sorted(path.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found += [Item.from_json(line) for line in lines]
    return found


# With the language of the text that answers it, its kind, and what it is limited to.
Question = tuple[Known, str, str, Filters | None]


@dataclass(frozen=True, slots=True)
class _Task:
    """Questions to be asked of a folder; with `away` the article that answers is left out of what is found."""

    group: str
    folder: Path
    index: Path
    asked: Sequence[Question]
    away: dict[str, int] | None = None


def main() -> None:
    """Capture all, group by group."""
    parser = argparse.ArgumentParser(prog="bench.reader_rows", description="Capture what a reader reads.")
    parser.add_argument("out", type=Path)
    parser.add_argument("news", type=Path)
    parser.add_argument("files", nargs="+", metavar="LANG=FILE")
    parser.add_argument("--index", type=Path)
    parser.add_argument("--questions", type=int, default=200, help="per pair of languages")
    parser.add_argument("--only", help="beginnings of groups, with commas between them")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    wanted = tuple(given.only.split(",")) if given.only else ("",)
    encoder = load_encoder(Settings())
    with tempfile.TemporaryDirectory() as work:
        for task in _tasks(given, Path(work)):
            file = given.out / f"{task.group.replace('/', '-').replace(' ', '-')}.jsonl.gz"
            if task.group.startswith(wanted) and not file.exists():
                items = [item.to_json() for item in _captured(task, encoder)]
                file.write_bytes(gzip.compress("\n".join(items).encode()))


def _tasks(given: argparse.Namespace, work: Path) -> Iterator[_Task]:
    """Yield all groups, each when its folder is written."""
    files = named(given.files)
    _, held_out = split(load())
    news, alone = work / "news", work / "clusters"
    asked = [
        (item.known, item.text_language, item.kind, None)
        for item in (*write_clusters(held_out, alone), *near_misses(held_out))
    ]
    within = [(known, text, kind, Filters(language=text)) for known, text, kind, _ in asked]
    yield _Task("clusters alone", alone, work / "clusters-index", within)
    shutil.copytree(given.news, news)
    write_clusters(held_out, news)
    index = given.index or work / "news-index"
    about = [(known, "en", "", None) for known in load_questions(QUESTIONS)]
    yield _Task("bbc", news, index, about)
    yield _Task("clusters among news", news, index, asked)
    written = deal(files, work / "dealt")
    texts_of = {item.known: item.text_language for item in written}
    dealt = [(known, texts_of[known], "", None) for known in mixed.sample(written, given.questions)]
    yield _Task("dealt", work / "dealt", work / "dealt-index", dealt)
    for texts, path in files.items():
        write_texts(path, texts, work / texts, 1)
        for language, own in files.items():
            known = [item for _, item in chosen(known_of(own, path, language), given.questions)]
            asked = [(item, texts, "", None) for item in known]
            group = f"xquad {language}/{texts}"
            yield _Task(group, work / texts, work / f"{texts}-index", asked)
            away = files_of(path)
            yield _Task(f"{group} left out", work / texts, work / f"{texts}-index", asked[::2], away)


def _captured(task: _Task, encoder: SentenceEncoder) -> Iterator[Item]:
    settings = Settings(index=task.index)
    if not task.index.exists():
        build(task.folder, settings, encoder=encoder)
    away = task.away
    with open_index(settings=settings) as index:
        for number, (known, language, kind, filters) in enumerate(task.asked):
            vector = encoder.point([known.question])[0]
            hits = index.search(
                known.question, vector, filters=filters, count=LIMITS.passages * (2 if away else 1)
            )
            if away:
                own = away[str(known.file)]
                hits = [hit for hit in hits if away[hit.article.path] != own][: LIMITS.passages]
            of = replace(known, answers=()) if away else known
            rows = candidates(known.question, hits, Models(encoder, encoder), _ROWS)
            yield _item(task.group, (of, language, kind), rows)
            if number % 50 == 0:
                print(f"{task.group}: {number} of {len(task.asked)}", flush=True)


def _item(group: str, of: tuple[Known, str, str], rows: Sequence[Candidate]) -> Item:
    known, language, kind = of
    right = [n for n, one in enumerate(rows) if is_right(known, paths_of(one.hit.article), one.row.text)]
    return Item(
        group=group,
        question=known.question,
        language=known.language or "",
        text_language=language or (rows[0].hit.article.language or "" if rows else ""),
        kind=kind,
        is_answerable=bool(known.answers),
        rows=tuple(one.row for one in rows),
        features=tuple((*one.found, one.match) for one in rows),
        right=tuple(right),
    )


if __name__ == "__main__":
    main()

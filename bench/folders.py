"""Folders of articles in several languages, with questions whose right passage is known."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evaluation import Known

from .reading import Cluster


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its language, `known.language`, and the language of the text that answers it.

    `kind` is set for questions of the reading set.
    """

    known: Known
    text_language: str
    kind: str = ""

    @property
    def across(self) -> bool:
        """Return whether question and text are in two languages."""
        return self.known.language != self.text_language


Paragraphs = list[tuple[int, str, list[dict[str, Any]]]]


def paragraphs(path: Path) -> Paragraphs:
    """Return each paragraph of a file in SQuAD's format: its article's number, its text, its questions."""
    data = json.loads(path.read_text("utf-8"))["data"]
    return [(n, p["context"], p["qas"]) for n, article in enumerate(data) for p in article["paragraphs"]]


def deal(files: dict[str, Path], folder: Path) -> list[Asked]:
    """Write each article of parallel SQuAD files in one language, by turns; return all questions."""
    read = {language: paragraphs(path) for language, path in files.items()}
    languages = list(read)
    asked = []
    for number, (article, _, _) in enumerate(read[languages[0]]):
        language = languages[article % len(languages)]
        _, text, held = read[language][number]
        name = f"xquad/{number:04}.txt"
        _write(folder / name, text, language=language)
        for own in languages:
            for question, answer in zip(read[own][number][2], held, strict=True):
                known = Known(question["question"], (answer["answers"][0]["text"],), name, own)
                asked.append(Asked(known, language))
    return asked


def write_paragraphs(files: dict[str, Path], folder: Path) -> None:
    """Write every paragraph of parallel files in every language, as a background for other texts."""
    for language, path in files.items():
        for number, (_, text, _) in enumerate(paragraphs(path)):
            _write(folder / "xquad" / f"{language}-{number:04}.txt", text, language=language)


def write_clusters(clusters: Iterable[Cluster], folder: Path) -> list[Asked]:
    """Write the articles of clusters and return their questions."""
    return [asked for cluster in clusters for asked in _write_cluster(cluster, folder)]


def near_misses(clusters: Iterable[Cluster]) -> list[Asked]:
    """Return the questions of clusters that none of their articles answers."""
    return [
        Asked(Known(miss.text, (), None, miss.language), article.language, "!")
        for cluster in clusters
        for article in cluster.articles
        for miss in article.near_misses
    ]


def _write_cluster(cluster: Cluster, folder: Path) -> list[Asked]:
    asked = []
    for number, article in enumerate(cluster.articles):
        name = f"reading/{cluster.name}-{number}.txt"
        _write(
            folder / name,
            article.text,
            title=article.title,
            source=article.source,
            published=article.published.isoformat(),
            language=article.language,
        )
        for question in article.questions:
            # The words around the answer identify its passage; the answer alone might not.
            words = question.snippet.of(article.text)
            known = Known(question.text, (words,), name, question.language)
            asked.append(Asked(known, article.language, question.kind))
    return asked


def _write(path: Path, text: str, **front: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    path.write_text("\n".join(["---", *lines, "---", text]), "utf-8")


def named(files: Sequence[str]) -> dict[str, Path]:
    """Return the files that arguments such as en=FILE name, by language."""
    return {name: Path(path) for name, _, path in (item.partition("=") for item in files)}

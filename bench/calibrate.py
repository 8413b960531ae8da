"""Fit the curve that turns an answer's best score into a confidence.

    python -m bench.calibrate en=FILE.json de=FILE.json [--questions 250]

The files are in SQuAD's format and hold the same questions in each language. Every second article is
left out of the index, so that half of the questions have no answer there. Questions of every language
are asked of the texts of every language.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index import Encoder, Settings, build, load_encoder
from qa import Engine
from qa.background import Background
from qa.evidence import gather


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's best score, and whether its answer is in the index at all and in the first quote."""

    pair: str
    score: float
    answerable: bool
    right: bool


def main() -> None:
    """Ask, fit, and print what belongs into qa/evidence.py."""
    parser = argparse.ArgumentParser(prog="bench.calibrate", description="Fit the confidence curve.")
    parser.add_argument("files", nargs="+", metavar="LANG=FILE")
    parser.add_argument("--questions", type=int, default=250, help="per pair of languages")
    given = parser.parse_args()
    files = dict(item.split("=", 1) for item in given.files)
    encoder = load_encoder(Settings())
    asked: list[Asked] = []
    for text_language, path in files.items():
        with (
            tempfile.TemporaryDirectory() as temporary,
            _engine(Path(path), text_language, Path(temporary), encoder) as engine,
        ):
            for language, questions in files.items():
                pair = f"{language}/{text_language}"
                places = _places(Path(questions), Path(path))
                asked += _ask(engine, encoder, pair, random.Random(3).sample(places, given.questions))
    for pair in sorted({item.pair for item in asked}):
        _report(pair, [item for item in asked if item.pair == pair])
    _report("all", asked)


def _paragraphs(path: Path) -> list[tuple[int, str, list[dict[str, object]]]]:
    data = json.loads(path.read_text("utf-8"))["data"]
    return [(n, p["context"], p["qas"]) for n, article in enumerate(data) for p in article["paragraphs"]]


def _engine(path: Path, language: str, work: Path, encoder: Encoder) -> Engine:
    (work / "texts").mkdir()
    for number, (article, context, _) in enumerate(_paragraphs(path)):
        if article % 2 == 0:
            text = f"---\nlanguage: {language}\n---\n{context}"
            (work / "texts" / f"{number:04}.txt").write_text(text, "utf-8")
    settings = Settings(index=work / "index")
    build(work / "texts", settings, encoder=encoder)
    return Engine(settings=settings, encoder=encoder)


def _places(questions: Path, texts: Path) -> list[tuple[int, str, str]]:
    """Return (article's number, question, its answer in the texts' language)."""
    return [
        (article, str(question["question"]), answer["answers"][0]["text"])  # type: ignore[index]
        for (article, _, qas), (_, _, answers) in zip(_paragraphs(questions), _paragraphs(texts), strict=True)
        for question, answer in zip(qas, answers, strict=True)
    ]


def _ask(engine: Engine, encoder: Encoder, pair: str, places: list[tuple[int, str, str]]) -> list[Asked]:
    asked = []
    background = Background(encoder)
    for article, question, gold in places:
        vector = encoder.encode([question], question=True)[0]
        hits = engine.index.search(question, vector)
        best = gather(question, vector, hits, encoder, background)[0]
        asked.append(Asked(pair, best.score, article % 2 == 0, gold in best.text))
    return asked


def _report(name: str, asked: Sequence[Asked]) -> None:
    scores = np.array([item.score for item in asked])
    labels = np.array([item.answerable for item in asked])
    fit = LogisticRegression(C=1e6).fit(scores[:, None], labels)
    slope = float(fit.coef_[0, 0])
    kept = float(np.quantile(scores[labels], 0.1))
    right = np.mean([item.right for item in asked if item.answerable])
    print(
        f"{name:8} questions {len(asked)}  first quote right {right:.3f}  "
        f"AUROC {roc_auc_score(labels, scores):.3f}  "
        f"refused at 90 % kept {np.mean(scores[~labels] < kept):.3f}  "
        f"slope {slope:.1f}  middle {-float(fit.intercept_[0]) / slope:.4f}"
    )


if __name__ == "__main__":
    main()

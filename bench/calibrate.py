"""Fit the curve that turns the best sentence's likeness and match into a confidence.

    python -m bench.calibrate en=FILE.json de=FILE.json [--questions 300]

Files and questions as in bench.quality. Every question is asked three times: as it is, with its article left
out, and with its paragraph left out, so that the rest of the article is still there: what is asked most, and
refused worst, is what is close to an article but not in it. Prints what belongs into qa/evidence.py, and how
often answers of each confidence are answerable at all.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index import Settings, build, load_encoder
from qa import Engine
from qa.background import Background
from qa.conversation import Asked
from qa.engine import PASSAGES
from qa.evaluation import Known
from qa.evidence import Models, gather

from .quality import chosen, files_of, known_of, write_texts

_BINS = 10


def main() -> None:
    """Ask, fit, and print the curve."""
    parser = argparse.ArgumentParser(prog="bench.calibrate", description="Fit the confidence.")
    parser.add_argument("files", nargs="+", metavar="LANG=FILE")
    parser.add_argument("--questions", type=int, default=300, help="per pair of languages")
    given = parser.parse_args()
    files = {name: Path(path) for name, path in (item.split("=", 1) for item in given.files)}
    encoder = load_encoder(Settings())
    models = Models(encoder, Background(encoder))
    cases: list[Case] = []
    for texts, path in files.items():
        with tempfile.TemporaryDirectory() as temporary:
            folder, settings = Path(temporary, "texts"), Settings(index=Path(temporary, "index"))
            write_texts(path, texts, folder, 1)
            build(folder, settings, encoder=encoder)
            with closing(Engine(settings=settings, encoder=encoder)) as engine:
                for language, questions in files.items():
                    for article, known in chosen(known_of(questions, path, language), given.questions):
                        together = {f for f, other in files_of(path).items() if other == article}
                        cases += _cases(engine, models, known, together)
    _report(np.array([case.features for case in cases]), np.array([case.left_out for case in cases]))


@dataclass(frozen=True, slots=True)
class Case:
    """The best sentence's likeness and match, and what was left out: "", "article" or "paragraph"."""

    features: tuple[float, float]
    left_out: str


def _cases(engine: Engine, models: Models, known: Known, together: set[str]) -> Iterator[Case]:
    asked = Asked(known.question)
    vector = models.encoder.encode([asked.text], question=True)[0]
    hits = engine.index.search(asked.text, vector, count=PASSAGES + 3 * len(together))
    for left_out, files in (("", set()), ("article", together), ("paragraph", {known.file})):
        there = [hit for hit in hits if hit.article.path not in files][:PASSAGES]
        best = gather(asked, vector, there, models, date.today())[0]
        yield Case((best.likeness, best.match), left_out)


def _report(features: np.ndarray, left_out: np.ndarray) -> None:
    labels = left_out == ""
    weights = np.where(labels, 1.0, 0.5)
    fit = LogisticRegression(C=1e6, max_iter=5000).fit(features, labels, sample_weight=weights)
    sure = fit.predict_proba(features)[:, 1]
    print("likeness, match, bias:", *(f"{value:.2f}" for value in [*fit.coef_[0], *fit.intercept_]))
    for what in ("article", "paragraph"):
        among = labels | (left_out == what)
        refused = np.mean(sure[left_out == what] < np.quantile(sure[labels], 0.1))
        print(
            f"{what} left out: AUROC {roc_auc_score(labels[among], sure[among]):.3f}  "
            f"refused at 90 % kept {refused:.3f}"
        )
    print("confidence  questions  answerable")
    for low in range(_BINS):
        among = (sure >= low / _BINS) & (sure < (low + 1) / _BINS + (low == _BINS - 1))
        if among.any():
            print(
                f"{low / _BINS:.1f} - {(low + 1) / _BINS:.1f}  {among.sum():9}  {np.average(labels[among], weights=weights[among]):10.2f}"
            )


if __name__ == "__main__":
    main()

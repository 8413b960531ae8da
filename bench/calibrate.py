"""Fit how sure to be: of an answer by what the reader says of a question's sentences, and of each sentence.

    python -m bench.calibrate en=FILE.json de=FILE.json --folder FOLDER FILE.jsonl [--questions 150]

Parallel files as in bench.quality: their articles are dealt out among the languages, and every question is asked
in each. Each is asked three times: as it is, with its article left out, and with its paragraph left out, so that
the rest of the article is still there: what is asked most, and refused worst, is what is close to an article
but not in it. `--folder` takes a folder of articles with questions of which some have no answer. The third
collection are clusters of the reading set that nothing was taught from, with their near misses. A fit on each
collection is held against the others; the fit on all belongs in `ConfidenceCurve` of qa/evidence/weights.py.
The temperature of scores, by which sentences are as often right as their shares say, belongs there too.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index import Settings, build, load_encoder
from index.model.encoder import SentenceEncoder
from qa import Engine
from qa.conversation import Asked
from qa.evaluation import Known, is_right, load_questions, paths_of
from qa.evidence.candidates import Models
from qa.evidence.gather import gather, total
from qa.evidence.weights import LIMITS

from .folders import deal, named, near_misses, write_clusters
from .mixed import sample
from .reading import fitted, load

_BINS = 10
# What is fitted, by the names of `ConfidenceCurve`.
FITTED = ("answers", "likeness", "bias")
_TEMPERATURES = np.geomspace(0.2, 10.0, 400)
_DEALT, _FOLDER, _CLUSTERS = "dealt out", "folder", "clusters"
# Files of one article of XQuAD.
_TOGETHER = 5


@dataclass(frozen=True, slots=True)
class Case:
    """What the reader says of all sentences together, the best one's likeness, and what was left out.

    `left_out` is "", "article" or "paragraph"; "all" of a question that nothing in the folder answers.
    `scores` are those of the sentences, of which `right` say whether they answer.
    """

    collection: str
    features: tuple[float, float]
    left_out: str
    scores: tuple[float, ...]
    right: tuple[bool, ...]


def main() -> None:
    """Ask, fit, and print the curve."""
    parser = argparse.ArgumentParser(prog="bench.calibrate", description="Fit the confidence.")
    parser.add_argument("files", nargs="+", metavar="LANG=FILE")
    parser.add_argument("--folder", nargs=2, type=Path, metavar=("FOLDER", "FILE.jsonl"))
    parser.add_argument("--questions", type=int, default=150, help="per pair of languages")
    given = parser.parse_args()
    encoder = load_encoder(Settings())
    with tempfile.TemporaryDirectory() as work:
        asked = deal(named(given.files), Path(work, "dealt"))
        cases = list(_cases(_DEALT, Path(work, "dealt"), sample(asked, given.questions), encoder))
        if given.folder:
            folder, questions = given.folder
            cases += _cases(_FOLDER, folder, load_questions(questions), encoder)
        clusters = fitted(load())
        asked = [*write_clusters(clusters, Path(work, "clusters")), *near_misses(clusters)]
        known = [item.known for item in asked]
        cases += _cases(_CLUSTERS, Path(work, "clusters"), known, encoder)
    collections = sorted({case.collection for case in cases})
    for collection in collections:
        _hold([case for case in cases if case.collection == collection], cases, f"fitted on {collection}")
    _curve(_hold(cases, cases, "fitted on all"), cases)
    for collection in collections:
        own = [case for case in cases if case.collection == collection and not case.left_out]
        answered = [case for case in own if any(case.right)]
        print(
            f"temperature of scores on {collection}: {_temperature(answered):.2f}"
            f" ({len(answered)} of {len(own)} questions have their sentence among those read)"
        )


def _cases(collection: str, folder: Path, known: Sequence[Known], encoder: SentenceEncoder) -> Iterator[Case]:
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(index=Path(temporary, "index"))
        build(folder, settings, encoder=encoder)
        with closing(Engine(settings=settings, encoder=encoder)) as engine:
            for item in known:
                yield from _asked(collection, engine, Models(encoder, encoder), item)


def _asked(collection: str, engine: Engine, models: Models, known: Known) -> Iterator[Case]:
    asked = Asked(known.question)
    vector = models.encoder.point([asked.text])[0]
    hits = engine.index.search(asked.text, vector, count=LIMITS.passages + 2 * _TOGETHER)
    left_out: dict[str, set[str | None]] = {"" if known.answers else "all": set()}
    if collection == _DEALT:
        left_out |= {"article": set(_article(str(known.file))), "paragraph": {known.file}}
    for name, files in left_out.items():
        there = [hit for hit in hits if hit.article.path not in files][: LIMITS.passages]
        evidence = gather(asked, there, models, date.today())
        right = tuple(is_right(known, paths_of(item.article), item.text) for item in evidence)
        scores = tuple(item.score for item in evidence)
        yield Case(collection, (total(evidence), evidence[0].likeness), name, scores, right)


def _temperature(answered: Sequence[Case]) -> float:
    """Return what scores are divided by so that right sentences are likeliest."""

    def unlikely(temperature: float) -> float:
        logits = [(np.array(case.scores) / temperature, np.array(case.right)) for case in answered]
        return sum(float(np.logaddexp.reduce(of) - np.logaddexp.reduce(of[right])) for of, right in logits)

    return float(min(_TEMPERATURES, key=unlikely))


def _article(file: str) -> list[str]:
    """Return the files of the same article."""
    folder, _, name = file.rpartition("/")
    first = int(Path(name).stem) // _TOGETHER * _TOGETHER
    return [f"{folder}/{number:04}.txt" for number in range(first, first + _TOGETHER)]


def _hold(fitted: Sequence[Case], held: Sequence[Case], name: str) -> LogisticRegression:
    """Fit a curve on some cases and say how well it tells those of each collection apart."""
    features, labels = _arrays(fitted)
    curve = LogisticRegression(C=1e6, max_iter=5000).fit(features, labels, sample_weight=_weights(fitted))
    numbers = " ".join(f"{value:.2f}" for value in [*curve.coef_[0], *curve.intercept_])
    print(f"{name}: {', '.join(FITTED)} {numbers}")
    for collection in sorted({case.collection for case in held}):
        for left_out in sorted({case.left_out for case in held if case.collection == collection} - {""}):
            among = [
                case for case in held if case.collection == collection and case.left_out in ("", left_out)
            ]
            features, labels = _arrays(among)
            sure = curve.predict_proba(features)[:, 1]
            refused = np.mean(sure[~labels] < np.quantile(sure[labels], 0.1))
            auroc = roc_auc_score(labels, sure)
            print(
                f"    {collection}, {left_out} left out: AUROC {auroc:.3f}, refused at 90 % kept {refused:.3f}"
            )
    return curve


def _arrays(cases: Sequence[Case]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([case.features for case in cases]), np.array([case.left_out == "" for case in cases])


def _weights(cases: Sequence[Case]) -> np.ndarray:
    """Return a weight for each case: every collection and what is left out of it counts alike, answers for all."""
    groups = [(case.collection, case.left_out) for case in cases]
    others = {c: len({left for of, left in groups if of == c and left}) for c, _ in groups}
    return np.array([(1.0 if left else others[c]) / groups.count((c, left)) for c, left in groups])


def _curve(curve: LogisticRegression, cases: Sequence[Case]) -> None:
    features, labels = _arrays(cases)
    sure, weights = curve.predict_proba(features)[:, 1], _weights(cases)
    print("confidence  questions  answerable")
    for low in range(_BINS):
        among = (sure >= low / _BINS) & (sure < (low + 1) / _BINS + (low == _BINS - 1))
        if among.any():
            answerable = np.average(labels[among], weights=weights[among])
            print(f"{low / _BINS:.1f} - {(low + 1) / _BINS:.1f}  {among.sum():9}  {answerable:10.2f}")


if __name__ == "__main__":
    main()

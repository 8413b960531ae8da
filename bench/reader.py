"""How well a reader ranks, refuses, finds the answer's words and judges claims: on rows captured once.

    python -m bench.reader ROWS.jsonl.gz [--weights FILE] [--read 20] [en=xquad.en.json de=xquad.de.json]

ROWS is of `bench.reader_rows`. Beside each figure stands what comes without a reader. Given files in SQuAD's format,
the answer's words are looked for in the sentence that has them. Claims are `bench/data/support_pairs.jsonl`, which
nothing is taught from, and those of the held-out clusters.
"""

import argparse
import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index import Settings, load_encoder
from index.text.sentences import sentence_spans
from qa.evaluation import auroc
from train.reader.judge import WEIGHTS, Judged, ReaderModel
from train.reader.rows import Row

from .answers import f1, questions_of
from .reader_rows import Item, load_items
from .reading import load, split
from .support import PAIRS

Scored = list[tuple[Item, list[Judged]]]


def main() -> None:
    """Measure weights and print the tables."""
    parser = argparse.ArgumentParser(prog="bench.reader", description="Measure a reader.")
    parser.add_argument("rows", type=Path)
    parser.add_argument("files", nargs="*", metavar="LANG=FILE")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--read", type=int, default=20, help="rows that are read")
    parser.add_argument("--dump", type=Path, help="write the values of each row there")
    given = parser.parse_args()
    model = ReaderModel(load_encoder(Settings()).model, given.weights)
    items = load_items(given.rows)
    spent, scored = [], []
    for item in items:
        begun = time.perf_counter()
        found = model.read(item.question, item.rows[: given.read], item.features[: given.read])
        spent.append(1000 * (time.perf_counter() - begun))
        scored.append((item, found))
    _report(scored)
    print(f"a question takes {np.median(spent):.0f} ms (p50), {np.quantile(spent, 0.95):.0f} ms (p95)")
    if given.dump:
        _dump(scored, given.dump)
    _claims(model)
    files = {name: Path(path) for name, _, path in (one.partition("=") for one in given.files)}
    for texts, path in files.items():
        for language, own in files.items():
            print(f"span {language}/{texts}: F1 {_span_f1(model, own, path):.3f}")


def confidence(found: Sequence[Judged]) -> float:
    """Return the greatest value of a row against none."""
    return max((one.answer for one in found), default=-99.0)


def total(found: Sequence[Judged]) -> float:
    """Return the value of all rows together against none."""
    return math.log(sum(math.exp(min(one.answer, 50)) for one in found) + 1e-9)


def chosen(found: Sequence[Judged]) -> float:
    """Return the answering value of the row that is ranked first."""
    return max(found, key=lambda one: one.rank).answer if found else -99.0


def _report(scored: Scored) -> None:
    groups: dict[str, Scored] = defaultdict(list)
    for item, found in scored:
        groups[item.group].append((item, found))
        if item.language and item.is_answerable:
            across = item.language != item.text_language
            groups[f"{item.group}, {'across' if across else 'same'}"].append((item, found))
            if item.kind:
                groups[f"{item.group}, kind {item.kind}"].append((item, found))
    left = [one for one in scored if one[0].group.startswith("xquad")]
    groups["xquad all with left out"] = left
    print(
        f"{'':34} {'n':>4} {'there':>6} {'first':>6} {'today':>6} {'three':>6} {'today':>6}"
        f" {'AUROC':>6} {'total':>6} {'first':>6} {'today':>6} {'ref90':>6} {'today':>6}"
    )
    for name, group in sorted(groups.items()):
        print(f"{name:34} " + _figures(group))


def _figures(group: Scored) -> str:
    answerable = [(item, found) for item, found in group if item.is_answerable]
    others = [(item, found) for item, found in group if not item.is_answerable]
    told = [f"{len(group):4}"]
    if answerable:
        places = [_place(item, found) for item, found in answerable]
        there = [any(n < len(found) for n in item.right) for item, found in answerable]
        first, three = [p == 1 for p in places], [p <= 3 for p in places]
        today = [item.today_first for item, _ in answerable]
        today_three = [item.today_three for item, _ in answerable]
        told += [f"{np.mean(x):6.3f}" for x in (there, first, today, three, today_three)]
    else:
        told += [" " * 6] * 5
    if answerable and others:
        ways: list[Callable[[Sequence[Judged]], float]] = [confidence, total, chosen]
        for way in ways:
            values = auroc([way(f) for _, f in answerable], [way(f) for _, f in others])
            told.append(f"{values:6.3f}")
        told.append(f"{auroc([i.today for i, _ in answerable], [i.today for i, _ in others]):6.3f}")
        told.append(f"{_refused([total(f) for _, f in answerable], [total(f) for _, f in others]):6.3f}")
        told.append(f"{_refused([i.today for i, _ in answerable], [i.today for i, _ in others]):6.3f}")
    return " ".join(told)


def _place(item: Item, found: Sequence[Judged]) -> int:
    order = sorted(range(len(found)), key=lambda n: -found[n].rank)
    return next((place for place, n in enumerate(order, 1) if n in item.right), 99)


def _refused(answerable: Sequence[float], others: Sequence[float]) -> float:
    ordered = sorted(answerable, reverse=True)
    least = ordered[max(0, round(0.9 * len(ordered)) - 1)]
    return float(np.mean([value < least for value in others]))


def _dump(scored: Scored, path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for item, found in scored:
            values = [(one.rank, one.answer, one.start, one.end, one.share) for one in found]
            plain = {
                "group": item.group,
                "question": item.question,
                "language": item.language,
                "text_language": item.text_language,
                "is_answerable": item.is_answerable,
                "right": item.right,
                "kind": item.kind,
                "features": item.features,
                "today": item.today,
                "values": values,
            }
            out.write(json.dumps(plain) + "\n")


def _claims(model: ReaderModel) -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines() if line]
    rows = [Row(pair["title"], None, "", pair["evidence"]) for pair in pairs]
    _claims_report(
        "labelled claims", model, [p["sentence"] for p in pairs], rows, [p["supported"] for p in pairs]
    )
    for half, name in ((0, "even groups"), (1, "odd groups")):
        own = [n for n, pair in enumerate(pairs) if pair["group"] % 2 == half]
        _claims_report(
            f"labelled claims, {name}",
            model,
            [pairs[n]["sentence"] for n in own],
            [rows[n] for n in own],
            [pairs[n]["supported"] for n in own],
        )
    texts, evidence, follows = [], [], []
    for cluster in split(load())[1]:
        for article in cluster.articles:
            spans = sentence_spans(article.text, article.language)
            for claim in article.claims:
                number = next(
                    n
                    for n, s in enumerate(spans)
                    if s.start <= claim.snippet.start and claim.snippet.end <= s.end
                )
                before = spans[number - 1].of(article.text) if number else ""
                evidence.append(Row(article.title, article.published, before, spans[number].of(article.text)))
                texts.append(claim.text)
                follows.append(claim.follows)
    _claims_report("held-out claims", model, texts, evidence, follows)


def _claims_report(
    name: str, model: ReaderModel, texts: Sequence[str], rows: Sequence[Row], follows: Sequence[bool]
) -> None:
    likely = model.follows(texts, rows)
    right = [float(v) for v, f in zip(likely, follows, strict=True) if f]
    wrong = [float(v) for v, f in zip(likely, follows, strict=True) if not f]
    least = sorted(right)[math.floor(0.08 * len(right))]
    caught, kept = np.mean([v < 0.5 for v in wrong]), np.mean([v >= 0.5 for v in right])
    at = np.mean([v < least for v in wrong])
    print(
        f"{name}: {len(follows)}, AUROC {auroc(right, wrong):.3f}, at .5 caught {caught:.3f} kept {kept:.3f},"
        f" caught where .92 are kept {at:.3f}"
    )


def _span_f1(model: ReaderModel, asked: Path, texts: Path, count: int = 300) -> float:
    held, own = questions_of(texts), questions_of(asked)
    scores = []
    for number in random.Random(5).sample(range(len(held)), min(count, len(held))):
        _, text, _, answer = held[number]
        (found,) = model.read(own[number][0], [Row("", None, "", text)], [(0.0, 0.0, 0.0)])
        scores.append(f1(text[found.start : found.end], answer))
    return float(np.mean(scores))


if __name__ == "__main__":
    main()

"""How well a reader ranks, refuses, and finds the answer's words, on rows captured once; and judges claims.

    python -m bench.reader ROWS [--weights FILE] [--claims FILE] [--read 18] [en=xquad.en.json de=xquad.de.json]

ROWS is of `bench.reader_rows`. Given files in SQuAD's format, the answer's words are looked for in the sentence
that has them. Claims are `bench/data/support_pairs.jsonl`, which nothing is taught from, and those of the held-out
clusters.
"""

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from index import Settings, load_encoder
from index.model.reader.judge import WEIGHTS, Judged, ReaderModel
from index.model.reader.rows import Row
from qa.evidence.weights import LIMITS
from train.reader.claims import table
from train.reader.measure import Outcome, figures, place
from train.reader.pack import questions_of

from .reader_rows import Item, load_items

Scored = list[tuple[Item, list[Judged]]]


def main() -> None:
    """Measure weights and print the tables."""
    parser = argparse.ArgumentParser(prog="bench.reader", description="Measure a reader.")
    parser.add_argument("rows", type=Path)
    parser.add_argument("files", nargs="*", metavar="LANG=FILE")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--claims", type=Path, help="weights of train.reader.claims, to be measured too")
    parser.add_argument("--read", type=int, default=LIMITS.sentences, help="rows that are read")
    parser.add_argument("--dump", type=Path, help="write the values of each row there")
    # Files may stand behind options.
    given = parser.parse_intermixed_args()
    encoder = load_encoder(Settings()).model
    model = ReaderModel(encoder, given.weights)
    spent, scored = [], []
    for item in load_items(given.rows):
        begun = time.perf_counter()
        found = model.read(item.question, item.rows[: given.read], item.features[: given.read])
        spent.append(1000 * (time.perf_counter() - begun))
        scored.append((item, found))
    if given.dump:
        _dump(scored, given.dump)
    _report(scored)
    print(f"a question takes {np.median(spent):.0f} ms (p50), {np.quantile(spent, 0.95):.0f} ms (p95)")
    if given.claims:
        print(*table(ReaderModel(encoder, given.claims)), sep="\n")
    files = {name: Path(path) for name, _, path in (one.partition("=") for one in given.files)}
    for texts, path in files.items():
        for language, own in files.items():
            print(f"span {language}/{texts}: F1 {_span_f1(model, own, path):.3f}")


def _report(scored: Scored) -> None:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for item, found in scored:
        total = float(np.logaddexp.reduce([one.answer for one in found])) if found else -99.0
        outcome = Outcome(place([one.rank for one in found], item.right), total, item.is_answerable)
        names = [item.group, f"{item.group}, {'same' if item.language == item.text_language else 'across'}"]
        names += [f"{item.group}, {item.language}"] if item.group == "bbc" else []
        names += [f"{item.group}, kind {item.kind}"] if item.kind else []
        for name in [*names, *(["xquad, all"] if item.group.startswith("xquad") else [])]:
            groups[name].append(outcome)
    for name, group in sorted(groups.items()):
        print(f"{name}: {figures(group)}")


def _dump(scored: Scored, path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for item, found in scored:
            values = [(one.rank, one.answer, one.start, one.end, one.share) for one in found]
            out.write(json.dumps({**json.loads(item.to_json()), "values": values}, ensure_ascii=False) + "\n")


def _span_f1(model: ReaderModel, asked: Path, texts: Path, count: int = 300) -> float:
    held, own = questions_of(texts), questions_of(asked)
    scores = []
    for number in random.Random(5).sample(range(len(held)), min(count, len(held))):
        _, text, _, answer = held[number]
        (found,) = model.read(own[number][0], [Row("", None, "", text)], [(0.0, 0.0, 0.0)])
        scores.append(_f1(text[found.start : found.end], answer))
    return float(np.mean(scores))


def _f1(text: str, answer: str) -> float:
    """Return the F1 of the words that a text has in common with an answer."""
    ours, theirs = (Counter(re.findall(r"\w+", one.casefold())) for one in (text, answer))
    both = sum((ours & theirs).values())
    return 2 * both / (ours.total() + theirs.total()) if both else 0.0


if __name__ == "__main__":
    main()

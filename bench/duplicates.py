"""Precision and recall of duplicate detection, against pairs labelled by hand.

    python -m bench.duplicates FOLDER [--pairs FILE] [--json FILE]

FOLDER holds the texts that the labels name, such as the BBC's articles for `bench/data/bbc_pairs.tsv`. A pair
that is found but not labelled counts as wrong.
"""

import argparse
import csv
import json
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

from index.reading.document import Document, ReadError
from index.reading.registry import read
from index.text.clean import canonical
from index.text.duplicates import bands, same_story, signature

LABELS = Path(__file__).parent / "data" / "bbc_pairs.tsv"
Pair = tuple[str, str]


def main() -> None:
    """Find, compare with the labels, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.duplicates", description="Measure duplicate detection.")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--pairs", type=Path, default=LABELS, help="labels (default: those of the BBC folder)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures there")
    given = parser.parse_args()
    texts = _texts(given.folder)
    begun = time.perf_counter()
    signatures = {path: signature(text) for path, text in texts.items()}
    seconds = time.perf_counter() - begun
    candidates = _candidates(signatures)
    found = {pair for pair in candidates if same_story(texts[pair[0]], texts[pair[1]])}
    same, different = _labels(given.pairs)
    figures: dict[str, Any] = {
        "articles": len(texts),
        "labelled_same": len(same),
        "labelled_different": len(different),
        "pairs_found": len(found),
        "recall": len(found & same) / len(same),
        "precision": len(found & same) / len(found),
        "different_merged": len(_grouped(found) & different),
        "signatures_per_s": len(texts) / seconds,
        "candidates_per_article": len(candidates) / len(texts),
    }
    for name, value in figures.items():
        print(f"{name:24} {value:>10,.3f}" if isinstance(value, float) else f"{name:24} {value:>10}")
    for pair in sorted(same - found):
        print("missed", *pair)
    for pair in sorted(found - same):
        print("wrong ", *pair)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _texts(folder: Path) -> dict[str, str]:
    texts = {}
    for path in sorted(folder.rglob("*.txt")):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = "\n\n".join(
                canonical(found.text)
                for found in read(name, path.read_bytes())
                if isinstance(found, Document)
            )
        except ReadError:
            continue
    return texts


def _candidates(signatures: dict[str, bytes]) -> set[Pair]:
    groups: dict[bytes, list[str]] = defaultdict(list)
    for path, made in signatures.items():
        for band in bands(made):
            groups[band].append(path)
    return {_pair(*two) for group in groups.values() for two in combinations(group, 2)}


def _grouped(pairs: set[Pair]) -> set[Pair]:
    """Return all pairs that end up in one story, directly or through a chain of pairs."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(merged, merged))
    return {_pair(*two) for group in groups.values() for two in combinations(group, 2)}


def _labels(path: Path) -> tuple[set[Pair], set[Pair]]:
    same: set[Pair] = set()
    different: set[Pair] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            (same if row["label"] == "same" else different).add(_pair(row["file_a"], row["file_b"]))
    return same, different


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


if __name__ == "__main__":
    main()

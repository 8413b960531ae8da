"""How well unsupported sentences are told from supported ones: the check alone, on labelled pairs.

    python -m bench.support [FILE.jsonl] [--show]

FILE has a line for each pair: "sentence", "title", "evidence", "supported", "kind", "group", and languages.
The groups with even numbers are those that thresholds were fitted on; figures are given for each half.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from index import Settings, load_encoder
from qa.check.support import objection, read_all, read_sentence

PAIRS = Path(__file__).parent / "data" / "support_pairs.jsonl"


def main() -> None:
    """Check all pairs and print the tables."""
    parser = argparse.ArgumentParser(prog="bench.support", description="Measure the support check.")
    parser.add_argument("file", type=Path, nargs="?", default=PAIRS)
    parser.add_argument("--show", action="store_true", help="print what is judged wrongly")
    given = parser.parse_args()
    pairs = [json.loads(line) for line in given.file.read_text("utf-8").splitlines() if line]
    encoder = load_encoder(Settings())
    spent: list[float] = []
    halves: dict[str, list[tuple[dict[str, Any], str | None]]] = defaultdict(list)
    for pair in pairs:
        evidence = read_all(encoder, [(pair["title"], pair["evidence"])])
        begun = time.perf_counter()
        reason = objection(read_sentence(encoder, pair["sentence"], evidence), evidence[0])
        spent.append(1000 * (time.perf_counter() - begun))
        halves["fitted" if pair["group"] % 2 == 0 else "held out"].append((pair, reason))
        if given.show and (reason is None) != pair["supported"]:
            print(
                "FALSE" if pair["supported"] else "MISSED",
                pair["kind"],
                pair["group"],
                reason,
                "|",
                pair["sentence"],
                "|",
                pair["evidence"],
            )
    for half, judged in halves.items():
        _report(half, judged)
    print(
        f"a sentence takes {statistics.median(spent):.0f} ms (p50), {sorted(spent)[int(0.95 * len(spent))]:.0f} ms (p95)"
    )


def _report(half: str, judged: list[tuple[dict[str, Any], str | None]]) -> None:
    wrong = [reason for pair, reason in judged if not pair["supported"]]
    right = [reason for pair, reason in judged if pair["supported"]]
    caught, alarms = sum(r is not None for r in wrong), sum(r is not None for r in right)
    print(f"{half}: {len(judged)} pairs")
    print(
        f"    caught {caught / len(wrong):.3f} of the unsupported, precision {caught / max(1, caught + alarms):.3f}"
    )
    print(f"    supported ones kept {1 - alarms / len(right):.3f}")
    kinds: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair, reason in judged:
        kinds[pair["supported"], pair["kind"]].append((reason is None) == pair["supported"])
    for (supported, kind), rightly in sorted(kinds.items()):
        print(f"    {'kept' if supported else 'caught'} {kind:12} {sum(rightly):3} of {len(rightly)}")


if __name__ == "__main__":
    main()

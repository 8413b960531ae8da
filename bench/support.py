"""How well unsupported sentences are told from supported ones: the check alone, on labelled pairs.

    python -m bench.support [FILE.jsonl] [--show]
    python -m bench.support fit [FILE.jsonl]
    python -m bench.support scan [FILE.jsonl]

FILE has a line for each pair: "sentence", "title", "evidence", "supported", "kind", "group", and languages.
The groups with even numbers are those that the numbers in qa/check/weights.py were fitted on; figures are
given for each half, and for the claims of clusters of the reading set that nothing is taught from. `fit` fits the
logistic curve on the groups with even numbers. `scan` tries smaller and greater values of every other number.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from index import Encoder, Settings, load_encoder
from index.model.reader.rows import Row
from qa.check.support import Claim, Signs, Text, objection, read_all, read_claim, signs_of
from qa.check.weights import SUPPORT, SupportWeights
from train.reader.statements import Statement, claims_of

from .reading import load, split

PAIRS = Path(__file__).parent / "data" / "support_pairs.jsonl"
# Where pairs are from: numbers are fitted on the first.
HALVES = ("fitted", "held out", "held-out clusters")
# What `fit` fits: the numbers of the logistic curve.
FITTED = ("worst", "strange", "exchange", "denied", "opposed", "added", "bias")
# What `scan` tries, beside the number itself.
SCANNED = {
    "supported": (0.35, 0.4, 0.5, 0.55),
    "stranger": (0.0, 0.5, 0.53, 0.59, 0.62),
    "verbatim": (0.6, 0.65, 0.75, np.inf),
    "turned": (-0.03, -0.02, 0.0, 0.01),
    "worst_of": (1, 2, 4, 5),
    "there": (0.7, 0.725, 0.775, 0.8),
    "named": (0.56, 0.59, 0.65, 0.68),
    "not_there": (0.4, 0.43, 0.49, 0.52),
    "most_added": (1, 2, 4, 5),
    "most_exchange": (0.01, 0.02, 0.04, 0.05),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and evidence as they were read, and whether the evidence supports it.

    `half` is one of HALVES.
    """

    sentence: str
    shown: str
    kind: str
    half: str
    supported: bool
    claim: Claim
    evidence: Text


def main() -> None:
    """Check all pairs and print the tables."""
    parser = argparse.ArgumentParser(prog="bench.support", description="Measure the support check.")
    parser.add_argument("command", nargs="?", choices=("measure", "fit", "scan"), default="measure")
    parser.add_argument("file", type=Path, nargs="?", default=PAIRS)
    parser.add_argument("--show", action="store_true", help="print what is judged wrongly")
    given = parser.parse_args()
    spent: list[float] = []
    pairs = _read(given.file, load_encoder(Settings()), spent)
    if given.command == "fit":
        _fit(pairs)
    elif given.command == "scan":
        _scan(pairs)
    else:
        _measure(pairs, given.show)
        shown = (
            f"{statistics.median(spent):.0f} ms (p50), {sorted(spent)[int(0.95 * len(spent))]:.0f} ms (p95)"
        )
        print(f"a sentence takes {shown}")


def _read(file: Path, encoder: Encoder, spent: list[float]) -> list[Pair]:
    return [_pair(encoder, *known, spent) for known in [*labelled(file), *_of_clusters()]]


def labelled(file: Path = PAIRS) -> Iterator[tuple[str, Statement, str]]:
    """Yield each labelled pair's half, the pair, and its kind."""
    for plain in (json.loads(line) for line in file.read_text("utf-8").splitlines() if line):
        evidence = Row(plain["title"], None, "", plain["evidence"])
        statement = Statement(plain["sentence"], evidence, plain["supported"])
        yield HALVES[plain["group"] % 2], statement, plain["kind"]


def _of_clusters() -> Iterator[tuple[str, Statement, str]]:
    for statement in claims_of(split(load())[1]):
        yield HALVES[2], statement, "claim"


def _pair(encoder: Encoder, half: str, statement: Statement, kind: str, spent: list[float]) -> Pair:
    (evidence,) = read_all(encoder, [(statement.evidence.title, statement.evidence.text)])
    begun = time.perf_counter()
    claim = read_claim(encoder, statement.text, [evidence])
    objection(claim, evidence)
    spent.append(1000 * (time.perf_counter() - begun))
    return Pair(statement.text, statement.evidence.text, kind, half, statement.follows, claim, evidence)


def _measure(pairs: Sequence[Pair], show: bool) -> None:
    halves: dict[str, list[tuple[Pair, str | None]]] = defaultdict(list)
    for pair in pairs:
        reason = objection(pair.claim, pair.evidence)
        halves[pair.half].append((pair, reason))
        if show and (reason is None) != pair.supported:
            judged = "FALSE" if pair.supported else "MISSED"
            print(judged, pair.half, pair.kind, reason, "|", pair.sentence, "|", pair.shown)
    for half, judged_pairs in halves.items():
        _report(half, judged_pairs)


def _report(half: str, judged: list[tuple[Pair, str | None]]) -> None:
    wrong = [reason for pair, reason in judged if not pair.supported]
    right = [reason for pair, reason in judged if pair.supported]
    caught, alarms = sum(r is not None for r in wrong), sum(r is not None for r in right)
    print(f"{half}: {len(judged)} pairs")
    precision = caught / max(1, caught + alarms)
    print(f"    caught {caught / len(wrong):.3f} of the unsupported, precision {precision:.3f}")
    print(f"    supported ones kept {1 - alarms / len(right):.3f}")
    kinds: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair, reason in judged:
        kinds[pair.supported, pair.kind].append((reason is None) == pair.supported)
    for (supported, kind), rightly in sorted(kinds.items()):
        print(f"    {'kept' if supported else 'caught'} {kind:12} {sum(rightly):3} of {len(rightly)}")


def _fit(pairs: Sequence[Pair]) -> None:
    """Fit the curve on the pairs that it decides: those without another number or a stranger's name."""
    decided = [(p, signs_of(p.claim, p.evidence)) for p in pairs if p.half == HALVES[0]]
    decided = [(pair, signs) for pair, signs in decided if not _is_settled(pair, signs)]
    features = np.array([_features(signs) for _, signs in decided])
    labels = np.array([pair.supported for pair, _ in decided])
    curve = LogisticRegression(C=1.0, max_iter=5000).fit(features / _scales(), labels)
    found = [*(curve.coef_[0] / _scales()), *curve.intercept_]
    print(f"fitted on {len(decided)} pairs")
    for name, value in zip(FITTED, found, strict=True):
        print(f"    {name:9} {value:7.2f}   shipped {getattr(SUPPORT, name):7.2f}")
    values: dict[str, Any] = dict(zip(FITTED, map(float, found), strict=True))
    changed = replace(SUPPORT, **values)
    _print_line("shipped", pairs, SUPPORT)
    _print_line("as fitted", pairs, changed)


def _is_settled(pair: Pair, signs: Signs) -> bool:
    """Return whether something else than the curve decides on a pair."""
    reason = objection(pair.claim, pair.evidence, replace(SUPPORT, supported=0.0, verbatim=np.inf))
    return reason is not None


def _features(signs: Signs) -> list[float]:
    return [signs.worst, signs.strange, signs.exchange, signs.denied, signs.opposed, signs.added]


def _scales() -> np.ndarray:
    """Return about how far the features vary, so that regularisation holds all of them back alike."""
    return np.array([0.1, 0.05, 0.01, 1.0, 1.0, 1.0])


def _scan(pairs: Sequence[Pair]) -> None:
    _print_line("shipped", pairs, SUPPORT)
    for name, values in SCANNED.items():
        for value in values:
            changed: dict[str, Any] = {name: value}
            _print_line(f"{name} = {value:g}", pairs, replace(SUPPORT, **changed))


def _print_line(name: str, pairs: Sequence[Pair], weights: SupportWeights) -> None:
    """Print how many of both halves are judged rightly with these weights."""
    shown = []
    for half in HALVES:
        judged = [
            (p.supported, objection(p.claim, p.evidence, weights) is None) for p in pairs if p.half == half
        ]
        caught = np.mean([not passed for supported, passed in judged if not supported])
        kept = np.mean([passed for supported, passed in judged if supported])
        shown.append(f"{half}: caught {caught:.3f}, kept {kept:.3f}, both {(caught + kept) / 2:.3f}")
    print(f"{name:22} {'   '.join(shown)}")


if __name__ == "__main__":
    main()

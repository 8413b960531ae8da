"""How well questions that no quote answers are told from ordinary ones.

    python -m bench.beyond [measure] [FILE.json ...]
    python -m bench.beyond fit [FILE.json ...]

Measured on bench/data/beyond.jsonl: requests of each kind, and ordinary questions chosen to be much like them;
none of them is an example of index/lexicon. Each FILE holds ordinary questions in the format of SQuAD, such as
XQuAD's; those of bench/data/bbc_questions.jsonl are always added. `fit` prints the smallest margin at which at
most 1 % of the ordinary questions of these files are taken for requests.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from index import Settings, load_encoder
from qa.beyond import MARGIN, BeyondQuotes

_DATA = Path(__file__).parent / "data"
_TRIED = tuple(number / 100 for number in range(0, 21))
_ACCEPTED = 0.01


def main() -> None:
    """Print what a margin does, or choose one."""
    parser = argparse.ArgumentParser(prog="bench.beyond", description="Measure requests beyond quotes.")
    parser.add_argument("command", nargs="?", choices=("measure", "fit"), default="measure")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.json")
    given = parser.parse_args()
    beyond = BeyondQuotes(load_encoder(Settings()))
    known = [(row["question"], row["kind"]) for row in _rows(_DATA / "beyond.jsonl")]
    ordinary = [row["question"] for row in _rows(_DATA / "bbc_questions.jsonl")]
    for path in given.files:
        ordinary += _squad(path)
    asked = [*ordinary, *(question for question, _ in known)]
    nearest = dict(zip(asked, beyond.nearest(asked), strict=True))
    margins = [MARGIN.nearer] if given.command == "measure" else _TRIED
    for margin in margins:
        taken = sum(nearest[question][1] >= margin for question in ordinary)
        print(
            f"margin {margin:.2f}: {_share(taken, len(ordinary))} of ordinary questions; {_of(known, nearest, margin)}"
        )
        if given.command == "fit" and taken <= _ACCEPTED * len(ordinary):
            return


def _of(known: Sequence[tuple[str, str]], nearest: Mapping[str, tuple[str, float]], margin: float) -> str:
    requests = [(question, kind) for question, kind in known if kind]
    alike = [question for question, kind in known if not kind]
    told = sum(nearest[question][1] >= margin for question, _ in requests)
    right = sum(
        nearest[question][1] >= margin and nearest[question][0] == kind for question, kind in requests
    )
    wrong = sum(nearest[question][1] >= margin for question in alike)
    return (
        f"requests told {_share(told, len(requests))}, with their kind {_share(right, len(requests))}; "
        f"of questions much like them {_share(wrong, len(alike))}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / max(whole, 1):.1%})"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _squad(path: Path) -> Iterator[str]:
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield from (asked["question"] for asked in paragraph["qas"])


if __name__ == "__main__":
    main()

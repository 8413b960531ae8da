"""How the time from a file's bytes to its passages grows with the file, for files made to be slow.

    python -m bench.linear [--format .html] [--kind dots] [--sizes 64 256 1024] [--jobs 2] [--json FILE]

Each file consists of one thing (blanks, dots, brackets, unclosed tags, ...). Every format gets each kind, and
some formats have kinds of their own. The exponent is fitted over the sizes: 1 is linear, 2 quadratic. A case
that takes longer than the limit is ended, as a build would end it, and marked.
"""

import argparse
import json
import math
import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.reading.document import ReadError, Skipped
from index.reading.prepare import Prepared, prepare
from index.reading.registry import read
from index.text.duplicates import bands, same_story
from index.text.passages import split
from index.text.sentences import MAX_SENTENCE
from index.text.spelling import spellings
from index.text.words import index_words
from tests.index.reading.formats import making

from .slow_files import cases

_LIMIT = 60
_MEMORY = 4 << 30
# Shorter times say more about the machine than about the code.
_LEAST_SECONDS = 0.02
_FAULT = 1.3


@dataclass(frozen=True, slots=True)
class Case:
    """How long one kind of file took: seconds by size in kilobytes, the fitted exponent, and the outcome."""

    format: str
    kind: str
    seconds: dict[int, float]
    exponent: float | None
    outcome: str


def main() -> None:
    """Measure, print the table and the ten worst."""
    parser = argparse.ArgumentParser(prog="bench.linear", description="Measure how time grows with size.")
    parser.add_argument("--format", action="append", help="only this ending, such as .html; may be repeated")
    parser.add_argument("--kind", action="append", help="only kinds whose name holds this; may be repeated")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[64, 128, 256, 512, 1024], help="in kilobytes"
    )
    parser.add_argument("--limit", type=int, default=_LIMIT, help="seconds for one size")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    given = parser.parse_args()
    wanted = [
        (ending, kind, make)
        for ending, kind, make in cases()
        if (not given.format or ending in given.format)
        and (not given.kind or any(part in kind for part in given.kind))
    ]
    _warm({ending for ending, _, _ in wanted})
    measured = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for case in pool.map(lambda one: _measured(one[0], one[1], one[2], given.sizes, given.limit), wanted):
            measured.append(case)
            print(_line(case), flush=True)
    _summary(measured, max(given.sizes))
    if given.json:
        given.json.write_text(json.dumps([asdict(case) for case in measured], indent=1) + "\n", "utf-8")


def _warm(endings: Iterable[str]) -> None:
    """Import the libraries and load the models once, before processes are forked."""
    for ending in endings:
        name = next((name for name in making.WHOLE if name.endswith(ending)), "a.txt")
        _whole_way(name, making.WHOLE[name]())


def _measured(ending: str, kind: str, make: Callable[[int], bytes], sizes: list[int], limit: int) -> Case:
    seconds: dict[int, float] = {}
    outcome = ""
    fork = multiprocessing.get_context("fork")
    for size in sorted(sizes):
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=_report, args=(f"a{ending}", make(size * 1024), limit, there))
        process.start()
        there.close()
        try:
            seconds[size], outcome = here.recv()
        except EOFError:
            process.join()
            out_of_time = process.exitcode == -signal.SIGXCPU
            outcome = f"ended: longer than {limit} s" if out_of_time else "ended: out of memory"
            break
        process.join()
    return Case(ending, kind, seconds, _exponent(seconds), outcome)


def _report(path: str, data: bytes, limit: int, there: Any) -> None:
    # Processor time: waiting for other processes does not count.
    begun = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    outcome = _whole_way(path, data)
    there.send((time.process_time() - begun, outcome))


def _whole_way(path: str, data: bytes) -> str:
    """Do all that a build does with a file except encoding; return why nothing came of it, if so."""
    articles, skipped = 0, ""
    try:
        for found in prepare(path, read(path, data)):
            if isinstance(found, Skipped):
                skipped = found.reason
            else:
                _index(found)
                articles += 1
    except ReadError as error:
        skipped = str(error)
    return skipped[:60] if not articles else ""


def _index(prepared: Prepared) -> None:
    article = prepared.article
    bands(prepared.signature)
    same_story(article.text, f"{article.text} More.")
    for passage in split(article, prepared.sentences):
        assert all(span.end - span.start <= MAX_SENTENCE for span in passage.sentences)
        index_words(passage.text)
        spellings([passage.title, passage.text])


def _exponent(seconds: dict[int, float]) -> float | None:
    """Return the slope of log seconds over log sizes, without times too short to say anything."""
    points = [(math.log(size), math.log(took)) for size, took in seconds.items() if took >= _LEAST_SECONDS]
    if len(points) < 2:
        return None
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def _line(case: Case) -> str:
    largest = max(case.seconds, default=0)
    took = f"{case.seconds[largest]:8.2f} s at {largest:5} KB" if case.seconds else " " * 21
    exponent = f"{case.exponent:6.2f}" if case.exponent is not None else "     -"
    mark = "!" if case.exponent is not None and case.exponent > _FAULT else " "
    return f"{case.format:6} {case.kind:24} {took} {exponent}{mark} {case.outcome}"


def _summary(cases: list[Case], largest: int) -> None:
    fitted = sorted(case.exponent for case in cases if case.exponent is not None)
    if fitted:
        print(
            f"\n{len(cases)} cases; exponents {fitted[0]:.2f} to {fitted[-1]:.2f}, median {fitted[len(fitted) // 2]:.2f}"
        )
    for title, key in (
        ("largest exponents", lambda case: case.exponent or 0.0),
        (f"slowest at {largest} KB", lambda case: case.seconds.get(largest, math.inf)),
    ):
        print(f"\n{title}")
        for case in sorted(cases, key=key, reverse=True)[:10]:
            print(_line(case))


if __name__ == "__main__":
    main()

"""How fast files of each format are read, cleaned and split, without encoding.

    python -m bench.formats [--articles 200] [--before FOLDER] [--json FILE]

Every format holds the same articles, made from those in `corpus/`. With `--before`, another checkout of this
repository reads the same files in turns with this one, and the ratio of the best times is printed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from index.reading.document import Document, Skipped
from index.reading.prepare import prepare
from index.reading.registry import read
from index.text.passages import split
from tests.index.reading.formats import making

_ROUNDS = 5
CORPUS = Path(__file__).parent.parent / "corpus"


def main() -> None:
    """Make the files, read them, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.formats", description="Measure reading by format.")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--before", type=Path, help="an earlier checkout to compare with")
    parser.add_argument("--only", help="read this format only, and print the seconds of each round")
    given = parser.parse_args()
    if given.only:
        _rounds(given.only, given.articles)
        return
    if given.before:
        _compare(given.before, given.articles)
        return
    texts = _texts(given.articles)
    figures: dict[str, dict[str, float]] = {}
    for name, make in MAKERS.items():
        files = make(texts)
        # Read one file before the clock starts: that imports libraries and loads models.
        _read(name, files[:1])
        begun = time.perf_counter()
        articles = _read(name, files)
        seconds = time.perf_counter() - begun
        size = sum(map(len, files)) / 1e6
        figures[name] = {
            "articles": articles,
            "articles_per_s": articles / seconds,
            "mb_per_s": size / seconds,
        }
    plain = figures[".txt"]["articles_per_s"]
    print(f"{'format':10} {'articles/s':>11} {'MB/s':>8} {'to .txt':>8}")
    for name, row in figures.items():
        print(
            f"{name:10} {row['articles_per_s']:11.1f} {row['mb_per_s']:8.2f} {row['articles_per_s'] / plain:8.3f}"
        )
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _rounds(name: str, count: int) -> None:
    """Read the files of a format as often as a line is read, and print how long each round takes."""
    _read(name, MAKERS[name](_texts(1)))
    begin = 1
    while sys.stdin.readline():
        # Other texts in each round, so that no cache can help.
        files = MAKERS[name](_texts(count, begin))
        begin += count
        begun = time.process_time()
        _read(name, files)
        print(time.process_time() - begun, flush=True)


def _compare(before: Path, count: int) -> None:
    """Let both checkouts read in turns, since a machine is not equally fast at all times."""
    print(
        f"{'format':10} {'before: ms':>10} {'now: ms':>8} {'ratio':>6}   an article, best of {_ROUNDS} rounds"
    )
    for name in MAKERS:
        with ExitStack() as stack:
            runs = [stack.enter_context(_started(folder, name, count)) for folder in (before, Path.cwd())]
            seconds = [[_round(run) for run in runs] for _ in range(_ROUNDS)]
        if None in seconds[0]:
            print(f"{name:10} {'not read':>10}")
            continue
        old, new = (min(times) for times in zip(*seconds, strict=True))
        print(f"{name:10} {old / count * 1e3:10.2f} {new / count * 1e3:8.2f} {new / old:6.2f}")


def _started(folder: Path, name: str, count: int) -> "subprocess.Popen[str]":
    # This file is run against the other checkout's packages, which may not have it as it is now.
    command = [sys.executable, "-P", __file__, "--only", name, "--articles", str(count)]
    environment = {**os.environ, "PYTHONPATH": str(folder.resolve())}
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=nowhere
    )


def _round(run: "subprocess.Popen[str]") -> float | None:
    assert run.stdin
    assert run.stdout
    with suppress(BrokenPipeError):
        # Past the buffer, which could not be closed if the other end is gone.
        os.write(run.stdin.fileno(), b"\n")
    told = run.stdout.readline()
    return float(told) if told else None


def _texts(count: int, begin: int = 0) -> list[list[str]]:
    """Return articles as paragraphs, all different, so that no cache can help."""
    made = []
    paths = sorted(CORPUS.iterdir())
    for number in range(begin, begin + count):
        path = paths[number % len(paths)]
        (document,) = read(path.name, path.read_bytes())
        assert isinstance(document, Document)
        made.append([f"Number {number}.", *filter(None, document.text.split("\n\n"))])
    return made


def _read(name: str, files: list[bytes]) -> int:
    count = 0
    for data in files:
        for found in prepare(f"a{name}", read(f"a{name}", data)):
            if not isinstance(found, Skipped):
                split(found.article, found.sentences)
                count += 1
    return count


def _each(maker: Callable[[list[str]], bytes]) -> Callable[[list[list[str]]], list[bytes]]:
    return lambda texts: [maker(paragraphs) for paragraphs in texts]


def _rows(texts: list[list[str]]) -> list[dict[str, Any]]:
    return [{"id": str(n), "title": f"T{n}", "text": "\n\n".join(text)} for n, text in enumerate(texts)]


def _csv(texts: list[list[str]]) -> bytes:
    import csv
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "title", "text"])
    writer.writeheader()
    writer.writerows(_rows(texts))
    return out.getvalue().encode()


MAKERS: dict[str, Callable[[list[list[str]]], list[bytes]]] = {
    ".txt": _each(lambda text: "\n\n".join(text).encode()),
    ".md": _each(lambda text: "\n\n".join(text).encode()),
    ".html": _each(making.html),
    ".mhtml": _each(making.mhtml),
    ".eml": _each(making.eml),
    ".pdf": _each(making.pdf),
    ".docx": _each(making.docx),
    ".odt": _each(making.odt),
    ".rtf": _each(making.rtf),
    ".epub": _each(making.epub),
    ".jsonl": lambda texts: ["\n".join(json.dumps(row) for row in _rows(texts)).encode()],
    ".csv": lambda texts: [_csv(texts)],
    ".xlsx": lambda texts: [
        making.workbook({"List": [list(_rows(texts)[0]), *(list(row.values()) for row in _rows(texts))]})
    ],
    ".mbox": lambda texts: [b"".join(b"From a@b.example\n" + making.eml(text) + b"\n\n" for text in texts)],
    ".warc.gz": lambda texts: [
        making.web_archive(
            [
                (f"https://quay.example/{n}", "200 OK", {"Content-Type": "text/html"}, making.html(text))
                for n, text in enumerate(texts)
            ]
        )
    ],
    ".zip": lambda texts: [making.zipped({f"{n}.txt": "\n\n".join(text) for n, text in enumerate(texts)})],
}

if __name__ == "__main__":
    main()

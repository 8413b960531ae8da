"""Speed and memory of indexing and answering, on any folder of articles.

    python -m bench.speed FOLDER [--sample 150] [--questions FILE] [--json FILE]

Figures to be compared are measured by turns in one run and given as ratios, because machines differ and are
noisy. Loading the model does not count on either side.
"""

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index import Settings, build, load_encoder
from index.model.encoder import SentenceEncoder
from index.reading.document import ReadError, Skipped
from index.reading.files import find_files
from index.reading.prepare import prepare
from index.reading.registry import read
from index.text.passages import split
from qa import Engine

from .quickstart import Quickstart

_ROUNDS = 2


def main() -> None:
    """Measure, print the table, and write it as JSON if asked to."""
    parser = argparse.ArgumentParser(prog="bench.speed", description="Measure indexing and answering.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, default=150, help="files for the comparisons of indexing")
    parser.add_argument("--questions", type=Path, help="a text file, one question a line (default: titles)")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        figures |= _whole_folder(given.folder, work / "whole")
        encoder = load_encoder(Settings())
        figures |= _comparison(_sampled(given.folder, work / "sample", given.sample), work, encoder)
        figures |= _answering(work / "whole", encoder, given.questions)
        figures["help_s"] = min(_seconds(lambda: _cli("--help")) for _ in range(5))
    for name, value in figures.items():
        print(f"{name:34} {value:>12,.3f}" if isinstance(value, float) else f"{name:34} {value!s:>12}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _whole_folder(folder: Path, index: Path) -> dict[str, Any]:
    """Index the folder twice by the command line; the peak memory is that of the first run."""
    first = _seconds(lambda: _cli("index", str(folder), "--index", str(index), "--json"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    again = _seconds(lambda: _cli("index", str(folder), "--index", str(index), "--json"))
    return {"index_whole_s": first, "index_peak_mb": peak, "index_again_s": again}


def _sampled(folder: Path, target: Path, count: int) -> Path:
    files = find_files(folder, target)
    chosen = random.Random(1).sample(files.paths, min(count, len(files.paths)))
    for number, path in enumerate(sorted(chosen)):
        target.mkdir(exist_ok=True)
        shutil.copyfile(files.root / path, target / f"{number:05}{Path(path).suffix}")
    return target


def _comparison(folder: Path, work: Path, encoder: SentenceEncoder) -> dict[str, Any]:
    """Take turns: the bare encoder on our passages, our whole indexing, and LlamaIndex's quickstart."""
    texts = _passages(folder)
    tokens = encoder.token_count(texts)
    encoder.encode(texts[:16])
    quickstart = Quickstart(folder, work)
    times: dict[str, list[float]] = {"bare": [], "index": [], "quickstart": []}
    for turn in range(_ROUNDS):
        settings = Settings(index=work / f"index-{turn}")
        times["bare"].append(_seconds(lambda: encoder.encode(texts)))
        times["index"].append(_seconds(lambda s=settings: build(folder, s, encoder=encoder)))  # type: ignore[misc]
        times["quickstart"].append(_seconds(lambda t=turn: quickstart.build(str(t))))  # type: ignore[misc]
    quickstart_tokens = encoder.token_count(quickstart.texts())
    best = {name: min(values) for name, values in times.items()}
    return {
        "sample_files": len(list(folder.iterdir())),
        "sample_passages": len(texts),
        "sample_tokens": tokens,
        "bare_encoder_tokens_per_s": tokens / best["bare"],
        "index_tokens_per_s": tokens / best["index"],
        "index_to_bare_encoder": best["bare"] / best["index"],
        "quickstart_s": best["quickstart"],
        "index_s": best["index"],
        "index_to_quickstart": best["quickstart"] / best["index"],
        # The quickstart's chunks are longer than what the model reads, so it encodes less than the articles.
        "quickstart_tokens": quickstart_tokens,
        "index_to_quickstart_per_token": tokens / best["index"] / (quickstart_tokens / best["quickstart"]),
    }


def _passages(folder: Path) -> list[str]:
    texts: list[str] = []
    for path in sorted(folder.iterdir()):
        try:
            found = list(prepare(path.name, read(path.name, path.read_bytes())))
        except ReadError:
            continue
        for prepared in found:
            if not isinstance(prepared, Skipped):
                texts += [made.embedded_text for made in split(prepared.article, prepared.sentences)]
    return texts


def _answering(index: Path, encoder: SentenceEncoder, questions: Path | None) -> dict[str, Any]:
    settings = Settings(index=index)
    with Engine(settings=settings, encoder=encoder) as engine:
        asked = _questions(engine, questions)
        engine.query(asked[0])
        answers = [engine.query(question) for question in asked]
        held = engine.index.counts()
    searches = [answer.timings.search_ms for answer in answers]
    totals = sorted(answer.timings.total_ms for answer in answers)
    return {
        "articles": held.articles,
        "passages": held.passages,
        "questions": len(asked),
        "search_p50_ms": statistics.median(searches),
        "answer_p50_ms": statistics.median(totals),
        "answer_p95_ms": totals[int(len(totals) * 0.95)],
    }


def _questions(engine: Engine, path: Path | None) -> list[str]:
    if path:
        return [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    titles = [story.title for story in engine.index.newest(2000)]
    return random.Random(2).sample(titles, min(60, len(titles)))


def _cli(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "ui.cli", *arguments], check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()

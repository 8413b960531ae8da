"""Folders of several languages, for bench.quality: articles dealt out among them, clusters among news."""

import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.evaluation import Known, Outcome, by_languages, scores

from .folders import Asked, deal, near_misses, write_clusters
from .reading import load, split

Figures = dict[str, dict[str, float]]
# Asks questions of a folder of articles; the second path is that of its index.
Ask = Callable[[Path, Path, Sequence[Known]], list[Outcome]]


def dealt(files: dict[str, Path], count: int, work: Path, ask: Ask) -> tuple[Figures, Path, list[Known]]:
    """Measure parallel files dealt out among their languages, with `count` questions for each pair.

    Every question is asked of all articles, then of every second one in each language, so that half of the
    questions have no answer. Return the figures, the folder, and the questions.
    """
    whole, half = work / "whole", work / "half"
    chosen = sample(deal(files, whole), count)
    shutil.copytree(whole, half)
    gone = _every_second(whole, half, len(files))
    outcomes = ask(whole, work / "whole-index", chosen)
    figures = {f"dealt out, {name}": row for name, row in by_languages(outcomes).items()}
    left = [Known(k.question, (), None, k.language) if k.file in gone else k for k in chosen]
    figures["dealt out, half left out"] = scores(ask(half, work / "half-index", left))
    return figures, whole, chosen


def sample(asked: Sequence[Asked], count: int) -> list[Known]:
    """Return `count` questions of each pair of languages, the same ones on every run."""
    pairs = sorted({(str(item.known.language), item.text_language) for item in asked})
    chosen: list[Known] = []
    for pair in pairs:
        known = [item.known for item in asked if (item.known.language, item.text_language) == pair]
        chosen += random.Random(5).sample(known, min(count, len(known)))
    return chosen


def _every_second(whole: Path, half: Path, languages: int) -> set[str]:
    """Remove every second group of files from `half`, as many in each language; return their names."""
    names = sorted(path.relative_to(whole).as_posix() for path in whole.rglob("*.txt"))
    # An article of XQuAD has five paragraphs, and articles are dealt out by turns.
    gone = {name for number, name in enumerate(names) if number // (5 * languages) % 2}
    for name in gone:
        (half / name).unlink()
    return gone


def clusters(news: Path, work: Path, ask: Ask) -> Figures:
    """Measure the held-out clusters of the reading set within a folder of news, with their near misses."""
    _, held_out = split(load())
    folder = work / "clusters"
    shutil.copytree(news, folder)
    asked = [item.known for item in write_clusters(held_out, folder)]
    outcomes = ask(folder, work / "clusters-index", [*asked, *(miss.known for miss in near_misses(held_out))])
    figures = {"clusters among news": scores(outcomes)}
    # No text answers a near miss, so it belongs to no pair of languages.
    answerable = [outcome for outcome in outcomes if outcome.known.answers]
    return figures | {f"clusters among news, {name}": row for name, row in by_languages(answerable).items()}

"""What answers of an index disagree on.

    python -m bench.disagreements [--show]

counts the disagreements that are caught, and the false alarms, on bench/data/disagreements.jsonl: pairs of
articles that tell of the same or of something like it, all in one folder, with questions. A question's `about`
and `sides` say what the two disagree on. The pairs with even numbers served to choose the limits of
qa/disagreement/limits.py.

    python -m bench.disagreements INDEX QUESTIONS.jsonl

prints every disagreement of the answers to the questions (a `question` in each line), to be read one by one,
and how many answers were found and had one.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index import Settings, build
from qa import Answer, Engine
from qa.answer import Citation, Disagreement

PAIRS = Path(__file__).parent / "data" / "disagreements.jsonl"


def main() -> None:
    """Measure, or print what is to be read."""
    parser = argparse.ArgumentParser(prog="bench.disagreements", description="Measure disagreements.")
    parser.add_argument("index", type=Path, nargs="?")
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--show", action="store_true", help="print what is judged wrongly")
    given = parser.parse_args()
    if given.index and given.questions:
        _print(given.index, given.questions)
    else:
        _measure(given.show)


def written(pairs: list[dict[str, Any]], folder: Path) -> None:
    """Write the articles of labelled pairs as files."""
    for pair in pairs:
        for name, article in zip("ab", pair["articles"], strict=True):
            front = "".join(f"{key}: {json.dumps(article[key], ensure_ascii=False)}\n" for key in _FRONT)
            text = f"---\n{front}---\n\n{article['text']}\n"
            (folder / f"{pair['group']:02}-{name}.md").write_text(text, "utf-8")


_FRONT = ("title", "outlet", "date", "language")


def _measure(show: bool) -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    counts: dict[str, Counter[str]] = {"fitted": Counter(), "held out": Counter()}
    with TemporaryDirectory() as place:
        folder, index = Path(place, "articles"), Path(place, "index")
        folder.mkdir()
        written(pairs, folder)
        build(folder, Settings(index=index))
        with Engine(settings=Settings(index=index)) as engine:
            for pair in pairs:
                half = counts["held out" if pair["group"] % 2 else "fitted"]
                for asked in pair["questions"]:
                    answer = engine.query(asked["question"])
                    outcome = _outcome(asked, answer)
                    half.update(outcome)
                    if show and not {"caught", "quiet"} & set(outcome):
                        print(f"{pair['group']:2} {', '.join(outcome)} ({asked['kind']}, {answer.level})")
                        print(f"   {asked['question']}", *map(_shown, answer.disagreements), sep="\n   ")
    for name, half in counts.items():
        differ, same = half["caught"] + half["missed"], half["quiet"] + half["alarm"]
        print(
            f"{name}: {half['caught']} of {differ} disagreements caught, {half['alarm']} false alarms on {same} "
            f"questions without one, {half['wrong']} wrong beside them"
        )


def _outcome(asked: dict[str, Any], answer: Answer) -> list[str]:
    """Return what an answer's disagreements amount to: caught or missed, quiet or alarm, and wrong ones."""
    if not asked["about"]:
        return ["alarm" if answer.disagreements else "quiet"]
    right = [_is_right(asked, one) for one in answer.disagreements]
    return ["caught" if any(right) else "missed"] + ["wrong"] * right.count(False)


def _is_right(asked: dict[str, Any], one: Disagreement) -> bool:
    said = [_words(side) for side in one.sides]
    return one.about == asked["about"] and all(
        any(words in other for other in said) for words in asked["sides"]
    )


def _shown(one: Disagreement) -> str:
    return f"{one.about}: " + " | ".join(f"[{_words(side)}] {side.quote} ({side.path})" for side in one.sides)


def _words(side: Citation) -> str:
    return side.quote[
        (side.words_start or side.start) - side.start : (side.words_end or side.end) - side.start
    ]


def _print(index: Path, path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    found = shown = 0
    with Engine(index) as engine:
        for question in questions:
            answer = engine.query(question)
            found += answer.found
            shown += bool(answer.disagreements)
            if answer.disagreements:
                print(f"\n{question}  ({answer.level})", *map(_shown, answer.disagreements), sep="\n  ")
    print(f"\n{len(questions)} questions, {found} answered, {shown} with a disagreement")


if __name__ == "__main__":
    main()

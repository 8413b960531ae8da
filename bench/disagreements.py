"""What answers of an index disagree on, to be read one by one.

    python -m bench.disagreements INDEX QUESTIONS.jsonl

prints every disagreement of the answers to the questions (a `question` in each line), and how many answers
were found and had one.
"""

import argparse
import json
from pathlib import Path

from qa import Engine


def main() -> None:
    """Print the disagreements."""
    parser = argparse.ArgumentParser(prog="bench.disagreements", description="Print disagreements.")
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    given = parser.parse_args()
    lines = given.questions.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    found = shown = 0
    with Engine(given.index) as engine:
        for question in questions:
            answer = engine.query(question)
            found += answer.found
            shown += bool(answer.disagreements)
            for one in answer.disagreements:
                print(f"\n{question}  ({one.about}, {answer.level})")
                for side in one.sides:
                    about = ", ".join(filter(None, [side.path, side.source, side.published]))
                    words = slice((side.words_start or 0) - side.start, (side.words_end or 0) - side.start)
                    print(f"  [{side.quote[words]}] {side.quote}  ({about})")
    print(f"\n{len(questions)} questions, {found} answered, {shown} with a disagreement")


if __name__ == "__main__":
    main()

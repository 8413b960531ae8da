"""How often the language of a question or a text is told right: what `LanguageThresholds` was chosen from.

    python -m bench.language

Questions are those of the reading set: how many are taken for another language, how sure the detector was of
these, and how many are ruled out for their own. Texts are its articles, cut to some characters, as if they
stated no language: right, wrong, left open.
"""

import argparse
from collections import Counter
from collections.abc import Iterable

from index.text.language import THRESHOLDS, detect, guess, known_code, may_be, probability_of

from .reading import Cluster, load

_LENGTHS = (25, 60, 200, 1500)


def main() -> None:
    """Print both tables."""
    argparse.ArgumentParser(
        prog="bench.language", description="How often a language is told right."
    ).parse_args()
    clusters = load()
    asked = [
        (question.text, known_code(question.language))
        for cluster in clusters
        for article in cluster.articles
        for question in article.questions
    ]
    wrong = [probability_of(text) for text, language in asked if guess(text) != language]
    ruled_out = sum(not may_be(text, language) for text, language in asked)
    print(f"{len(asked)} questions in {len({language for _, language in asked})} languages")
    print(f"taken for another language  {len(wrong)}, the surest with {max(wrong, default=0.0):.3f}")
    print(f"of these at least {THRESHOLDS.likely}       {sum(one >= THRESHOLDS.likely for one in wrong)}")
    print(f"ruled out for their own     {ruled_out}")
    print("\ncharacters  right  wrong  open")
    for length in _LENGTHS:
        told = _told(clusters, length)
        print(f"{length:10}  {told['right']:5}  {told['wrong']:5}  {told['open']:4}")


def _told(clusters: Iterable[Cluster], length: int) -> Counter[str]:
    told: Counter[str] = Counter()
    for article in (article for cluster in clusters for article in cluster.articles):
        found = detect(article.text[:length], None)
        right = known_code(article.language)
        told["open" if found is None else "right" if found == right else "wrong"] += 1
    return told


if __name__ == "__main__":
    main()

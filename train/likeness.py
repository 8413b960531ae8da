"""What the scale of an encoder's likenesses is measured by: questions, each with the text that answers it.

    python -m train.likeness [OUT.json]

One question from each of some clusters that are taught from, half of them in another language than their
text, and how alike the bundled encoder finds them.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.reading import Article, Cluster, Question, load, split
from index import Settings, load_encoder
from index.model.centring import centred
from qa.evidence.likeness import PAIRS, Scale, scale

# More pairs make the scale no steadier and take longer to encode.
_COUNT = 48


def main() -> None:
    """Choose the pairs, measure the bundled encoder on them and write both."""
    parser = argparse.ArgumentParser(prog="train.likeness", description="Choose pairs to measure by.")
    parser.add_argument("out", nargs="?", type=Path, default=PAIRS)
    given = parser.parse_args()
    taught, _ = split(load())
    # The clusters stand in the order of their languages.
    random.Random(1).shuffle(taught)
    pairs = list(chosen(taught))[:_COUNT]
    encoder = load_encoder(Settings())
    questions, texts = [one[0] for one in pairs], [one[1] for one in pairs]
    passages = centred(encoder.encode(texts), [one[2] for one in pairs])
    found: Scale = scale(encoder.point(questions), passages)
    said = {
        "unrelated": round(found.unrelated, 4),
        "related": round(found.related, 4),
        "pairs": [[question, text] for question, text, _ in pairs],
    }
    given.out.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{given.out}: {len(pairs)} pairs, unrelated {found.unrelated:.4f}, related {found.related:.4f}")


def chosen(clusters: Sequence[Cluster]) -> Iterator[tuple[str, str, str]]:
    """Yield questions, each with its text and that text's language, which every second question is not in."""
    for number, cluster in enumerate(clusters):
        article = cluster.articles[0]
        is_across = bool(number % 2)
        wanted = (q for q in article.questions if (q.language != article.language) == is_across)
        if question := next(wanted, None):
            yield question.text, _text(article, question), article.language


def _text(article: Article, question: Question) -> str:
    return f"{article.title}\n{question.snippet.of(article.text)}"


if __name__ == "__main__":
    main()

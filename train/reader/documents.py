"""Questions on paragraphs to lists like those of clusters: the rows are the sentences of the document.

    python -m train.reader.documents TRAIN.jsonl.gz [OUT.npz] [--most 600] [--seed 1]

TRAIN has a question a line: "source", "lang", "question", "context", and "answers" with "text" and "start".
At most so many questions of a source are taken. Nothing was searched for: all rows have the same features.
"""

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index import Settings, load_encoder
from index.model.encoder import SentenceEncoder
from index.model.glance import Found
from index.model.reader.rows import Row, RowTokenizer
from index.text.sentences import sentence_spans
from train.wording import varied

from .lists import KEPT
from .material import WORDINGS, Draft, store

OUT = Path("build/train-reader/documents.npz")
# What search says of a middling row.
_FEATURES = (0.4, 0.05, 0.5)
# A list without the right row is one in so many; longer contexts are mostly of other things.
_WITHOUT = 0.35
_LEAST_ROWS = 4
# A context this short, in characters, is a sentence; it is joined to so many on either side.
_SINGLE, _AROUND = 400, 6


def main() -> None:
    """Make the material and write it."""
    parser = argparse.ArgumentParser(prog="train.reader.documents", description="Make lists of documents.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", nargs="?", type=Path, default=OUT)
    parser.add_argument("--most", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    encoder = load_encoder(Settings())
    draft = Draft()
    for items in _by_source(given.data).values():
        chance.shuffle(items)
        taken = 0
        for item in items:
            taken += _add(draft, item, encoder, chance)
            if taken == given.most:
                break
    store(draft, RowTokenizer(encoder.model.tokenizer), given.out)
    print(f"{given.out}: {len(draft.lists)} lists, {len(draft.rows.numbers)} rows")


def _by_source(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the questions of each source, each about its whole document where that is short."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    contexts: dict[str, dict[str, None]] = defaultdict(dict)
    for item in items:
        contexts[item["doc"]][item["context"]] = None
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        found[item["source"]].append(_joined(item, list(contexts[item["doc"]])))
    return found


def _joined(item: dict[str, Any], contexts: list[str]) -> dict[str, Any]:
    """Return a question about a single sentence as one about some sentences of its document."""
    if len(item["context"]) > _SINGLE or " [SEP] " in item["context"]:
        return item
    at = contexts.index(item["context"])
    near = contexts[max(0, at - _AROUND) : at + _AROUND]
    shift = sum(len(one) + 1 for one in near[: near.index(item["context"])])
    answers = [{**one, "start": one["start"] + shift} for one in item["answers"]]
    return {**item, "context": "\n".join(near), "answers": answers}


def _add(draft: Draft, item: dict[str, Any], encoder: SentenceEncoder, chance: random.Random) -> bool:
    """Add a question with its document's sentences, if it has some; return whether it has."""
    title, mark, body = item["context"].partition(" [SEP] ")
    skipped = len(title + mark) if mark else 0
    title, body = (title, body) if mark else ("", item["context"])
    answer = item["answers"][0]
    start = answer["start"] - skipped
    end = start + len(answer["text"])
    spans = sentence_spans(body, item["lang"])
    inside = [number for number, span in enumerate(spans) if span.start <= start and end <= span.end]
    if len(spans) < _LEAST_ROWS or not inside or body[start:end] != answer["text"]:
        return False
    right = inside[0]
    if chance.random() < _WITHOUT:
        texts = [one["text"] for one in item["answers"]]
        kept = [n for n, span in enumerate(spans) if not any(text in span.of(body) for text in texts)]
        right = -1
    else:
        kept = list(range(len(spans)))
    texts = [span.of(body) for span in spans]
    rows = [Row(title, None, texts[n - 1] if n else "", texts[n]) for n in range(len(texts))]
    order = [kept[n] for n in _likeliest(item["question"], [rows[n] for n in kept], encoder)][:KEPT]
    if right >= 0 and right not in order:
        order.append(right)
    if not order:
        return False
    question = len(draft.questions)
    draft.questions.append(item["question"])
    draft.questions += [varied(item["question"], item["lang"], chance) for _ in range(WORDINGS - 1)]
    draft.lists.append(
        {
            "question": question,
            "rows": [draft.row(rows[n]) for n in order],
            "features": [_FEATURES] * len(order),
            "right": order.index(right) if right >= 0 else -1,
            "begin": start - spans[right].start,
            "end": end - spans[right].start,
        }
    )
    return True


def _likeliest(question: str, rows: Sequence[Row], encoder: SentenceEncoder) -> list[int]:
    """Return the numbers of rows, those first that promise most."""
    glanced = encoder.glance(question, rows, [Found(*_FEATURES[:2])] * len(rows))
    return [int(number) for number in np.argsort(-glanced.promises, kind="stable")]


if __name__ == "__main__":
    main()

"""What teaching the reader needs, in one file that is small enough to travel to another machine.

    python -m train.reader.pack OUT.npz [--documents FILE.npz] [--rows DIR ...] [en=xquad.en.json ...]

The file holds the encoder in half precision, with the embeddings of the tokens that occur (in 8 bits), the
material of `train.reader.material` and `train.reader.documents`, and the rows of `bench.reader_rows`, on
which it is measured at the end.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from bench.reader_rows import Item, load_items
from index import Settings, load_encoder
from index.model.reader.judge import tokenized
from index.model.reader.network import Tokenized
from index.model.reader.rows import Row, RowTokenizer
from index.search import WEIGHTS as SEARCH
from index.text.sentences import sentence_spans
from qa.evidence.weights import LIMITS
from train.answers import WEIGHTS as ANSWERS

from .material import OUT as MATERIAL

# Arrays of tokens in the material.
_TOKENS = ("questions", "heads", "sentences")
# Tokens that stay though no text has them: where a row begins, is padded, ends, and an unknown piece.
_SPECIAL = (0, 1, 2, 3)
_WORDS, _BLOCK = "embeddings.word_embeddings.weight", 32
# What likeness, full text and match count in ranking before any of it is learned, beside each other.
PROMISE = (1.0, SEARCH.lexical, 0.2)


def main() -> None:
    """Pack all and write it."""
    parser = argparse.ArgumentParser(prog="train.reader.pack", description="Pack what teaching needs.")
    parser.add_argument("out", type=Path)
    parser.add_argument("files", nargs="*", metavar="LANG=FILE")
    parser.add_argument("--material", type=Path, default=MATERIAL)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--rows", type=Path, action="append", default=[], metavar="DIR")
    # Files may stand behind options.
    given = parser.parse_intermixed_args()
    encoder = load_encoder(Settings())
    tokenizer = RowTokenizer(encoder.model.tokenizer)
    arrays: dict[str, Any] = {}
    for name, path in (("clusters", given.material), ("documents", given.documents)):
        if path:
            with np.load(path) as stored:
                arrays |= {f"{name}.{key}": stored[key] for key in stored.files}
    files = {name: Path(path) for name, _, path in (one.partition("=") for one in given.files)}
    arrays |= _measured([item for rows in given.rows for item in load_items(rows)], files, tokenizer)
    told = [key for key in arrays if key.endswith(_TOKENS) or key == "measured.ids"]
    used = np.unique(np.concatenate([*(arrays[key] for key in told), np.array(_SPECIAL)]))
    for key in told:
        arrays[key] = np.searchsorted(used, arrays[key]).astype(np.uint16 if len(used) < 2**16 else np.uint32)
    arrays |= _encoder(encoder.model[0].auto_model, used)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **arrays)
    print(f"{given.out}: {len(used)} tokens, {given.out.stat().st_size / 1e6:.1f} MB")


def _encoder(transformer: Any, used: NDArray[np.int64]) -> dict[str, Any]:
    from safetensors.torch import load_file

    config = {**transformer.config.to_dict(), "vocab_size": len(used)}
    found: dict[str, Any] = {"config": np.array(json.dumps(config)), "promise": np.array(PROMISE)}
    for name, value in transformer.state_dict().items():
        if name.startswith(("embeddings.", "encoder.")) and value.is_floating_point():
            kept = value[torch.from_numpy(used.astype(np.int64))] if name == _WORDS else value
            found[f"model.{name}"] = kept.half().numpy()
    # The bundled weights have 4 bits, in blocks: 8 bits keep them as they are.
    blocks = found.pop(f"model.{_WORDS}").astype(np.float32).reshape(-1, _BLOCK)
    scale = np.maximum(np.abs(blocks).max(1), 1e-9) / 127
    found["words"], found["scale"] = (
        np.rint(blocks / scale[:, None]).astype(np.int8),
        scale.astype(np.float16),
    )
    found |= {f"answers.{name}": value.half().numpy() for name, value in load_file(ANSWERS).items()}
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its rows; `places` are right rows, or the first and last token of the answer in one."""

    group: str
    rows: list[Tokenized]
    features: Sequence[Sequence[float]]
    places: tuple[int, ...]
    is_answerable: bool


def _measured(items: Sequence[Item], files: Mapping[str, Path], tokenizer: RowTokenizer) -> dict[str, Any]:
    asked = [*_lists(items, tokenizer), *_spans(files, tokenizer)]
    if not asked:
        return {}
    rows = [row for one in asked for row in one.rows]
    shapes = np.array([(len(row.ids), row.asked, row.start, row.length) for row in rows], np.int32)
    plain = [(one.group, len(one.rows), list(one.places), one.is_answerable) for one in asked]
    return {
        "measured.ids": np.concatenate([row.ids for row in rows]),
        "measured.shapes": shapes,
        "measured.features": np.concatenate([np.array(one.features, np.float32) for one in asked]),
        "measured.asked": np.array(json.dumps(plain)),
    }


def _lists(items: Sequence[Item], tokenizer: RowTokenizer) -> Iterator[_Asked]:
    for item in items:
        rows = item.rows[: LIMITS.sentences]
        if rows:
            question = tokenizer.questions([item.question])
            found = tokenized(tokenizer, question * len(rows), rows)[1]
            group = item.group
            if group.startswith("clusters"):
                group += " same" if item.language == item.text_language else " across"
            if group == "bbc":
                group += " en" if item.language == "en" else " others"
            yield _Asked(group, found, item.features[: LIMITS.sentences], item.right, item.is_answerable)


def _spans(files: Mapping[str, Path], tokenizer: RowTokenizer, count: int = 300) -> Iterator[_Asked]:
    for texts, path in files.items():
        for language, own in files.items():
            held, asked = questions_of(path), questions_of(own)
            for number in random.Random(5).sample(range(len(held)), min(count, len(held))):
                _, text, start, answer = held[number]
                row = Row("", None, "", text)
                sentences, found = tokenized(tokenizer, tokenizer.questions([asked[number][0]]), [row])
                spans = sentences[0].spans
                inside = np.flatnonzero((spans[:, 0] < start + len(answer)) & (spans[:, 1] > start))
                if len(inside):
                    places = (int(inside[0]), int(inside[-1]))
                    yield _Asked(f"span {language}/{texts}", found, [(0.0, 0.0, 0.0)], places, True)


def questions_of(path: Path) -> list[tuple[str, str, int, str]]:
    """Return each question with the sentence that holds the answer, where it starts there, and the answer."""
    found = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            spans = sentence_spans(paragraph["context"])
            for item in paragraph["qas"]:
                answer = item["answers"][0]
                at = answer["answer_start"]
                span = next(span for span in spans if span.end > at)
                text = span.of(paragraph["context"])
                found.append((item["question"], text, at - span.start, answer["text"]))
    return found


if __name__ == "__main__":
    main()

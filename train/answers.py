"""Teach the encoder's lower layers where answers stand: what the reader began with.

    python -m train.answers TRAIN.jsonl.gz [OUT.safetensors] [--seconds 3000]

TRAIN has one question a line: "source", "lang", "question", "context", and "answers" with "text" and "start".
Products of two narrow matrices are added to the lower layers (LoRA, Hu et al. 2021). They learn to say where
the answer begins and ends in one to three sentences, or that there is none: the first token stands for that.
"""

import argparse
import gzip
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from index import Settings, load_encoder
from index.model.token_vectors import lower_layers
from index.text.sentences import sentence_spans

from .lowrank import change, learned, narrow

WEIGHTS = Path(__file__).with_name("answers.safetensors")

# Layers that are run, the first one that is changed, and the columns of the narrow matrices.
_DEPTH, _FIRST, _RANK = 9, 3, 16
_BATCH, _RATE, _RATE_OF_ENDS, _WARM = 32, 7e-4, 1e-3, 60
# The longest text, in characters. Scripts without spaces say more in fewer.
_LONGEST, _LONGEST_UNSPACED = 420, 140
_UNSPACED = ("zh", "ja")
# Leave out this share of the questions in these languages, or they would be most of the tokens.
_LEFT_OUT = 0.55
_ANSWER_LONGEST = 150
# Ask this share of the questions again, of another part of the article, which does not answer them.
_WITHOUT = 0.35
_STRANGE = 5000


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text. `start` and `end` delimit the answer; both are -1 if the text has none."""

    source: str
    question: str
    text: str
    start: int = -1
    end: int = -1


def main() -> None:
    """Teach, and write what was learned."""
    parser = argparse.ArgumentParser(prog="train.answers", description="Teach where answers stand.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", nargs="?", type=Path, default=WEIGHTS)
    parser.add_argument("--seconds", type=float, default=3000)
    given = parser.parse_args()
    chance = random.Random(1)
    model = load_encoder(Settings()).model
    lower = lower_layers(model[0].auto_model.float(), _DEPTH)
    changed = change(lower, _FIRST, _RANK)
    ends = nn.Linear(lower.config.hidden_size, 2)
    examples = list(_examples(given.data, chance))
    rows = _tokenized(model.tokenizer, [*examples, *_strange(examples, chance)])
    learning = narrow(changed)
    groups = [{"params": learning, "lr": _RATE}, {"params": ends.parameters(), "lr": _RATE_OF_ENDS}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    begun, losses = time.monotonic(), []
    lower.train()
    for step, batch in enumerate(_batches(rows, chance)):
        done = (time.monotonic() - begun) / given.seconds
        if done >= 1:
            break
        for group, rate in zip(optimizer.param_groups, (_RATE, _RATE_OF_ENDS), strict=True):
            group["lr"] = rate * min(1.0, step / _WARM) * max(0.02, 1 - done)
        loss = _loss(lower, ends, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 100 == 99:
            print(f"{step + 1} steps, {done:.0%}, loss {np.mean(losses[-100:]):.3f}", flush=True)
    weights = learned(changed) | {f"ends.{name}": value for name, value in ends.state_dict().items()}
    save_file({name: value.detach().half().contiguous() for name, value in weights.items()}, given.out)


def _examples(path: Path, chance: random.Random) -> Iterator[Example]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            if item["lang"] not in _UNSPACED or chance.random() >= _LEFT_OUT:
                yield from _examples_of(item, chance)


def _examples_of(item: dict[str, Any], chance: random.Random) -> Iterator[Example]:
    """Yield a question with the sentences around its answer, and sometimes with one that has no answer."""
    # JSQuAD's contexts begin with their title.
    title, mark, body = item["context"].partition(" [SEP] ")
    skipped = len(title + mark) if mark else 0
    body = body if mark else item["context"]
    answer = item["answers"][0]
    if len(item["answers"]) > 1 and chance.random() < 0.5:
        answer = min(item["answers"], key=lambda one: (len(one["text"]), one["start"]))
    start = answer["start"] - skipped
    end = start + len(answer["text"])
    if start < 0 or body[start:end] != answer["text"] or end - start > _ANSWER_LONGEST:
        return
    end = start + len(body[start:end].rstrip(".。 ،"))
    spans = sentence_spans(body)
    inside = [number for number, span in enumerate(spans) if span.start < end and span.end > start]
    if not inside:
        return
    longest = _LONGEST_UNSPACED if item["lang"] in _UNSPACED else _LONGEST
    low, high = inside[0], inside[-1]
    for _ in range(chance.choice((0, 1, 1, 2))):
        if chance.random() < 0.5 and low > 0 and spans[high].end - spans[low - 1].start <= longest:
            low -= 1
        elif high + 1 < len(spans) and spans[high + 1].end - spans[low].start <= longest:
            high += 1
    first, last = spans[low].start, spans[high].end
    if last - first > 2 * longest or start < first or end > last:
        return
    yield Example(item["source"], item["question"], body[first:last], start - first, end - first)
    texts = [one["text"] for one in item["answers"]]
    others = [body[span.start : span.end] for number, span in enumerate(spans) if not low <= number <= high]
    others = [other for other in others if not any(text in other for text in texts)]
    if others and chance.random() < _WITHOUT:
        yield Example(item["source"], item["question"], chance.choice(others)[:_LONGEST])


def _strange(examples: Sequence[Example], chance: random.Random) -> Iterator[Example]:
    """Pair questions about one sentence with another sentence that shares a name or a year."""
    own = [example for example in examples if example.source == "qamr"]
    texts = sorted({example.text for example in own})
    by_word: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for word in _telling(text):
            by_word[word].append(number)
    found = 0
    for example in chance.sample(own, min(len(own), 4 * _STRANGE)):
        alike = [n for word in _telling(example.text) if len(by_word[word]) < 60 for n in by_word[word]]
        answer = example.text[example.start : example.end]
        alike = [n for n in alike if texts[n] != example.text and answer not in texts[n]]
        if alike and found < _STRANGE:
            found += 1
            yield Example("qamr", example.question, texts[chance.choice(alike)])


def _telling(text: str) -> list[str]:
    return sorted(set(re.findall(r"\b[A-Z]\w{3,}|\b\d{4}\b", text)))


@dataclass(frozen=True, slots=True)
class _Row:
    """Tokens of a question and a text: which may be in an answer, its first and last (0: none)."""

    ids: list[int]
    may: "np.ndarray[Any, np.dtype[np.bool_]]"
    first: int
    last: int


def _tokenized(tokenizer: Any, examples: Sequence[Example]) -> list[_Row]:
    begin = len("passage: ")
    rows = []
    for example in examples:
        encoded = tokenizer(
            "query: " + example.question,
            "passage: " + example.text,
            truncation="only_second",
            max_length=256,
            return_offsets_mapping=True,
        )
        parts, offsets = encoded.sequence_ids(), encoded["offset_mapping"]
        may = np.array([part == 1 and end > begin for part, (_, end) in zip(parts, offsets, strict=True)])
        inside = [
            place
            for place in np.flatnonzero(may)
            if offsets[place][0] - begin < example.end and offsets[place][1] - begin > example.start
        ]
        may[0] = True
        if example.start < 0:
            rows.append(_Row(encoded["input_ids"], may, 0, 0))
        elif inside:
            rows.append(_Row(encoded["input_ids"], may, int(inside[0]), int(inside[-1])))
    return rows


def _batches(rows: Sequence[_Row], chance: random.Random) -> Iterator[list[_Row]]:
    """Yield batches of rows of similar length, in random order, without end."""
    while True:
        order = sorted(rows, key=lambda row: len(row.ids) + chance.random() * 8)
        batches = [order[i : i + _BATCH] for i in range(0, len(order), _BATCH)]
        chance.shuffle(batches)
        yield from batches


def _loss(lower: Any, ends: nn.Linear, batch: Sequence[_Row]) -> torch.Tensor:
    width = max(len(row.ids) for row in batch)
    ids = torch.ones(len(batch), width, dtype=torch.long)
    mask, may = torch.zeros_like(ids), torch.zeros(len(batch), width, dtype=torch.bool)
    for number, row in enumerate(batch):
        ids[number, : len(row.ids)], mask[number, : len(row.ids)] = torch.tensor(row.ids), 1
        may[number, : len(row.ids)] = torch.from_numpy(row.may)
    scores = ends(lower(input_ids=ids, attention_mask=mask).last_hidden_state)
    scores = scores.masked_fill(~may[:, :, None], -1e4)
    first, last = torch.tensor([row.first for row in batch]), torch.tensor([row.last for row in batch])
    both = nn.functional.cross_entropy(scores[..., 0], first) + nn.functional.cross_entropy(
        scores[..., 1], last
    )
    return both / 2


if __name__ == "__main__":
    main()

"""Teach which sentences promise to answer, told at a glance before any is read.

    python -m train.reader.glance [OUT.safetensors] [--state DIR] [--seed 1]

A choice is a question of the reading set, without the held-out clusters, and all sentences of the passages
that search brings. STATE is that of `train.reader.material`, whose index is used, and made if it is missing.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from bench.reading import load, split
from index import Index, Settings, load_encoder, open_index
from index.model.encoder import SentenceEncoder
from index.model.glance import WEIGHTS
from index.model.glance_network import Glance, row_tokens
from index.model.question_encoder import QuestionTokens
from index.model.reader.rows import Row, RowTokenizer
from qa.evidence.candidates import sentences_of
from train.lowrank import Weights, write
from train.wording import varied

from .material import STATE, Search, Wanted, drawn_filters, indexed, is_right, wanted
from .running import digest

# Questions that are encoded together; steps after which a line is printed;
# words that the first space is fitted on.
_TOGETHER, _LOGGED, _FITTED = 64, 100, 6000


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the glance is taught.

    A step has `batch` choices of the right row and up to `others`. `rate` is that of what words look for,
    `weight_rate` of what each counts, `parts_rate` of the numbers that weigh likeness, full text and words.
    `varied` is the share of questions that are worded as people type.
    """

    steps: int = 1400
    batch: int = 16
    others: int = 64
    rate: float = 1e-3
    weight_rate: float = 4e-3
    parts_rate: float = 2e-2
    dropout: float = 0.3
    varied: float = 1 / 7
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A question and rows, with what search says of each; those with the numbers `right` answer."""

    question: QuestionTokens
    rows: Sequence[Row]
    found: torch.Tensor
    right: frozenset[int]


def main() -> None:
    """Teach, write the weights, and print their digest."""
    parser = argparse.ArgumentParser(prog="train.reader.glance", description="Teach what promises to answer.")
    parser.add_argument("out", nargs="?", type=Path, default=WEIGHTS)
    parser.add_argument("--state", type=Path, default=STATE, metavar="DIR")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    given = parser.parse_args()
    recipe = Recipe(seed=given.seed)
    encoder = load_encoder(Settings())
    clusters, _ = split(load())
    with open_index(settings=indexed(clusters, given.state, encoder)) as index:
        asked = [item for item in wanted(clusters) if item.answer]
        choices = list(choices_of(asked, index, encoder, recipe))
    print(f"{len(choices)} of {len(asked)} questions have their sentence among those found", flush=True)
    write(taught(choices, encoder, recipe), given.out, {"recipe": json.dumps(asdict(recipe))})
    print(digest(given.out))


def choices_of(
    asked: Sequence[Wanted], index: Index, encoder: SentenceEncoder, recipe: Recipe
) -> Iterator[Choice]:
    """Yield questions with what search brings, if the right sentence is among it."""
    chance, search = random.Random(recipe.seed), Search(index, encoder)
    for at in range(0, len(asked), _TOGETHER):
        together = asked[at : at + _TOGETHER]
        texts = [
            varied(item.text, item.language, chance) if chance.random() < recipe.varied else item.text
            for item in together
        ]
        vectors = encoder.point([item.text for item in together])
        read = encoder.questions.tokens(texts)
        for item, vector, question in zip(together, vectors, read, strict=True):
            found = sentences_of(search.hits(item, vector, drawn_filters(item, chance)), encoder)
            right = frozenset(n for n, one in enumerate(found) if is_right(item, one))
            if right and len(right) < len(found):
                searched = torch.tensor([one.found for one in found])
                yield Choice(question, [one.row for one in found], searched, right)


def taught(choices: Sequence[Choice], encoder: SentenceEncoder, recipe: Recipe) -> Weights:
    """Return what is learned from choices."""
    torch.manual_seed(recipe.seed)
    glance = begun(encoder.words, recipe.dropout)
    tokenizer, chance = RowTokenizer(encoder.model.tokenizer), random.Random(recipe.seed)
    rates = {"weight": recipe.weight_rate, "parts": recipe.parts_rate}
    named = [(rates.get(name.partition(".")[0], recipe.rate), p) for name, p in glance.named_parameters()]
    optimizer = torch.optim.Adam([{"params": [p], "lr": rate, "full": rate} for rate, p in named])
    begun_at, losses = time.monotonic(), list[float]()
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = group["full"] * min(1, (step + 1) / 20) * max(0.02, 1 - step / recipe.steps)
        loss = torch.stack(
            [_loss(glance, tokenizer, chance.choice(choices), recipe, chance) for _ in range(recipe.batch)]
        ).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
        if (step + 1) % _LOGGED == 0:
            mean, spent = sum(losses[-_LOGGED:]) / _LOGGED, time.monotonic() - begun_at
            print(f"{step + 1} of {recipe.steps} steps, loss {mean:.3f}, {spent:.0f} s", flush=True)
    return {name: value.detach() for name, value in glance.state_dict().items()}


def begun(words: torch.Tensor, dropout: float) -> Glance:
    """Return a glance that looks for words that are like the question's, in context or not."""
    glance = Glance(words, dropout)
    some = nn.functional.normalize(words[torch.randperm(len(words))[:_FITTED]].float(), dim=1)
    axes = torch.linalg.svd(some, full_matrices=False).Vh[: len(glance.told.weight)]
    with torch.no_grad():
        glance.told.weight.copy_(axes)
        glance.asked.weight.copy_(torch.cat([axes, 0.02 * torch.randn_like(axes)], 1))
        glance.weight.weight.zero_()
        glance.parts.copy_(torch.tensor([20.0, 3.0, 4.0, 1.0, 1.0]))
    return glance


def _loss(
    glance: Glance, tokenizer: RowTokenizer, one: Choice, recipe: Recipe, chance: random.Random
) -> torch.Tensor:
    wrong = [n for n in range(len(one.rows)) if n not in one.right]
    taken = [min(one.right), *chance.sample(wrong, min(recipe.others, len(wrong)))]
    promises, _ = glance(one.question, row_tokens(tokenizer, [one.rows[n] for n in taken]), one.found[taken])
    return -torch.log_softmax(promises, 0)[0]


if __name__ == "__main__":
    main()

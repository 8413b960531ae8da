"""Teach the reader whether a claim follows from its evidence.

    python -m train.reader.claims [OUT.safetensors] [--state DIR] [--begin FILE] [--steps 1500]

It begins with the weights that answer questions, and keeps its own. It is taught the claims of clusters, and
others made from them and from the articles, of which it is known which words are wrong. What is done is kept
in the folder of the state: a run that was stopped goes on there. At the end it is measured.
"""

import argparse
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset

from bench.reading import load, split
from bench.support import labelled
from index import Settings, load_encoder
from index.model.reader.judge import WEIGHTS as READER
from index.model.reader.judge import ReaderModel, tokenized
from index.model.reader.network import Padded, padded
from index.model.reader.rows import QUESTION_PROMPT, RowTokenizer

from .learner import Course, Learner
from .measure import auroc
from .running import begun_with, digest, logging, parsed, run, write
from .statements import Statement, Statements, claims_of, statements

WEIGHTS = Path("build/train-reader/claims.safetensors")
# Claims of one article that are taught together.
_OF_ARTICLE = 4
# How much a wrong token counts: there are few.
_WRONG_COUNTS = 3.0
# Tokens that are read at once.
_TOGETHER = 3500


@dataclass(frozen=True, slots=True)
class Recipe(Course):
    """How claims are taught.

    A step has `written` claims, `made` and `asked` twins, and `strange` claims with other evidence of their
    article. The losses: of each claim, of the tokens of those whose wrong ones are known, and, weighed by
    `order`, that right claims are above wrong ones of the same article or their twins.
    """

    head_rate: float = 5e-4
    steps: int = 1500
    written: int = 10
    made: int = 4
    asked: int = 5
    strange: int = 2
    order: float = 0.5


@dataclass(frozen=True, slots=True)
class Batch:
    """Claims as tensors. `pairs` are numbers of a right one and of a wrong one that should be below it.

    `wrong` has an item for each claim whose wrong tokens are known: its number, and 0 or 1 for each token of
    it.
    """

    rows: list[Padded]
    follows: torch.Tensor
    wrong: list[tuple[int, torch.Tensor]]
    pairs: list[tuple[int, int]]


class Draws(Dataset[Batch]):
    """What each step is taught with, from step `begin` on; the same for the same recipe."""

    def __init__(self, taught: Statements, tokenizer: Any, recipe: Recipe, begin: int) -> None:
        self._taught, self._tokenizer, self._recipe, self._begin = taught, tokenizer, recipe, begin
        self._rows = RowTokenizer(tokenizer)

    def __len__(self) -> int:
        return self._recipe.steps - self._begin

    def __getitem__(self, number: int) -> Batch:
        return self._batch(*self.drawn(number))

    def drawn(self, number: int) -> tuple[list[Statement], list[tuple[int, int]]]:
        """Return the statements of a step, and the pairs of them of which the first is to be above."""
        recipe, taught = self._recipe, self._taught
        chance = random.Random(f"{recipe.seed} {self._begin + number}")
        drawn, pairs = list[Statement](), list[tuple[int, int]]()
        while len(drawn) < recipe.written:
            article = chance.choice(taught.written)
            own = chance.sample(article, min(_OF_ARTICLE, len(article), recipe.written - len(drawn)))
            numbered = list(enumerate(own, len(drawn)))
            pairs += [(n, m) for n, a in numbered for m, b in numbered if a.follows and not b.follows]
            drawn += own
        for twins, count in ((taught.made, recipe.made), (taught.asked, recipe.asked)):
            for both in chance.sample(twins, min(count, len(twins))):
                pairs.append((len(drawn), len(drawn) + 1))
                drawn += both
        for _ in range(recipe.strange):
            article = chance.choice(taught.written)
            claim = chance.choice(article)
            others = [one for one in article if not claim.is_told_in(one.evidence)]
            if others:
                drawn.append(Statement(claim.text, chance.choice(others).evidence, follows=False))
        return drawn, pairs

    def _batch(self, drawn: Sequence[Statement], pairs: list[tuple[int, int]]) -> Batch:
        claims = [statement.text for statement in drawn]
        asked = self._rows.questions(claims)
        _, rows = tokenized(self._rows, asked, [statement.evidence for statement in drawn])
        prompted = [QUESTION_PROMPT + claim for claim in claims]
        found = self._tokenizer(prompted, add_special_tokens=False, return_offsets_mapping=True)
        wrong = []
        for number, (statement, ids) in enumerate(zip(drawn, asked, strict=True)):
            if statement.wrong is not None:
                places = found["offset_mapping"][number][: len(ids)] - np.array(len(QUESTION_PROMPT))
                told = [any(a < s.end and b > s.start for s in statement.wrong) for a, b in places]
                wrong.append((number, torch.tensor(told, dtype=torch.float32)))
        follows = torch.tensor([float(statement.follows) for statement in drawn])
        return Batch(padded(rows, _TOGETHER), follows, wrong, pairs)


class Teacher(Learner):
    """The network while it learns which claims follow."""

    recipe: Recipe

    def __init__(
        self,
        transformer: Any,
        tokenizer: Any,
        taught: Statements,
        recipe: Recipe,
        begin: Mapping[str, torch.Tensor],
        device: str = "cpu",
    ) -> None:
        super().__init__(transformer, recipe, _digest(taught, begin), device)
        self._taught, self._tokenizer = taught, tokenizer
        self.steps, self.shares = recipe.steps, (1.0, 1.0, recipe.order)
        self.begin(begin)

    def draws(self) -> Draws:
        """Return what the steps from here on are taught with."""
        return Draws(self._taught, self._tokenizer, self.recipe, self.step)

    def _losses(self, batch: Batch) -> list[torch.Tensor]:
        reads = self.network(batch.rows)
        back = torch.argsort(torch.tensor([number for read in reads for number in read.numbers]))
        follows = torch.cat([read.follows() for read in reads])[back.to(self.device)]
        of_claims = _entropy(follows, batch.follows.to(self.device))
        place = {number: (read, at) for read in reads for at, number in enumerate(read.numbers)}
        said = [
            # A row begins with a token of its own.
            read.wrong[at, 1 : 1 + len(told)]
            for number, told in batch.wrong
            for read, at in (place[number],)
        ]
        known = [told.to(self.device) for _, told in batch.wrong]
        nothing = of_claims.new_zeros(())
        count = torch.tensor(_WRONG_COUNTS, device=self.device)
        of_tokens = _entropy(torch.cat(said), torch.cat(known), count) if known else nothing
        below = [follows[wrong] - follows[right] for right, wrong in batch.pairs]
        in_order = nn.functional.softplus(torch.stack(below)).mean() if below else nothing
        return [of_claims, of_tokens, in_order]


def _digest(taught: Statements, begin: Mapping[str, torch.Tensor]) -> str:
    """Return what tells these statements and weights to begin with from others."""
    digest = hashlib.sha256()
    for one in chain(*taught.written, *taught.made, *taught.asked):
        digest.update(repr(one).encode())
    for name in sorted(begin):
        digest.update(begin[name].contiguous().numpy().tobytes())
    return digest.hexdigest()


def _entropy(values: torch.Tensor, known: torch.Tensor, weight: torch.Tensor | None = None) -> torch.Tensor:
    return nn.functional.binary_cross_entropy_with_logits(values.float(), known, pos_weight=weight)


def main() -> None:
    """Teach, write the weights, and print their digest and what they are worth."""
    parser = argparse.ArgumentParser(prog="train.reader.claims", description="Teach which claims follow.")
    parser.add_argument("out", nargs="?", type=Path, default=WEIGHTS)
    parser.add_argument("--state", type=Path, default=Path("build/train-reader/claims"), metavar="DIR")
    parser.add_argument("--begin", type=Path, default=READER, help="the weights to begin with")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given, recipe = parsed(parser, Recipe)
    model = load_encoder(Settings()).model
    taught = statements(split(load())[0], random.Random(recipe.seed))
    begin = begun_with(given.begin, recipe.first)
    teacher = Teacher(model[0].auto_model, model.tokenizer, taught, recipe, begin, given.device)
    with logging(given.state) as log:
        log(f"{sum(map(len, taught.written))} claims, {len(taught.made)} and {len(taught.asked)} twins")
        run(teacher, given.state, 0, None, log)
        write(teacher, given.out)
        log(digest(given.out))
        for line in table(ReaderModel(model, given.out)):
            log(line)


def kept_apart() -> Iterator[tuple[str, Statement]]:
    """Yield claims that nothing is taught from, with the name of their group."""
    for _, statement, _ in labelled():
        yield "claims labelled", statement
    for statement in claims_of(split(load())[1]):
        yield "claims held out", statement


def table(model: ReaderModel) -> list[str]:
    """Return how well a model tells claims that follow from others, a line for each group kept apart."""
    groups: dict[str, list[Statement]] = defaultdict(list)
    for group, statement in kept_apart():
        groups[group].append(statement)
    lines = []
    for group, found in groups.items():
        likely = model.follows([one.text for one in found], [one.evidence for one in found])
        told = [(float(value), one.follows) for value, one in zip(likely, found, strict=True)]
        lines.append(f"{group}: {_figures(told)}")
    return lines


def _figures(found: Sequence[tuple[float, bool]]) -> str:
    """Return how well values tell claims that follow from others."""
    right, wrong = ([value for value, follows in found if follows is of] for of in (True, False))
    least = sorted(right)[int(0.08 * len(right))]
    caught = np.mean([value < least for value in wrong])
    return f"{len(found)}, AUROC {auroc(right, wrong):.3f}, caught where .92 are kept {caught:.3f}"


if __name__ == "__main__":
    main()

"""What teaches the question's side: a recipe, and the state of a run that follows it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder

from .lowrank import Weights, change, learned, narrow
from .material import Material
from .questions import QuestionEncoder
from .wording import varied


@dataclass(frozen=True, slots=True)
class Recipe:
    """How questions are taught.

    `share`: this much of its language's mean is first taken out of each passage.
    `varied`: this part of the questions is worded as people type.
    `averaged`: the result is the mean of the weights over this last part of the steps.
    `loyalty`: what it costs a question's vector to move away from where it was.
    `strength`: this much of what was learned counts (Wortsman et al. 2022). Half of it finds as much across
    languages as all of it, and loses less in the same one.
    """

    passes: float = 1.0
    rate: float = 1e-3
    rank: int = 16
    first: int = 0
    share: float = 0.5
    varied: float = 0.2
    averaged: float = 0.5
    loyalty: float = 1.0
    strength: float = 0.5
    temperature: float = 0.03
    batch: int = 48
    seed: int = 1


# Steps over which the rate rises.
_WARM = 20


class Teacher:
    """Changes to an encoder's layers while they learn; `encoder` itself stays as it is."""

    def __init__(
        self, encoder: SentenceEncoder, material: Material, targets: Vectors, recipe: Recipe
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.step = recipe, 0
        self._material = material
        self._targets = torch.from_numpy(targets)
        self._model = QuestionEncoder(encoder)
        self._changed = change(self._model.layers, recipe.first, recipe.rank)
        self._optimizer = torch.optim.AdamW(narrow(self._changed), lr=recipe.rate, weight_decay=0.01)
        self._sum: Weights = {}
        self._summed = 0
        self.steps = max(1, round(recipe.passes * len(material.questions) / recipe.batch))

    def batches(self) -> Iterator[list[int]]:
        """Yield, from the current step on, the numbers of each step's questions."""
        order: list[int] = []
        size = self.recipe.batch
        chance = random.Random(self.recipe.seed)
        for step in range(self.steps):
            if len(order) < size:
                order += _shuffled(self._material.questions, size, chance)
            if step >= self.step:
                yield order[:size]
            del order[:size]

    def vectors(self, questions: Sequence[str]) -> torch.Tensor:
        """Return the questions' vectors as they are now."""
        return self._model.vectors(questions)

    def learn(self, rows: list[int]) -> float:
        """Take one step on these questions and return the loss."""
        recipe, material = self.recipe, self._material
        chance = random.Random(f"{recipe.seed} {self.step}")
        texts = [
            varied(material.questions[row], material.languages[row], chance)
            if chance.random() < recipe.varied
            else material.questions[row]
            for row in rows
        ]
        for group in self._optimizer.param_groups:
            group["lr"] = recipe.rate * self._pace()
        vectors = self.vectors(texts)
        scores = vectors @ self._targets.T / recipe.temperature
        stayed = (vectors * torch.from_numpy(material.plain[rows])).sum(dim=1)
        loss = cross_entropy(scores, torch.from_numpy(material.right[rows]))
        loss = loss + recipe.loyalty * (1 - stayed).mean()
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(narrow(self._changed), 1.0)
        self._optimizer.step()
        self.step += 1
        if self.step > self.steps * (1 - recipe.averaged):
            self._add()
        return float(loss.item())

    def _pace(self) -> float:
        """Return the share of the rate at this step: it rises, then falls to a tenth."""
        return min(1.0, (self.step + 1) / _WARM) * (1 - 0.9 * self.step / self.steps)

    def _add(self) -> None:
        for name, value in learned(self._changed).items():
            self._sum[name] = self._sum[name] + value if name in self._sum else value
        self._summed += 1

    def weights(self) -> Weights:
        """Return the mean weights of the last part (before it: the current ones), scaled by `strength`."""
        mean = learned(self._changed)
        if self._summed:
            mean = {name: value / self._summed for name, value in self._sum.items()}
        return {n: v * self.recipe.strength if n.endswith(".up") else v for n, v in mean.items()}

    def state(self) -> dict[str, Any]:
        """Return all that is needed to continue from here."""
        return {
            "recipe": asdict(self.recipe),
            "material": self._material.digest(),
            "step": self.step,
            "learned": learned(self._changed),
            "optimizer": self._optimizer.state_dict(),
            "sum": self._sum,
            "summed": self._summed,
        }

    def take_up(self, state: dict[str, Any]) -> None:
        """Continue from a state.

        Raises ValueError if it belongs to another recipe or other material.
        """
        own = self.state()
        for what in ("recipe", "material"):
            if state[what] != own[what]:
                raise ValueError(f"the state belongs to another {what}: delete it, or name another --state")
        with torch.no_grad():
            for name, part in self._changed.items():
                part.down.copy_(state["learned"][f"{name}.down"])
                part.up.copy_(state["learned"][f"{name}.up"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.step, self._sum, self._summed = state["step"], state["sum"], state["summed"]


def _shuffled(questions: Sequence[str], size: int, chance: random.Random) -> list[int]:
    """Return the numbers of all questions, shuffled so that a batch holds questions of similar length."""
    order = list(range(len(questions)))
    chance.shuffle(order)
    # Sorting eight batches at a time saves padding and leaves each batch varied.
    pools = [order[at : at + 8 * size] for at in range(0, len(order), 8 * size)]
    batches = []
    for pool in pools:
        pool.sort(key=lambda number: len(questions[number]))
        batches += [pool[at : at + size] for at in range(0, len(pool), size)]
    chance.shuffle(batches)
    return [number for batch in batches for number in batch]

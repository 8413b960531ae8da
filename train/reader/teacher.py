"""What teaches the reader which sentences answer: a recipe, and the losses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from index.model.reader.network import NOWHERE, UNANSWERED, Network
from train.lowrank import Weights

from .learner import SCALARS, Course, Learner
from .lists import Batch, Draws, Lists


@dataclass(frozen=True, slots=True)
class Recipe(Course):
    """How the reader is taught.

    A step has `batch` lists of `size` rows; the share `documents` of them are questions on documents.
    `passes` are those over the lists of clusters. Of the lists `lost` lose their right row, of the questions
    `varied` are worded as people type. `scalar_rate` is the rate of the weights of search; what search says
    begins with the weight `promise` in ranking. `spans` and `answers` weigh the losses.
    """

    passes: float = 2.0
    batch: int = 4
    size: int = 7
    documents: float = 0.25
    scalar_rate: float = 1e-3
    promise: float = 20.0
    lost: float = 1 / 7
    varied: float = 1 / 7
    spans: float = 0.5
    answers: float = 1.0


class Teacher(Learner):
    """The network while it learns which sentences answer.

    `answers` are the weights that locate answers, which it begins with; `promise` is what likeness, full text
    and match count in ranking then, beside each other.
    """

    recipe: Recipe

    def __init__(
        self,
        transformer: Any,
        lists: Lists,
        recipe: Recipe,
        device: str,
        answers: Weights,
        promise: tuple[float, float, float],
        begin: Mapping[str, torch.Tensor] | None = None,
    ) -> None:
        super().__init__(transformer, recipe, lists.digest, device)
        self._lists, self.shares = lists, (1.0, recipe.spans, recipe.answers)
        if begin is None:
            begin = _begun(self.network, answers, recipe.promise * torch.tensor(promise))
        self.begin(begin)
        own = round(recipe.batch * (1 - recipe.documents)) if lists.documents else recipe.batch
        self.steps = max(1, round(recipe.passes * len(lists.clusters) / own))

    def _rate(self, name: str) -> float:
        return self.recipe.scalar_rate if name in SCALARS else super()._rate(name)

    def draws(self) -> Draws:
        """Return what the steps from here on are taught with."""
        return Draws(self._lists, self.recipe, self.step, self.steps, wide=self.device.startswith("cuda"))

    def _losses(self, batch: Batch) -> list[torch.Tensor]:
        network, device = self.network, self.device
        reads = network(batch.rows)
        order = torch.cat([torch.tensor(read.numbers) for read in reads]).to(device)
        back = torch.argsort(order)
        spans = torch.cat([read.spans() for read in reads])[back]
        first = torch.cat([read.first for read in reads])[back]
        golds = torch.full_like(spans, 0.0)
        for read in reads:
            places, begins, ends = batch.golds(read.numbers)
            if places:
                values = read.pairs[places, begins, ends]
                golds = golds.index_put(
                    (torch.tensor([read.numbers[p] for p in places], device=device),), values
                )
        rows, there = batch.place.to(device), batch.there.to(device)
        features, right = batch.features.to(device), batch.right.to(device)
        found, is_there = batch.found.to(device), right < there.shape[1]
        # A list that was given the right row, which search had missed, says nothing of search's worth.
        promise = torch.where(found[:, None, None], network.ranking, network.ranking.detach())
        ranked = (spans - first[:, NOWHERE])[rows] + (features * promise).sum(2)
        ranked = ranked.masked_fill(~there, -1e4)
        answering = (spans - first[:, UNANSWERED])[rows] + features @ network.answering
        answering = answering.masked_fill(~there, -1e4)
        answering = torch.cat([answering, network.none.expand(len(rows), 1)], 1)
        answered = nn.functional.cross_entropy(answering.float(), right)
        chosen = right.clamp(max=there.shape[1] - 1)
        of_right = nn.functional.cross_entropy(ranked.float()[is_there], chosen[is_there])
        known = is_there & batch.placed.to(device)
        row = rows.gather(1, chosen[:, None])[:, 0]
        span = (golds[row] - spans[row] + ranked.gather(1, chosen[:, None])[:, 0])[known]
        of_span = (torch.logsumexp(ranked[known], 1) - span).mean()
        return [loss.nan_to_num() for loss in (of_right, of_span, answered)]

    def scalars(self) -> str:
        """Return the weights of what search says, and what none is worth."""
        named = dict(self.network.named_parameters())
        told = [named[name].detach().reshape(-1).tolist() for name in SCALARS]
        return " ".join("/".join(f"{value:.1f}" for value in values) for values in told)


def _begun(network: Network, answers: Weights, promise: torch.Tensor) -> Weights:
    """Return the weights of a network that locates answers and knows what search says."""
    exact = {name: value.detach().float().clone() for name, value in network.named_parameters()}
    weight, bias = answers["ends.weight"].float(), answers["ends.bias"].float()
    exact["ends.weight"], exact["ends.bias"] = weight, bias
    exact["token.weight"] = torch.stack([weight.sum(0), weight.sum(0), torch.zeros_like(weight[0])])
    exact["token.bias"] = torch.stack([bias.sum(), bias.sum(), torch.zeros(())])
    for name in {name.rpartition(".")[0] for name in answers if not name.startswith("ends")}:
        number, _, matrix = name.partition(".")
        change = answers[f"{name}.up"].float() @ answers[f"{name}.down"].float()
        own = f"layers.{int(number) - network.first_taught}.{matrix}.weight"
        exact[own] += change
    # Claims are taught later.
    exact["wrong.weight"], exact["wrong.bias"] = torch.zeros_like(weight[:1]), torch.zeros(1)
    exact["ranking"], exact["answering"], exact["none"] = promise, promise / 2, torch.tensor(3.0)
    return exact

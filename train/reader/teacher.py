"""What teaches the reader: a recipe, and the state of a run that follows it."""

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from index.model.reader.network import FOLLOWS, NOWHERE, UNANSWERED, Network
from train.lowrank import Weights

from .lists import Batch, Draws, Lists


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is taught.

    A step has `batch` lists of `size` rows and `claims` claims; the share `documents` of the lists are
    questions on documents. `passes` are those over the lists of clusters. Of the lists `lost` lose their
    right row, of the questions `varied` are worded as people type, of the claims `strange` get other
    evidence.
    `rate` is the layers', `head_rate` that of the heads, `scalar_rate` that of the weights of search. What
    search says begins with the weight `promise` in ranking. What is stored is a mean of the weights after all
    steps, in which late ones count more, the more the greater `recency` is (Shamir and Zhang 2013). `depth`
    layers read; those from `first` on learn, with `dropout`. `spans`, `answers` and `claim_share` weigh the
    losses.
    """

    passes: float = 2.0
    batch: int = 4
    size: int = 7
    claims: int = 4
    documents: float = 0.25
    depth: int = 9
    first: int = 3
    dropout: float = 0.1
    rate: float = 5e-5
    head_rate: float = 3e-4
    scalar_rate: float = 1e-3
    promise: float = 20.0
    lost: float = 1 / 7
    varied: float = 1 / 7
    strange: float = 0.12
    spans: float = 0.5
    answers: float = 1.0
    claim_share: float = 0.5
    recency: float = 4.0
    seed: int = 1


# The share of the steps over which the rates rise; the weights go into the mean after each of so many steps.
_WARM, _AVERAGED = 0.06, 5
_SCALARS = ("ranking", "answering", "none")


class Teacher:
    """The network while it learns; it computes in bfloat16 and is kept in float32.

    `answers` are the weights that locate answers, which it begins with; `promise` are the shares of likeness,
    full text and match by which candidates are chosen before they are read.
    """

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
        torch.manual_seed(recipe.seed)
        self.recipe, self.step, self._lists, self._device = recipe, 0, lists, device
        # It learns in full precision, and the encoder stays as it is.
        network = Network(copy.deepcopy(transformer).float(), recipe.depth, recipe.first)
        _begin(network, answers, recipe.promise * torch.tensor(promise))
        if begin:
            network.load_state_dict({name: value.float() for name, value in begin.items()})
        for parameter in network._lower[0].parameters():
            parameter.requires_grad_(False)
        for parameter in network.parameters():
            parameter.requires_grad_(True)
        network._lower[0].to(device)
        self.network = network.to(device)
        _drop(network._lower[0], recipe.dropout)
        fused = device.startswith("cuda")
        self._optimizer = torch.optim.AdamW(_groups(network, recipe), weight_decay=0.01, fused=fused)
        self._mean: Weights = {}
        own = round(recipe.batch * (1 - recipe.documents)) if lists.documents else recipe.batch
        self.steps = max(1, round(recipe.passes * len(lists.clusters) / own))

    def draws(self) -> Draws:
        """Return what the steps from here on are taught with."""
        return Draws(self._lists, self.recipe, self.step, self.steps, wide=self._device.startswith("cuda"))

    def learn(self, batch: Batch) -> torch.Tensor:
        """Take one step and return the losses: right row, span, answer or none, claims."""
        self.network.train()
        self.network._lower[0].train()
        # What dropout leaves out depends on the step alone: a run that was stopped goes on as it would have.
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.step)
        for group in self._optimizer.param_groups:
            group["lr"] = group["full"] * self._pace()
        with torch.autocast(self._device.partition(":")[0], torch.bfloat16):
            losses = self._losses(batch)
        recipe = self.recipe
        weights = (1.0, recipe.spans, recipe.answers, recipe.claim_share)
        total = torch.stack([w * loss for w, loss in zip(weights, losses, strict=True)]).sum()
        self._optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        large = [value for name, value in self.network.named_parameters() if name not in _SCALARS]
        nn.utils.clip_grad_norm_(large, 1.0)
        self._optimizer.step()
        self.step += 1
        if self.step % _AVERAGED == 0:
            self._average(self.step // _AVERAGED)
        return torch.stack(losses).detach()

    def _losses(self, batch: Batch) -> list[torch.Tensor]:
        network, device = self.network, self._device
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
        claimed = first[batch.claims_from :, FOLLOWS]
        follows = batch.follows.to(device)
        of_claims = nn.functional.binary_cross_entropy_with_logits(claimed.float(), follows)
        return [loss.nan_to_num() for loss in (of_right, of_span, answered, of_claims)]

    def _pace(self) -> float:
        """Return the share of the rates at this step: it rises, then falls to a fiftieth."""
        done = self.step / self.steps
        return min(1.0, (done + 1 / self.steps) / _WARM) * (1 - 0.98 * done)

    def _average(self, number: int) -> None:
        """Take the weights as they are now into the mean, as its part of this number."""
        share = (1 + self.recipe.recency) / (number + self.recipe.recency)
        for name, value in self.network.named_parameters():
            held = value.detach()
            if name in self._mean:
                self._mean[name].lerp_(held, share)
            else:
                self._mean[name] = held.clone()

    def weights(self) -> Weights:
        """Return the mean of what was learned, or before there is one what is learned now."""
        return self._mean or {name: value.detach() for name, value in self.network.named_parameters()}

    def scalars(self) -> str:
        """Return the weights of what search says, and what none is worth."""
        named = dict(self.network.named_parameters())
        told = [named[name].detach().reshape(-1).tolist() for name in _SCALARS]
        return " ".join("/".join(f"{value:.1f}" for value in values) for values in told)

    def state(self) -> dict[str, Any]:
        """Return all that it takes to go on from here."""
        return {
            "recipe": asdict(self.recipe),
            "material": self._lists.digest,
            "step": self.step,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "mean": self._mean,
        }

    def take_up(self, state: dict[str, Any]) -> None:
        """Go on from a state.

        Raises ValueError if it is of another recipe or other material.
        """
        own = {"recipe": asdict(self.recipe), "material": self._lists.digest}
        for what, known in own.items():
            if state.get(what, known) != known:
                raise ValueError(f"the state is of another {what}: delete it, or name another folder for it")
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.step, self._mean = state["step"], state["mean"]


def _drop(module: nn.Module, share: float) -> None:
    for part in module.modules():
        if isinstance(part, nn.Dropout):
            part.p = share


def _begin(network: Network, answers: Weights, promise: torch.Tensor) -> None:
    """Give a network what locates answers, and what search says."""
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
    # At first as many tokens as a claim has say nothing.
    exact["wrong.weight"], exact["wrong.bias"] = torch.zeros_like(weight[:1]), torch.full((1,), -3.0)
    exact["ranking"], exact["answering"], exact["none"] = promise, promise / 2, torch.tensor(3.0)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(exact[name])


def _groups(network: Network, recipe: Recipe) -> list[dict[str, Any]]:
    groups: dict[float, list[torch.Tensor]] = {}
    for name, parameter in network.named_parameters():
        rate = recipe.rate if name.startswith("layers.") else recipe.head_rate
        groups.setdefault(recipe.scalar_rate if name in _SCALARS else rate, []).append(parameter)
    return [{"params": params, "lr": rate, "full": rate} for rate, params in groups.items()]

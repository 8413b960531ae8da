"""What teaches the reader: a recipe, and the state of a run that follows it."""

import copy
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from index.model.answer_spans import WEIGHTS as ANSWERS
from index.search import WEIGHTS as SEARCH
from qa.evidence.weights import EVIDENCE
from train.lowrank import Weights

from .lists import Drawn, Lists
from .network import FOLLOWS, NOWHERE, UNANSWERED, Network, Read, Tokenized


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is taught.

    A step has `batch` lists of `size` rows and `claims` claims. Of the lists `lost` lose their right row, of
    the questions `varied` are worded as people type, of the claims `strange` get other evidence. `rate` is
    the layers', `head_rate` that of the heads, `scalar_rate` that of the weights of search for refusing. For
    ranking, what search says weighs `promise`: lists into which right rows are put that search missed would
    teach too little. What is stored is a mean of the weights after all steps, in which late ones count more,
    the more the greater `recency` is (Shamir and Zhang 2013). Layers from `first` on learn.
    """

    passes: float = 1.0
    batch: int = 4
    size: int = 7
    claims: int = 4
    rate: float = 5e-5
    head_rate: float = 3e-4
    scalar_rate: float = 3e-2
    promise: float = 20.0
    first: int = 3
    lost: float = 1 / 7
    varied: float = 1 / 7
    strange: float = 0.12
    spans: float = 0.5
    claim_share: float = 0.5
    recency: float = 4.0
    seed: int = 1


# Steps over which the rates rise; the weights go into the mean after each of so many steps.
_WARM, _AVERAGED = 50, 10
_SCALARS = ("ranking", "answering", "none")
# How candidates are chosen before they are read, by likeness, full text and match.
PROMISE = (1.0, SEARCH.lexical, EVIDENCE.glance)


class Teacher:
    """The network while it learns, in bfloat16; what is added up over the steps is kept in float32."""

    def __init__(
        self, transformer: Any, lists: Lists, recipe: Recipe, device: str, begin: Path | None = None
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.step, self._lists = recipe, 0, lists
        # What stays is turned into bfloat16 as well, and the encoder is to stay as it is.
        self._network = Network(copy.deepcopy(transformer), first=recipe.first)
        learned = load_file(begin) if begin else {}
        exact = _begun(self._network, learned)
        exact["ranking"] = recipe.promise * torch.tensor(PROMISE)
        with torch.no_grad():
            self._network.ranking.copy_(exact["ranking"])
        self._network.layers.to(torch.bfloat16)
        self._network._lower[0].to(device, torch.bfloat16).eval()
        self._network.to(device)
        self._named = dict(self._network.named_parameters())
        for parameter in self._network._lower[0].parameters():
            parameter.requires_grad_(False)
        for parameter in self._named.values():
            parameter.requires_grad_(True)
        self._masters = {name: exact[name].to(device).requires_grad_() for name in self._named}
        self._optimizer = torch.optim.AdamW(_groups(self._masters, recipe), weight_decay=0.01)
        self._mean: Weights = {}
        self.steps = max(1, round(recipe.passes * len(lists.lists) / recipe.batch))
        self._order = _order(len(lists.lists), self.steps * recipe.batch, recipe.seed)
        self._claims = _order(len(lists.claims), self.steps * recipe.claims, recipe.seed + 1)

    def learn(self) -> list[float]:
        """Take one step and return the losses: right row, span, answer or none, claims."""
        recipe = self.recipe
        chance = random.Random(f"{recipe.seed} {self.step}")
        for group in self._optimizer.param_groups:
            group["lr"] = group["full"] * self._pace()
        lists, rows = self._drawn(chance), list[Tokenized]()
        for drawn in lists:
            rows += drawn.rows
        claims = self._claimed(chance)
        values = _Values(self._network(rows + [claim.row for claim in claims]), _golds(lists))
        losses = self._losses(lists, values, claims_from=len(rows))
        follows = torch.tensor([claim.follows for claim in claims], device=values.first.device).float()
        losses.append(
            nn.functional.binary_cross_entropy_with_logits(values.first[len(rows) :, FOLLOWS], follows)
        )
        weights = (1.0, recipe.spans, 1.0, recipe.claim_share)
        total = torch.stack([w * loss for w, loss in zip(weights, losses, strict=True)]).sum()
        self._advance(total)
        return [float(loss.detach()) for loss in losses]

    def _drawn(self, chance: random.Random) -> list[Drawn]:
        recipe = self.recipe
        at = self.step * recipe.batch
        chosen = [self._lists.lists[number] for number in self._order[at : at + recipe.batch]]
        return [
            self._lists.materials[m].draw(n, recipe.size, recipe.lost, recipe.varied, chance)
            for m, n in chosen
        ]

    def _claimed(self, chance: random.Random) -> list[Any]:
        recipe = self.recipe
        at = self.step * recipe.claims
        chosen = [self._lists.claims[number] for number in self._claims[at : at + recipe.claims]]
        return [self._lists.materials[m].claim(n, recipe.strange, chance) for m, n in chosen]

    def _losses(self, lists: list[Drawn], values: "_Values", claims_from: int) -> list[torch.Tensor]:
        """Return the mean losses of the right row, of its span, and of the right row or none."""
        network = self._network
        found: list[list[torch.Tensor]] = [[], [], []]
        at = 0
        for drawn in lists:
            own = slice(at, at + len(drawn.rows))
            features = torch.from_numpy(drawn.features).to(values.first.device)
            ranked = values.spans[own] - values.first[own, NOWHERE] + features @ network.ranking
            answering = values.spans[own] - values.first[own, UNANSWERED] + features @ network.answering
            answering = torch.cat([answering, network.none[None]])
            # The last of all stands for none.
            found[2].append(torch.logsumexp(answering, 0) - answering[drawn.right])
            if drawn.right >= 0:
                every = torch.logsumexp(ranked, 0)
                found[0].append(every - ranked[drawn.right])
                if drawn.span:
                    right = at + drawn.right
                    span = values.golds[right] - values.spans[right] + ranked[drawn.right]
                    found[1].append(every - span)
            at = own.stop
        none = torch.zeros((), device=values.first.device)
        return [torch.stack(losses).mean() if losses else none for losses in found]

    def _advance(self, total: torch.Tensor) -> None:
        total.backward()  # type: ignore[no-untyped-call]
        for name, parameter in self._named.items():
            master = self._masters[name]
            master.grad = parameter.grad.float() if parameter.grad is not None else torch.zeros_like(master)
            parameter.grad = None
        large = [master for name, master in self._masters.items() if name not in _SCALARS]
        nn.utils.clip_grad_norm_(large, 1.0)
        self._optimizer.step()
        with torch.no_grad():
            for name, parameter in self._named.items():
                parameter.copy_(self._masters[name])
        self.step += 1
        if self.step % _AVERAGED == 0:
            self._average(self.step // _AVERAGED)

    def _pace(self) -> float:
        """Return the share of the rates at this step: it rises, then falls to a twentieth."""
        return min(1.0, (self.step + 1) / _WARM) * (1 - 0.95 * self.step / self.steps)

    def _average(self, number: int) -> None:
        """Take the weights as they are now into the mean, as its part of this number."""
        share = (1 + self.recipe.recency) / (number + self.recipe.recency)
        for name, value in self._masters.items():
            held = value.detach()
            self._mean[name] = (
                torch.lerp(self._mean[name], held, share) if name in self._mean else held.clone()
            )

    def weights(self) -> Weights:
        """Return the mean of what was learned, or before there is one what is learned now."""
        return self._mean or {name: value.detach() for name, value in self._masters.items()}

    def scalars(self) -> str:
        """Return the weights of what search says, and what none is worth."""
        told = [self._masters[name].detach().reshape(-1).tolist() for name in _SCALARS]
        return " ".join("/".join(f"{value:.1f}" for value in values) for values in told)

    def state(self) -> dict[str, Any]:
        """Return all that it takes to go on from here."""
        return {
            "recipe": asdict(self.recipe),
            "material": self._lists.digest,
            "step": self.step,
            "masters": {name: value.detach() for name, value in self._masters.items()},
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
        with torch.no_grad():
            for name, master in self._masters.items():
                master.copy_(state["masters"][name])
                self._named[name].copy_(master)
        self._optimizer.load_state_dict(state["optimizer"])
        self.step, self._mean = state["step"], state["mean"]


class _Values:
    """What was read of all rows, in their order: spans together, the right span, the first token's values."""

    def __init__(self, reads: list[Read], golds: dict[int, tuple[int, int]]) -> None:
        order = torch.tensor([number for read in reads for number in read.numbers])
        back = torch.argsort(order).to(reads[0].first.device)
        self.spans = torch.cat([read.spans() for read in reads])[back]
        self.first = torch.cat([read.first for read in reads])[back]
        self.golds = {
            number: read.pairs[place, golds[number][0], golds[number][1]]
            for read in reads
            for place, number in enumerate(read.numbers)
            if number in golds
        }


def _golds(lists: list[Drawn]) -> dict[int, tuple[int, int]]:
    """Return the right span by the number of its row among all rows."""
    found, at = {}, 0
    for drawn in lists:
        if drawn.span:
            found[at + drawn.right] = drawn.span
        at += len(drawn.rows)
    return found


def _begun(network: Network, learned: Weights) -> Weights:
    """Return the network's first weights: learned earlier, or what locates answers."""
    exact = {name: value.detach().float().clone() for name, value in network.named_parameters()}
    if learned:
        exact |= {name: value.float() for name, value in learned.items()}
    else:
        answers = load_file(ANSWERS)
        weight, bias = answers.pop("ends.weight").float(), answers.pop("ends.bias").float()
        exact["ends.weight"], exact["ends.bias"] = weight, bias
        exact["token.weight"] = torch.stack([weight.sum(0), weight.sum(0), torch.zeros_like(weight[0])])
        exact["token.bias"] = torch.stack([bias.sum(), bias.sum(), torch.zeros(())])
        for name in {name.rpartition(".")[0] for name in answers}:
            number, _, matrix = name.partition(".")
            change = answers[f"{name}.up"].float() @ answers[f"{name}.down"].float()
            exact[f"layers.{int(number) - network.first_taught}.{matrix}.weight"] += change
    if "wrong.weight" not in learned:
        # At first as many tokens as a claim has say nothing.
        exact["wrong.weight"], exact["wrong.bias"] = torch.zeros(1, 384), torch.full((1,), -3.0)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(exact[name])
    return exact


def _groups(masters: Weights, recipe: Recipe) -> list[dict[str, Any]]:
    groups: dict[float, list[torch.Tensor]] = {}
    for name, master in masters.items():
        rate = recipe.rate if name.startswith("layers.") else recipe.head_rate
        if name in _SCALARS:
            rate = 0.0 if name == "ranking" else recipe.scalar_rate
        groups.setdefault(rate, []).append(master)
    return [{"params": params, "lr": rate, "full": rate} for rate, params in groups.items()]


def _order(count: int, wanted: int, seed: int) -> list[int]:
    """Return `wanted` numbers, each of `count` once before any comes again."""
    chance, found = random.Random(seed), list[int]()
    while count and len(found) < wanted:
        numbers = list(range(count))
        chance.shuffle(numbers)
        found += numbers
    return found[:wanted]

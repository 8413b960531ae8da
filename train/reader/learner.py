"""A network while it learns: its steps, the mean of its weights, and the state that a run goes on from."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.data import Dataset

from index.model.reader.network import Network
from train.lowrank import Weights

# The share of the steps over which the rates rise; the weights go into the mean after each of so many steps.
_WARM, _AVERAGED = 0.06, 5
# The weights of search, and what none is worth: few numbers, whose gradients are not cut.
SCALARS = ("ranking", "answering", "none")


@dataclass(frozen=True, slots=True)
class Course:
    """What a recipe says, whatever is taught.

    `depth` layers read; those from `first` on learn, with `dropout`. `rate` is the layers', `head_rate` that
    of the heads. What is stored is a mean of the weights after all steps, in which late ones count more, the
    more the greater `recency` is (Shamir and Zhang 2013).
    """

    depth: int = 9
    first: int = 3
    dropout: float = 0.1
    rate: float = 5e-5
    head_rate: float = 3e-4
    recency: float = 4.0
    seed: int = 1


class Learner(ABC):
    """A network that learns; it computes in bfloat16 and is kept in float32.

    `digest` tells what it is taught from.
    """

    steps: int
    # How much each of the losses counts.
    shares: Sequence[float]

    def __init__(self, transformer: Any, recipe: Course, digest: str, device: str) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.step, self.digest, self.device = recipe, 0, digest, device
        # It learns in full precision, and the encoder stays as it is.
        self.network = Network(copy.deepcopy(transformer).float(), recipe.depth, recipe.first)
        self._mean: Weights = {}

    def begin(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Begin with these weights, and with the encoder's in layers of which they have nothing.

        Raises ValueError if they have others than the network.
        """
        network, lower = self.network, self.network._lower[0]
        both = network.load_state_dict({n: value.float() for n, value in weights.items()}, strict=False)
        held = {_layer(name) for name in weights}
        missing = [n for n in both.missing_keys if not n.startswith("layers.") or _layer(n) in held]
        if strange := both.unexpected_keys + missing:
            raise ValueError(f"the weights to begin with are of another network: see {strange[0]}")
        for parameter in lower.parameters():
            parameter.requires_grad_(False)
        for parameter in network.parameters():
            parameter.requires_grad_(True)
        for part in lower.modules():
            if isinstance(part, nn.Dropout):
                part.p = self.recipe.dropout
        lower.to(self.device)
        network.to(self.device)
        groups: dict[float, list[torch.Tensor]] = {}
        for name, parameter in network.named_parameters():
            groups.setdefault(self._rate(name), []).append(parameter)
        self._optimizer = torch.optim.AdamW(
            [{"params": params, "lr": rate, "full": rate} for rate, params in groups.items()],
            weight_decay=0.01,
            fused=self.device.startswith("cuda"),
        )

    @abstractmethod
    def draws(self) -> Dataset[Any]:
        """Return what the steps from here on are taught with."""

    @abstractmethod
    def _losses(self, batch: Any) -> list[torch.Tensor]: ...

    def _rate(self, name: str) -> float:
        return self.recipe.rate if name.startswith("layers.") else self.recipe.head_rate

    def scalars(self) -> str:
        """Return what else is worth telling of the network."""
        return ""

    def learn(self, batch: Any) -> torch.Tensor:
        """Take one step and return the losses."""
        self.network.train()
        self.network._lower[0].train()
        # What dropout leaves out depends on the step alone: a run that was stopped goes on as it would have.
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.step)
        for group in self._optimizer.param_groups:
            group["lr"] = group["full"] * self._pace()
        with torch.autocast(self.device.partition(":")[0], torch.bfloat16):
            losses = self._losses(batch)
        total = torch.stack([share * loss for share, loss in zip(self.shares, losses, strict=True)]).sum()
        self._optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        large = [value for name, value in self.network.named_parameters() if name not in SCALARS]
        nn.utils.clip_grad_norm_(large, 1.0)
        self._optimizer.step()
        self.step += 1
        if self.step % _AVERAGED == 0:
            self._average(self.step // _AVERAGED)
        return torch.stack(losses).detach()

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

    def state(self) -> dict[str, Any]:
        """Return all that it takes to go on from here."""
        return {
            "recipe": asdict(self.recipe),
            "material": self.digest,
            "step": self.step,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "mean": self._mean,
        }

    def take_up(self, state: dict[str, Any]) -> None:
        """Go on from a state.

        Raises ValueError if it is of another recipe or other material.
        """
        own = {"recipe": asdict(self.recipe), "material": self.digest}
        for what, known in own.items():
            if state.get(what, known) != known:
                raise ValueError(f"the state is of another {what}: delete it, or name another folder for it")
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.step, self._mean = state["step"], state["mean"]


def _layer(name: str) -> tuple[str, ...]:
    """Return the layer of a weight: "layers" and its number."""
    return tuple(name.split(".")[:2])

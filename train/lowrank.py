"""Small changes to a transformer's layers: products of two narrow matrices (LoRA, Hu et al. 2021)."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
Weights = dict[str, torch.Tensor]


class Changed(nn.Module):
    """A linear layer that stays as it is, plus a product of two narrow matrices of `rank`, which learn."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the sum of both, in the number type of the layer that stays."""
        down, up = self.down.to(inputs.dtype), self.up.to(inputs.dtype)
        changed: torch.Tensor = self.base(inputs) + (inputs @ down.T) @ up.T
        return changed


def change(transformer: Any, first: int, rank: int) -> dict[str, Changed]:
    """Add changes to a transformer's layers from number `first` on; return them by what they change."""
    for parameter in transformer.parameters():
        parameter.requires_grad_(False)
    changed = {}
    for number, layer in enumerate(transformer.encoder.layer):
        for part in PARTS if number >= first else ():
            holder, _, name = part.rpartition(".")
            parent = layer.get_submodule(holder)
            changed[f"{number}.{part}"] = Changed(getattr(parent, name), rank)
            setattr(parent, name, changed[f"{number}.{part}"])
    return changed


def narrow(changed: dict[str, Changed]) -> list[nn.Parameter]:
    """Return the parameters that learn."""
    return [parameter for part in changed.values() for parameter in (part.down, part.up)]


def write(weights: Weights, out: Path, said: Mapping[str, str]) -> None:
    """Write weights in half precision, with what is said of them.

    A kill leaves the old file or the new one.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_suffix(".new")
    save_file({name: value.half().contiguous().cpu() for name, value in weights.items()}, temporary, {**said})
    temporary.replace(out)


def learned(changed: dict[str, Changed]) -> Weights:
    """Return a copy of what has been learned, by the place of the matrix that it changes."""
    return {
        f"{name}.{half}": getattr(part, half).detach().clone()
        for name, part in changed.items()
        for half in ("down", "up")
    }

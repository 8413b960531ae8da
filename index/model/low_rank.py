"""Trained changes to a model's layers, as products of two narrow matrices (LoRA: Hu et al. 2021)."""

import copy
from typing import TYPE_CHECKING, Any

from .token_vectors import lower_layers

if TYPE_CHECKING:
    import torch


def changed_layers(transformer: Any, learned: "dict[str, torch.Tensor]") -> Any:
    """Return the layers of `transformer` up to the last changed one; unchanged ones are shared with it.

    `learned` has `LAYER.MATRIX.down` and `.up` for each changed matrix.
    """
    names = {name.rpartition(".")[0] for name in learned}
    numbers = sorted({int(name.partition(".")[0]) for name in names})
    lower = lower_layers(transformer, numbers[-1] + 1)
    layers = lower.encoder.layer
    for number in numbers:
        layers[number] = copy.deepcopy(layers[number])
    for name in names:
        weight = layers.get_submodule(name).weight
        change = learned[f"{name}.up"].float() @ learned[f"{name}.down"].float()
        weight.data = (weight.data.float() + change).to(weight.dtype)
    return lower

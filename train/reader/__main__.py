"""Teach the reader: which sentence answers, where in it, and whether any does.

    python -m train.reader PACK.npz [OUT.safetensors] [--state DIR] [--passes 8]

PACK is of `train.reader.pack`; nothing else is needed but torch, transformers and safetensors, so that it
runs on a machine with a GPU that has no more. Begins with the layers that locate answers. What is done is
kept in the folder of the state: a run that was stopped goes on there. At the end it is measured.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from index.model.reader.judge import load_network

from .lists import Lists, Material
from .measure import Measured
from .running import begun_with, digest, logging, parsed, run, write
from .teacher import Recipe, Teacher

WEIGHTS = Path("build/train-reader/reader.safetensors")


def main() -> None:
    """Teach, write the weights, and print their digest."""
    parser = argparse.ArgumentParser(prog="train.reader", description="Teach the reader.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("out", nargs="?", type=Path, default=WEIGHTS)
    parser.add_argument("--state", type=Path, default=Path("build/train-reader/run"), metavar="DIR")
    parser.add_argument("--begin", type=Path, help="begin with the weights of an earlier run")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare what is read")
    parser.add_argument("--seconds", type=float, help="shorten the plan to what takes so long")
    given, recipe = parsed(parser, Recipe)
    with np.load(given.pack) as stored:
        pack = {name: stored[name] for name in stored.files}
    known = hashlib.sha256(given.pack.read_bytes()).hexdigest()
    begin = begun_with(given.begin, recipe.first) if given.begin else None
    teacher = Teacher(
        transformer_of(pack),
        _lists(pack, known),
        recipe,
        given.device,
        part(pack, "answers", torch.from_numpy),
        tuple(pack["promise"].tolist()),
        begin,
    )
    with logging(given.state) as log:
        run(teacher, given.state, given.workers, given.seconds, log)
        write(teacher, given.out)
        log(digest(given.out))
        if "measured.ids" in pack:
            network = load_network(transformer_of(pack), given.out).to(given.device)
            network._lower[0].to(given.device)
            for line in Measured(pack).table(network, given.device, pack["promise"].tolist()):
                log(line)


def transformer_of(pack: Mapping[str, Any]) -> Any:
    """Return the encoder's transformer that a pack holds."""
    from transformers import AutoConfig, AutoModel

    config = json.loads(str(pack["config"]))
    transformer = AutoModel.from_config(AutoConfig.for_model(**config), attn_implementation="sdpa")
    kept = part(pack, "model", lambda value: torch.from_numpy(value).float())
    words = torch.from_numpy(pack["words"]).float() * torch.from_numpy(pack["scale"]).float()[:, None]
    kept["embeddings.word_embeddings.weight"] = words.reshape(-1, config["hidden_size"])
    missing = transformer.load_state_dict(kept, strict=False).missing_keys
    if strange := [name for name in missing if not name.startswith(("pooler", "embeddings.position_ids"))]:
        raise ValueError(f"the pack has no {strange[0]}: make it again")
    return transformer


def part(
    pack: Mapping[str, Any], name: str, made: Callable[[Any], Any] = lambda value: value
) -> dict[str, Any]:
    """Return what a pack holds under a name."""
    return {key.partition(".")[2]: made(value) for key, value in pack.items() if key.startswith(f"{name}.")}


def _lists(pack: Mapping[str, Any], known: str) -> Lists:
    documents = part(pack, "documents")
    return Lists(Material(part(pack, "clusters")), Material(documents) if documents else None, known)


if __name__ == "__main__":
    main()

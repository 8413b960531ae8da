"""Teach the reader: which sentence answers, where in it, whether any does, and whether a claim follows.

    python -m train.reader PACK.npz [OUT.safetensors] [--state DIR] [--passes 8]

PACK is of `train.reader.pack`; nothing else is needed but torch, transformers and safetensors, so that it
runs on a machine with a GPU that has no more. Begins with the layers that locate answers. What is done is
kept in the folder of the state: a run that was stopped goes on there. At the end it is measured.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.utils.data import DataLoader

from index.model.reader.network import Network

from .lists import Lists, Material
from .measure import Measured
from .teacher import Recipe, Teacher

WEIGHTS = Path("build/train-reader/reader.safetensors")
# Steps after which a line is written to the log; seconds after which the state is written.
_LOGGED, _KEPT_SECONDS = 50, 240
# Steps between which it is measured how long one takes.
_TIMED = (20, 60)
_Log = Callable[[str], None]


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
    for one in fields(Recipe):
        parser.add_argument(f"--{one.name}", type=type(one.default), default=one.default)
    given = parser.parse_args()
    recipe = Recipe(**{one.name: getattr(given, one.name) for one in fields(Recipe)})
    given.state.mkdir(parents=True, exist_ok=True)
    with np.load(given.pack) as stored:
        pack = {name: stored[name] for name in stored.files}
    digest = hashlib.sha256(given.pack.read_bytes()).hexdigest()
    begin = load_file(given.begin) if given.begin else None
    teacher = Teacher(
        transformer_of(pack),
        _lists(pack, digest),
        recipe,
        given.device,
        part(pack, "answers", torch.from_numpy),
        tuple(pack["promise"].tolist()),
        begin,
    )
    with (given.state / "log.txt").open("a", encoding="utf-8") as file:

        def log(line: str) -> None:
            print(line, file=file, flush=True)
            print(line, flush=True)

        run(teacher, given.state, given.workers, given.seconds, log)
        write(teacher, given.out)
        log(f"{given.out}: SHA-256 {hashlib.sha256(given.out.read_bytes()).hexdigest()}")
        if "measured.ids" in pack:
            network = taught(transformer_of(pack), given.out).to(given.device)
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


def _lists(pack: Mapping[str, Any], digest: str) -> Lists:
    documents = part(pack, "documents")
    return Lists(Material(part(pack, "clusters")), Material(documents) if documents else None, digest)


def taught(transformer: Any, weights: Path) -> Network:
    """Return the network with weights of this command."""
    from safetensors import safe_open

    with safe_open(weights, "pt") as opened:
        recipe = json.loads(opened.metadata()["recipe"])
    network = Network(transformer, recipe["depth"], recipe["first"])
    network.load_state_dict({name: value.float() for name, value in load_file(weights).items()})
    return network.eval()


def run(teacher: Teacher, folder: Path, workers: int, seconds: float | None, log: _Log) -> None:
    """Teach to the end from where the state in `folder` is, if there is one, and keep it up to date.

    With `seconds` the plan is shortened to them once it is known how long a step takes.
    """
    state = folder / "state.pt"
    if state.exists():
        teacher.take_up(torch.load(state, weights_only=True))
        log(f"taken up after {teacher.step} of {teacher.steps} steps")
    log(json.dumps(asdict(teacher.recipe)))
    begun = kept = time.monotonic()
    losses: list[torch.Tensor] = []
    timed: list[tuple[float, int]] = []
    draws = teacher.draws()
    for batch in DataLoader(
        draws, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None
    ):
        losses.append(teacher.learn(batch))
        if seconds and len(losses) in _TIMED:
            # Reading a loss waits for the device.
            timed.append((float(losses[-1].sum()) * 0 + time.monotonic(), teacher.step))
        if seconds and len(timed) == 2 and len(losses) == _TIMED[1]:
            each = (timed[1][0] - timed[0][0]) / (timed[1][1] - timed[0][1])
            teacher.steps = min(teacher.steps, teacher.step + round((begun + seconds - timed[1][0]) / each))
            log(f"{1000 * each:.0f} ms a step, {teacher.steps} steps")
        if teacher.step % _LOGGED == 0 or teacher.step == teacher.steps:
            mean = torch.stack(losses[-_LOGGED:]).nanmean(0).tolist()
            told = " ".join(f"{loss:.3f}" for loss in mean)
            spent = time.monotonic() - begun
            log(f"{teacher.step} of {teacher.steps} steps, {told}, {teacher.scalars()}, {spent:.0f} s")
        if time.monotonic() - kept > _KEPT_SECONDS:
            kept = time.monotonic()
            _keep(teacher, state)
        if teacher.step >= teacher.steps or (seconds and time.monotonic() > begun + 1.15 * seconds):
            return


def _keep(teacher: Teacher, state: Path) -> None:
    """Write the state so that a kill leaves the old one or the new one."""
    temporary = state.with_suffix(".new")
    torch.save(teacher.state(), temporary)
    temporary.replace(state)


def write(teacher: Teacher, out: Path) -> None:
    """Write what was learned in half precision, with the recipe that it was made by."""
    temporary = out.with_suffix(".new")
    halves = {name: value.half().contiguous().cpu() for name, value in teacher.weights().items()}
    said = {"recipe": json.dumps(asdict(teacher.recipe)), "steps": str(teacher.step)}
    save_file(halves, temporary, said)
    temporary.replace(out)


if __name__ == "__main__":
    main()

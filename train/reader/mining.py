"""How hard each row of a list is for a reader to tell from the right one, so that hard ones are taught.

    python -m train.reader.mining PACK.npz OUT.npz [--weights FILE] [--device cpu]

PACK is of `train.reader.pack`. OUT is the same with a value for each row of the clusters' lists: what the
weights rank it by.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.model.reader.judge import WEIGHTS, load_network
from index.model.reader.network import NOWHERE, Network, padded

from .__main__ import part, transformer_of
from .lists import Material

# Lists that are read together.
_TOGETHER = 16


def main() -> None:
    """Read all rows and write the pack with their values."""
    parser = argparse.ArgumentParser(prog="train.reader.mining", description="Find the rows that are hard.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given = parser.parse_args()
    with np.load(given.pack) as stored:
        pack = {name: stored[name] for name in stored.files}
    network = load_network(transformer_of(pack), given.weights).to(given.device)
    network._lower[0].to(given.device).eval()
    pack["clusters.hardness"] = hardness(Material(part(pack, "clusters")), network, given.device)
    np.savez_compressed(given.out, **pack)


def hardness(material: Material, network: Network, device: str) -> NDArray[np.float16]:
    """Return what a network ranks each row of each list by, list after list."""
    found = list[NDArray[np.float16]]()
    ranking = network.ranking.detach().float().cpu().numpy()
    with torch.inference_mode(), torch.autocast(device.partition(":")[0], torch.bfloat16):
        for begin in range(0, material.lists, _TOGETHER):
            drawn = [material.whole(n) for n in range(begin, min(begin + _TOGETHER, material.lists))]
            values = np.concatenate([one.features @ ranking for one in drawn])
            for read in network(padded([row for one in drawn for row in one.rows])):
                values[read.numbers] += (read.spans() - read.first[:, NOWHERE]).float().cpu().numpy()
            found.append(values.astype(np.float16))
            if begin % (20 * _TOGETHER) == 0:
                print(f"{begin} of {material.lists} lists", flush=True)
    return np.concatenate(found)


if __name__ == "__main__":
    main()

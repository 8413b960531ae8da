"""Teaching on two small clusters: it learns, it goes on where it was stopped, and its weights can be loaded."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors import safe_open

import train.means
import train.question
from bench.reading import HELD_OUT, Cluster, load, split
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder
from train.lowrank import write
from train.material import Material, gathered
from train.question import run
from train.questions import QuestionEncoder
from train.teacher import Recipe, Teacher

RECIPE = Recipe(rank=2, first=10, batch=4, passes=0.4, rate=1e-2, averaged=0.3)


@pytest.fixture(scope="module")
def material(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Material:
    taught, _ = split(load())
    return gathered(taught[:2], tmp_path_factory.mktemp("material"), encoder)


def teacher(encoder: SentenceEncoder, material: Material, recipe: Recipe = RECIPE) -> Teacher:
    return Teacher(encoder, material, material.passages.vectors, recipe)


def test_it_learns_and_leaves_the_encoder_as_it_was(encoder: SentenceEncoder, material: Material) -> None:
    before = encoder.encode(material.questions[:3], question=True)
    learner = teacher(encoder, material, replace(RECIPE, varied=0.0, passes=10))
    rows = next(learner.batches())
    first = learner.learn(rows)
    for _ in range(25):
        last = learner.learn(rows)
    assert last < 0.7 * first
    assert np.array_equal(encoder.encode(material.questions[:3], question=True), before)


def test_it_goes_on_where_it_was_stopped(
    encoder: SentenceEncoder, material: Material, tmp_path: Path
) -> None:
    log: list[str] = []
    whole = teacher(encoder, material)
    run(whole, tmp_path / "whole.pt", log.append)
    assert whole.step == whole.steps
    stopped = teacher(encoder, material)
    for rows in stopped.batches():
        stopped.learn(rows)
        if stopped.step == whole.steps // 2:
            break
    torch.save(stopped.state(), tmp_path / "half.pt")
    resumed = teacher(encoder, material)
    run(resumed, tmp_path / "half.pt", log.append)
    assert any(line.startswith(f"continued after {stopped.step} of") for line in log)
    for name, value in whole.weights().items():
        assert torch.equal(resumed.weights()[name], value), name


def test_a_state_of_another_recipe_is_refused(encoder: SentenceEncoder, material: Material) -> None:
    state = teacher(encoder, material).state()
    other = teacher(encoder, material, replace(RECIPE, rate=1e-3))
    with pytest.raises(ValueError, match="another recipe"):
        other.take_up(state)


def test_a_state_of_other_material_is_refused(encoder: SentenceEncoder, material: Material) -> None:
    state = teacher(encoder, material).state()
    others = replace(material, questions=("what else?", *material.questions[1:]))
    with pytest.raises(ValueError, match="another material"):
        teacher(encoder, others).take_up(state)


def test_what_was_learned_can_be_loaded(encoder: SentenceEncoder, material: Material, tmp_path: Path) -> None:
    learner = teacher(encoder, material, replace(RECIPE, passes=10, averaged=0.0, strength=1.0))
    rows = next(learner.batches())
    questions = [material.questions[row] for row in rows]
    assert _cosines(learner.vectors(questions), material.plain[rows]).min() > 0.999
    for _ in range(20):
        learner.learn(rows)
    out = tmp_path / "weights.safetensors"
    write(learner.weights(), out, {"recipe": json.dumps(asdict(RECIPE))})
    loaded = QuestionEncoder.load(encoder, out).encode(questions)
    # The change is added to matrices that a CPU may keep in half precision.
    assert _cosines(learner.vectors(questions), loaded).min() > 0.998
    assert _cosines(learner.vectors(questions), material.plain[rows]).max() < 0.99
    with safe_open(out, "np") as file:
        assert '"rank": 2' in file.metadata()["recipe"]
    assert not list(tmp_path.glob("*.new"))


def _cosines(vectors: torch.Tensor, others: Vectors) -> Vectors:
    cosines: Vectors = (vectors.detach().numpy() * others).sum(axis=1)
    return cosines


def test_what_was_learned_counts_by_its_strength(encoder: SentenceEncoder, material: Material) -> None:
    whole, half = (teacher(encoder, material, replace(RECIPE, strength=share)) for share in (1.0, 0.5))
    for rows in whole.batches():
        assert whole.learn(rows) == half.learn(rows)
    change, halved = whole.weights(), half.weights()
    name = next(name.removesuffix(".up") for name in change if name.endswith(".up"))
    assert torch.equal(
        halved[f"{name}.up"] @ halved[f"{name}.down"], 0.5 * change[f"{name}.up"] @ change[f"{name}.down"]
    )
    assert change[f"{name}.up"].abs().max() > 0


@pytest.mark.parametrize("command", [train.question, train.means])
def test_nothing_held_out_is_taught(
    command: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def stop(clusters: Sequence[Cluster], *rest: object) -> None:
        given.extend(cluster.name for cluster in clusters)
        raise InterruptedError

    monkeypatch.setattr(command, "load_encoder", lambda settings: None)
    monkeypatch.setattr(command, "gathered", stop)
    monkeypatch.setattr("sys.argv", ["train", "--state", str(tmp_path)])
    with pytest.raises(InterruptedError):
        command.main()
    assert len(given) > 200
    assert not set(given) & set(HELD_OUT.read_text("utf-8").split())

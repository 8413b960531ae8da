"""Teaching the reader on two small clusters: its material, that it learns, that it goes on, that it loads."""

import random
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from bench.reading import load, split
from index import Settings, open_index
from index.model.encoder import SentenceEncoder
from index.model.glance_network import Glance, row_tokens
from index.model.reader.judge import WEIGHTS as READER
from index.model.reader.judge import ReaderModel, load_network
from index.model.reader.network import padded
from index.model.reader.rows import Ids, Row, RowTokenizer
from train.answers import WEIGHTS as ANSWERS
from train.lowrank import Weights
from train.reader import glance
from train.reader.lists import Lists, Material
from train.reader.material import drafted, indexed, store, wanted
from train.reader.mining import hardness
from train.reader.pack import PROMISE
from train.reader.running import begun_with, run, write
from train.reader.teacher import Recipe, Teacher

CLUSTERS = split(load())[0][:2]
RECIPE = Recipe(passes=0.08, batch=2, size=4)


@pytest.fixture(scope="module")
def settings(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return indexed(CLUSTERS, tmp_path_factory.mktemp("reader"), encoder)


@pytest.fixture(scope="module")
def file(encoder: SentenceEncoder, settings: Settings) -> Path:
    with open_index(settings=settings) as index:
        draft = drafted(CLUSTERS, index, encoder, random.Random(1))
    store(draft, RowTokenizer(encoder.model.tokenizer), path := settings.index.with_name("material.npz"))
    return path


def teacher(
    encoder: SentenceEncoder, file: Path, recipe: Recipe = RECIPE, begin: Path | None = None
) -> Teacher:
    weights = begun_with(begin, recipe.first) if begin else None
    transformer, answers = encoder.model[0].auto_model, load_file(ANSWERS)
    return Teacher(transformer, Lists(material(file), None), recipe, "cpu", answers, PROMISE, weights)


def material(file: Path) -> Material:
    with np.load(file) as stored:
        return Material({name: stored[name] for name in stored.files})


def learn(learner: Teacher, steps: int) -> list[float]:
    """Take so many steps and return the sum of the losses of each."""
    draws = learner.draws()
    return [float(learner.learn(draws[number]).sum()) for number in range(steps)]


def test_every_question_has_a_list_whose_right_row_holds_its_answer(
    encoder: SentenceEncoder, file: Path
) -> None:
    asked = list(wanted(CLUSTERS))
    made = material(file)
    assert made.lists == len(asked)
    tokenizer = encoder.model.tokenizer
    chance = random.Random(2)
    for number, item in enumerate(asked):
        drawn = made.draw(number, 5, lost=0, varied=0, chance=chance)
        assert len(drawn.rows) == len(drawn.features) == 5
        assert _said(tokenizer, drawn.rows[0].ids).startswith(f"<s> query: {_plain(item.text)[:20]}")
        if item.answer is None:
            assert (drawn.right, drawn.span) == (-1, None)
            continue
        row = drawn.rows[drawn.right]
        assert drawn.span
        said = _said(tokenizer, row.ids[row.start :][drawn.span[0] : drawn.span[1] + 1])
        assert _plain(item.answer.of(item.article.text)) in said


def test_a_list_that_loses_its_right_row_has_none(file: Path) -> None:
    made = material(file)
    number = next(n for n, item in enumerate(wanted(CLUSTERS)) if item.answer)
    with_it = made.draw(number, 99, lost=0, varied=0, chance=random.Random(1))
    without = made.draw(number, 99, lost=1, varied=0, chance=random.Random(1))
    assert without.right == -1
    assert len(without.rows) == len(with_it.rows) - 1


def test_hard_rows_are_taken_before_others(file: Path) -> None:
    with np.load(file) as stored:
        kept = {name: stored[name] for name in stored.files}
    made = Material(kept)
    number = next(n for n, item in enumerate(wanted(CLUSTERS)) if item.answer)
    whole = made.whole(number)
    hard = max(set(range(len(whole.rows))) - {whole.right})
    values = np.zeros(len(kept["features"]), np.float16)
    values[sum(len(made.whole(n).rows) for n in range(number)) + hard] = 99
    mined = Material({**kept, "hardness": values})
    for seed in range(9):
        drawn = mined.draw(number, 2, lost=0, varied=0, chance=random.Random(seed))
        read = {row.ids.tobytes() for row in drawn.rows}
        assert read == {whole.rows[place].ids.tobytes() for place in (hard, whole.right)}


def test_a_row_that_answers_is_the_hardest_for_a_reader_that_knows(
    encoder: SentenceEncoder, file: Path
) -> None:
    made = material(file)
    network = load_network(encoder.model[0].auto_model, READER)
    values = hardness(made, network, "cpu")
    lists = [made.whole(number) for number in range(made.lists)]
    ends = np.cumsum([len(one.rows) for one in lists])
    assert len(values) == ends[-1]
    first = [
        int(values[end - len(one.rows) : end].argmax()) == one.right
        for end, one in zip(ends, lists, strict=True)
        if one.right >= 0
    ]
    # These clusters were taught.
    assert np.mean(first) > 0.8


def test_it_learns_and_leaves_the_encoder_as_it_was(encoder: SentenceEncoder, file: Path) -> None:
    text = ["Der Deich ist zu niedrig."]
    before = encoder.encode(text)
    learner = teacher(encoder, file, replace(RECIPE, passes=99, rate=2e-4, lost=0))
    again = learner.draws()[0]
    losses = [float(learner.learn(again).sum()) for _ in range(30)]
    assert np.mean(losses[-3:]) < 0.7 * np.mean(losses[:3])
    assert np.array_equal(encoder.encode(text), before)


def test_it_goes_on_where_it_was_stopped(encoder: SentenceEncoder, file: Path, tmp_path: Path) -> None:
    log: list[str] = []
    whole = teacher(encoder, file)
    run(whole, _made(tmp_path / "whole"), 0, None, log.append)
    assert whole.step == whole.steps >= 2
    stopped = teacher(encoder, file)
    learn(stopped, 1)
    resumed = teacher(encoder, file)
    resumed.take_up(stopped.state())
    run(resumed, _made(tmp_path / "resumed"), 0, None, log.append)
    for name, value in whole.weights().items():
        assert np.allclose(resumed.weights()[name], value, atol=1e-6), name


def test_a_state_of_another_recipe_or_material_is_refused(encoder: SentenceEncoder, file: Path) -> None:
    state = teacher(encoder, file).state()
    with pytest.raises(ValueError, match="another recipe"):
        teacher(encoder, file, replace(RECIPE, seed=7)).take_up(state)
    with pytest.raises(ValueError, match="another material"):
        teacher(encoder, file).take_up({**state, "material": "0"})


def test_what_was_learned_can_be_loaded_and_gone_on_from(
    encoder: SentenceEncoder, file: Path, tmp_path: Path
) -> None:
    learner = teacher(encoder, file)
    learn(learner, 1)
    write(learner, tmp_path / "reader.safetensors")
    model = ReaderModel(encoder.model, tmp_path / "reader.safetensors")
    (found,) = model.read("Who won?", [Row("", None, "", "Ada won.")], [(0.4, 0.1, 0.5)])
    assert np.isfinite([found.rank, found.answer]).all()
    second = teacher(encoder, file, begin=tmp_path / "reader.safetensors")
    for name, value in learner.weights().items():
        assert np.allclose(second.weights()[name], value, atol=1e-2), name


def test_more_layers_begin_with_the_same_reader(encoder: SentenceEncoder, file: Path) -> None:
    rows = material(file).whole(0).rows
    known = load_network(encoder.model[0].auto_model, READER)
    more = teacher(encoder, file, replace(RECIPE, first=0), READER).network.eval()
    with torch.inference_mode():
        (before,), (after,) = known(padded(rows, 10**6)), more(padded(rows, 10**6))
    # The encoder computes in bfloat16 where the machine can.
    assert torch.allclose(after.spans(), before.spans(), atol=0.2)
    deeper = teacher(encoder, file, replace(RECIPE, first=2, depth=12), READER).network.state_dict()
    kept, encoders = load_file(READER), encoder.model[0].auto_model.encoder.state_dict()
    matrix = "output.dense.weight"
    assert torch.equal(deeper[f"layers.1.{matrix}"], kept[f"layers.0.{matrix}"].float())
    for place, layer in ((0, 2), (9, 11)):
        own = encoders[f"layer.{layer}.{matrix}"]
        assert torch.equal(deeper[f"layers.{place}.{matrix}"], own.float())


def test_weights_of_layers_that_do_not_learn_are_refused(encoder: SentenceEncoder, file: Path) -> None:
    with pytest.raises(ValueError, match="has layers from 3 on"):
        teacher(encoder, file, replace(RECIPE, first=4), READER)
    with pytest.raises(ValueError, match="another network"):
        teacher(encoder, file, replace(RECIPE, depth=7), READER)


def test_a_layer_that_lacks_a_part_is_refused(encoder: SentenceEncoder, file: Path) -> None:
    learner = teacher(encoder, file)
    some = learner.weights()
    del some["layers.2.output.dense.bias"]
    with pytest.raises(ValueError, match=r"layers\.2\.output\.dense\.bias"):
        learner.begin(some)


def test_what_sentences_promise_is_learned(encoder: SentenceEncoder, settings: Settings) -> None:
    recipe = glance.Recipe(steps=40, batch=8, others=12, dropout=0, varied=0)
    asked = [item for item in wanted(CLUSTERS) if item.answer]
    with open_index(settings=settings) as index:
        choices = list(glance.choices_of(asked, index, encoder, recipe))
    assert len(choices) == len(asked)
    for one, item in zip(choices, asked, strict=True):
        assert item.answer
        assert {item.answer.of(item.article.text) in one.rows[n].text for n in one.right} == {True}
    first, last = (
        glance.taught(choices, encoder, replace(recipe, steps=steps)) for steps in (1, recipe.steps)
    )
    assert _places(choices, encoder, last) < 0.6 * _places(choices, encoder, first)


def _places(choices: list[glance.Choice], encoder: SentenceEncoder, weights: Weights) -> float:
    """Return how many rows on average promise more than the first right one."""
    network = Glance(encoder.words).eval()
    network.load_state_dict(weights)
    tokenizer, found = RowTokenizer(encoder.model.tokenizer), []
    for one in choices:
        with torch.inference_mode():
            promises, _ = network(one.question, row_tokens(tokenizer, one.rows), one.found)
        found.append(int((promises > max(promises[n] for n in one.right)).sum()))
    return float(np.mean(found))


def _said(tokenizer: Any, ids: Ids) -> str:
    return "".join(tokenizer.convert_ids_to_tokens(ids.tolist())).replace("\u2581", " ")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder

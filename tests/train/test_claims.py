"""Teaching which claims follow: what is made to teach it, that it learns, that it goes on, that it loads."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from bench.reading import load, split
from index.model.encoder import SentenceEncoder
from index.model.reader.judge import WEIGHTS as READER
from index.model.reader.judge import ReaderModel
from train.reader.claims import Recipe, Teacher, kept_apart, table
from train.reader.running import run, write
from train.reader.statements import Statements, statements

CLUSTERS = split(load())[0][:2]
# More steps than after how many the weights go into the mean.
RECIPE = Recipe(steps=6, written=4, made=2, asked=1, strange=1)


@pytest.fixture(scope="module")
def taught() -> Statements:
    return statements(CLUSTERS, random.Random(1))


def teacher(encoder: SentenceEncoder, taught: Statements, recipe: Recipe = RECIPE) -> Teacher:
    model = encoder.model
    return Teacher(model[0].auto_model, model.tokenizer, taught, recipe, load_file(READER))


def test_every_written_claim_is_taught_with_the_sentence_that_it_is_about(taught: Statements) -> None:
    told = [claim for cluster in CLUSTERS for article in cluster.articles for claim in article.claims]
    texts = [article.text for cluster in CLUSTERS for article in cluster.articles for _ in article.claims]
    made = [statement for article in taught.written for statement in article]
    assert [(one.text, one.follows) for one in made] == [(claim.text, claim.follows) for claim in told]
    for one, claim, text in zip(made, told, texts, strict=True):
        assert claim.snippet.of(text) in one.evidence.text


def test_twins_differ_in_the_words_that_are_wrong(taught: Statements) -> None:
    assert taught.made
    assert taught.asked
    for right, wrong in [*taught.made, *taught.asked]:
        assert right.follows
        assert not wrong.follows
        assert right.wrong == ()
        assert wrong.wrong
        assert wrong.evidence == right.evidence
        # Without what is wrong in it, it says what its twin says.
        kept, at = "", 0
        for span in wrong.wrong:
            kept, at = kept + wrong.text[at : span.start], span.end
            assert span.of(wrong.text).strip()
        rest = (kept + wrong.text[at:]).split()
        said = " ".join(right.text.split())
        assert sum(word in said for word in rest) >= 0.8 * len(rest) - 1


def test_what_is_kept_apart_is_not_taught() -> None:
    apart = {statement.text for _, statement in kept_apart()}
    taught = [article for cluster in split(load())[0] for article in cluster.articles]
    assert apart
    assert not apart & {claim.text for article in taught for claim in article.claims}


def test_a_claim_gets_no_strange_evidence_that_tells_it(encoder: SentenceEncoder, taught: Statements) -> None:
    draws = teacher(encoder, taught, replace(RECIPE, steps=40, strange=6)).draws()
    told = {one.text: one.told for article in taught.written for one in article}
    strange = 0
    for number in range(40):
        for one in draws.drawn(number)[0]:
            if not one.told and one.wrong is None:
                strange += 1
                assert told[one.text] not in one.evidence.text
    assert strange > 100


def test_it_learns_which_words_are_wrong(encoder: SentenceEncoder, taught: Statements) -> None:
    text = ["Der Deich ist zu niedrig."]
    before = encoder.encode(text)
    learner = teacher(encoder, taught, replace(RECIPE, steps=200, rate=2e-4, head_rate=2e-3))
    again = learner.draws()[0]
    losses = [learner.learn(again).tolist() for _ in range(15)]
    assert np.all(np.mean(losses[-3:], 0) < 0.8 * np.mean(losses[:3], 0))
    assert np.array_equal(encoder.encode(text), before)


def test_it_goes_on_where_it_was_stopped(
    encoder: SentenceEncoder, taught: Statements, tmp_path: Path
) -> None:
    whole, stopped = teacher(encoder, taught), teacher(encoder, taught)
    run(whole, _made(tmp_path / "whole"), 0, None, lambda line: None)
    stopped.learn(stopped.draws()[0])
    resumed = teacher(encoder, taught)
    resumed.take_up(stopped.state())
    run(resumed, _made(tmp_path / "resumed"), 0, None, lambda line: None)
    assert resumed.step == whole.step == RECIPE.steps
    for name, value in whole.weights().items():
        assert np.allclose(resumed.weights()[name], value, atol=1e-6), name


def test_what_was_learned_can_be_loaded_and_measured(
    encoder: SentenceEncoder, taught: Statements, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = teacher(encoder, taught)
    learner.learn(learner.draws()[0])
    write(learner, tmp_path / "claims.safetensors")
    few = list(kept_apart())[:40]
    monkeypatch.setattr("train.reader.claims.kept_apart", lambda: few)
    lines = table(ReaderModel(encoder.model, tmp_path / "claims.safetensors"))
    assert [line.partition(":")[0] for line in lines] == ["claims labelled"]
    assert "AUROC" in lines[0]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder

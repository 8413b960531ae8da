from collections.abc import Sequence

import numpy as np
import pytest

from index import Settings, build, load_encoder
from index.model.arrays import Vectors
from index.model.bundled import model_folder
from index.model.encoder import SentenceEncoder
from qa import Engine
from qa.evidence.likeness import on_our_scale, scale
from tests.conftest import CORPUS
from tests.fakes import HashEncoder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[SentenceEncoder, Settings]:
    """The bundled model as a user has it who names its folder: nothing of ours was taught to it."""
    settings = Settings(
        index=tmp_path_factory.mktemp("published") / "index", encoder=str(model_folder(Settings().cache))
    )
    encoder = load_encoder(settings)
    build(CORPUS, settings, encoder=encoder)
    return encoder, settings


def test_a_scale_is_the_mean_of_pairs_and_of_all_others() -> None:
    questions = np.array([[1, 0], [0, 1]], np.float32)
    texts = np.array([[0.8, 0.6], [0.6, 0.8]], np.float32)
    found = scale(questions, texts)
    assert (found.unrelated, found.related) == pytest.approx((0.6, 0.8))


def test_the_bundled_encoder_is_the_scale(encoder: SentenceEncoder) -> None:
    assert on_our_scale(0.5, encoder) == 0.5


def test_another_encoder_is_moved_to_it(published: tuple[SentenceEncoder, Settings]) -> None:
    encoder, _ = published
    assert on_our_scale(0.82, encoder) > 0.6
    assert on_our_scale(0.74, encoder) < 0.46
    assert on_our_scale(0.8, encoder) < on_our_scale(0.81, encoder)


class Blind(HashEncoder):
    """Finds all texts the same."""

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        return np.tile(np.array([1, 0], np.float32), (len(texts), 1))


def test_an_encoder_that_tells_nothing_apart_is_not_blown_up() -> None:
    assert on_our_scale(1.0, Blind()) == pytest.approx(0.4422, abs=0.01)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("When did Austin last speak to Shoigu?", True),
        ("Wann sprach Austin zuletzt mit Schoigu?", True),
        ("How much did the repair of Mariners' Bridge cost?", True),
        ("What is Shoigu's favourite dish?", False),
        ("How tall is the Eiffel Tower?", False),
        ("Wie viel kostet ein Pfund Kaffee?", False),
    ],
)
def test_an_encoder_of_ones_own_answers_and_refuses(
    published: tuple[SentenceEncoder, Settings], question: str, found: bool
) -> None:
    encoder, settings = published
    with Engine(settings=settings, encoder=encoder) as engine:
        assert engine.query(question).found is found

from pathlib import Path

import numpy as np
import pytest

from index import Settings, load_cross_encoder, load_encoder
from index.errors import WeightsError
from index.model import encoder as module
from index.model.bundled import FOLDER_NAME
from index.model.encoder import SentenceEncoder, fingerprint, shown_encoder


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: SentenceEncoder) -> None:
    texts = ["one", "a much longer text about the harbour bridge " * 9, "two", "three words here"] * 9
    vectors = encoder.encode(texts)
    assert vectors.shape == (36, encoder.dimension) == (36, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    alone = np.concatenate([encoder.encode([text]) for text in texts[:4]])
    assert (vectors[:4] * alone).sum(axis=1).min() > 0.999


def test_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_questions_and_passages_are_told_apart(encoder: SentenceEncoder) -> None:
    question, passage = encoder.encode(["the bridge"], question=True), encoder.encode(["the bridge"])
    assert (question * passage).sum() < 0.999


def test_long_texts_are_cut_at_the_models_limit(encoder: SentenceEncoder) -> None:
    assert encoder.token_count(["word " * 2000]) == 512
    assert encoder.encode(["word " * 2000]).shape == (1, 384)


def test_batches_hold_each_text_once_and_are_bounded() -> None:
    texts = ["x" * n for n in (10, 9000, 4000, 4000, 1, 500)]
    batches = list(module.batches(texts))
    assert sorted(i for batch in batches for i in batch) == list(range(len(texts)))
    assert batches[0] == [1]
    for batch in batches[1:]:
        assert len(batch) * max(len(texts[i]) for i in batch) <= module.BATCH_CHARACTERS


def test_another_model_by_path_has_another_fingerprint(tmp_path: Path) -> None:
    bundled = Settings().cache / FOLDER_NAME
    settings = Settings(encoder=str(bundled))
    assert fingerprint(settings) != fingerprint(Settings())
    assert fingerprint(settings) == fingerprint(Settings(encoder=str(bundled)))
    assert fingerprint(Settings(encoder="some/model")) == "some/model"


def test_another_model_by_path_is_loaded_with_its_own_prompts(encoder: SentenceEncoder) -> None:
    other = load_encoder(Settings(encoder=str(Settings().cache / FOLDER_NAME)))
    texts = ["Der Zug hält in Göttingen."]
    assert np.allclose(other.encode(texts), encoder.encode(texts), atol=0.02)
    assert np.allclose(other.encode(texts, question=True), encoder.encode(texts, question=True), atol=0.02)


def test_a_folder_without_a_model_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="set ARTICLE_QA_ENCODER to the folder"):
        load_encoder(Settings(encoder=str(tmp_path)))


@pytest.mark.parametrize("name", ["https://user:SECRET@host/x?k=SECRET", "user:SECRET@host", "host?k=SECRET"])
def test_an_address_is_no_model_and_is_not_shown(
    name: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(encoder=name)
    assert "SECRET" not in fingerprint(settings)
    assert fingerprint(settings) != fingerprint(Settings(encoder=name.replace("SECRET", "other")))
    assert shown_encoder(fingerprint(settings)) == fingerprint(settings)
    assert "SECRET" not in shown_encoder(name)
    for load in (lambda: load_encoder(settings), lambda: load_cross_encoder(name)):
        with pytest.raises(WeightsError, match="which is not a folder: set ARTICLE_QA_") as caught:
            load()
        assert "SECRET" not in f"{caught.value}{caught.value.__cause__}"
    said = capfd.readouterr()
    assert "SECRET" not in f"{said.out}{said.err}{caplog.text}"

"""A text is as like a question as what it says, whatever its language: by the real encoder."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from index import Settings, build, open_index
from index.model.centring import ANY, CENTRING, WEIGHTS, centred, shipped
from index.model.encoder import SentenceEncoder
from index.model.question_encoder import WEIGHTS as TAUGHT
from tests.conftest import ROOT
from tests.fakes import HashEncoder

# The same question and answer; only their languages differ.
QUESTION = "How many bicycles were stolen in Aldermoor last year?"
ANSWERS = {
    "en": "Last year 312 bicycles were stolen in Aldermoor, the police said.",
    "de": "Im vergangenen Jahr wurden in Aldermoor 312 Fahrräder gestohlen, teilte die Polizei mit.",
    "ru": "В прошлом году в Олдермуре украли 312 велосипедов, сообщила полиция.",
    "tr": "Polise göre geçen yıl Aldermoor'da 312 bisiklet çalındı.",
    "zh": "警方称，去年奥尔德穆尔有312辆自行车被盗。",
}
OTHERS = [
    "How many people came to the market last year is not known, the council said.",
    "How much the new bridge will cost is to be told in spring.",
    "Last year's harvest was poor, farmers said at their meeting in the village.",
]


def test_answers_in_all_languages_stand_closer_together_and_above_other_texts(
    encoder: SentenceEncoder,
) -> None:
    plain = encoder.encode([QUESTION], question=True)[0]
    pointing = encoder.point([QUESTION])[0]
    answers, others = encoder.encode(list(ANSWERS.values())), encoder.encode(OTHERS)
    before = answers @ plain
    after = centred(answers, list(ANSWERS)) @ pointing
    elsewhere = centred(others, ["en"] * len(OTHERS)) @ pointing
    assert (after.max() - after.min()) / (after.mean() - elsewhere.mean()) < (
        (before.max() - before.min()) / (before.mean() - (others @ plain).mean())
    )
    assert after.min() > elsewhere.max()
    assert np.allclose(np.linalg.norm(centred(answers, list(ANSWERS)), axis=1), 1, atol=1e-5)


def test_a_text_of_no_known_language_has_a_place(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode([ANSWERS["en"]])
    unknown = centred(vectors, [None])
    assert np.array_equal(unknown, centred(vectors, ["tlh"]))
    assert np.array_equal(unknown, centred(vectors, [ANY]))
    assert not np.array_equal(unknown, centred(vectors, ["en"]))


def test_vectors_of_other_encoders_are_left_as_they_are() -> None:
    vectors = HashEncoder().encode(["a text"])
    assert np.array_equal(centred(vectors, ["en"]), vectors)
    assert centred(np.zeros((0, 384), np.float32), []).shape == (0, 384)


@pytest.mark.parametrize("weights", [WEIGHTS, TAUGHT])
def test_what_was_learned_is_what_the_model_card_describes(weights: Path) -> None:
    card = (ROOT / "docs" / "question_model.md").read_text("utf-8")
    assert hashlib.sha256(weights.read_bytes()).hexdigest() in card
    assert len(shipped()) > 30


def written(tmp_path: Path) -> Path:
    """Return a folder with the answers, each in a file that states its language."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for language, text in ANSWERS.items():
        (folder / f"{language}.txt").write_text(f"---\nlanguage: {language}\n---\n{text}", "utf-8")
    return folder


def test_segments_that_were_centred_otherwise_are_written_anew_without_encoding(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, settings = written(tmp_path), Settings(index=tmp_path / "index")
    build(folder, settings, encoder=encoder)
    vector = encoder.point([QUESTION])[0]
    with open_index(settings=settings) as index:
        before = {hit.article.path: hit.cosine for hit in index.search(QUESTION, vector)}
        (segment,) = (settings.index / "chroma").iterdir()
        monkeypatch.setattr("index.store.segments.CENTRING", f"not {CENTRING}")
        assert build(folder, settings, encoder=HashEncoder(fail_after=0)).unchanged == len(ANSWERS)
        assert {path.name for path in (settings.index / "chroma").iterdir()} > {segment.name}
        after = {hit.article.path: hit.cosine for hit in index.search(QUESTION, vector)}
    assert after == pytest.approx(before, abs=1e-3)


def test_segments_that_were_centred_otherwise_are_not_searched(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, settings = written(tmp_path), Settings(index=tmp_path / "index")
    with monkeypatch.context() as before:
        before.setattr("index.store.catalog.centred", lambda vectors, languages: vectors)
        before.setattr("index.store.catalog_writer.CENTRING", "none")
        before.setattr("index.store.segments.CENTRING", "none")
        build(folder, settings, encoder=encoder)
    vector = encoder.point([QUESTION])[0]
    with open_index(settings=settings) as index:
        old = {hit.article.path: hit.cosine for hit in index.search(QUESTION, vector)}
        build(folder, settings, encoder=HashEncoder(fail_after=0))
        assert {hit.article.path: hit.cosine for hit in index.search(QUESTION, vector)} == pytest.approx(
            old, abs=1e-3
        )

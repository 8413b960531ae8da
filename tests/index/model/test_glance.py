"""What sentences promise at a glance, by what was learned."""

from typing import Any

import numpy as np
import pytest
import torch

from index.model.encoder import SentenceEncoder
from index.model.glance import Found
from index.model.glance_network import row_tokens
from index.model.reader.rows import Row, RowTokenizer

TITLE = "A bridge for Whitehaven"
TEXTS = [
    "The council of Whitehaven had asked for a new bridge for years.",
    "It cost 35 million euros.",
    "Children sang, and the mayor cut a ribbon.",
    "The old ferry was sold to a museum in Oban.",
]
SEARCHED = Found(0.5, 0.1)


def rows(texts: list[str] = TEXTS) -> list[Row]:
    return [Row(TITLE, None, before, text) for before, text in zip(["", *texts], texts, strict=False)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much did the bridge of Whitehaven cost?", 1),
        ("Wie teuer war die Brücke von Whitehaven?", 1),
        ("Сколько стоил мост?", 1),
        ("What happened to the old ferry?", 3),
        ("Was ist aus der alten Fähre geworden?", 3),
    ],
)
def test_the_sentence_that_answers_promises_most(
    encoder: SentenceEncoder, question: str, answer: int
) -> None:
    glanced = encoder.glance(question, rows(), [SEARCHED] * len(TEXTS))
    assert int(glanced.promises.argmax()) == answer


def test_a_likelier_passage_promises_more(encoder: SentenceEncoder) -> None:
    far, near = encoder.glance("Who sang?", rows([TEXTS[0]]) * 2, [Found(0.4, 0.0), Found(0.6, 0.0)]).promises
    assert far < near


def test_each_row_promises_the_same_beside_any_others(encoder: SentenceEncoder) -> None:
    question, every = "How much did the bridge cost?", rows()
    together = encoder.glance(question, every, [SEARCHED] * len(every))
    for number, row in enumerate(every):
        alone = encoder.glance(question, [row], [SEARCHED])
        assert alone.promises[0] == pytest.approx(together.promises[number], abs=1e-3)
        assert alone.matches[0] == pytest.approx(together.matches[number], abs=1e-4)


@pytest.mark.parametrize("question", ["", "   ", "?", "\u0301", "bridge " * 900])
def test_any_question_and_any_text_has_a_promise(encoder: SentenceEncoder, question: str) -> None:
    odd = [Row("", None, "", ""), Row("", None, "x", "\n"), Row("T" * 9_000, None, "", "bridge " * 900)]
    glanced = encoder.glance(question, odd, [SEARCHED] * len(odd))
    assert glanced.promises.shape == glanced.matches.shape == (3,)
    assert np.isfinite(glanced.promises).all()
    assert glanced.matches.min() >= 0


def test_a_question_is_encoded_once_to_search_and_to_glance(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions, read = encoder.questions, list[int]()
    layers = questions._layers

    def counted(**given: Any) -> Any:
        read.append(1)
        return layers(**given)

    monkeypatch.setattr(questions, "_layers", counted)
    vector = encoder.point(["Who sang at the bridge?"])
    encoder.glance("Who sang at the bridge?", rows(), [SEARCHED] * len(TEXTS))
    assert len(read) == 1
    encoder.point(["Who cut the ribbon?"])
    assert np.array_equal(encoder.point(["Who sang at the bridge?"]), vector)
    assert len(read) == 3


def test_nothing_promises_nothing(encoder: SentenceEncoder) -> None:
    assert encoder.glance("Who sang?", [], []).promises.shape == (0,)


def test_texts_that_rows_share_are_taken_once(encoder: SentenceEncoder) -> None:
    every = rows()
    found = row_tokens(RowTokenizer(encoder.model.tokenizer), every)
    assert found.places.shape == (len(TEXTS), 3)
    assert torch.equal(found.places[1:, 1], found.places[:-1, 0])
    assert len(set(found.places[:, 2].tolist())) == 1
    # The four sentences, the title, and what stands before the first sentence: nothing.
    assert int(found.places.max()) + 1 == len(TEXTS) + 2

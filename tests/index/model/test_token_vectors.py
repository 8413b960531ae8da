"""The tokens of texts, from the real model."""

import itertools

import numpy as np
import pytest

from index.model.encoder import SentenceEncoder
from index.model.token_vectors import packed

TEXTS = [
    "A bridge.",
    "Die Brücke in Whitehaven wurde im September wieder geöffnet.",
    "",
    "橋 Мост köprü " * 40,
]


def test_texts_laid_end_to_end_do_not_see_each_other(encoder: SentenceEncoder) -> None:
    together = encoder.read(TEXTS)
    for text, read in zip(TEXTS, together, strict=True):
        (alone,) = encoder.read([text])
        np.testing.assert_allclose(read.vectors, alone.vectors, atol=0.02)
        assert (read.weights == alone.weights).all()


def test_tokens_are_those_of_the_models_own_layer(encoder: SentenceEncoder) -> None:
    import torch

    text = "The work cost £8.6 million."
    model = encoder.model
    encoded = model.tokenizer(["passage: " + text], return_tensors="pt")
    with torch.inference_mode():
        hidden = model[0].auto_model(**encoded, output_hidden_states=True).hidden_states[9][0].float().numpy()
    (read,) = encoder.read([text])
    # Without the sign of the beginning, the prompt's two tokens and the sign of the end.
    expected = hidden[3:-1] / np.linalg.norm(hidden[3:-1], axis=1, keepdims=True)
    np.testing.assert_allclose(read.vectors, expected, atol=0.02)


def test_rare_words_weigh_more(encoder: SentenceEncoder) -> None:
    (common,), (rare,) = (tokens.weights for tokens in encoder.read(["the", "bridge"]))
    assert 0 < common < rare


def test_no_texts_have_no_tokens(encoder: SentenceEncoder) -> None:
    assert encoder.read([]) == []


@pytest.mark.parametrize("lengths", [[1], [500], [3, 170, 2, 90, 90], [40] * 9])
def test_every_text_is_packed_once_and_rows_are_of_like_length(lengths: list[int]) -> None:
    packs = packed(lengths)
    assert sorted(i for pack in packs for i, _, _ in pack) == list(range(len(lengths)))
    for pack in packs:
        places = sorted((start, end) for _, start, end in pack)
        assert places[0][0] == 0
        assert all(end == start for (_, end), (start, _) in itertools.pairwise(places))
    ends = [max(end for _, _, end in pack) for pack in packs]
    assert max(ends) - min(ends) <= max(lengths)

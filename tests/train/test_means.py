"""Means of languages, of many texts and of few."""

import numpy as np
import pytest

from bench.centring import ANY
from train.means import means_of


def test_a_mean_of_few_texts_is_shrunk_towards_that_of_all() -> None:
    vectors = np.array([[1, 0]] * 990 + [[0, 1]] * 10, np.float32)
    means = means_of(vectors, ["en"] * 990 + ["ca"] * 10, {})
    assert means[ANY] == pytest.approx([0.5, 0.5])
    assert means["en"] == pytest.approx([0.995, 0.005])
    assert means["ca"] == pytest.approx([0.25, 0.75])


def test_parallel_texts_tell_what_is_language_alone() -> None:
    vectors = np.array([[1, 0]] * 10 + [[0, 1]] * 10, np.float32)
    parallel = {"de": np.array([0.2, 0], np.float32), "en": np.array([0, 0], np.float32)}
    means = means_of(vectors, ["fr"] * 10 + ["it"] * 10, parallel)
    assert means["de"] - means["en"] == pytest.approx([0.2, 0])
    assert (means["de"] + means["en"]) / 2 == pytest.approx(means[ANY])


def test_texts_of_unknown_language_are_of_none() -> None:
    means = means_of(np.array([[1, 0], [0, 1]], np.float32), [None, "en"], {})
    assert set(means) == {ANY, "en"}
    assert means[ANY] == pytest.approx([0, 1])

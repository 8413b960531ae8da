"""Vectors less what their language has in common."""

import numpy as np
import pytest

from bench.centring import ANY, centred, index_means, means_for, unit

SHIPPED = {
    "de": np.array([1, 0, 0], np.float32),
    "en": np.array([0, 1, 0], np.float32),
    ANY: np.array([0.5, 0.5, 0], np.float32),
}


def test_the_mean_of_an_index_outweighs_the_shipped_one_the_more_passages_there_are() -> None:
    rows = np.tile(np.array([0, 0, 1], np.float32), (30, 1))
    means = index_means(rows, ["de"] * 30, SHIPPED, pseudo=10)
    assert means["de"] == pytest.approx([0.25, 0, 0.75])
    assert index_means(rows[:10], ["de"] * 10, SHIPPED, pseudo=10)["de"] == pytest.approx([0.5, 0, 0.5])


@pytest.mark.parametrize("language", [None, "xx"])
def test_a_language_that_is_unknown_or_new_has_the_mean_of_all(language: str | None) -> None:
    rows = np.array([[0, 0, 1]], np.float32)
    means = index_means(rows, [language], SHIPPED, pseudo=1e9)
    assert next(iter(means.values())) == pytest.approx([0.5, 0.5, 0], abs=1e-6)
    expected = unit(rows - 0.5 * SHIPPED[ANY])
    assert centred(rows, [language], SHIPPED, 0.5) == pytest.approx(expected)


def test_a_share_is_taken_out_and_the_rest_has_length_one() -> None:
    rows = np.array([[0.6, 0, 0.8], [0, 0.6, 0.8]], np.float32)
    found = centred(rows, ["de", "en"], SHIPPED, 0.6)
    assert found == pytest.approx(np.array([[0, 0, 1], [0, 0, 1]]), abs=1e-6)
    assert centred(rows, ["de", "en"], SHIPPED, 0.0) == pytest.approx(rows)


def test_a_shipped_mean_is_taken_as_it_is_and_a_new_language_has_that_of_the_index() -> None:
    rows = np.tile(np.array([0, 0, 1], np.float32), (20, 1))
    means = means_for(rows, ["de"] * 10 + ["xx"] * 10, SHIPPED)
    assert means["de"] == pytest.approx([1, 0, 0])
    assert means["xx"] == pytest.approx([0.25, 0.25, 0.5])

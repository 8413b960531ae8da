import pytest

from index.text.language import detect, guess, may_be
from train.means import sentences


@pytest.mark.parametrize("language", sorted(sentences()))
def test_ordinary_passages_are_told(language: str) -> None:
    said = sentences()[language]
    for start in range(0, len(said), 3):
        assert detect(" ".join(said[start : start + 3]), None) == language


@pytest.mark.parametrize("text", ["", "12 34 56 2024", "OK", "Results 3:1", "— … —"])
def test_what_says_too_little_is_unknown_or_what_is_stated(text: str) -> None:
    assert detect(text, None) is None
    assert detect(text, "fr") == "fr"


def test_what_is_stated_counts_unless_the_text_is_clearly_another() -> None:
    german = " ".join(sentences()["de"])
    assert detect(german, "en") == "de"
    assert detect(sentences()["de"][0], "lb") == "lb"
    assert detect(german, "de") == "de"


def test_what_is_too_short_to_be_told_is_guessed() -> None:
    assert detect("Der Richter fand Beweise.", None) is None
    assert guess("Der Richter fand Beweise.") == "de"
    assert guess("Le pont a coûté 35 millions.") == "fr"


def test_of_a_few_words_most_languages_are_ruled_out() -> None:
    question = "Wann sprach Austin mit Schoigu?"
    assert detect(question, None) is None
    assert may_be(question, "de")
    assert not may_be(question, "en")
    assert may_be("OK", "unheard-of")

"""Questions as they are typed."""

import random

import pytest

from train.wording import varied

QUESTION = "Who won 27:26, and where did Jean-Luc's team go?"


def ways(question: str, language: str) -> set[str]:
    return {varied(question, language, random.Random(seed)) for seed in range(200)}


def test_marks_capitals_and_greetings_vary_and_words_stay() -> None:
    found = ways(QUESTION, "en")
    assert QUESTION.upper() in found
    assert "who won 27:26 and where did jean-luc's team go" in found
    assert "Hello! " + QUESTION in found
    assert all("27:26" in way for way in found)


@pytest.mark.parametrize(
    ("question", "language"), [("谁赢了？", "zh"), ("مَن فاز؟", "ar"), ("?", "en"), ("Ποιος;", "el")]
)
def test_every_script_keeps_its_words(question: str, language: str) -> None:
    words = question.rstrip("?？؟;").casefold()
    assert all(words in way.casefold() for way in ways(question, language))

"""How much of the answer a written sentence holds."""

import pytest

from qa.check.coverage import Located, share_held

QUESTION = "Who paid for the bridge?"


@pytest.mark.parametrize(
    ("sentence", "share"),
    [
        ("Petra Amsel paid for the bridge.", 1.0),
        ("Amsel paid for the bridge.", 0.5),
        ("The council paid for the bridge.", 0.0),
        # In another script.
        ("За мост заплатила Петра Амсель.", 1.0),
    ],
)
def test_a_sentence_holds_the_answers_words_in_any_spelling(sentence: str, share: float) -> None:
    assert share_held(QUESTION, sentence, [Located("Petra Amsel", 0.8)]) == pytest.approx(share)


def test_numbers_are_held_by_their_value() -> None:
    asked = "How much did the bridge cost?"
    found = [Located("35m", 1.0)]
    assert share_held(asked, "Sie hat 35 Millionen gekostet.", found) == pytest.approx(1.0)
    assert share_held(asked, "Sie hat 36 Millionen gekostet.", found) == 0.0


def test_the_questions_own_words_are_no_answer() -> None:
    found = [Located("paid 35m euros for the bridge", 1.0)]
    assert share_held(QUESTION, "It was for the bridge.", found) == 0.0


def test_words_count_by_how_likely_they_answer() -> None:
    found = [Located("Petra Amsel", 0.9), Located("Fishermen", 0.3)]
    assert share_held(QUESTION, "Petra Amsel paid for the bridge.", found) == pytest.approx(0.75)


def test_where_there_is_no_answer_nothing_is_held() -> None:
    assert share_held(QUESTION, "Petra Amsel.", [Located("the bridge", 1.0)]) == 0.0
    assert share_held(QUESTION, "Petra Amsel.", [Located("Petra", 0.0)]) == 0.0
    assert share_held(QUESTION, "Petra Amsel.", []) == 0.0

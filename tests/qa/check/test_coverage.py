import numpy as np
import pytest

from index.model.answer_spans import Located
from qa.check.coverage import share_held

TEXT = "Petra Amsel paid 35m euros for the bridge."
QUESTION = "Who paid for the bridge?"


def located(text: str, answer: str, nowhere: float = 0.0) -> Located:
    """Return one token a word, those of `answer` being the answer for sure."""
    spans, place = [], 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        spans.append([start, place])
    first = text.index(answer)
    inside = [float(first <= start < first + len(answer)) for start, _ in spans]
    return Located(np.array(spans), np.array(inside, np.float32) * (1 - nowhere), nowhere)


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
    assert share_held(QUESTION, sentence, [TEXT], [located(TEXT, "Petra Amsel")]) == pytest.approx(share)


def test_numbers_are_held_by_their_value() -> None:
    asked = "How much did the bridge cost?"
    found = [located(TEXT, "35m")]
    assert share_held(asked, "Sie hat 35 Millionen gekostet.", [TEXT], found) == pytest.approx(1.0)
    assert share_held(asked, "Sie hat 36 Millionen gekostet.", [TEXT], found) == 0.0


def test_the_questions_own_words_are_no_answer() -> None:
    found = [located(TEXT, "paid 35m euros for the bridge")]
    assert share_held(QUESTION, "It was for the bridge.", [TEXT], found) == 0.0


def test_a_text_counts_by_how_likely_it_has_an_answer() -> None:
    other = "Fishermen paid for their moorings."
    found = [located(TEXT, "Petra Amsel"), located(other, "Fishermen", nowhere=0.5)]
    held = share_held(QUESTION, "Petra Amsel paid for the bridge.", [TEXT, other], found)
    assert held == pytest.approx(1 / 1.25)


def test_where_there_is_no_answer_nothing_is_held() -> None:
    assert share_held(QUESTION, "Petra Amsel.", [TEXT], [located(TEXT, "Petra", nowhere=1.0)]) == 0.0
    assert share_held(QUESTION, "Petra Amsel.", [], []) == 0.0

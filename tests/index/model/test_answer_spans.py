"""Where answers stand: the real encoder with what it has learned, and the arithmetic behind it."""

import numpy as np
import pytest

from index.model.answer_spans import Located, located
from index.model.encoder import SentenceEncoder

MATCH = "Hannah Berg beat Ruth Amsel in three sets after the break on 12 May 2021."


def said(text: str, found: Located) -> str:
    """Return what of a text is likelier than not to be in the answer, or nearly as likely as the likeliest."""
    taken = found.spans[found.likelihood >= 0.5 * found.likelihood.max()]
    return text[taken[0][0] : taken[-1][1]]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who beat Ruth Amsel?", "Hannah Berg"),
        ("Whom did Hannah Berg beat?", "Ruth Amsel"),
        ("When did Hannah Berg beat Ruth Amsel?", "12 May 2021"),
        ("Wer schlug Ruth Amsel?", "Hannah Berg"),
    ],
)
def test_it_tells_where_the_answer_stands(encoder: SentenceEncoder, question: str, answer: str) -> None:
    found = encoder.locate(question, [MATCH])
    assert found is not None
    assert answer in said(MATCH, found[0])


def test_a_text_that_does_not_answer_is_told_from_one_that_does(encoder: SentenceEncoder) -> None:
    texts = [MATCH, "The stadium was built of brick and has room for four thousand."]
    found = encoder.locate("Who beat Ruth Amsel?", texts)
    assert found is not None
    assert found[0].nowhere < 0.5 < found[1].nowhere


def test_texts_read_together_are_read_as_alone(encoder: SentenceEncoder) -> None:
    texts = [MATCH, "", "Die Brücke wurde 2021 eröffnet."]
    together = encoder.locate("When?", texts)
    assert together is not None
    for text, found in zip(texts, together, strict=True):
        (alone,) = encoder.locate("When?", [text]) or []
        np.testing.assert_allclose(found.likelihood, alone.likelihood, atol=0.05)
        assert [text[start:end] for start, end in found.spans] == [
            text[start:end] for start, end in alone.spans
        ]


def test_a_long_question_leaves_the_text_whole(encoder: SentenceEncoder) -> None:
    found = encoder.locate("Who beat Ruth Amsel? " * 95, [MATCH])
    assert found is not None
    assert found[0].spans[-1][1] == len(MATCH)


def test_what_is_learned_leaves_the_encoder_as_it_is(encoder: SentenceEncoder) -> None:
    before = encoder.encode([MATCH]), encoder.read([MATCH])[0].vectors
    encoder.locate("Who?", [MATCH])
    np.testing.assert_array_equal(encoder.encode([MATCH]), before[0])
    np.testing.assert_array_equal(encoder.read([MATCH])[0].vectors, before[1])


def test_another_encoder_cannot_tell(encoder: SentenceEncoder) -> None:
    other = SentenceEncoder(encoder.model, ("", ""))
    assert other.locate("Who?", [MATCH]) is None


def test_likelihoods_are_the_sums_over_all_answers() -> None:
    spans = np.array([[0, 1], [2, 3]])
    # Answers: the first, both, the second; or none. All are as likely.
    found = located(spans, np.zeros((2, 2), np.float32), np.zeros(2, np.float32))
    np.testing.assert_allclose(found.likelihood, [0.5, 0.5])
    assert found.nowhere == pytest.approx(0.25)


def test_a_text_without_tokens_has_no_answer() -> None:
    found = located(np.zeros((0, 2), np.int64), np.zeros((0, 2), np.float32), np.zeros(2, np.float32))
    assert (len(found.likelihood), found.nowhere) == (0, 1.0)

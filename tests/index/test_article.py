import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Passage, Span


@given(st.integers(-3, 9), st.integers(-3, 9))
def test_a_span_is_a_range_of_at_least_one_character(start: int, end: int) -> None:
    if 0 <= start < end:
        assert Span(start, end).of("abcdefghij") == "abcdefghij"[start:end]
    else:
        with pytest.raises(ValueError, match="not a span"):
            Span(start, end)


def test_a_span_beyond_its_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="ends outside a text of 3 characters"):
        Span(1, 4).of("abc")


@pytest.mark.parametrize(
    ("text", "span", "sentences", "message"),
    [
        ("abc", Span(0, 4), (Span(0, 4),), "as long as its span"),
        ("abcd", Span(0, 4), (), "at least one sentence"),
        ("abcd", Span(1, 5), (Span(0, 5),), "inside its span"),
        ("abcd", Span(1, 5), (Span(1, 6),), "inside its span"),
    ],
)
def test_a_passage_checks_itself(text: str, span: Span, sentences: tuple[Span, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Passage("id", "Title", text, span, sentences)


def test_the_title_is_part_of_what_is_embedded() -> None:
    passage = Passage("id", "Title", "abcd", Span(0, 4), (Span(0, 4),))
    assert passage.embedded_text == "Title\nabcd"

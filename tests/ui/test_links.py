"""Links into the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.links import Link

ID = "aB3-_" + "x" * 17
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
_FILTERS = st.lists(st.tuples(st.from_regex("[a-z]{1,20}", fullmatch=True), _TEXT.filter(bool)), max_size=8)


@given(_TEXT, _TEXT, st.sampled_from(["", ID]), _FILTERS.map(tuple), st.sampled_from(["", "articles"]))
def test_a_link_is_read_as_it_was_made(
    question: str, draft: str, conversation: str, filters: tuple[tuple[str, str], ...], tab: str
) -> None:
    link = Link(question, draft, conversation, filters, tab)
    assert Link.read(str(link)) == link
    assert str(link).isascii()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?c=",
        "?c=short",
        f"?c={ID}x",
        f"?c={ID}%0a",
        "?c=../../etc/passwd%00abcd",
        "?tab=A",
        "?tab=a/b",
        "?f=",
        "?f=outlet",
        "?f=Outlet:x",
        "?f=outlet:",
        "?f=outlet:" + "x" * 301,
        "?view=api&__theme=dark",
        "?" + "&" * 200,
    ],
)
def test_what_no_link_has_is_left_out(query: str) -> None:
    assert Link.read(query) == Link()
    assert str(Link.read(query)) == ""


def test_the_first_of_two_counts_and_filters_are_bounded() -> None:
    assert Link.read("?q=one&q=two").question == "one"
    many = Link.read("?" + "&".join(f"f=tag:{number}" for number in range(90)))
    assert many.filters == tuple(("tag", str(number)) for number in range(50))
    # Browsers write blanks in either way.
    assert Link.read("?q=who+is%20it%3F").question == "who is it?"

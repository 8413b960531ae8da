"""An answer's sources by their day, and what they say differently, as HTML."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qa import Answer
from qa.answer import Disagreement
from tests.ui.test_render import ANSWER, CITATION, Read
from ui.render.disagreements import disagreements_html
from ui.render.timeline import timeline_html


def cited(number: int, day: str | None, source: str) -> object:
    return replace(CITATION, number=number, published=day, source=source, article_id=f"a{number}")


def answer(*citations: object) -> Answer:
    return replace(ANSWER, citations=citations)  # type: ignore[arg-type]


def test_sources_stand_by_their_day_with_the_days_between() -> None:
    html = timeline_html(
        answer(
            cited(1, "2024-05-27", "Mail"),
            cited(2, "2024-05-20", "Post"),
            cited(3, None, "Sun"),
            cited(4, "2024-05-27", "Echo"),
            cited(5, "2026-05-27", "Star"),
        )
    )
    read = Read(html)
    assert read.text == (
        "When the sources were published"
        "May 20, 2024 [2] Post"
        "7 days laterMay 27, 2024 [1] Mail, [4] Echo"
        "730 days laterMay 27, 2026 [5] Star"
        "1 source states no date."
    ).replace("May 20, 2024", day("2024-05-20")).replace("May 27, 2024", day("2024-05-27")).replace(
        "May 27, 2026", day("2026-05-27")
    )
    assert [tag for tag, _ in read.tags if tag in ("ol", "li")] == ["ol", "li", "li", "li"]
    assert [kind for kind in read.kinds() if kind.startswith("aq-gap")] == [
        "aq-gap-0",
        "aq-gap-1",
        "aq-gap-4",
    ]
    assert "\n" not in html


def day(iso: str) -> str:
    from ui.render import long_date

    return long_date(iso) or ""


def test_one_day_or_none_is_no_line_of_time() -> None:
    assert timeline_html(answer(cited(1, "2024-05-27", "A"), cited(2, "2024-05-27", "B"))) == ""
    assert timeline_html(answer(cited(1, "2024-05-27", "A"), cited(2, None, "B"))) == ""
    assert timeline_html(answer()) == ""


SIDE = replace(
    CITATION, quote="Of <b>12</b> boats, 3 sank.", start=10, end=37, words_start=16, words_end=18,
    article_id="b/1", source="O'Post", number=0,
)  # fmt: skip


def test_both_sides_of_a_disagreement_are_shown_in_full() -> None:
    other = replace(
        SIDE, quote="It was 17.", start=0, end=10, words_start=7, words_end=9, number=2, source=None
    )
    differing = replace(ANSWER, disagreements=(Disagreement("number", (SIDE, other)),))
    read = Read(disagreements_html(differing))
    shown = day(SIDE.published or "")
    assert read.text == (
        "The sources give different numbers"
        f"12Of <b>12</b> boats, 3 sank.O'Post · {shown}"
        f"17It was 17.[2] {SIDE.title} · {shown}"
    )
    assert read.links() == ["#aq-b%2F1-10-37", "#aq-b%2F1-0-10"]
    assert "aq-source aq-differs aq-words-16-18" in read.kinds()
    assert disagreements_html(ANSWER) == ""
    # It is a source, on its day, although the answer does not cite it.
    later = replace(SIDE, published="2024-06-01")
    line = Read(timeline_html(replace(ANSWER, disagreements=(Disagreement("date", (later, other)),))))
    assert line.text.endswith("5 days later" + day("2024-06-01") + " O'Post")
    # It stands there once, whatever it disagrees on.
    twice = (Disagreement("date", (later, other)), Disagreement("number", (later, other)))
    assert Read(timeline_html(replace(ANSWER, disagreements=twice))).text == line.text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=3, max_size=30), st.data())
def test_a_side_shows_its_quote_literally(quote: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(quote) - 2))
    last = data.draw(st.integers(first + 1, len(quote)))
    side = replace(CITATION, quote=quote, start=0, end=len(quote), words_start=first, words_end=last)
    read = Read(disagreements_html(replace(ANSWER, disagreements=(Disagreement("name", (side, side)),))))
    assert set(tag for tag, _ in read.tags) == {"div", "p", "ul", "li", "strong", "a", "span"}
    assert read.others == []

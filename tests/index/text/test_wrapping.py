"""Wrapped prose is joined; a line of the author's stays a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.wrapping import unwrapped

PROSE = (
    "The harbour board said on Tuesday that the bridge would open\n"
    "again in spring, once the last of the steel had come from the\n"
    "works in the north."
)
KEPT = [
    "- Karla mends the nets of the old fishermen at the north pier\n- Jonas paints the hulls of the boats and all of the oars too",
    "• Karla mends the nets of the old fishermen at the north pier\n• jonas paints the hulls of the boats and all of the oars too",
    "8:15 The first ship with sand leaves the basin at low water\n9:40 The second ship waits for the tide outside of the mole",
    "12.03. Der Rat der Stadt tagt zum ersten Mal in diesem Jahr\n19.04. Der Rat tagt zum zweiten Mal und wählt den Vorstand",
    "When did you first see the comet over the roofs of the town?\nIt was in March, and I was on my way home from the night shift",
    "Lena: Wann hast du den Kometen zum ersten Mal selbst gesehen\nOtto: Im März, auf dem Weg nach Hause von der Nachtschicht",
    "The comet hangs above the roofs and no one knows its name\nThe watchman counts the hours and tells the town the same\n"
    "And when the morning takes it the streets are just as tame",
    "Karla Brandt\nLange Straße 14, im zweiten Hof links, dritter Stock\n24937 Flensburg",
    "(a) the tenant mows the paths by the end of May every year\n(b) the tenant pays the rent by the first of March in cash",
    "1. Close the valve behind the pump before you do anything\n2. Open the hatch slowly and wait until the water is gone",
    "Short line\nand another one",
    "| Village | for the bridge of them | against the bridge of them |\n| Karup | 1,204 votes for the bridge | 330 votes against it |",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_lines_of_the_author_stay(text: str) -> None:
    assert unwrapped(text) == text
    assert unwrapped(f"{PROSE}\n\n{text}\n\n{PROSE}").split("\n\n")[1] == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_prose_is_joined(end: str) -> None:
    text = unwrapped(f"A title\n{PROSE}\n\nNext paragraph.".replace("\n", end))
    assert text == f"A title\n{' '.join(PROSE.split())}\n\nNext paragraph."


def test_an_item_over_two_lines_is_joined() -> None:
    text = "- Karla mends the nets of the old fishermen and sells\n  them at the north pier\n- Jonas paints the hulls"
    assert (
        unwrapped(text)
        == "- Karla mends the nets of the old fishermen and sells them at the north pier\n- Jonas paints the hulls"
    )


def test_lines_that_all_begin_with_a_capital_are_joined_where_the_rest_is_wrapped_alike() -> None:
    lines = "Die Brücke zwischen Hamburg und der Insel wurde gestern von\nBürgermeister Meier und vielen anderen Leuten aus der Stadt\nFlensburg eröffnet."
    assert unwrapped(lines) == lines
    assert unwrapped(f"{PROSE}\n\n{lines}").endswith(" ".join(lines.split("\n")))


def test_chinese_and_japanese_are_joined_without_a_blank() -> None:
    text = "東京の図書館は来年の春に新しい建物へ移ることになり、子どものた\nめの部屋と大きな庭があり、毎日たくさんの人が来ると市は考えて\nいます。"
    assert unwrapped(text) == text.replace("\n", "")


def test_a_hyphen_at_the_end_of_a_line_joins_and_one_that_waits_does_not() -> None:
    text = "The council has paid for a survey that took two years of well-\nmeant work and for a bridge that nobody in the town has seen."
    assert "well-meant" in unwrapped(text)
    text = "die Stadt sperrt ab dem ersten Juni alle Brücken an der Nord-\nund Südstraße, weil sie zu alt sind und gar nichts mehr tragen."
    assert "Nord- und Südstraße" in unwrapped(text)


def test_quoted_mail_is_joined_within_its_marks() -> None:
    quoted = "\n".join(f"> {line}" for line in PROSE.split("\n"))
    assert unwrapped(f"{quoted}\n>> older\nMine.") == f"> {' '.join(PROSE.split())}\n>> older\nMine."


@given(st.text(alphabet="abAB .-:>1\n\t東、", max_size=300))
def test_no_word_is_lost(text: str) -> None:
    assert "".join(unwrapped(text).replace(">", "").split()) == "".join(text.replace(">", "").split())

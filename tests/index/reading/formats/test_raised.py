"""Raised and lowered marks: powers stay, ordinals and short forms are words, marks of notes join nothing."""

import pytest

from index.reading.formats.raised import MarkedText, lowered, raised


@pytest.mark.parametrize(
    ("before", "mark", "written"),
    [
        ("the mill has 7,350", "4", "7,350 ⁴"),
        ("in 1871", "12", "1871 ¹²"),
        ("a plot of 40 m", "2", "m²"),
        ("300 km", "2", "km²"),
        ("about 10", "9", "10⁹"),
        ("3.2 × 10", "-5", "10⁻⁵"),
        ("2", "32", "2³²"),
        ("E = mc", "2", "mc²"),
        ("the ion Na", "+", "Na⁺"),
        ("Fe", "3+", "Fe³⁺"),
        ("per s", "−1", "s⁻¹"),
        ("the 21", "st", "21st"),
        ("le XVIII", "e", "XVIIIe"),
        ("M", "lle", "Mlle"),
        ("n", "o", "nº"),
        ("la 2", "a", "2ª"),
        ("Weaver", "TM", "Weaver™"),
        ("the weavers", "b", "weavers ᵇ"),
        ("the weavers", "new", "weavers new"),
        ("they left.", "5", "left."),
        ("he said”", "5", "said”"),
        ("the weavers", "*", "weavers*"),
        ("the weavers", "[3]", "weavers"),
        ("the mill has 7,350", "[3, 4]", "7,350"),
        ("the mill has 7,350", "[a]", "7,350"),
        ("the derivative f", "(2)", "f (2)"),
        ("a length of 5", "1/2", "5 1/2"),
        ("made of ", "14", "of ¹⁴"),
    ],
)
def test_a_raised_mark(before: str, mark: str, written: str) -> None:
    assert (before + raised(before, mark)).endswith(written)


def test_a_mark_that_leads_to_a_note_is_no_word() -> None:
    assert [raised("in 1871", mark, is_note=True) for mark in ("3", "[12]", "*", "a", "1, 2")] == [""] * 5
    assert raised("the 21", "st century", is_note=True) != ""


def test_a_lowered_mark_joins_a_letter_but_no_number() -> None:
    assert ("H" + lowered("H", "2"), "110" + lowered("110", "2")) == ("H2", "110₂")


def test_a_mark_may_come_in_pieces() -> None:
    text = MarkedText()
    for said, height in (
        ("10", ""),
        ("1", "super"),
        ("2", "super"),
        (" grains of H", ""),
        ("2", "sub"),
        ("O ", ""),
    ):
        text.add(said, height)
    assert text.done() == "10¹² grains of H2O"

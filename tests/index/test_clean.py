import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import canonical


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one \n \t \n\n  two ", "one\n\ntwo"),
        ("a \u00a0\u2009 b\tc", "a b c"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("left\u202eright\u2066x", "leftrightx"),
        ("bell\x07 null\x00 escape\x1b[31m", "bell null escape[31m"),
        ("e\u0301", "é"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_canonical(raw: str, expected: str) -> None:
    assert canonical(raw) == expected


def test_lines_wrapped_at_a_width_are_joined() -> None:
    raw = (
        "The harbour board said on Tuesday that the bridge would open\n"
        "again in spring, once the last of the steel had come from the\n"
        "works in the north.\n\nNext paragraph."
    )
    assert canonical(raw).split("\n\n")[0].count("\n") == 0
    assert canonical(raw).endswith("works in the north.\n\nNext paragraph.")


def test_lists_and_verse_keep_their_lines() -> None:
    assert canonical("- bread\n- butter\n- jam") == "- bread\n- butter\n- jam"
    full = "A line that is a whole sentence of some sixty characters, yes."
    assert canonical(f"{full}\n{full}\nend") == f"{full}\n{full}\nend"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\r\t \u2028\u2029\u202e\u200b\x00"))))
def test_canonical_text_is_clean_and_stays_as_it_is(raw: str) -> None:
    text = canonical(raw)
    assert canonical(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text)

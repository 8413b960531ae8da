import pytest

from index.reading.kept import Kept, kept

PROSE = "The harbour board said on Tuesday that the old bridge would open again in the autumn of that year. "
MENU = "\n\n".join(["Home", "News", "Sport", "Weather", "Contact"] * 40)


def test_words_and_characters_are_counted_without_blanks() -> None:
    found = kept("one  two", "one two\n\nthree")
    assert (found.words, found.words_seen, found.characters, found.characters_seen) == (2, 3, 6, 11)
    assert str(found) == "kept 2 of 3 words"


@pytest.mark.parametrize(
    ("text", "seen", "is_little"),
    [
        (PROSE, "\n\n".join([PROSE] * 10), True),
        (PROSE * 4, "\n\n".join([PROSE * 4, *[PROSE] * 5]), True),
        (PROSE * 6, "\n\n".join([PROSE * 6, *[PROSE] * 4]), False),
        # Menus are no loss, except if hardly anything else is left.
        (PROSE * 2, f"{PROSE * 2}\n\n{MENU}", False),
        ("Yes.", MENU, True),
        ("A note.", "A note.", False),
        ("A note.", "A note. Share", False),
        ("", "", False),
    ],
)
def test_little_is_less_than_half_of_the_running_text(text: str, seen: str, is_little: bool) -> None:
    assert kept(text, seen).is_little == is_little


def test_texts_without_blanks_are_counted_in_characters() -> None:
    assert str(kept("桥梁将于秋天重新开放。", "桥梁将于秋天重新开放。" * 30)) == "kept 11 of 330 characters"


def test_counts_add_up() -> None:
    assert kept("a b", "a b c") + kept("d", "d") + Kept() == Kept(3, 4, 3, 4, 0)

import time

from index.reading.document import Document
from index.reading.dropped import Difference, difference
from index.text.clean import canonical

LONG = "The harbour board said on Tuesday that the old bridge over the river would open again in the autumn."


def of(seen: str, text: str) -> Difference:
    return difference(Document(text=text, seen=seen), text)


def test_nothing_differs_but_blanks() -> None:
    assert of("One  line\u00a0here.\n\nTwo.", "One line here.\n\nTwo.") == Difference()


def test_lines_that_were_joined_are_shown_with_what_became_of_them() -> None:
    found = of("It will re-\nopen in spring.\n\nTwo.", "It will reopen in spring.\n\nTwo.")
    assert found == Difference((), ((("It will re-", "open in spring."), ("It will reopen in spring.",)),))


def test_characters_that_became_others_are_shown() -> None:
    raw = "Cafe\u0301 \u0093here\u0094 and co\u00adoperate."
    assert of(raw, canonical(raw)).changed == (((raw,), ("Café “here” and cooperate.",)),)


def test_a_word_that_changed_inside_a_line_is_shown_with_the_line() -> None:
    found = of("It cost 5,4002 euros in May.\n\nTwo.", "It cost 5,400 ² euros in May.\n\nTwo.")
    assert found.changed == ((("It cost 5,4002 euros in May.",), ("It cost 5,400 ² euros in May.",)),)
    assert found.dropped == ()
    found = of("It cost 12 million euros in May.\n\nTwo.", "It cost 1–2 million euros in May.\n\nTwo.")
    assert found.changed == ((("It cost 12 million euros in May.",), ("It cost 1–2 million euros in May.",)),)


def test_dropped_lines_are_told_and_moved_ones_are_not() -> None:
    found = of(f"Home\n\nOne.\n\n{LONG}\n\nShare\n\nTwo.", f"Two.\n\n{LONG}\n\nOne.")
    assert found == Difference(("Home", "Share"), ())


def test_dropped_and_joined_lines_side_by_side() -> None:
    found = of("Share\nIt opens in\nspring.\nMore", "It opens in spring.")
    assert found == Difference(("Share", "More"), ((("It opens in", "spring."), ("It opens in spring.",)),))


def test_long_files_take_time_that_grows_with_them() -> None:
    def seconds(lines: int) -> float:
        seen = "\n".join("same" if n % 2 else f"line {n % 7}" for n in range(lines))
        begun = time.process_time()
        of(seen, "\n".join(f"line {n % 5} same" for n in range(lines // 2)))
        return time.process_time() - begun

    seconds(100)
    # Quadratic code takes 64 times as long.
    assert seconds(32_000) < 25 * seconds(4_000) + 1

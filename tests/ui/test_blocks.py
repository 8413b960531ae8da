"""What an article's text is made of: headings, lists, tables, lines."""

import pytest

from ui.blocks import blocks_of

PROSE = "The museum is open from Tuesday to Sunday, between ten and six."


def kinds(text: str) -> list[str]:
    return [block.kind for block in blocks_of(text)]


def shown(text: str) -> list[list[str]]:
    """Return the cells of each line of a text, without signs."""
    return [
        ["".join(text[part.start : part.end] for part in cell if not part.is_sign) for cell in line.cells]
        for block in blocks_of(text)
        for line in block.lines
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Opening hours",
        "Öffnungszeiten",
        "¿Cuándo abre?",
        "Часы работы",
        "開館時間",
        "3 reasons to come",
        "A “new” start",
    ],
)
def test_a_short_line_above_prose_is_a_heading(heading: str) -> None:
    assert kinds(f"{PROSE}\n\n{heading}\n\n{PROSE}") == ["paragraph", "heading", "paragraph"]
    assert kinds(f"{PROSE}\n\n{heading}\n{PROSE}") == ["paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        "It rained.",
        "“Who is it?”",
        "38,153",
        "stretched her record",
        "(seeds in brackets)",
        "What is sold:",
        "– Oh",
        "and",
    ],
)
def test_another_short_line_is_none(line: str) -> None:
    assert kinds(f"{PROSE}\n\n{line}\n\n{PROSE}") == ["paragraph"] * 3


def test_names_dates_and_what_stands_in_a_row_are_no_headings() -> None:
    assert "heading" not in kinds(f"By Paul Kirby\n\n{PROSE}")
    assert "heading" not in kinds(f"The museum\n\nBy Paul Kirby\n\n4 May 2024\n\n{PROSE}")
    assert "heading" not in kinds(f"{PROSE}\n\nArsenal v Stoke\n\nChelsea v Luton\n\nLeeds v York\n\n{PROSE}")
    assert "heading" not in kinds(f"{PROSE}\n\nPicture: Getty Images")
    assert "heading" not in kinds(f"The men ran as\n\nJohn Smith\n\n{PROSE}")
    # A heading and one below it, or one that a text begins with.
    assert kinds(f"{PROSE}\n\nPrices\n\nAdults\n\n{PROSE}")[1:3] == ["heading", "heading"]
    assert kinds(f"Opening hours\n\n{PROSE}") == ["heading", "paragraph"]


def test_paragraphs_without_empty_lines_between_are_paragraphs() -> None:
    text = f"The museum\nBy Paul Kirby\n{PROSE}\nOpening hours\n{PROSE}\nPrices\nAdults\n{PROSE}"
    assert kinds(text) == ["paragraph"] * 3 + ["heading", "paragraph", "heading", "heading", "paragraph"]


def test_marks_of_an_author_count_and_stay() -> None:
    text = f"# The museum\n\n### When?\n{PROSE}\n\nPrices\n======\n\nAdults\n---\n{PROSE}"
    found = blocks_of(text)
    assert [(block.kind, block.level) for block in found] == [
        ("heading", 1), ("heading", 3), ("paragraph", 0), ("heading", 1), ("heading", 2), ("paragraph", 0)
    ]  # fmt: skip
    assert shown(text)[0] == ["The museum"]
    for text in (
        "# is the sign on its bags, and nobody knows why.",
        "#1 in the charts",
        "#",
        "# 7",
        "A\n--\nB",
    ):
        assert "heading" not in kinds(text)


def test_lists_with_marks_of_any_kind() -> None:
    for mark in ("-", "*", "•", "‣"):
        text = f"What is sold:\n{mark} cheese\n{mark} bread\n\n{PROSE}"
        assert kinds(text) == ["paragraph", "list", "paragraph"]
        assert blocks_of(text)[1].own
        assert shown(text)[1] == [f"{mark} cheese"]
    assert kinds("1. Wait.\n\n2. Go.\n\n3. Look.") == ["numbers"]
    assert kinds("(a) Wait.\n(b) Go.") == ["numbers"]
    assert kinds(f"- He came.\n\n{PROSE}") == ["paragraph", "paragraph"]
    assert kinds("red\n- blue\ngreen") == ["lines"]


def test_lists_without_marks_are_told_from_verse_and_addresses() -> None:
    assert kinds("a warm coat\nshoes with flat soles\nnothing that ticks") == ["list"]
    assert kinds("Buy a ticket.\nWait for the guide.") == ["list"]
    assert kinds("Bring with you:\n\nWarm coat\nFlat shoes") == ["paragraph", "list"]
    assert kinds("Roses are red,\nviolets are blue") == ["lines"]
    assert kinds("Market office\n12 Mill Street\n4711 Borkmoor") == ["lines"]
    assert kinds(f"{PROSE} It rained.\n{PROSE} It snowed.") == ["lines"]


def test_tables_are_rows_of_as_many_cells() -> None:
    text = "Visitor | Price\nAdults | 12\nChildren | 5"
    assert kinds(text) == ["table"]
    assert blocks_of(text)[0].level == 1
    assert shown(text) == [["Visitor", "Price"], ["Adults", "12"], ["Children", "5"]]
    assert shown("| a | b |\n|---|:---:|\n| 1 | 2 |") == [["a", "b"], [""], ["1", "2"]]
    assert blocks_of("A | 1\nB | 2")[0].level == 0
    # The names have no name above them.
    assert kinds("2023 | 2024\nAdults | 12 | 13\nChildren | 5 | 6") == ["table"]
    for text in ("Home | About", "a | b\nc | d | e\nf | g", "a | b\nc", "|---|\n|---|", "| |\n| |"):
        assert "table" not in kinds(text)


def test_long_rules_take_no_time() -> None:
    assert kinds(f"a | b\n{'-' * 5000}x\n{'| -- ' * 2000}x") == ["lines"]


def test_any_number_of_marked_headings_may_follow_each_other() -> None:
    assert kinds("# One\n" * 2000 + PROSE) == ["heading"] * 2000 + ["paragraph"]
    assert kinds("\n".join(["One\n==="] * 1000)) == ["heading"] * 1000


def test_a_line_of_many_short_rules_takes_no_time() -> None:
    assert kinds(f"a | b\n{'-- ' * 60}x") == ["lines"]

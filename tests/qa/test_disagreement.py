"""What two outlets say differently is shown side by side; what only looks different is not."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from index import Encoder, Settings, build
from qa import Engine
from qa.disagreement import LIMITS, _may_be_rounded


@dataclass(frozen=True)
class Told:
    """A question, and what two articles say of it; `sides` are the words that differ."""

    question: str
    one: str
    other: str
    sides: tuple[str, str] | None = None
    days: tuple[str, str] = ("2024-03-04", "2024-03-05")


DIFFERENT = [
    Told(
        "How many people were hurt in the fire at the Almond Mill?",
        "The fire at the Almond Mill in Oresby hurt 12 people, the fire brigade said. It broke out at night.",
        "Fire brigades say 17 people were hurt in the fire at the Almond Mill in Oresby. The roof fell in.",
        ("12", "17"),
    ),
    Told(
        "How much did Brenta Foods pay for the Galloway dairy?",
        "Brenta Foods has paid $41m for the Galloway dairy, the company said in Tarlow. The cows stay.",
        "The Galloway dairy was bought by Brenta Foods, which paid $48m for it, two bankers said.",
        ("$41m", "$48m"),
    ),
    Told(
        "When does the tunnel under the Marran open?",
        "The tunnel under the Marran opens on 12 May, the minister of transport said at the site.",
        "The minister's office confirmed that the tunnel under the Marran opens on 19 June. Tolls are undecided.",
        ("12 May", "19 June"),
    ),
    Told(
        "Wie viele Bäume wurden im Park von Lindow gefällt?",
        "Im Park von Lindow wurden 240 Bäume gefällt, sagt die Stadt. Neue sollen im Herbst gepflanzt werden.",
        "Nach Angaben des Naturbunds wurden im Park von Lindow 315 Bäume gefällt. Die Stadt schweigt.",
        ("240", "315"),
    ),
    Told(
        "Who designed the new theatre of Port Savary?",
        "The new theatre of Port Savary was designed by Helena Dorsey, who grew up near the harbour.",
        "The new theatre of Port Savary, which opens in autumn, was designed by Marcus Whitlow.",
        ("Helena Dorsey", "Marcus Whitlow"),
    ),
]
THE_SAME = [
    # Rounded.
    Told(
        "How many visitors came to the Keswold fair?",
        "About 30,000 visitors came to the Keswold fair this year, its director said on the last evening.",
        "The Keswold fair counted 29,640 visitors this year. Most of them came by train.",
    ),
    # In another unit of the same amount, and in words.
    Told(
        "How long was the power cut in Ravenholt?",
        "The power cut in Ravenholt was two hours long, the grid said. A swan had touched the line.",
        "The power cut in Ravenholt was 120 minutes long. The hospital ran on its own generator.",
    ),
    # Another year.
    Told(
        "How many books did the Fennick library lend?",
        "The Fennick library lent 81,200 books in 2021, a record for the small town.",
        "The Fennick library lent 64,300 books in 2023. The reading room is closed on Mondays.",
    ),
    # Another span.
    Told(
        "By how much did Ostermann's sales grow?",
        "Ostermann's sales grew 2.1% in the last three months, the maker of pianos said.",
        "Ostermann's sales grew 6.4%, the maker of pianos said at its general meeting.",
    ),
    # Other events: far apart.
    Told(
        "How many runners finished the Cassel Hill race?",
        "The Cassel Hill race was finished by 312 runners in heavy rain.",
        "The Cassel Hill race was finished by 428 runners in bright sun.",
        days=("2022-05-02", "2024-05-04"),
    ),
    # Other subjects.
    Told(
        "How much did the roof of the town hall of Elmry cost?",
        "The roof of the town hall of Elmry cost 210,000 euros, the mayor said.",
        "The roof of the town hall of Tarsby cost 390,000 euros, the mayor said.",
    ),
    # Both are named by both.
    Told(
        "Who wrote the song of the Dunmarra festival?",
        "The song of the Dunmarra festival was written by Aoife Brennan; Owen Lacey sang it.",
        "Owen Lacey wrote the words of the song of the Dunmarra festival with Aoife Brennan.",
    ),
]


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder, index = tmp_path_factory.mktemp("told"), tmp_path_factory.mktemp("index")
    for number, told in enumerate([*DIFFERENT, *THE_SAME]):
        for outlet, text, day in zip(("Mercury", "Herald"), (told.one, told.other), told.days, strict=True):
            front = f"---\ntitle: In short, {number}\noutlet: {outlet}\ndate: {day}\n---\n\n"
            (folder / f"{number}-{outlet}.md").write_text(f"{front}{text}\n", "utf-8")
    build(folder, Settings(index=index), encoder=encoder)
    with Engine(settings=Settings(index=index), encoder=encoder) as opened:
        yield opened


@pytest.mark.parametrize("told", DIFFERENT, ids=lambda told: told.sides[0])
def test_both_sides_are_shown_with_the_words_that_differ(engine: Engine, told: Told) -> None:
    answer = engine.query(told.question)
    (found,) = answer.disagreements
    assert {side.source for side in found.sides} == {"Mercury", "Herald"}
    said = {}
    for side in found.sides:
        article = engine.index.article(side.article_id)
        assert article
        assert article.text[side.start : side.end] == side.quote
        assert side.words_start is not None
        assert side.start <= side.words_start < side.words_end <= side.end  # type: ignore[operator]
        said[side.source] = article.text[side.words_start : side.words_end]
        cited = [
            c.number for c in answer.citations if (c.article_id, c.start) == (side.article_id, side.start)
        ]
        assert [side.number] == (cited or [0])
    assert told.sides
    for source, words in zip(("Mercury", "Herald"), told.sides, strict=True):
        assert words in said[source]
    plain = answer.to_dict()["disagreements"]
    assert [side["quote"] for side in plain[0]["sides"]] == [side.quote for side in found.sides]
    assert all(side["number"] >= 0 for side in plain[0]["sides"])


@pytest.mark.parametrize("told", THE_SAME, ids=lambda told: told.question[:30])
def test_what_is_not_surely_about_the_same_is_left_out(engine: Engine, told: Told) -> None:
    answer = engine.query(told.question)
    assert answer.found
    assert answer.disagreements == ()
    assert "disagreements" not in answer.to_dict()


def test_a_refusal_disagrees_on_nothing(engine: Engine) -> None:
    answer = engine.query("Who won the chess championship in 1998?")
    assert (answer.found, answer.disagreements) == (False, ())


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        (30000, 29640, True), (9.4e9, 9.35e9, True), (100, 120, True), (20, 25, True), (12, 12, True),
        (12, 17, False), (1.6, 1.7, False), (240, 315, False), (5e9, 4.4e9, False), (0, 0, True), (0, 3, False),
    ],
)  # fmt: skip
def test_a_rounder_number_may_be_the_same(one: float, other: float, may_be: bool) -> None:
    assert _may_be_rounded(one, other, LIMITS) == may_be
    assert _may_be_rounded(other, one, LIMITS) == may_be

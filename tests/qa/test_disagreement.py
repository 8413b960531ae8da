"""What two outlets say differently is shown side by side; what only looks different is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index import Encoder, Settings, build
from qa import Citation, Engine
from qa.disagreement.difference import may_be_rounded


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
    # In two languages, with names as each spells them.
    Told(
        "Wie viele Sitze hat der neue Saal des Kinos Capella in Dornau?",
        "Der neue Saal des Kinos Capella in Dornau hat 264 Sitze, verteilt auf zwölf Reihen.",
        "La nouvelle salle du cinéma Capella à Dornau compte 248 sièges, a annoncé le directeur.",
        ("264", "248"),
    ),
    Told(
        "When does the first night boat of Mellin leave Genua for Tunis?",
        "Das erste Nachtschiff der Reederei Mellin fährt am 13. Juni von Genua nach Tunis ab.",
        "Le premier bateau de nuit de la compagnie Mellin partira de Gênes pour Tunis le 14 juin.",
        ("13. Juni", "14 juin"),
    ),
    # Each was told on another weekday.
    Told(
        "How many people were hurt when the stand at the Carrow show fell?",
        "Police said on Monday that 31 people were hurt when the stand at the Carrow show fell.",
        "When the stand at the Carrow show fell, 44 people were hurt, a hospital said on Tuesday.",
        ("31", "44"),
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
    # Two towns.
    Told(
        "How many firemen were hurt in the fire at the old mill?",
        "The fire at the old mill in Cardew hurt 11 firemen when a floor gave way. Cardew is in shock.",
        "The fire at the old mill in Stavely hurt 3 firemen when a floor gave way. Stavely has lost a landmark.",
    ),
    # More than.
    Told(
        "How many sheep were lost in the snow on Harter Fell?",
        "More than 200 sheep were lost in the snow on Harter Fell, the farmers' union said.",
        "The farmers' union said that 248 sheep were lost in the snow on Harter Fell.",
    ),
    # A weekday and its date.
    Told(
        "When did the old crane of Velmar fall into the harbour?",
        "The old crane of Velmar fell into the harbour on 2 March, the port said.",
        "The old crane of Velmar fell into the harbour on Saturday, the port said.",
    ),
    # In two scripts.
    Told(
        "Who is the head of the museum in Tarusovo?",
        "The head of the museum in Tarusovo is Ksenia Belskaya, who plans to open it to schools.",
        "Директором музея в Тарусове стала Ксения Бельская. Прежний директор ушёл на пенсию.",
    ),
    # A part: the second article gives the whole as well.
    Told(
        "How many houses in Ulverdale are empty?",
        "There are 340 empty houses in Ulverdale, the council said.",
        "The council said there are 120 empty houses in the old part of Ulverdale, of 340 in all.",
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


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Wie viele Plätze hat der Nachtzug Hamburg–Lyon?", {"264", "248 places"}),
        (
            "When does the first night train between Hamburg and Lyon leave?",
            {"13. Juni 2025", "14 juin 2025"},
        ),
        ("Quelle somme la Mondlinie a-t-elle investie ?", set()),
    ],
)
def test_the_sample_articles_disagree_across_languages(
    corpus_index: Path, encoder: Encoder, question: str, sides: set[str]
) -> None:
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as opened:
        answer = opened.query(question)
    assert answer.found
    told = [_words(side) for found in answer.disagreements for side in found.sides]
    assert len(told) == len(sides)
    assert all(any(side in words for words in told) for side in sides)


def _words(side: Citation) -> str:
    assert side.words_start is not None
    assert side.words_end is not None
    return side.quote[side.words_start - side.start : side.words_end - side.start]


def test_what_several_say_is_shown_once(encoder: Encoder, tmp_path: Path) -> None:
    said = {"Mercury": 12, "Herald": 17, "Echo": 17, "Post": 23}
    folder = tmp_path / "folder"
    folder.mkdir()
    for outlet, number in said.items():
        (folder / f"{outlet}.md").write_text(
            f"---\ntitle: Fire at the Almond Mill, as the {outlet} tells it\noutlet: {outlet}\ndate: 2024-03-04\n"
            f"---\n\nThe fire at the Almond Mill in Oresby hurt {number} people, the {outlet} has learned.\n",
            "utf-8",
        )
    build(folder, Settings(index=tmp_path / "index"), encoder=encoder)
    with Engine(settings=Settings(index=tmp_path / "index"), encoder=encoder) as engine:
        (found,) = engine.query("How many people were hurt in the fire at the Almond Mill?").disagreements
    assert sorted(_words(side)[:2] for side in found.sides) == ["12", "17", "23"]


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
    assert may_be_rounded(one, other) == may_be
    assert may_be_rounded(other, one) == may_be

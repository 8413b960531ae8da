"""Copies, other headlines and light edits are one story; what only looks alike is not."""

import random

import pytest

from index.text.duplicates import bands, same_story, signature

WORDS = [
    "harbour",
    "board",
    "said",
    "Tuesday",
    "bridge",
    "would",
    "open",
    "again",
    "spring",
    "repairs",
    "cost",
    "million",
    "pounds",
    "town",
    "planned",
    "ferry",
    "kiosk",
    "quay",
    "buses",
    "cross",
    "first",
    "day",
    "lorries",
    "must",
    "keep",
    "ring",
    "road",
    "until",
    "June",
    "engineers",
    "found",
    "rust",
    "under",
    "deck",
    "steel",
    "came",
    "from",
    "works",
    "north",
    "council",
    "voted",
    "twice",
    "against",
    "closing",
    "path",
    "residents",
    "waited",
    "three",
    "years",
    "boats",
    "pass",
    "beneath",
]


def text(seed: int, sentences: int = 25) -> str:
    dice = random.Random(seed)
    return " ".join(f"{' '.join(dice.choices(WORDS, k=12)).capitalize()}." for _ in range(sentences))


LONG = text(1)
WEATHER = (
    "The weather service expects rain and wind in {place} on {day}. Temperatures reach {high} degrees in the"
    " afternoon and fall to {low} degrees at night. Winds blow from the west at up to {wind} kilometres an hour."
    " On the coast waves of {wave} metres are possible. The service advises boats to stay in harbour until the"
    " evening. Trains and ferries run as planned, the operators said. The next report follows tomorrow at noon."
)
ONE = WEATHER.format(place="Whitehaven", day="Monday", high=14, low=6, wind=60, wave=3)
OTHER = WEATHER.format(place="Aldermoor", day="Friday", high=11, low=2, wind=85, wave=5)
COURT = (
    "The district court has opened insolvency proceedings over the assets of {who}. Creditors are asked to file"
    " their claims in writing with the administrator by {day}. The meeting of creditors takes place in room {room}"
    " of the court at ten in the morning. Payments to the debtor no longer discharge an obligation. Who holds"
    " property of the debtor has to say so without delay. The order is open to appeal within two weeks of notice."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG),
        (f"Bridge opens\n\n{LONG}", f"At last: the bridge\n\n{LONG}"),
        (LONG, LONG.upper().replace(".", "!")),
        (LONG.replace("pounds", "“pounds”"), LONG.replace("pounds", "'pounds'")),
        (LONG, LONG.replace("harbour board", "port board", 1)),
        (LONG, f"{LONG} One more closing sentence by the editors."),
        (LONG.replace("million", "8 million", 1), LONG.replace("million", "9 million", 1)),
        ("Short notice.", "Short notice"),
        ("市议会将于下周就新预算进行表决。" * 9, "市议会将于下周就新预算进行表决。" * 9),
    ],
)
def test_one_story(one: str, other: str) -> None:
    assert same_story(one, other)
    assert same_story(other, one)
    assert set(bands(signature(one))) & set(bands(signature(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, OTHER),
        (ONE, ONE.replace("14 degrees", "15 degrees").replace("Monday", "Tuesday")),
        (
            COURT.format(who="Kell Ferries Limited", day="3 June", room=14),
            COURT.format(who="Voss and Daughters Steel", day="9 July", room=21),
        ),
        (LONG, f"{LONG} {text(3, 6)}"),
        (LONG, text(2)),
        (f"{text(4)} {LONG[:400]}", f"{text(5)} {LONG[:400]}"),
        ("Short notice of Monday.", "Short notice of Friday."),
        ("", "Some text."),
        ("The bridge opens in spring. Buses first.", "The bridge opens in spring. Lorries first."),
    ],
)
def test_different_stories(one: str, other: str) -> None:
    assert not same_story(one, other)
    assert not same_story(other, one)


def test_a_signature_is_the_same_everywhere() -> None:
    # Stored in indexes: another value means a new SIGNATURE.
    assert len(signature(LONG)) == 480
    assert signature("The bridge opens in spring.").hex()[:16] == "2d6f6732f73fdf7c"
    assert signature(LONG) != signature(text(2))
    assert len(set(bands(signature("")))) == len(bands(signature(LONG))) == 20


def test_a_book_is_the_same_story_as_its_equal_only() -> None:
    book = " ".join(f"Word{n} of chapter {n % 7}." for n in range(50_000))
    assert len(book) > 1_000_000
    assert same_story(f"One title\n\n{book}", f"Another\n\n{book}")
    assert not same_story(book, f"{book} More.")


def test_a_long_texts_signature_is_that_of_all_its_words() -> None:
    import datasketch

    words = [f"w{n}" for n in range(25_000)]
    made = datasketch.MinHash(num_perm=120, seed=1)
    made.update_batch({" ".join(words[n : n + 3]).encode() for n in range(len(words) - 2)})
    assert signature(" ".join(words)) == made.hashvalues.astype("<u4").tobytes()


def test_texts_of_unequal_length_are_told_apart_as_before() -> None:
    # The first n of n + m words are common. Texts that share 0.86 of the triples or more are alike.
    for extra, alike in ((10, True), (15, True), (18, False), (60, False)):
        one = " ".join(f"w{n}" for n in range(100))
        assert same_story(one, one + "".join(f" x{n}" for n in range(extra))) is alike

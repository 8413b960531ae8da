import pytest

from qa.conversation import Asked, interpretations, is_incomplete, refers_back

AUSTIN = ("When did Austin last speak to Shoigu?", "Im Mai 2023. [1]")


def test_without_a_conversation_a_question_stands_for_itself() -> None:
    assert interpretations("Und davor?", []) == [Asked("Und davor?")]
    assert Asked("Und davor?").text == "Und davor?"


@pytest.mark.parametrize(
    ("question", "carried"),
    [
        ("And who succeeded him in that office?", AUSTIN[0]),
        ("Und davor?", AUSTIN[0]),
        ("Gegen wen?", AUSTIN[0]),
        ("Who succeeded him in that office?", "Austin Shoigu"),
        ("Wer folgte ihm in jenem Amt nach?", "Austin Shoigu"),
        ("What did Austin say about it then?", "Shoigu"),
        ("What did Austin say to Shoigu then?", ""),
    ],
)
def test_a_follow_up_is_lent_what_it_lacks(question: str, carried: str) -> None:
    alone, *others = interpretations(question, [AUSTIN])
    assert alone == Asked(question)
    assert others == ([Asked(question, carried)] if carried else [])
    for other in others:
        assert other.text == f"{carried} {question}"


def test_names_come_from_further_back_where_the_last_question_has_none() -> None:
    history = [AUSTIN, ("and where did they meet?", "In Wien. [1]")]
    (_, fuller) = interpretations("Who else was there with both of them?", history)
    assert fuller.carried == "Austin Shoigu"
    (_, fuller) = interpretations("And why?", history)
    assert fuller.carried == "Austin Shoigu and where did they meet?"


def test_years_and_amounts_are_carried_too() -> None:
    history = [("How much did Disney earn in 2004 above $35m?", "x")]
    assert interpretations("What about the others in the market?", history)[1].carried == "Disney 2004 $35m"


def test_what_is_lent_is_bounded() -> None:
    history = [("Why " + "Xanthippe " * 200, "x")]
    assert len(interpretations("And then?", history)[1].carried) <= 300


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And who succeeded him?", True),
        ("А сколько лет она этого ждёт?", True),
        ("Peki ne zamandır sakat?", True),
        ("How many of them have been sold since 2004?", True),
        ("Why?", True),
        ("Andrea Berg sang where in the summer?", False),
        ("How much did the repair of Mariners' Bridge cost?", False),
    ],
)
def test_a_question_is_incomplete_that_goes_on_or_names_nothing(question: str, expected: bool) -> None:
    assert is_incomplete(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was he appointed?", True),
        ("And in which town was he born?", True),
        ("And 46%?", True),
        ("Wann war sie dort?", True),
        ("Что он сказал?", True),
        ("Peki ne zamandır sakat?", True),
        # It may be about something new.
        ("How long does it take to bake bread?", False),
        ("Who won yesterday?", False),
        ("And how old is Andrea Berg?", False),
        ("Where is Austin now?", False),
        ("", False),
    ],
)
def test_a_question_refers_back_that_goes_on_or_has_only_a_pronoun(question: str, expected: bool) -> None:
    assert refers_back(question) is expected

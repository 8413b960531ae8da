import pytest

from qa.conversation import Asked, readings

AUSTIN = ("When did Austin last speak to Shoigu?", "Im Mai 2023. [1]")


def test_without_a_conversation_a_question_stands_for_itself() -> None:
    assert readings("Und davor?", []) == [Asked("Und davor?")]
    assert Asked("Und davor?").text == "Und davor?"


@pytest.mark.parametrize(
    ("question", "carried"),
    [
        ("And who succeeded him in that office?", "Austin Shoigu"),
        ("Und davor?", "When did Austin last speak to Shoigu?"),
        ("What did Austin say about it then?", "Shoigu"),
        ("What did Austin say to Shoigu then?", ""),
    ],
)
def test_a_follow_up_is_lent_what_it_lacks(question: str, carried: str) -> None:
    alone, *others = readings(question, [AUSTIN])
    assert alone == Asked(question)
    assert others == ([Asked(question, carried)] if carried else [])
    for other in others:
        assert other.text == f"{carried} {question}"


def test_names_come_from_further_back_where_the_last_question_has_none() -> None:
    history = [AUSTIN, ("and where did they meet?", "In Wien. [1]")]
    (_, fuller) = readings("Who else was there with both of them?", history)
    assert fuller.carried == "Austin Shoigu"
    (_, fuller) = readings("And why?", history)
    assert fuller.carried == "Austin Shoigu and where did they meet?"


def test_years_and_amounts_are_carried_too() -> None:
    history = [("How much did Disney earn in 2004 above $35m?", "x")]
    assert readings("And what about the others in the market?", history)[1].carried == "Disney 2004 $35m"


def test_what_is_lent_is_bounded() -> None:
    history = [("Why " + "Xanthippe " * 200, "x")]
    assert len(readings("And then?", history)[1].carried) <= 300

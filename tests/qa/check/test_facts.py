import pytest

from qa.check.facts import facts, missing

SAME = [
    ("12. Mai", "May 12"),
    ("12 May 2021", "am 12.05.2021"),
    ("2021-05-12", "12 мая 2021 года"),
    ("May 2023", "Mayıs 2023'te"),
    ("35m euros", "35 Millionen Euro"),
    ("€35m", "35 миллионов евро"),
    ("$1.2bn", "1,2 Milliarden Dollar"),
    ("10 per cent", "yüzde 10"),
    ("10 %", "zehn Prozent"),
    ("two hours", "120 Minuten"),
    ("18 months", "anderthalb Jahre, also 18 Monate"),
    ("3.30pm", "15:30 Uhr"),
    ("on Monday", "am Montag"),
    ("am 12.05.2021", "12 May 2021"),
    ("05/12/2021", "12 May 2021"),
    ("05/12/2021", "5. Dezember 2021"),
    ("twenty-one people", "21 Menschen"),
    ("on iki kişi", "12 Leute"),
    ("the 21st century", "21. Jahrhundert"),
    ("fourteen people", "14 Menschen"),
]
OTHER = [
    ("13 May", "12 May 2021"),
    ("12 June", "12 May 2021"),
    ("May 2022", "May 2023"),
    ("35 million dollars", "35m euros"),
    ("3.5m euros", "35m euros"),
    ("10 per cent", "10 pounds"),
    ("two hours", "90 Minuten"),
    ("3.30pm", "3.30am"),
    ("on Tuesday", "am Montag"),
    ("5 km", "5 miles"),
    ("14 people", "several people"),
    ("am 12.05.2021", "5 December 2021"),
    ("05/13/2021", "12 May 2021"),
    ("twenty-one people", "20 Menschen"),
]


@pytest.mark.parametrize(("stated", "held"), SAME)
def test_the_same_in_another_form_or_language(stated: str, held: str) -> None:
    assert missing(facts(stated), facts(held)) == []


@pytest.mark.parametrize(("stated", "held"), OTHER)
def test_another_is_missing(stated: str, held: str) -> None:
    assert missing(facts(stated), facts(held))


def test_a_sentence_may_say_less() -> None:
    held = facts("On 12 May 2021 the council paid 35m euros for it.")
    assert missing(facts("The council paid for it in May."), held) == []
    assert missing(facts("The council paid for it."), held) == []


def test_days_stay_with_their_months() -> None:
    held = facts("It opened on 12 May and closed on 3 June.")
    assert missing(facts("It opened on 12 May."), held) == []
    assert missing(facts("It opened on 3 May."), held)


def test_what_is_missing_is_named() -> None:
    assert missing(facts("It cost 36m euros."), facts("It cost 35m euros.")) == ["36m"]


@pytest.mark.parametrize("text", ["They may come.", "Der Mars ist rot.", "march on"])
def test_a_word_that_is_a_month_elsewhere_is_none(text: str) -> None:
    assert not facts(text.lower()).months


@pytest.mark.parametrize(
    "text", ["England v France 3-1", "Henry VIII had 6 wives.", "Fred Perry won 8 titles."]
)
def test_a_sign_or_a_name_is_no_month_and_no_weekday(text: str) -> None:
    found = facts(text)
    assert not found.months
    assert not found.weekdays


def test_a_month_is_known_in_every_case() -> None:
    for said in ("в марте 2023", "у березні 2023", "w marcu 2023", "v březnu 2023"):
        assert facts(said).months == {3}

from datetime import date

import pytest

from qa.evidence.timeliness import timeliness

TODAY = date(2026, 6, 15)
DAYS = [date(2004, 5, 3), date(2023, 5, 31), None, date(2026, 6, 10)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is minister now?", [0, 0.5, 0, 1]),
        ("When did they last speak?", [0, 0.5, 0, 1]),
        ("Wann sprachen sie zuletzt?", [0, 0.5, 0, 1]),
        ("Кто сейчас министр?", [0, 0.5, 0, 1]),
        ("Who is minister?", [0, 0.125, 0, 0.25]),
        ("The blast was where?", [0, 0.125, 0, 0.25]),
        ("What was said in May 2023?", [0, 1, 0, 0]),
        ("Was geschah im Mai 2023?", [0, 1, 0, 0]),
        ("Что было в мае 2023 года?", [0, 1, 0, 0]),
        ("Что было в июле 2023 года?", [0, 0, 0, 0]),
        ("What was said in December 2023?", [0, 0, 0, 0]),
        ("What was said in 2004?", [1, 0, 0, 0]),
        ("What happened between May and June 2004?", [1, 0, 0, 0]),
        ("What happened last week?", [0, 0, 0, 1]),
        ("Was geschah letzte Woche?", [0, 0, 0, 1]),
        ("Que s'est-il passé la semaine dernière ?", [0, 0, 0, 1]),
        ("Is 20231 a number?", [0, 0.125, 0, 0.25]),
    ],
)
def test_days_suit_what_the_question_says_of_time(question: str, expected: list[float]) -> None:
    assert timeliness(question, DAYS, TODAY) == expected


def test_articles_of_one_day_or_none_are_alike() -> None:
    assert timeliness("Who is minister now?", [TODAY, TODAY, None], TODAY) == [0, 0, 0]
    assert timeliness("Who is minister now?", [], TODAY) == []

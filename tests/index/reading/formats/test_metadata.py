from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reading.formats.metadata import as_date, date_in_name, language_code, names, own_title, people

DAY = date(2024, 5, 27)


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-27", "2024-05-27T23:59:59+02:00", "2024/05/27", "20240527", "20240527T101010Z", "27.05.2024",
        "27.5.2024", "27/05/2024", "5/27/2024", "Mon, 27 May 2024 10:00:00 +0200", "27 May 2024",
        "May 27, 2024", "27. Mai 2024", "27 mai 2024", "27 de mayo de 2024", "27 мая 2024", "27 Mayıs 2024",
        DAY, 1716800000, 1716800000.5, 1716800000000, "1716800000", "20240527101010", ["2024-05-27"],
        {"$date": "2024-05-27T10:00:00Z"}, {"$date": 1716800000000}, {"$date": {"$numberLong": "1716800000000"}},
        {"@value": "2024-05-27"}, "2024年5月27日", "２０２４年５月２７日", "2024년 5월 27일", "2024. 5. 27.",
        "令和6年5月27日", "民國113年5月27日", "二〇二四年五月二十七日", "発行日：2024年5月27日（月）", "Montag, 27. Mai 2024",
        "lundi 27 mai 2024", "Monday 27/05/2024", "Pazartesi, 27 Mayıs 2024",
    ],
)  # fmt: skip
def test_days_as_files_state_them(value: object) -> None:
    assert as_date(value) == DAY


@pytest.mark.parametrize(
    "value",
    [
        "", "yesterday", "last Monday", "May 2024", "2024", "03/04/2024", "2024-02-30", "27.13.2024",
        "0000-00-00", "9999-01-01", "1066-10-14", None, [], {}, True, 0, 12345678901, "0", {"$date": None},
            "1970-01-01T00:00:00Z", "Mon, 30 Nov -0001 00:00:00 +0000", "Friday, 27 May 2024", "mardi 27 mai 2024",
            "Dienstag, 27.05.2024", "x" * 500,
        str(date.today() + timedelta(days=9)),
    ],
)  # fmt: skip
def test_what_states_no_day_is_none(value: object) -> None:
    assert as_date(value) is None


def test_a_weekday_tells_two_readings_apart() -> None:
    assert as_date("Wed 03/04/2024") == date(2024, 4, 3)
    assert as_date("lundi 04/03/2024") == date(2024, 3, 4)
    assert as_date("Friday 03/04/2024") is None


@given(st.text(max_size=70))
def test_any_text_is_a_day_or_none(value: str) -> None:
    assert as_date(value) is None or isinstance(as_date(value), date)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/2024-05-27 bridge.html", DAY),
        ("20240527_bridge.pdf", DAY),
        ("2024/05/27/bridge.html", DAY),
        ("2024-05-27/bridge.html", DAY),
        ("bridge-120240527123.txt", None),
        ("chapter-2024.txt", None),
        ("2024-13-45.txt", None),
    ],
)
def test_days_in_file_names(path: str, expected: date | None) -> None:
    assert date_in_name(path) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [("de", "de"), ("de-AT", "de"), ("DE_at", "de"), (" en ", "en"), ("german", None), ("", None), (3, None),
     ("deu", "de"), ("ger", "de"), ("fre-CA", "fr"), ("nb-NO", "no"), ("nob", "no"), ("nn", "nn"), ("iw", "he"),
     ("cmn-Hans", "zh"), ("fil", "tl"), ("sh", "sr"), ("tlh", "tlh"), ("und", None)],
)  # fmt: skip
def test_language_codes(value: object, code: str | None) -> None:
    assert language_code(value) == code


def test_names_of_many_shapes() -> None:
    assert names("A B, C D; A B") == ("A B", "C D")
    assert names(["A", {"name": "B"}, 3, "A"]) == ("A", "B")
    assert names({"name": " A\n B "}) == ("A B",)
    assert names(None) == names(3) == ()
    assert names({"@type": "Person", "name": {"@type": "Person", "name": "Liv Aas"}}) == ("Liv Aas",)
    assert names([{"givenName": "Liv", "familyName": "Aas"}, ["Ole Bo"]]) == ("Liv Aas", "Ole Bo")
    assert names("[[Liv Aas]]; [[People/Ole|Ole Bo]]") == ("Liv Aas", "Ole Bo")
    assert names("Liv &Aring;s, admin, python-docx") == ("Liv Ås",)


def test_authors_in_a_byline() -> None:
    assert people("By Liv Aas, Ida Ek and Ole Bo") == ("Liv Aas", "Ida Ek", "Ole Bo")
    assert people({"original": "By Liv Aas, Ida Ek and Ole Bo"}) == ("Liv Aas", "Ida Ek", "Ole Bo")
    assert people(["by Liv Aas", "Byron Ek"]) == ("Liv Aas", "Byron Ek")
    assert people("Marks and Spencer") == ("Marks and Spencer",)
    assert names("By the sea") == ("By the sea",)


def test_titles_that_programs_give_are_none() -> None:
    assert own_title(" Untitled  Document ") is own_title("无标题") is own_title(None) is None
    assert own_title("Untitled poems &amp; more") == "Untitled poems & more"


@pytest.mark.parametrize(
    "value",
    ["{{ title }}", "{% block author %}", "${article.title}", "<%= name %>", "%title%", "#{post.name}"],
)
def test_what_a_template_left_unfilled_is_no_title_and_no_name(value: str) -> None:
    assert own_title(value) is None
    assert names(value) == names([value]) == names({"name": value}) == ()
    assert own_title(f"What {value} means") == f"What {value} means"

import pytest

from qa.check.numerals import numbers, values_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("35m euros", [{35e6}]),
        ("35 Millionen Euro", [{35e6}]),
        ("35 миллионов евро", [{35e6}]),
        ("35 milyon avro", [{35e6}]),
        ("mil millones", [{1e9}]),
        ("1.200 Menschen", [{1200.0, 1.2}]),
        ("1,200.50 dollars", [{1200.5}]),
        ("1.200,50 Euro", [{1200.5}]),
        ("1 200 000 habitants", [{1.2e6}]),
        ("3.4 billion", [{3.4e9, 3.4e12}]),
        ("twenty-one and 30", [{21.0}, {30.0}]),
        ("sixty six", [{66.0}]),
        ("einundzwanzig", [{21.0}]),
        ("двадцати", [{20.0}]),
        ("on iki", [{12.0}]),
        ("on two", [{2.0}]),
        ("yirmi bir", [{21.0}]),
        ("10 per cent", [{10.0}]),
        ("cent ans", [{100.0}]),
        ("3 bin 400", [{3400.0}]),
        ("two hundred and fifty", [{250.0}]),
        ("une soixantaine", [{60.0}]),
        ("half of them", [{0.5, 50.0}]),
        ("a quarter of it", [{0.25, 25.0}]),
        ("the quarter-finals", []),
        ("three finals, two final offers", [{3.0}, {2.0}]),
        ("Louis XIV", [{14.0}]),
        ("I think so", []),
        ("a man and one dog", []),
        ("MIX of things", []),
        ("", []),
    ],
)
def test_numbers_in_digits_and_words(text: str, values: list[set[float]]) -> None:
    assert [set(number.values) for number in numbers(text)] == values


def test_where_a_number_stands() -> None:
    (number,) = numbers("It cost 35 million euros.")
    assert "It cost 35 million euros."[number.start : number.end] == "35 million"


@pytest.mark.parametrize(
    ("digits", "values"),
    [
        ("7", {7.0}),
        ("1.200", {1200.0, 1.2}),
        ("1.20", {1.2}),
        ("1.200.300", {1200300.0}),
        ("1,5", {1.5}),
        ("12’000", {12000.0}),
        ("٣٥", {35.0}),
    ],
)
def test_digits_can_have_two_readings(digits: str, values: set[float]) -> None:
    assert values_of(digits) == values

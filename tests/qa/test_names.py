import pytest

from qa.names import are_same, is_among, names, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergej Schoigu", "Sergei Shoigu"),
        ("Шойгу", "Shoigu"),
        ("Шойгуның", "Шойгу"),
        ("Berlins", "Berlin"),
        ("Dvořák", "Dvorak"),
        ("Şoygu", "Shoigu"),
        ("Αθήνα", "Athina"),
        ("Москве", "Москва"),
        ("Остина", "Austin"),
        ("Jones", "Marion Jones"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert are_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shoigu", "Lavrov"),
        ("Anna Weber", "Otto Klein"),
        ("Berlin", "Bern"),
        ("", "Bern"),
        ("U2", "U3"),
        ("Iran", "Iraq"),
        ("Austria", "Australia"),
        ("Harris", "Harrison"),
        ("Иран", "Ирак"),
        ("Johnson", "Johnston"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert not are_same(one, other)


def test_short_words_must_be_the_same() -> None:
    assert is_among("U2", words("The band U2 played"))
    assert not is_among("U2", words("The band U3 played"))


def test_words_with_capitals_side_by_side_are_one_name() -> None:
    text = "Yesterday Lloyd Austin met O’Neill and Jean-Luc."
    found = names(text)
    assert [name.text for name in found] == ["Yesterday Lloyd Austin", "O’Neill", "Jean-Luc"]
    assert all(text[name.start : name.end] == name.text for name in found)

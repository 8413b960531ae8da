import pytest

from index.text.calendars import DAYS, MONTHS, month_names, names_of, whole_names


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("january", {"january", "januar", "jänner", "janvier", "января", "январь", "январе", "ocak", "styczeń"}),
        ("may", {"may", "mai", "mayıs", "мая", "май", "мае", "maja", "maggio", "toukokuussa"}),
        ("august", {"august", "août", "ağustos", "серпня", "серпні", "sierpnia"}),
        ("wednesday", {"mittwoch", "mercredi", "miércoles", "среда", "среду", "çarşamba", "onsdag"}),
        ("year", {"year", "years", "jahre", "jahren", "años", "года", "році"}),
        ("minute", {"minutes", "minuten", "минут", "dakika"}),
    ],
)  # fmt: skip
def test_a_month_a_day_and_a_span_are_known_in_their_cases(key: str, names: set[str]) -> None:
    assert names <= names_of(key)


def test_what_is_another_word_elsewhere_is_no_name() -> None:
    assert not {"v", "viii", "mar", "sep"} & frozenset().union(*map(names_of, MONTHS))
    assert not {"segunda", "quarta", "fred"} & frozenset().union(*map(names_of, DAYS))


def test_a_month_is_found_by_any_of_its_names() -> None:
    assert month_names("Juillet") == month_names("июля")
    assert "july" in month_names("Temmuz")
    assert month_names("v") == month_names("Juli.") == frozenset()


def test_names_are_matched_as_whole_words() -> None:
    pattern = whole_names("may", "june")
    found = [match.group() for match in pattern.finditer("Mayor, May 3 and JUNI; maybe in мае")]
    assert found == ["May", "JUNI", "мае"]

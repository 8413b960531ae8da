import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.spelling import spelling_key, spellings
from index.text.words import unmarked

NAMES = [
    "Shoigu Schoigu Шойгу Şoygu",
    "Khodorkovsky Chodorkowski Ходорковский Hodorkovski",
    "Zelensky Selenskyj Зеленский Zelenskiy",
    "Isinbayeva Isinbajewa Исинбаева Isinbaïeva",
    "Tchaikovsky Tschaikowski Чайковский Çaykovski",
    "Dostoevsky Dostojewski Достоевский",
    "Beloussow Belousov Белоусов",
    "Erdogan Erdoğan Эрдоган",
    "Macron Макрон",
    "Müller Mueller Muller",
    "Strauß Strauss STRAUẞ",
    "Jörgensen Joergensen Jorgensen Jørgensen",
]


@pytest.mark.parametrize("names", NAMES)
def test_spellings_of_a_name_have_one_key(names: str) -> None:
    assert len({spelling_key(name) for name in names.split()}) == 1


def test_names_have_keys_of_their_own() -> None:
    assert len({spelling_key(names.split()[0]) for names in NAMES}) == len(NAMES)


@pytest.mark.parametrize("word", ["", "Oslo", "An", "2023", "Иван", "上海", "щ" * 50])
def test_a_word_too_short_or_long_has_none(word: str) -> None:
    assert spelling_key(word) is None


def test_names_of_texts_come_without_marks_and_small_words_stay_out() -> None:
    found = spellings(["Şoygu spoke to Austin.", "The minister Шойгу, şoygu and AUSTIN again."])
    assert found == {("soigu", "soygu"), ("soigu", "шойгу"), ("austin", "austin")}


@pytest.mark.parametrize("names", ["NATO НАТО ΝΑΤΟ", "FIFA ФИФА", "UEFA УЕФА"])
def test_an_acronym_has_one_key_in_all_scripts(names: str) -> None:
    keys = [{key for key, _ in spellings([name])} for name in names.split()]
    assert set.intersection(*keys)


@given(st.text(max_size=40))
def test_any_text_has_keys_or_none(text: str) -> None:
    for key, word in spellings([text]):
        assert len(key) >= (4 if key.startswith("=") else 5)
        assert word == unmarked(word)

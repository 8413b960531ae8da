from index.text.words import MAX_QUESTION_WORDS, index_words, number_forms, question_words, unmarked


def test_unspaced_scripts_are_cut_into_pairs() -> None:
    assert index_words("奥斯汀 met 肖").split() == ["奥斯", "斯汀", "met", "肖"]
    assert question_words("奥斯汀何时") == ["奥斯", "斯汀", "汀何", "何时"]
    assert len(question_words("รัฐมนตรี")) > 3


def test_question_words_are_distinct_lower_case_and_bounded() -> None:
    assert question_words("Who spoke, WHO called? (2023)") == ["who", "spoke", "called", "2023"]
    assert len(question_words(" ".join(f"w{i}" for i in range(500)))) == MAX_QUESTION_WORDS
    assert question_words("?!") == []


def test_spaced_scripts_keep_their_marks_inside_words() -> None:
    assert question_words("मंत्री ने कहा") == ["मंत्री", "ने", "कहा"]


def test_only_latin_letters_lose_their_marks() -> None:
    assert [unmarked(word) for word in ("Şoygu", "É", "Шойгу", "мёд", "मंत्री")] == [
        "soygu",
        "e",
        "шойгу",
        "мёд",
        "मंत्री",
    ]


def test_a_number_is_one_word_however_it_is_grouped() -> None:
    assert question_words("45,000 or 1.234.567 or 12 500, ٤٥٬٠٠٠") == ["45000", "or", "1234567", "12500"]
    assert question_words("27.5.2024 at 10.30, 38.5 in May 12 2023, 100, 200") == [
        "27", "5", "2024", "at", "10", "30", "38", "in", "may", "12", "2023", "100", "200"
    ]  # fmt: skip


def test_a_number_has_the_forms_that_texts_give_it() -> None:
    assert number_forms("1234567") == ["1 234 567"]
    assert number_forms("1st") == number_forms("1er") == number_forms("1º") == ["1"]
    assert number_forms("123") == number_forms("may") == number_forms("10k") == []

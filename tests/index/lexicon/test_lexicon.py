from dataclasses import fields, replace
from pathlib import Path

import pytest
import regex
from babel import Locale

from index.errors import LexiconError
from index.lexicon import Language, any_of, compiled, languages, lexicon, whole_words, words
from index.lexicon.entries import Calendar
from index.text import calendars

CODES = [language.code for language in languages()]


def broken(tmp_path: Path, content: str, name: str = "xx") -> str:
    """Return what is said of the file of a language; every section that it lacks has its reason."""
    lacking = [section for section in lexicon.sections() if f"[{section}]" not in content]
    path = tmp_path / f"{name}.toml"
    path.write_text(content + "\n[without]\n" + "".join(f'{section} = "why not"\n' for section in lacking))
    with pytest.raises(LexiconError) as raised:
        lexicon.load(path)
    return str(raised.value)


@pytest.mark.parametrize("language", languages(), ids=CODES)
def test_every_language_has_every_section_or_says_why_not(language: Language) -> None:
    for section in lexicon.sections():
        entry, kind = getattr(language, section), type(getattr(language, section))
        assert (entry == kind()) == bool(language.without.get(section)), section


@pytest.mark.parametrize("language", languages(), ids=CODES)
def test_every_entry_is_a_pattern_and_stands_once(language: Language) -> None:
    for section in lexicon.sections():
        entry = getattr(language, section)
        for listed in (getattr(entry, item.name) for item in fields(entry)):
            if isinstance(listed, tuple):
                assert len(set(listed)) == len(listed)
                for word in listed:
                    regex.compile(word)


def test_the_languages_that_questions_are_measured_in_have_their_question_words() -> None:
    asked = {language.code for language in languages() if language.questions.name}
    assert {"en", "de", "fr", "es", "ru", "tr"} <= asked


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code = xx", "cannot read xx.toml"),
        ('code = "yy"', "name the file after its language"),
        ('code = "xx"\n[negatoin]\nwords = ["no"]', "'negatoin' is not one of"),
        ('code = "xx"\n[negation]\nwrods = ["no"]', "'wrods' is not one of words"),
        ('code = "xx"\n[negation]\nwords = [1]', "negation, words holds [1]: write a list of words"),
        ('code = "xx"\n[negation]\nwords = [""]', "write a list of words"),
        ('code = "xx"\n[sentences]\nopenings = 1', "write a list of words"),
        ('code = "xx"\n[numbers]\nforms = ["zwo"]', "wrong type"),
        ("", "code"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(tmp_path: Path, content: str, said: str) -> None:
    message = broken(tmp_path, content)
    assert "xx.toml" in message
    assert said in message


def test_a_section_is_neither_left_out_silently_nor_excused_although_there(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text('code = "xx"')
    with pytest.raises(LexiconError, match=r"write \[questions\] or give a reason"):
        lexicon.load(path)
    text = (lexicon.FOLDER / "de.toml").read_text("utf-8")
    path = tmp_path / "de.toml"
    path.write_text(f'{text}\n[without]\nclock = "none needed"\n', "utf-8")
    with pytest.raises(LexiconError, match=r"\[clock\]"):
        lexicon.load(path)


def test_a_word_that_is_no_pattern_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (lexicon.FOLDER / "de.toml").read_text("utf-8")
    (tmp_path / "de.toml").write_text(text.replace("'nicht nur'", "'nicht (nur'"), "utf-8")
    broken_one = lexicon.load(tmp_path / "de.toml")
    monkeypatch.setattr(lexicon, "languages", lambda: (broken_one,))
    with pytest.raises(LexiconError, match=r"de.toml, \[negation\] harmless: 'nicht \(nur'"):
        compiled(any_of(broken_one.negation.harmless))


def test_words_are_those_of_all_languages_each_once() -> None:
    denials = words(lambda language: language.negation.words)
    assert {"not", "nicht", "не"} <= set(denials)
    assert len(set(denials)) == len(denials)


def test_whole_words_are_no_parts_of_others() -> None:
    pattern = whole_words(["not", "n[ei]"])
    assert [match.group() for match in pattern.finditer("Not a knot, ne, nor note 1not")] == ["Not", "ne"]
    assert not whole_words([]).search("anything")


@pytest.mark.parametrize("language", languages(), ids=CODES)
def test_names_of_the_calendar_are_listed_only_where_cldr_lacks_them(language: Language) -> None:
    listed = language.calendar
    if not listed.locale:
        assert replace(listed, eras={}) == Calendar()
        return
    Locale.parse(listed.locale)
    for key in (*calendars.MONTHS, *calendars.DAYS, *calendars.SPANS):
        assert not set(getattr(listed, key)) & calendars.cldr_names(listed.locale, key), key

"""The catalogues hold every message of the page in every language."""

import re
from contextvars import copy_context
from gettext import c2py
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Message

from index.errors import QuestionError
from qa.engine import checked_question
from tests.ui.catalogues import TRANSLATED, code, stored
from ui.remarks import translated
from ui.translation import speak

CODE = code()
COUNTS = range(200)
# They mean something in HTML, JSON or both, and the page puts messages into these.
SIGNS = '"<>&\\\n'


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def english(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def fields(text: str) -> set[str]:
    named = {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}
    return named | set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing_or_unsure_or_left_over(language: str) -> None:
    kept = stored(language)
    assert {message.id for message in kept} == {message.id for message in CODE}
    assert [message.id for message in kept if message.id and (message.fuzzy or not all(forms(message)))] == []
    # A word may be the same in two languages; a sentence is not.
    same = [text for message in kept for text in set(forms(message)) & set(english(message))]
    assert [text for text in same if len(re.findall(r"\w+", re.sub(r"\{\w+\}", "", text))) > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_places_for_the_same_values(language: str) -> None:
    kept = stored(language)
    chosen = [c2py(kept.plural_expr)(count) for count in COUNTS]
    for message in kept:
        for number, form in enumerate(forms(message)):
            # "in a minute" needs no number, if no other count is said like that.
            alone = len(forms(message)) > 1 and chosen.count(number) == 1
            allowed = [fields(text) for text in (english(message) if alone else english(message)[-1:])]
            assert fields(form) in allowed, (message.id, form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_hold_no_sign_that_the_english_does_not_and_end_like_it(language: str) -> None:
    for message in (message for message in stored(language) if message.id):
        for form in forms(message):
            assert not (set(SIGNS) & set(form)) - set("".join(english(message))), form
            assert form == form.strip(), form
            ends = [text[-1] if text[-1] in ".…?:" else "" for text in english(message)]
            assert (form[-1] if form[-1] in ".…?:" else "") in ends, (message.id, form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_numbers_choose_the_forms_that_the_language_has(language: str) -> None:
    kept = stored(language)
    choose, named = c2py(kept.plural_expr), Locale(language).plural_form
    pairs = {(choose(count), named(count)) for count in COUNTS}
    # One form of the catalogue for each form that the language has.
    assert len(pairs) == len({form for form, _name in pairs}) == len({name for _form, name in pairs})
    assert {len(forms(message)) for message in kept if isinstance(message.id, tuple)} <= {len(pairs)}
    assert kept.num_plurals == len(pairs)


@pytest.mark.parametrize(
    ("remark", "german"),
    [
        ("That is not in these articles.", "Das steht nicht in diesen Artikeln."),
        (
            "the index /a {b} is gone: rebuild it with article-qa index FOLDER",
            "der Index /a {b} ist weg: erstellen Sie ihn neu mit article-qa index FOLDER",
        ),
        (
            "2 sentences were removed: their sources don't support them.",
            "2 Sätze wurden entfernt: Ihre Quellen stützen sie nicht.",
        ),
        ("no remark that anybody knows", "no remark that anybody knows"),
    ],
)
def test_what_the_engine_remarks_is_said_in_the_readers_language(remark: str, german: str) -> None:
    def said() -> str:
        speak("de")
        return translated(remark)

    assert copy_context().run(said) == german
    assert translated(remark) == remark


@pytest.mark.parametrize("question", ["?", "wozu " * 20_000])
def test_the_remarks_on_questions_are_those_of_the_engine(question: str) -> None:
    def said(error: QuestionError) -> str:
        speak("ru")
        return translated(str(error))

    with pytest.raises(QuestionError) as caught:
        checked_question(question)
    assert copy_context().run(said, caught.value) != str(caught.value)

"""The catalogues hold every message of the page in every language."""

import re
from gettext import c2py
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Message

from tests.ui.catalogues import TRANSLATED, code, stored

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

"""Loads the files of the languages, once, and compiles their words to patterns."""

import functools
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import regex

from index.errors import LexiconError

from .entries import Language, Words

FOLDER = Path(__file__).parent


@functools.cache
def languages() -> tuple[Language, ...]:
    """Return all languages, by their codes. Raises LexiconError if a file is broken."""
    return tuple(load(path) for path in sorted(FOLDER.glob("*.toml")))


def load(path: Path) -> Language:
    """Read a language's file. Raises LexiconError if it is broken or lacks a section without a reason."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LexiconError(f"cannot read {path.name}, the words of a language: {error}") from error
    language: Language = _entry(Language, content, path.name)
    if language.code != path.stem:
        raise LexiconError(f"{path.name} has the code {language.code!r}: name the file after its language")
    for section in sections():
        if (section in content) == bool(language.without.get(section)):
            raise LexiconError(f"{path.name}: either write [{section}] or give a reason under [without]")
    return language


@functools.cache
def sections() -> tuple[str, ...]:
    """Return the names of the sections that each file has."""
    return tuple(name for name, kind in _types(Language).items() if is_dataclass(kind))


def words(pick: Callable[[Language], Words]) -> Words:
    """Return what `pick` takes from each language, each word once."""
    return tuple(dict.fromkeys(word for language in languages() for word in pick(language)))


def any_of(patterns: Iterable[str]) -> str:
    """Return a part of a pattern that matches any of `patterns`; without any it matches nothing."""
    return f"(?:{'|'.join(patterns) or '(?!)'})"


def whole_words(patterns: Iterable[str]) -> "regex.Pattern[str]":
    """Return a pattern of any of `patterns` as a whole word, in capitals or not."""
    return compiled(rf"(?<![\p{{L}}\p{{N}}]){any_of(patterns)}(?![\p{{L}}\p{{N}}])")


def compiled(pattern: str, flags: int = regex.IGNORECASE) -> "regex.Pattern[str]":
    """Return a pattern made of words, in any case. Raises LexiconError if one is not a valid pattern."""
    try:
        return regex.compile(pattern, flags)
    except regex.error as error:
        raise LexiconError(f"index/lexicon: {error} in {_broken_word() or pattern}") from error


def _broken_word() -> str | None:
    """Return the first word of any language that is not a valid pattern, with its place."""
    for language in languages():
        for section in sections():
            for name, word in _patterns(getattr(language, section)):
                try:
                    regex.compile(word)
                except regex.error:
                    return f"{language.code}.toml, [{section}] {name}: {word!r}"
    return None


def _patterns(entry: Any) -> Iterator[tuple[str, str]]:
    for item in fields(entry):
        listed = getattr(entry, item.name)
        for word in listed if isinstance(listed, tuple) else ():
            yield item.name, word


@functools.cache
def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _entry(kind: Any, content: Mapping[str, Any], place: str) -> Any:
    """Return a table of a file as the dataclass `kind`."""
    types = _types(kind)
    if unknown := sorted(content.keys() - types):
        raise LexiconError(f"{place}: {unknown[0]!r} is not one of {', '.join(types)}")
    try:
        return kind(**{key: _value(types[key], value, f"{place}, {key}") for key, value in content.items()})
    except TypeError as error:
        raise LexiconError(f"{place}: {error}") from error


def _value(kind: Any, value: Any, place: str) -> Any:
    if is_dataclass(kind) and isinstance(value, dict):
        return _entry(kind, value, place)
    if kind == Words:
        return _words(value, place)
    if kind == dict[str, Words] and isinstance(value, dict):
        return {key: _words(listed, f"{place}, {key}") for key, listed in value.items()}
    if (kind == dict[str, str] and isinstance(value, dict)) or (kind in (str, int) and type(value) is kind):
        return value
    raise LexiconError(f"{place} holds {value!r}, which has the wrong type")


def _words(value: Any, place: str) -> Words:
    """Return a list of patterns; a string is cut at its blanks."""
    listed = value.split() if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(word, str) and word for word in listed):
        raise LexiconError(f"{place} holds {value!r}: write a list of words")
    return tuple(listed)

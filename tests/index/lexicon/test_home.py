"""Words of languages have one home: no module of index/ or qa/ holds a list of them."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
import regex

from index.lexicon import languages
from tests.conftest import ROOT

MODULES = sorted(path for package in ("index", "qa") for path in (ROOT / package).rglob("*.py"))
# A word is told by three letters: shorter ones are abbreviations and codes everywhere.
_WORD = regex.compile(r"\p{L}{3,}")
_ACCENTED = regex.compile(r"(?=\p{L}*[^\x00-\x7F])\p{L}{2,}")
# What is in a pattern besides words: classes, properties, escapes, names of groups.
_SYNTAX = regex.compile(r"\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\w{4}|\\.|\(\?[<P]\w+>")
_MANY = 3


def strings(source: str) -> Iterator[str]:
    """Yield the string constants of a module that are no docstrings, parts of f-strings too."""
    tree = ast.parse(source)
    bodies = [
        node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    documentation = {
        id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of English, and those of all other languages that English does not have.

    What several languages have is a name, such as that of a service.
    """
    found: dict[str, set[str]] = {language.code: set() for language in languages()}
    for language in languages():
        for entry in (getattr(language, item.name) for item in fields(language)):
            listed = [getattr(entry, item.name) for item in fields(entry)] if is_dataclass(entry) else []
            for word in [word for words in listed if isinstance(words, tuple) for word in words]:
                found[language.code] |= set(_WORD.findall(_SYNTAX.sub(" ", word.casefold())))
    counts = Counter(word for words in found.values() for word in words)
    own = {code: {word for word in words if counts[word] < _MANY} for code, words in found.items()}
    english = own.pop("en")
    return frozenset(english), frozenset(set[str]().union(*own.values()) - english)


def words_of_languages(source: str) -> list[str]:
    """Return what looks like lists of words in a module: accented words, words of others, English alternatives."""
    english, others = vocabulary()
    suspects = []
    for text in strings(source):
        plain = _SYNTAX.sub(" ", text)
        found = _ACCENTED.findall(plain)
        foreign = set(_WORD.findall(plain.casefold())) & others
        alternatives = {part.strip("()?: ") for part in plain.casefold().split("|")} & english
        if len(foreign) >= _MANY or len(alternatives) >= _MANY:
            found += sorted(foreign | alternatives)
        suspects += found
    return suspects


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_holds_words_of_a_language(path: Path) -> None:
    assert words_of_languages(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ('_NOT = re.compile(r"nicht|kein\\\\p{L}*|niemals")', "nicht"),
        ('_UNITS = {"€": r"euros?|доллар\\\\p{L}*"}', "доллар"),
        ('_FEW = "heures"; _ASKED = "quand comment jamais personne rien"', "jamais"),
        ('def f(): return rf"{x}(?:never|nobody|nothing|not)"', "never"),
        ('_HALF = "moitié"', "moitié"),
    ],
)
def test_a_list_of_words_would_be_found(source: str, word: str) -> None:
    assert word in words_of_languages(source)


def test_messages_and_syntax_are_no_words_of_languages() -> None:
    source = r'''
"""Not, never, nicht, kein, niemals: a docstring may name examples."""
message = f"{name} is no date: write it as 2024-05-31, not as before"
pattern = r"(?<number>\d{1,4})[áéíäöü\p{Han}]+(?:html?|xml|json)"
'''
    assert words_of_languages(source) == []

"""Whether a sentence can be understood without the one before it."""

import functools

import regex

from index.lexicon import any_of, compiled, words

# A sentence of fewer words is seldom understood alone: argued, not measured.
_SHORT = 5


def stands_alone(sentence: str) -> bool:
    """Return whether a sentence can be understood without the one before it."""
    return len(sentence.split()) >= _SHORT and not _refers_back().match(sentence)


@functools.cache
def _refers_back() -> "regex.Pattern[str]":
    """Return a pattern of a sentence that begins with a word for what the sentence before it names."""
    pronouns = any_of(words(lambda language: language.reference.pronouns))
    return compiled(rf"\P{{L}}*{pronouns}(?!\p{{L}})")

"""Questions of who or what a name is, and of nothing else, such as "Who is Marlene Osthoff?".

The reader hardly answers them: in "the director, Marlene Osthoff, said" nothing but the name is like the
question. Whether a sentence has the whole name tells more.
"""

import functools
from dataclasses import dataclass

import regex
from rapidfuzz import fuzz

from index.lexicon import any_of, compiled, words
from qa.names import WORD, Word, word_of

# One word may be any noun; more than these describe rather than name.
_SHORTEST, _LONGEST = 2, 5
# A title has at most so many letters.
_TITLE = 3
# A case adds so many letters at most: Osthoffs, Бельской.
_CASE = 3
# Keys of a name in two scripts have this much in common, out of 100.
_SAME = 72


@dataclass(frozen=True, slots=True)
class Identity:
    """The name that a question asks about.

    It is `certain` if it is written with capitals, and does not begin with a title such as Mr, which another
    article may leave out.
    """

    parts: tuple[str, ...]
    certain: bool

    def is_in(self, sentence: str) -> bool:
        """Return whether `sentence` has the whole name, in any spelling and case."""
        said, parts = ([word_of(word) for word in text] for text in (WORD.findall(sentence), self.parts))
        return any(
            all(map(_are_same, parts, said[at : at + len(parts)])) for at in range(len(said) - len(parts) + 1)
        )


def identity_of(question: str) -> Identity | None:
    """Return the name if `question` asks who or what it is, and nothing else; otherwise None."""
    match = _asks().fullmatch(question.strip())
    if not match:
        return None
    parts = tuple(WORD.findall(match["before"] or match["after"]))
    capitals = {part[0].isupper() for part in parts}
    # "The mayor of Lyon" is no name.
    if not _SHORTEST <= len(parts) <= _LONGEST or (capitals != {True} and not question.islower()):
        return None
    return Identity(parts, certain=capitals == {True} and len(parts[0]) > _TITLE)


def _are_same(part: Word, word: Word) -> bool:
    if not word.is_name:
        return False
    short, long = sorted((part.key, word.key), key=len)
    if short == long or (len(short) > _CASE and long.startswith(short) and len(long) <= len(short) + _CASE):
        return True
    return part.is_latin != word.is_latin and len(short) > _CASE and fuzz.ratio(part.key, word.key) >= _SAME


@functools.cache
def _asks() -> "regex.Pattern[str]":
    """Return a pattern of such a question, with the name after "who is" or before "kimdir"."""
    asks = any_of(words(lambda language: language.questions.identity))
    asks_after = any_of(words(lambda language: language.questions.identity_after))
    mark, name = r"[\s\p{P}]*", r"\p{L}[^?!.,;:]*?"
    title = r"(?:\p{L}{1,5}\.\s*)*"
    return compiled(rf"{mark}(?:{asks}\s+{title}(?<after>{name})|(?<before>{name})\s+{asks_after}){mark}")

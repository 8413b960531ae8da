"""The words of every language, one data file a language; the only place where the code may look for them.

`languages()` loads them; `words` collects one list from all files, and `whole_words` makes a pattern of it.
"""

from .entries import Language, Words
from .lexicon import any_of, compiled, languages, whole_words, words

__all__ = ["Language", "Words", "any_of", "compiled", "languages", "whole_words", "words"]

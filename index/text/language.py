"""The language of a text, by py3langid, whose model comes with it."""

import functools
import re
import tempfile
from typing import Any

from index.errors import StorageError

# Part of the index's fingerprint: raise it when other languages are found than before.
DETECTOR = "language-2"

# Letters of a text that are looked at: more make it no surer.
_ENOUGH = 1500
# Fewer letters are a guess: what the file states then counts, and else nothing.
_LEAST_LETTERS = 25
_SURE = 0.9
# Above this a text contradicts what its file states; pages of many sites state their template's language.
_CERTAIN = 0.999
# Of 5,980 questions in 32 languages (bench/data/reading) the likeliest was wrong of 38, all below this.
_LIKELY = 0.7
# Of 2,501 questions in five languages none was less likely in its own (bench/data and XQuAD).
_RULED_OUT = 0.03
_LONG = 200
_LETTERS = re.compile(r"[^\W\d_]")
# Where the detector's code is not the one that Unicode prefers.
_OWN_CODES = {"nb": "no", "fil": "tl", "tgl": "tl"}


def known_code(stated: str) -> str:
    """Return the code by which a language is known here: `de` of `deu`, `de-AT` or `DE`, `no` of `nb`."""
    from babel.core import get_global

    code = re.split(r"[-_]", stated.strip().lower())[0]
    preferred = str(get_global("language_aliases").get(code, code)).split("_")[0]
    return _OWN_CODES.get(preferred, preferred)


def detect(text: str, stated: str | None) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None if it cannot be told.

    What its file states counts, unless a text of some length is clearly another language. Raises
    StorageError if the detector cannot be loaded.
    """
    sample = text[:_ENOUGH]
    weight = _weight(sample)
    if weight < _LEAST_LETTERS:
        return stated
    found, probability = _identifier().classify(sample)
    if stated:
        return str(found) if weight >= _LONG and probability >= _CERTAIN else stated
    return str(found) if probability >= _SURE else None


def guess(text: str, expected: str | None = None) -> str:
    """Return the code of the likeliest language of a text, however unlikely it is.

    A few words that are likely of none are in the one that is `expected`, if they may be.
    """
    found, probability = _identifier().classify(text[:_ENOUGH])
    if expected and probability < _LIKELY and may_be(text, expected):
        return expected
    return str(found)


def told(text: str, stated: str | None) -> str | None:
    """Return `stated` if it is a language that texts can be told to be in, else the likeliest one of `text`.

    None if that says too little.
    """
    if stated in _identifier().labels:
        return stated
    return guess(text) if _weight(text[:_ENOUGH]) >= _LEAST_LETTERS else None


def _weight(sample: str) -> int:
    """Return how many letters there are, more where one character is a word and fewer of them say as much."""
    return len(_LETTERS.findall(sample)) + 4 * sum(character >= "\u2e80" for character in sample)


def may_be(text: str, code: str) -> bool:
    """Return whether a text can be in a language: of a few words it is seldom told, but mostly ruled out."""
    return bool(dict(_identifier().rank(text[:_ENOUGH])).get(code, 1.0) >= _RULED_OUT)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        # It unpacks its model into a temporary file.
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:
        place = tempfile.gettempdir()
        raise StorageError(f"cannot write to {place} ({error.strerror}): free some space there") from error
    # Languages without a code of two letters are mostly spoken forms of those with one, and written alike.
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier

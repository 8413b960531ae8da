"""The language of a text, by py3langid, which ships its own model."""

import functools
import re
import tempfile
from dataclasses import dataclass
from typing import Any

from index.errors import StorageError

# Part of the index's fingerprint: raise it when languages come out different from before.
DETECTOR = "language-2"


@dataclass(frozen=True, slots=True)
class LanguageThresholds:
    """When to believe the detector. Probabilities are py3langid's, normalised over its languages.

    Chosen in November 2026 from what `python -m bench.language` prints, on the 5,980 questions and 991
    articles that the reading set had then, in 32 languages.
    """

    enough: int = 1500
    """Look at this many characters of a text: all but 3 of the articles are told by them, none wrong."""
    least_letters: int = 25
    """With fewer letters the language is a guess: then only what the file states counts. Cut to 60
    characters, three quarters of the articles are told, and none wrong."""
    sure: float = 0.9
    """Likelier than this, a text that states no language is in the one found. Argued: a wrong language spoils
    filters, while an unknown one only leaves the article out of them."""
    certain: float = 0.999
    """Likelier than this, a text of some length is not in the language that its file states.

    Argued: the pages of many sites state the language of their template.
    """
    long: int = 200
    """A text with this many letters may contradict its file."""
    likely: float = 0.7
    """A question's language below this may as well be the one expected: the likeliest language is wrong for
    38 questions, all below this."""
    ruled_out: float = 0.03
    """Below this a text is not in a language: 2 questions are less likely in their own."""


THRESHOLDS = LanguageThresholds()

_LETTERS = re.compile(r"[^\W\d_]")
# The detector's codes where Unicode prefers another.
_OWN_CODES = {"nb": "no", "fil": "tl", "tgl": "tl"}
# German and Luxembourgish.
_NOUNS_WITH_CAPITALS = ("de", "lb")


def without_region(code: str | None) -> str:
    """Return the language of a code such as de-AT, empty if there is none."""
    return (code or "").partition("-")[0]


def capitalizes_nouns(code: str | None) -> bool:
    """Return whether a language writes all nouns with a capital, as others do only names."""
    return without_region(code) in _NOUNS_WITH_CAPITALS


def known_code(stated: str) -> str:
    """Return the code that a language has here: `de` of `deu`, `de-AT` or `DE`, `no` of `nb`."""
    from babel.core import get_global

    code = re.split(r"[-_]", stated.strip().lower())[0]
    preferred = str(get_global("language_aliases").get(code, code)).split("_")[0]
    return _OWN_CODES.get(preferred, preferred)


def detect(text: str, stated: str | None) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None if it cannot be told.

    The language that the file states counts, unless a text of some length is clearly in another one. Raises
    StorageError if the detector cannot be loaded.
    """
    sample = text[: THRESHOLDS.enough]
    weight = _weight(sample)
    if weight < THRESHOLDS.least_letters:
        return stated
    found, probability = _classified(sample)
    if stated:
        return found if weight >= THRESHOLDS.long and probability >= THRESHOLDS.certain else stated
    return found if probability >= THRESHOLDS.sure else None


def guess(text: str, expected: str | None = None) -> str:
    """Return the code of the likeliest language of a text, however unlikely it is.

    If a few words are likely in no language, return the `expected` one unless it is ruled out.
    """
    found, probability = _classified(text[: THRESHOLDS.enough])
    if expected and probability < THRESHOLDS.likely and may_be(text, expected):
        return expected
    return found


def probability_of(text: str) -> float:
    """Return how sure the detector is of the likeliest language of a text."""
    return _classified(text[: THRESHOLDS.enough])[1]


def told(text: str, stated: str | None) -> str | None:
    """Return `stated` if the detector knows that language, else the likeliest language of `text`.

    None if the text is too short to tell.
    """
    if stated in _identifier().labels:
        return stated
    return guess(text) if says_enough(text) else None


def says_enough(text: str) -> bool:
    """Return whether a text has enough letters to tell its language."""
    return _weight(text[: THRESHOLDS.enough]) >= THRESHOLDS.least_letters


def _weight(sample: str) -> int:
    """Return how many letters there are; a character that is a word counts as several."""
    return len(_LETTERS.findall(sample)) + 4 * sum(character >= "\u2e80" for character in sample)


def may_be(text: str, code: str) -> bool:
    """Return whether a text can be in a language: a few words seldom tell which, but rule most out."""
    return bool(dict(_identifier().rank(text[: THRESHOLDS.enough])).get(code, 1.0) >= THRESHOLDS.ruled_out)


# An article's language is asked for twice, for its metadata and for its sentences.
@functools.lru_cache(maxsize=16)
def _classified(sample: str) -> tuple[str, float]:
    found, probability = _identifier().classify(sample)
    return str(found), float(probability)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        # py3langid unpacks its model into a temporary file.
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:
        place = tempfile.gettempdir()
        raise StorageError(f"cannot write to {place} ({error.strerror}): free some space there") from error
    # Languages without a two-letter code are mostly spoken forms of those with one, and are written alike.
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier

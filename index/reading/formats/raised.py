"""Raised figures and letters as plain text: a power stays one, a note's mark joins no number and no word."""

import functools
import itertools
import re
import string
import unicodedata

from index.lexicon import words

# The raised letters of Unicode stand in these blocks.
_BLOCKS = (range(0x02B0, 0x0300), range(0x1D2C, 0x1DC0), range(0x2070, 0x20A0))
_LETTERS = {
    plain: letter
    for letter in map(chr, itertools.chain(*_BLOCKS))
    if unicodedata.decomposition(letter).startswith("<super>")
    and (plain := unicodedata.normalize("NFKC", letter)) in string.ascii_lowercase
}
_DIGITS = str.maketrans("0123456789+-−–=()ni", f"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾{_LETTERS['n']}{_LETTERS['i']}")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_SIGNS = {"tm": "™", "sm": "℠", "r": "®", "c": "©"}
_FIGURE = re.compile(r"[+\-−–]?\d{1,4}[+\-−–]?|[+\-−–]|[ni]|\d{0,2}[ni]\d{0,2}")
_CHARGE = re.compile(r"\d?[+\-−–]|[+\-−–]\d{1,3}")
# What a power may stand at: a unit, a single letter, a short number, a bracket.
_POWER_OF = re.compile(
    r"(?:^|[\W\d_])(?:[nµμ]m|[mcdk]?m|in|ft|yd|mi|[mµn]?s|[мсдк]?м|[A-Za-z\u0370-\u03ff]|mc)$"
    r"|(?:^|[^\d.,'’\u00a0])\d{1,2}$|[×x·*]\s?\d{1,3}$|[)\]]$"
)
_ORDINAL_OF = re.compile(r"(?:\d|(?:^|[^\w])[IVXLC]+)$")
_SHORT_FORM_OF = re.compile(r"(?:^|[^\w])[^\W\d_]{1,3}$")
_MARK = re.compile(
    r"[\[(]?(?:\d{1,4}|[a-zA-Z]{1,2}|[ivxlc]{1,6}|[*†‡§¶]{1,4})(?:\s?[,–-]\s?\d{1,4}){0,8}[\])]?"
)


def raised(before: str, mark: str, *, is_note: bool = False) -> str:
    """Return what to write for a raised `mark` behind the text `before`; its last dozen characters count.

    `is_note` says that the mark is known to lead to a note: it is no word of the text then.
    """
    mark = " ".join(mark.split())
    if not mark or (is_note and _MARK.fullmatch(mark)):
        return ""
    base = before[-12:]
    if not base or base[-1].isspace():
        # Before what it belongs to: the mass of an isotope, the number of a note below the text.
        return mark.translate(_DIGITS) if _FIGURE.fullmatch(mark) else mark
    if _FIGURE.fullmatch(mark):
        if _CHARGE.fullmatch(mark) or _POWER_OF.search(base):
            return mark.translate(_DIGITS)
        # Behind a stop or a quotation mark stands nothing but the mark of a note.
        return f" {mark.translate(_DIGITS)}" if base[-1].isalnum() or base[-1] in "%€$£°" else ""
    if mark.isalpha():
        return _raised_letters(base, mark)
    if mark[0] == "[" and _MARK.fullmatch(mark):
        return ""
    return f" {mark}" if any(map(str.isalnum, mark)) else mark


def _raised_letters(base: str, mark: str) -> str:
    if mark in ("o", "a") and (base[-1].isdigit() or _SHORT_FORM_OF.search(base)):
        return {"o": "º", "a": "ª"}[mark]
    if _ORDINAL_OF.search(base) and mark.lower() in _ordinals():
        return mark
    if mark.lower() in _SIGNS and mark.isupper():
        return _SIGNS[mark.lower()]
    if _SHORT_FORM_OF.search(base) and mark.lower() in _short_forms():
        return mark
    if len(mark) == 1 and not base[-1].isalnum():
        return ""
    return f" {_LETTERS.get(mark, mark)}"


@functools.cache
def _ordinals() -> frozenset[str]:
    """Return what makes a number an ordinal."""
    return frozenset(words(lambda language: language.numbers.raised))


@functools.cache
def _short_forms() -> frozenset[str]:
    """Return what short forms end with."""
    return frozenset(words(lambda language: language.sentences.raised))


def lowered(before: str, mark: str) -> str:
    """Return what to write for a lowered `mark`: CO2 is written so, but no figure joins a number."""
    mark = " ".join(mark.split())
    if before[-1:].isdigit() and mark[:1].isdigit():
        return mark.translate(_LOWERED)
    return mark


class MarkedText:
    """Text as it grows, of runs at three heights: "super", "sub" and "" for the line itself."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._mark: list[str] = []
        self._height = self._end = ""

    def add(self, text: str, height: str = "") -> None:
        """Append `text`; a mark may come in several pieces."""
        if height != self._height:
            self._place()
            self._height = height
        if height:
            self._mark.append(text)
        else:
            self._append(text)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._end = (self._end + text)[-12:]

    def _place(self) -> None:
        mark = "".join(self._mark)
        self._mark.clear()
        if mark:
            placed = (raised if self._height == "super" else lowered)(self._end, mark)
            # The blank behind a mark may have been raised with it.
            self._append(placed + " " * (mark[-1].isspace() and not placed.endswith(" ")))

    def done(self) -> str:
        """Return the text, without blanks around it."""
        self._place()
        return "".join(self._parts).strip()

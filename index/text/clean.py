"""Raw text to canonical text, once. Every offset in the system counts characters of its result."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

import regex

from .furniture import furniture_of

# Bidirectional overrides and isolates can make a quote read differently from what is stored. Zero-width
# joiners stay, since Persian and Hindi words need them.
_INVISIBLE = "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
_DROPPED = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]|{_INVISIBLE}")
# Controls that no text has are what Windows has in their places: a label said Latin-1, and was not true.
_C1 = re.compile(r"[\x80-\x84\x86-\x9f]")
_WINDOWS = {code: bytes((code,)).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
# Match whole runs, so that a long one costs one step. Single blanks, the most common case, need no change.
_SPACE = re.compile(r"\s{2,}|[^\S ]")
# No language has runs this long, and `unicodedata` takes quadratic time for one that is out of order.
_MARKS = regex.compile(r"\p{M}{32,}")
# How some fonts draw letters, and the hyphen at which no line breaks: the words are the same.
_DRAWN = {"\u2011": "-", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_DRAWN_ANY = re.compile(f"[{''.join(_DRAWN)}]")

# Part of the index's fingerprint: raise it when canonical text comes out different from before.
CLEANER = "clean-4"

# A repeated paragraph of at least this length is the page's doing; shorter ones may be a refrain, a heading
# or an interviewer's name. One with several lines may be verse.
_LEAST_REPEATED, _LEAST_REPEATED_LINES = 80, 300


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A canonical text, and the paragraphs and lines that are not part of the article, in order."""

    text: str
    dropped: tuple[str, ...]


def canonical(raw: str) -> str:
    """Return the words of an article as they are quoted: `normalized`, without furniture and repeats."""
    return cleaned(raw).text


def cleaned(raw: str) -> Cleaned:
    """Return the canonical text of `raw` and what was dropped, which is always whole paragraphs or lines."""
    paragraphs: list[list[str]] = []
    dropped: list[str] = []
    seen: set[str] = set()
    for paragraph in normalized(raw).split("\n\n"):
        if paragraph in seen and _is_long(paragraph):
            dropped.append(paragraph)
            continue
        seen.add(paragraph)
        paragraphs.append(paragraph.split("\n"))
    kept: list[str] = []
    for lines, own in zip(paragraphs, furniture_of(paragraphs), strict=True):
        dropped += [line for line, is_own in zip(lines, own, strict=True) if not is_own]
        if any(own):
            kept.append("\n".join(line for line, is_own in zip(lines, own, strict=True) if is_own))
    text = "\n\n".join(kept)
    if not dropped:
        return Cleaned(text, ())
    # What is left of two paragraphs may now be alike, and what stood between two lines of a page be gone.
    again = cleaned(text)
    return Cleaned(again.text, (*dropped, *again.dropped))


def _is_long(paragraph: str) -> bool:
    return len(paragraph) >= (_LEAST_REPEATED_LINES if "\n" in paragraph else _LEAST_REPEATED)


def normalized(raw: str) -> str:
    """Return `raw` in NFC, without control characters, blanks single, one empty line between paragraphs."""
    text = raw.translate(_WINDOWS) if _C1.search(raw) else raw
    text = _LINE_END.sub("\n", text)
    text = _DROPPED.sub("", text)
    if not text.isascii():
        text = _DRAWN_ANY.sub(lambda drawn: _DRAWN[drawn.group()], text)
        text = unicodedata.normalize("NFC", _MARKS.sub(_in_order, text))
    return _SPACE.sub(_single, text).strip()


def _in_order(run: "regex.Match[str]") -> str:
    """Return marks decomposed and in canonical order, as after the first step of NFC."""
    marks = "".join(unicodedata.normalize("NFD", mark) for mark in run.group())
    # Marks of class 0 stay in place, and no other mark moves past them.
    groups = groupby(marks, lambda mark: unicodedata.combining(mark) > 0)
    return "".join("".join(sorted(group, key=unicodedata.combining)) for _, group in groups)


def _single(space: "re.Match[str]") -> str:
    """Return what white space becomes: the end of a paragraph, the end of a line, or a blank."""
    run = space.group()
    if "\u2029" in run or run.count("\n") > 1:
        return "\n\n"
    return "\n" if "\n" in run else " "

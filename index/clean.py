"""Raw text to canonical text, once. Every offset in the system counts characters of its result."""

import re
import unicodedata
from dataclasses import dataclass

from .furniture import is_furniture

# Bidirectional overrides and isolates can make a quote read otherwise than it is stored; the
# zero-width joiners stay, since Persian and Hindi words need them.
_INVISIBLE = "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
_DROPPED = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]|{_INVISIBLE}")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
_PARAGRAPH_END = re.compile(r"[ \t]*(?:\n[^\S\n]*){2,}|[^\S\n]*\u2029\s*")
_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE_END = re.compile(r"[.!?…:;。！？।؟۔]['\"”“»’)\]]*$")

# Part of the index's fingerprint: raise it when canonical text comes out otherwise than before.
CLEANER = "clean-3"

# A text wrapped by a mail program or an editor has lines of about this many characters.
_WRAPPED_MIN, _WRAPPED_MAX = 50, 110
# A paragraph that comes a second time is a page's doing from this length on; shorter ones are a refrain, an
# interviewer's name, a heading. What has lines of its own may be verse.
_LEAST_REPEATED, _LEAST_REPEATED_LINES = 80, 300


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A canonical text, and the paragraphs and lines that were no part of the article, in order."""

    text: str
    dropped: tuple[str, ...]


def canonical(raw: str) -> str:
    """Return the words of an article as they are quoted: `normalized`, without furniture and repeats."""
    return cleaned(raw).text


def cleaned(raw: str) -> Cleaned:
    """Return the canonical text of `raw` with what was dropped; whole paragraphs or lines are, or nothing."""
    kept: list[str] = []
    dropped: list[str] = []
    seen: set[str] = set()
    for paragraph in normalized(raw).split("\n\n"):
        if paragraph in seen and _is_long(paragraph):
            dropped.append(paragraph)
            continue
        seen.add(paragraph)
        lines = paragraph.split("\n")
        own = [line for line in lines if not is_furniture(line)]
        dropped.extend(line for line in lines if is_furniture(line))
        if own:
            kept.append("\n".join(own))
    # Lines that a dropped one kept apart may now look wrapped, and what is left of two paragraphs alike.
    text = normalized("\n\n".join(kept))
    if not dropped:
        return Cleaned(text, ())
    again = cleaned(text)
    return Cleaned(again.text, (*dropped, *again.dropped))


def _is_long(paragraph: str) -> bool:
    return len(paragraph) >= (_LEAST_REPEATED_LINES if "\n" in paragraph else _LEAST_REPEATED)


def normalized(raw: str) -> str:
    """Return `raw` in NFC, without control characters, blanks single, one empty line between paragraphs."""
    text = _LINE_END.sub("\n", raw)
    text = _DROPPED.sub("", text)
    text = unicodedata.normalize("NFC", text)
    paragraphs = (_unwrapped(part) for part in _PARAGRAPH_END.split(text))
    return "\n\n".join(part for part in paragraphs if part)


def _unwrapped(paragraph: str) -> str:
    """Join the lines of a paragraph that was wrapped at a width; keep lists, verse and tables."""
    lines = [_BLANKS.sub(" ", line).strip() for line in paragraph.split("\n")]
    lines = [line for line in lines if line]
    full = lines[:-1]
    if not full or not all(_WRAPPED_MIN <= len(line) <= _WRAPPED_MAX for line in full):
        return "\n".join(lines)
    if all(_SENTENCE_END.search(line) for line in full):
        return "\n".join(lines)
    return " ".join(lines)

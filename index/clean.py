"""Raw text to canonical text, once. Every offset in the system counts characters of its result."""

import re
import unicodedata

# Bidirectional overrides and isolates can make a quote read otherwise than it is stored; the
# zero-width joiners stay, since Persian and Hindi words need them.
_INVISIBLE = "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
_DROPPED = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]|{_INVISIBLE}")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
_PARAGRAPH_END = re.compile(r"[ \t]*(?:\n[^\S\n]*){2,}|[^\S\n]*\u2029\s*")
_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE_END = re.compile(r"[.!?…:;。！？।؟۔]['\"”“»’)\]]*$")

# Part of the index's fingerprint: raise it when canonical text comes out otherwise than before.
CLEANER = "clean-1"

# A text wrapped by a mail program or an editor has lines of about this many characters.
_WRAPPED_MIN, _WRAPPED_MAX = 50, 110


def canonical(raw: str) -> str:
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

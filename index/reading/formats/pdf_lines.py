"""The characters of a PDF's line as text: raised marks apart, right-to-left letters in reading order."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import regex

from .raised import MarkedText

# What a glyph is written as of which the file does not say the letter.
UNKNOWN = "\ufffd"
_RIGHT_TO_LEFT = regex.compile(r"[\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}\p{Nko}]")
_PRESENTED = regex.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]")
# Letters and figures that are read from left to right; a sign between two of them belongs to them.
_RUN = regex.compile(
    r"[\p{N}\p{Latin}\p{Cyrillic}\p{Greek}]\p{M}*+"
    r"(?:[ .,:/'’%+−-]?[\p{N}\p{Latin}\p{Cyrillic}\p{Greek}]\p{M}*+)*+"
)
_TURNED_RUN = regex.compile(r"[\p{Hebrew}\p{Arabic}]\p{M}*+(?:[ .,'’״׳-]?[\p{Hebrew}\p{Arabic}]\p{M}*+)*+")
_BULLET = regex.compile(rf"^{UNKNOWN}\s(?=\S)")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_SMALLER, _RAISED = 0.82, 0.12
# In ems: from this gap on a blank is meant where none is written.
_BLANK = 0.2


def text_of(chars: Sequence[Any]) -> str:
    """Return the text of a line's items as pdfminer has them, in the order in which they are read."""
    # A sign of a font of its own before the words is that of a list.
    return _BULLET.sub("• ", _said(chars))


def _said(chars: Sequence[Any]) -> str:
    sizes = Counter(round(item.size, 1) for item in chars if hasattr(item, "size"))
    raw = "".join(item.get_text() for item in chars).replace("\0", UNKNOWN)
    if _RIGHT_TO_LEFT.search(raw):
        return _logical(chars)
    if len(sizes) < 2:
        return " ".join(raw.split())
    usual = sizes.most_common(1)[0][0]
    bases = [item.y0 for item in chars if hasattr(item, "size") and round(item.size, 1) == usual]
    base = sorted(bases)[len(bases) // 2]
    text = MarkedText()
    height = ""
    for item in chars:
        said = item.get_text().replace("\0", UNKNOWN)
        if hasattr(item, "size") and not said.isspace():
            height = _height(item, usual, base)
        text.add(said, height if not said.isspace() or height == "" else "")
    return " ".join(text.done().split())


def _height(char: Any, usual: float, base: float) -> str:
    if char.size > usual * _SMALLER:
        return ""
    if char.y0 > base + usual * _RAISED * 2 and char.y1 > base + usual * 0.75:
        return "super"
    return "sub" if char.y0 < base - usual * _RAISED / 2 else ""


def _logical(chars: Sequence[Any]) -> str:
    """Return the text of a line with right-to-left letters, whatever order the file draws them in."""
    parts: list[str] = []
    end = None
    for item in sorted((item for item in chars if hasattr(item, "size")), key=lambda item: item.x0 + item.x1):
        said = item.get_text().replace("\0", UNKNOWN)
        if end is not None and item.x0 - end > _BLANK * item.size and not parts[-1].isspace():
            parts.append(" ")
        if unicodedata.combining(said[:1]) and parts:
            # A mark belongs to the letter below it, whichever side of its middle it is drawn.
            parts[-1] = f"{parts[-1]}{said}"
        else:
            # A glyph of several letters has them in reading order.
            parts.append(said)
        end = item.x1 if end is None else max(end, item.x1)
    text = "".join(parts)
    if len(_RIGHT_TO_LEFT.findall(text)) * 3 < sum(map(str.isalpha, text)):
        # A few words of it in a line of another script.
        text = _TURNED_RUN.sub(lambda run: _turned(run.group()), text)
    else:
        text = _RUN.sub(lambda run: _turned(run.group()), "".join(reversed(parts))).translate(_MIRRORED)
    return " ".join(_PRESENTED.sub(lambda form: unicodedata.normalize("NFKC", form.group()), text).split())


def is_right_to_left(text: str) -> bool:
    """Return whether most letters of a text are read from right to left."""
    return len(_RIGHT_TO_LEFT.findall(text)) * 2 > sum(map(str.isalpha, text))


def _turned(run: str) -> str:
    """Return a run that is read the other way than the line that it stands in."""
    clusters = regex.findall(r"\X", run)
    return "".join(reversed(clusters))

"""Rich text."""

import re
from collections.abc import Iterator

from index.reading.document import Document, ReadError, Skipped

from .metadata import as_date, names
from .raised import MarkedText

_MAX_BYTES = 50_000_000
_INFO = re.compile(r"\{\\(title|author|keywords)\s++((?:[^{}\\]|\\.){0,500})\}", re.DOTALL)
_MADE = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")

# What the library does not tell: where raised, hidden and struck out text and rows of tables begin and end.
_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-f]{2}|\\[^a-z]|[{}]", re.IGNORECASE)
_SUPER, _SUB, _LEVEL, _UNSEEN, _SEEN, _ROW, _CELL, _ROW_END, _LINE = map(chr, range(0xE010, 0xE019))
_HEIGHTS = {"super": "super", "sub": "sub", "nosupersub": "", "up": "super", "dn": "sub"}
_UNSEEN_WORDS = frozenset({"v", "strike", "striked", "deleted"})
_MARKS = re.compile(f"([{_SUPER}-{_SEEN}])")
_ROW_MARKS = re.compile(f"([{_ROW}{_ROW_END}])")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a rich text file."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadError("not rich text")
    if len(data) > _MAX_BYTES:
        raise ReadError(f"larger than {_MAX_BYTES // 1_000_000} MB")
    # The format is ASCII; other characters are written as escapes.
    source = data.decode("latin-1")
    text = _settled(rtf_to_text(_marked(source), errors="ignore"))
    about = {key: rtf_to_text(f"{{\\rtf1 {value}}}", errors="ignore") for key, value in _INFO.findall(source)}
    made = _MADE.search(source)
    published = as_date("-".join(made.groups())) if made else None
    yield Document(
        text=text,
        title=" ".join(about.get("title", "").split()) or None,
        published=published,
        published_from="document properties" if published else None,
        authors=names(about.get("author")),
        tags=names(about.get("keywords")),
    )


def _marked(source: str) -> str:
    """Return rich text with a character of our own wherever a look or a row begins or ends."""
    made: list[str] = []
    at = 0
    # Of each group that is open: height and whether it is seen.
    open_groups: list[tuple[str, bool]] = []
    height, unseen = "", False
    for token in _TOKEN.finditer(source):
        made.append(source[at : token.start()])
        at = token.end()
        said, word, number = token.group(), token[1], token[2]
        before = (height, unseen)
        if said == "{":
            open_groups.append(before)
        elif said == "}" and open_groups:
            height, unseen = open_groups.pop()
            made.append(_change(before, (height, unseen)))
        elif word == "plain":
            height, unseen = "", False
        elif word in _HEIGHTS:
            height = "" if number == "0" else _HEIGHTS[word]
        elif word in _UNSEEN_WORDS:
            unseen = number != "0"
        made.append(_ROWS.get(word or "", said))
        if said != "}":
            made.append(_change(before, (height, unseen)))
    made.append(source[at:])
    return "".join(made)


def _escape(character: str) -> str:
    return f"\\u{ord(character) - 0x10000}?"


_ROWS = {
    "trowd": "\\trowd" + _escape(_ROW), "cell": _escape(_CELL), "nestcell": _escape(_CELL),
    "row": _escape(_ROW_END) + "\n", "nestrow": " ", "line": _escape(_LINE),
}  # fmt: skip


def _change(before: tuple[str, bool], after: tuple[str, bool]) -> str:
    made = ""
    if before[0] != after[0]:
        made += _escape({"super": _SUPER, "sub": _SUB, "": _LEVEL}[after[0]])
    if before[1] != after[1]:
        made += _escape(_UNSEEN if after[1] else _SEEN)
    return made


def _settled(text: str) -> str:
    """Return text whose own characters say how it looks as plain text; a paragraph ends with each line."""
    made = MarkedText()
    height, unseen = "", False
    for part in _MARKS.split(text):
        if part in (_UNSEEN, _SEEN):
            unseen = part == _UNSEEN
        elif part in (_SUPER, _SUB, _LEVEL):
            height = {_SUPER: "super", _SUB: "sub", _LEVEL: ""}[part]
        elif part and not unseen:
            made.add(part, height)
    paragraphs = "\n".join(_paragraphs(made.done()))
    return re.sub("\n+", "\n\n", paragraphs).replace(_CELL, " | ").replace(_LINE, "\n").strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Yield what stands outside of tables, and each run of rows."""
    rows: list[str] = []
    row: list[str] | None = None
    for part in _ROW_MARKS.split(text):
        if part == _ROW:
            # Some programs say at its end again how a row looks.
            row = [] if row is None else row
        elif part == _ROW_END and row is not None:
            cells = (" ".join(cell.replace(_LINE, " ").split()) for cell in "".join(row).split(_CELL))
            rows.append(" | ".join(filter(None, cells)))
            row = None
        elif row is not None:
            row.append(part)
        elif part.strip():
            yield from [_LINE.join(rows)] * bool(rows)
            rows = []
            yield part
    yield from [_LINE.join(rows)] * bool(rows)
    yield "".join(row or ())

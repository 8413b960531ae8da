"""Lines that an editor or a mail program broke at a width, joined again.

Only prose that was filled to a width is: each of its lines would have been too long with the first word of
the next, and some lines begin within a sentence. Lists, verse, timelines, interviews and addresses keep their
lines. For plain text only; other formats say where a line ends.
"""

import functools
import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.lexicon import any_of, compiled, words

# Widths that text is wrapped at.
_NARROWEST, _WIDEST = 40, 132
_PARAGRAPHS = regex.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)++")
_SENTENCE_END = regex.compile(r"[.!?…:;。！？।؟۔]['\"”“»’)\]」』]*$")
# What begins an item of a list, an entry of a timeline, an answer of an interview; the group is its kind.
_ITEM = regex.compile(
    r"(?P<bullet>[-*+•·◦▪‣●○■□✓–—‐−])[^\S\n]"
    r"|\(?(?P<number>\d{1,3})[.)](?:\s|$)|\(?(?P<letter>[a-zA-Z])[.)]\s|\((?P<roman>[ivxlc]{1,6})\)\s"
    r"|(?P<time>\d{1,2}[:.h]\d{2})(?!\d)|(?P<day>\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b)"
    r"|(?P<name>[\p{Lu}\p{Lo}][\p{L}\p{M}. '’-]{0,30}[:：])(?:\s|$)|(?P<row>\|)|(?P<heading>#{1,6}\s)"
)
_QUOTE = regex.compile(r"(?:>[^\S\n]?)+")
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff00-\uff60]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the blanks around it; `width` in columns of a terminal."""

    text: str
    width: int
    indent: int
    first_width: int
    kind: str | None

    @property
    def goes_on(self) -> bool:
        """Return whether the line begins within a sentence, as far as its first letter tells."""
        return self.text[:1].islower()

    @property
    def is_cased(self) -> bool:
        """Return whether the first letter tells anything."""
        return self.text[:1].islower() or self.text[:1].isupper()


def unwrapped(text: str) -> str:
    """Return `text` with the lines of wrapped prose joined, and each other line as it is."""
    paragraphs = [part for part in _PARAGRAPHS.split(text.replace("\r\n", "\n").replace("\r", "\n")) if part]
    usual = max((_width_of(lines) for lines in map(_long_lines, paragraphs) if _is_wrapped(lines)), default=0)
    return "\n\n".join(_joined(paragraph, usual) for paragraph in paragraphs)


def _long_lines(paragraph: str) -> list[_Line]:
    """Return the lines of a paragraph that is long enough to have been wrapped, else none."""
    if len(paragraph) <= _NARROWEST / 2 or "\n" not in paragraph:
        return []
    raw = paragraph.split("\n")
    if max(map(len, raw)) < _NARROWEST / 2:
        return []
    return [_line(line) for line in raw]


def _line(raw: str) -> _Line:
    text = raw.strip()
    first = text.split(None, 1)[0] if text else ""
    # A line of Chinese may be broken after any character.
    first_width = 4 if _WIDE.match(text) else len(first)
    found = _ITEM.match(text)
    return _Line(
        text, _columns(text), len(raw) - len(raw.lstrip()), first_width, found.lastgroup if found else None
    )


def _columns(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _width_of(lines: list[_Line]) -> int:
    """Return the width that lines were filled to; an address that is longer than a line does not count."""
    return max(
        (line.width for line in lines if line.width > line.first_width or line.first_width <= 4), default=0
    )


def _is_wrapped(lines: list[_Line]) -> bool:
    """Return whether a paragraph is prose that was filled to a width."""
    if len(lines) < 2 or not _NARROWEST <= (width := _width_of(lines)) <= _WIDEST:
        return False
    pairs = [pair for pair in itertools.pairwise(lines) if pair[1].kind is None]
    filled = [(line, after) for line, after in pairs if _is_filled(line, after, width)]
    if not filled or len(filled) < 0.6 * len(pairs):
        return False
    cased = [after for _, after in filled if after.is_cased]
    if len(cased) >= len(filled) / 2:
        return sum(after.goes_on for after in cased) >= max(1, len(cased) / 4)
    # A script without capitals: sentences end within the lines rather than with them.
    return sum(bool(_SENTENCE_END.search(line.text)) for line, _ in filled) <= len(filled) / 3


def _is_filled(line: _Line, after: _Line, width: int) -> bool:
    return line.width + 1 + after.first_width > width


def _joined(paragraph: str, usual: int) -> str:
    if "\n" not in paragraph:
        return paragraph
    if quote := _QUOTE.match(paragraph.lstrip()):
        return "\n".join(_unquoted(paragraph, quote.group().replace(" ", "").rstrip(), usual))
    lines = _long_lines(paragraph)
    kinds = _kinds(lines) if lines else set()
    width = _width_to_join(lines, usual)
    if not width and not kinds:
        return paragraph
    joined = [line.text for line in lines[:1]]
    for line, after in itertools.pairwise(lines):
        if after.kind in kinds or not _is_soft(line, after, width, in_items=bool(kinds)):
            joined.append(after.text)
        else:
            joined[-1] = f"{joined[-1]}{_between(line.text, after.text)}{after.text}"
    return "\n".join(joined)


def _width_to_join(lines: list[_Line], usual: int) -> int:
    """Return the width that a paragraph was filled to, or 0 if its lines are its author's."""
    own = _width_of(lines)
    if _is_wrapped(lines):
        return own
    # Each line may begin with a capital by chance: what the other paragraphs were filled to tells.
    near = usual and (len(lines) == 2 or abs(own - usual) <= usual / 8)
    pairs = itertools.pairwise(lines)
    if near and all(_is_filled(line, after, own if len(lines) > 2 else usual) for line, after in pairs):
        return (
            usual if sum(bool(_SENTENCE_END.search(line.text)) for line in lines[:-1]) < len(lines) / 2 else 0
        )
    return 0


def _kinds(lines: list[_Line]) -> set[str | None]:
    """Return the kinds of items that the lines hold: a single dash may as well be prose."""
    found = [line.kind for line in lines if line.kind]
    kinds: set[str | None] = (
        {kind for kind in found if found.count(kind) > 1} if len(found) < 50 else set(found)
    )
    if lines[0].kind:
        kinds.add(lines[0].kind)
    kinds |= {after.kind for line, after in itertools.pairwise(lines) if line.text.endswith(":")}
    return kinds - {None}


def _is_soft(line: _Line, after: _Line, width: int, *, in_items: bool) -> bool:
    if not line.text or not after.text or line.width > max(width, _WIDEST):
        return False
    if in_items and line.width >= _NARROWEST:
        # Below an item's mark stands the rest of it.
        return after.goes_on or after.indent > 0
    if not width or line.width > width:
        return False
    if after.indent > line.indent and not line.kind and _SENTENCE_END.search(line.text):
        # A paragraph that begins with a blank instead of an empty line.
        return False
    if _is_filled(line, after, width):
        return True
    # A word was taken out of a line after it had been wrapped.
    return after.goes_on and line.width > 0.6 * width and not _SENTENCE_END.search(line.text)


def _between(line: str, after: str) -> str:
    if _WIDE.match(line[-1]) and _WIDE.match(after[0]):
        return ""
    if (
        line[-1] in "-\u2010\u2011"
        and line[-2:-1].isalpha()
        and after[0].isalpha()
        and not _suspended().match(after)
    ):
        return ""
    return " "


def _unquoted(paragraph: str, mark: str, usual: int) -> Iterator[str]:
    """Yield the lines of a quoted mail, each with its mark, wrapped ones joined."""
    level, run = mark, list[str]()
    for raw in paragraph.split("\n"):
        found = _QUOTE.match(raw.lstrip())
        now = "".join(found.group().split()) if found else ""
        said = raw.lstrip()[found.end() :] if found else raw
        if now != level and run:
            yield from _marked(level, run, usual)
            run = []
        level = now
        run.append(said)
    yield from _marked(level, run, usual)


def _marked(mark: str, lines: list[str], usual: int) -> Iterator[str]:
    text = "\n".join(lines)
    if not mark:
        yield text
        return
    for line in unwrapped(text).split("\n"):
        yield f"{mark} {line}" if line else mark


def is_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence does and is as long as one."""
    count = len(line.split())
    ends = bool(_SENTENCE_END.search(line)) and unicodedata.category(line[-1]) != "Pe"
    return ends and (count > 5 or (len(line) > 12 and bool(_WIDE.search(line))))


@functools.cache
def _suspended() -> "regex.Pattern[str]":
    """Return a pattern of what follows "Nord-" in "Nord- und Südstraße"."""
    return compiled(rf"{any_of(words(lambda language: language.sentences.suspended))}\b", 0)

"""What stands above, below and between the words of a page, settled before its text is taken.

Raised marks, readings above characters, what is struck out, quotation marks that a browser would draw.
"""

import re
from collections.abc import Iterator
from typing import Any

from .raised import lowered, raised

_STRUCK = ("del", "s", "strike")
_NOTE = re.compile(r"footnote|noteref|endnote|\breference\b|\bfnref|\bcite[_-]?ref", re.IGNORECASE)
_NOTE_ADDRESS = re.compile(r"#_?(?:fn|ftn|note|footnote|endnote|cite|ref)", re.IGNORECASE)
_STYLE = re.compile(
    r"vertical-align\s*:\s*(super|sub)\b|text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE
)
_MARKS = {
    "de": "„“‚‘", "cs": "„“‚‘", "sk": "„“‚‘", "bg": "„“‚‘", "pl": "„”‚‘", "hu": "„”»«", "ro": "„”«»",
    "fr": "«»“”", "ru": "«»„“", "uk": "«»„“", "es": "«»“”", "it": "«»“”", "pt": "«»“”", "el": "«»“”",
    "ja": "「」『』", "sv": "””’’", "fi": "””’’",
}  # fmt: skip
_QUOTING = "\"'“”„‚‘’«»‹›「『"
_MAX_CLIMB = 4
_NUMBER = re.compile(r"\s*[\[(]?(?:\d{1,4}|[a-z*†‡])[\])]?\s*")
_LONGEST_NOTE = 8


def settle(tree: Any) -> list[str]:
    """Make plain text of marks above and between words, in place; return what was taken out, in order.

    Elements are emptied rather than removed: joining the texts around thousands of them takes quadratic time.
    """
    taken: list[str] = []
    for element in list(tree.iter("sup", "sub", "rt", "rp", "rtc", "q", *_STRUCK)):
        if element.tag in _STRUCK:
            taken += _emptied(element)
        elif element.tag in ("rt", "rp", "rtc"):
            taken += _without_reading(element)
        elif element.tag == "q":
            _quoted(element)
        else:
            taken += _placed(element, is_raised=element.tag == "sup")
    for link in list(tree.iter("a")):
        # A mark that only a style sheet raises.
        text = "".join(link.itertext()) if len(link.text or "") <= _LONGEST_NOTE else ""
        if _NUMBER.fullmatch(text) and _leads_to_note(link):
            taken += _emptied(link)
    for element in tree.xpath("//*[contains(@style, 'align') or contains(@style, 'line-through')]"):
        taken += _styled(element)
    return taken


def _styled(element: Any) -> Iterator[str]:
    """Settle what a style raises, lowers or strikes out."""
    found = _STYLE.search(element.get("style") or "")
    if found and not found[1]:
        yield from _emptied(element)
    elif found and len(element) == 0 and len(element.text or "") <= _LONGEST_NOTE:
        yield from _placed(element, is_raised=found[1].lower() == "super")


def _emptied(element: Any) -> Iterator[str]:
    text = _text_of(element)
    for child in list(element):
        element.remove(child)
    element.text = None
    # An empty link would count as one.
    element.tag = "span"
    if text:
        yield text


def _without_reading(element: Any) -> Iterator[str]:
    # Where its end is left out, a reading holds the characters that come after it.
    bases = "".join("".join(base.itertext()) for base in element.iter("rb"))
    yield from _emptied(element)
    if bases:
        element.text = bases


def _placed(element: Any, *, is_raised: bool) -> Iterator[str]:
    mark = "".join(element.itertext())
    if element.find(".//img") is not None or len(mark) > 60:
        return
    before = _before(element)
    is_note = _is_note(element)
    placed = raised(before, mark, is_note=is_note) if is_raised else lowered(before, mark)
    if not placed:
        yield from _emptied(element)
        return
    for child in list(element):
        element.remove(child)
    element.tag, element.text = "span", placed


def _is_note(element: Any) -> bool:
    """Return whether a mark leads to a note of the same page."""
    links = [*element.iter("a"), *(parent for parent in _parents(element, 2) if parent.tag == "a")]
    if any(
        (link.get("href") or "#").lstrip().startswith("#") or "#" in (link.get("href") or "")
        for link in links
    ):
        return True
    return any(
        _NOTE.search(
            " ".join(
                filter(None, (each.get("class"), each.get("id"), each.get("epub:type"), each.get("role")))
            )
        )
        for each in (element, *links)
    )


def _leads_to_note(link: Any) -> bool:
    named = " ".join(
        filter(None, (link.get("class"), link.get("id"), link.get("epub:type"), link.get("role")))
    )
    href = link.get("href") or ""
    return bool(_NOTE.search(named) or ("#" in href and _NOTE_ADDRESS.search(href)))


def _parents(element: Any, count: int) -> Iterator[Any]:
    for parent, _ in zip(element.iterancestors(), range(count), strict=False):
        yield parent


def _before(element: Any) -> str:
    """Return the end of the text right before an element."""
    for _ in range(_MAX_CLIMB):
        previous = element.getprevious()
        if previous is not None:
            if previous.tail:
                return str(previous.tail)[-12:]
            return _last_text(previous)[-12:]
        element = element.getparent()
        if element is None or element.tag in ("p", "li", "td", "th", "div", "body"):
            return str(element.text or "")[-12:] if element is not None else ""
        if element.text:
            return str(element.text)[-12:]
    return ""


def _last_text(element: Any) -> str:
    for _ in range(_MAX_CLIMB):
        if not len(element):
            break
        if element[-1].tail:
            return str(element[-1].tail)
        element = element[-1]
    return str(element.text or "")


def _text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _quoted(element: Any) -> None:
    element.tag = "span"
    begins = (
        "".join(element.itertext("*")).lstrip()[:1] if len(element) else (element.text or "").lstrip()[:1]
    )
    if not begins or begins in _QUOTING:
        return
    language = next(
        (parent.get("lang") for parent in (element, *_parents(element, 30)) if parent.get("lang")), ""
    )
    marks = _MARKS.get(language[:2].lower(), "“”‘’")
    at = 2 if any(parent.get("data-quoted") for parent in _parents(element, 8)) else 0
    opening, closing = marks[at], marks[at + 1]
    element.set("data-quoted", "1")
    element.text = opening + (element.text or "").lstrip()
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() + closing
    else:
        element.text = element.text.rstrip() + closing

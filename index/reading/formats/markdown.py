"""Markdown, with or without front matter, as pages and note programs show it."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from index.reading.document import Document, Skipped

from .front_matter import split_front_matter
from .html import text_of_fragment
from .text import plain_text, with_front_matter

# Further than this no pair of marks is looked for.
_MAX_MARKED = 2000
_NOTE = re.compile(r"^ {0,3}\[\^[^\]\s]{1,60}\]:[ \t]*", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\]")
# A quotation that is set apart, with its kind and its heading in its first line.
_CALLOUT = re.compile(r"^([ \t]{0,3}(?:>[ \t]?){1,9})\[!\w{1,40}\][+-]?[ \t]*([^\n]*)$", re.MULTILINE)
# A name that other notes link to, such as ^block-1 at a paragraph's end.
_BLOCK_NAME = re.compile(r"\s\^(?=[\d-]*[A-Za-z])[\w-]{2,60}\s*\Z")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,20})\b|<(!|\?)")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a Markdown file."""
    front, body = split_front_matter(plain_text(data))
    yield with_front_matter(path, markdown_text(body), front)


def markdown_text(source: str) -> str:
    """Return the words of Markdown without its marks: a line a heading, item or row, links by their text."""
    parts: list[str] = []
    cells: list[str] | None = None
    in_items = 0
    # A note is the paragraph that it is, where it stands; a link's definition would vanish.
    source = _CALLOUT.sub(r"\1\2\n\1", _NOTE.sub("\n", source))
    for token in _parser().parse(source):
        in_items += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            parts.append(" | ".join(filter(None, cells or ())) + "\n")
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(" ".join(_words(token).split()))
        else:
            parts.append(_block(token, "\n" if in_items else "\n\n", is_item=in_items > 0))
    return "".join(parts)


def _block(token: Any, end: str, *, is_item: bool) -> str:
    if token.type in ("bullet_list_close", "ordered_list_close") and is_item:
        return ""
    if token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
        return "\n"
    if token.type == "inline":
        return _words(token) + end
    if token.type in ("fence", "code_block"):
        return f"{token.content}\n"
    if token.type == "html_block":
        return (_html_text(token.content) if _is_html(token.content) else token.content) + "\n\n"
    return ""


def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for name, rule in (("note_mark", _note_mark), ("wikilink", _wikilink), ("marked", _marked)):
        parser.inline.ruler.before("link", name, rule)
    return parser


def _words(token: Any) -> str:
    inline = list(_inline(token.children or ()))
    if any(is_tag for _, is_tag in inline):
        html = "".join(word if is_tag else escape(word, quote=False) for word, is_tag in inline)
        words = _html_text(html.replace("\n", "<br>")).replace("\n\n", "\n")
    else:
        words = "".join(word for word, _ in inline)
    return _BLOCK_NAME.sub("", words)


def _inline(children: Any) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a paragraph, and whether each is a tag; what is struck out is none."""
    struck = 0
    for child in children:
        struck += {"s_open": 1, "s_close": -1}.get(child.type, 0)
        if struck:
            continue
        if child.type == "softbreak":
            yield " ", False
        elif child.type == "hardbreak":
            yield "\n", False
        elif child.type == "image":
            yield "".join(word for word, _ in _inline(child.children or ())), False
        else:
            yield child.content, child.type == "html_inline" and _is_html(child.content)


def _is_html(tag: str) -> bool:
    """Return whether a page would take this for markup; `<T>` and the like are words."""
    from lxml.html.defs import tags

    found = _TAG.match(tag.lstrip())
    return bool(found and (found[2] or found[1].lower() in tags))


def _html_text(html: str) -> str:
    return text_of_fragment(f"<div>{html}</div>")


# Rules of markdown-it: each moves `state` over the mark that begins where it is, if one does.


def _note_mark(state: Any, silent: bool) -> bool:
    match = _NOTE_MARK.match(state.src, state.pos)
    if match:
        state.pos = match.end()
    return bool(match)


def _wikilink(state: Any, silent: bool) -> bool:
    start = state.pos + state.src.startswith("!", state.pos)
    if not state.src.startswith("[[", start):
        return False
    end = state.src.find("]]", start, min(start + _MAX_MARKED, state.posMax))
    target = state.src[start + 2 : end] if end >= 0 else ""
    # `[[1]](address)` is an ordinary link by a number in brackets.
    if not target.strip() or set(target) & set("[]\n") or state.src.startswith("(", end + 2):
        return False
    if not silent and start == state.pos:
        state.pending += target.rpartition("|")[2].replace("#", " ").strip()
    state.pos = end + 2
    return True


def _marked(state: Any, silent: bool) -> bool:
    """Read ==words that are marked== without their marks, and %%what is hidden%% not at all."""
    mark = state.src[state.pos : state.pos + 2]
    start = state.pos + 2
    end = state.src.find(mark, start, min(start + _MAX_MARKED, state.posMax)) if mark in ("==", "%%") else -1
    if end <= start:
        return False
    inner = state.src[start:end]
    if mark == "==" and (inner != inner.strip() or state.src.startswith("=", end + 2)):
        return False
    if not silent and mark == "==":
        if state.pending:
            state.pushPending()
        state.md.inline.parse(inner, state.md, state.env, state.tokens)
    state.pos = end + 2
    return True

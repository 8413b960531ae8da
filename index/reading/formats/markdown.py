"""Markdown, with or without front matter."""

from collections.abc import Iterator
from typing import Any

from index.reading.document import Document, Skipped

from .text import plain_text, split_front_matter, with_front_matter


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a Markdown file."""
    front, body = split_front_matter(plain_text(data))
    yield with_front_matter(path, markdown_text(body), front)


def markdown_text(source: str) -> str:
    """Return the words of Markdown without its marks: a line a heading or item, links by their text."""
    from markdown_it import MarkdownIt

    # HTML inside is left as text: it is not this reader's to interpret.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts: list[str] = []
    in_items = 0
    for token in parser.parse(source):
        if token.type in ("list_item_open", "tr_open"):
            in_items += 1
        elif token.type in ("list_item_close", "tr_close"):
            in_items -= 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            parts.append("\n")
        elif token.type == "inline":
            parts.append(_inline_text(token) + ("\n" if in_items else "\n\n"))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content + "\n")
    return "".join(parts)


def _inline_text(token: Any) -> str:
    words = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            words.append(" " if child.type == "softbreak" else "\n")
        elif child.type == "image":
            words.append(_inline_text(child))
        else:
            words.append(child.content)
    return "".join(words)

"""Web pages: the article by trafilatura, what the page states about it by its own tags."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .encoding import decoded_page
from .page import page_metadata

# A page of this many characters is a dump; libxml2 takes seconds for it and several gigabytes.
_MAX_CHARACTERS = 10_000_000
_MAX_TAGS = 300_000
# Links and the like side by side in one element: trafilatura takes the square of their number.
_MAX_INLINE = 10_000
# Not `head`: where a page has no `body` tag, libxml2 puts all of it there.
_HIDDEN_TAGS = {
    "script", "style", "noscript", "template", "title", "svg", "math", "iframe", "object", "select",
    "textarea", "button",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# References to Windows' characters by their bytes there, which libxml2 takes for controls.
_REFERENCE = re.compile(r"&#(0{0,5}1[2-5]\d|[xX]0{0,5}[89][0-9a-fA-F])(?![0-9a-fA-F]);?")
_MAX_CELL = 300
# Of a page without a recognisable article, so much running text is taken for one.
_LEAST_PROSE = 200


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a page."""
    yield article_of_html(decoded_page(data), path)


def article_of_html(html: str, path: str, url: str | None = None) -> Document:
    """Return the article of a page; `url` is where it was saved from, if that is known from elsewhere.

    Raises ReadError if the page is too large or no article is in it.
    """
    html = _REFERENCE.sub(_character, html)
    tree = _tree(html)
    about = page_metadata(tree, path, url)
    seen = "\n\n".join(_visible(tree))
    text = "" if _is_crowded(tree) else _extracted(html)
    if not text:
        prose = [part for part in seen.split("\n\n") if len(part) > _LEAST_PROSE / 2]
        if len(" ".join(prose)) < _LEAST_PROSE:
            raise ReadError("no article in it")
        text = "\n\n".join(prose)
    return Document(text=text, seen=seen, **about)


def _character(reference: re.Match[str]) -> str:
    return unescape(f"&#{reference[1]};")


def text_of_fragment(html: str) -> str:
    """Return the words of a piece of HTML, all of them: a line for each block, entities resolved."""
    return "\n\n".join(_visible(_tree(html))) if html.strip() else ""


def _tree(html: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    if len(html) > _MAX_CHARACTERS:
        raise ReadError(f"a page of more than {_MAX_CHARACTERS // 1_000_000} million characters")
    if html.count("<") > _MAX_TAGS:
        raise ReadError(f"a page of more than {_MAX_TAGS:,} tags")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("no article in it") from error
    return tree


def _is_crowded(tree: Any) -> bool:
    return any(
        sum(child.tag not in _BLOCKS for child in element) > _MAX_INLINE
        for element in tree.iter()
        if len(element) > _MAX_INLINE
    )


def _extracted(html: str) -> str:
    import trafilatura

    found = trafilatura.bare_extraction(
        html,
        favor_recall=True,
        include_comments=False,
        include_tables=True,
        include_links=False,
        include_images=False,
        deduplicate=False,
        with_metadata=False,
    )
    if found is None or found.body is None:
        return ""
    return "\n\n".join(part for part in _paragraphs(found.body) if part)


def _paragraphs(body: Any) -> Iterator[str]:
    """Yield the blocks of trafilatura's result: lists line by line, tables row by row."""
    for block in body:
        if block.tag == "list":
            yield "\n".join(filter(None, (_words(item) for item in block)))
        elif block.tag == "table" and any(len(_words(cell)) > _MAX_CELL for cell in block.iter("cell")):
            # No table of figures: a page that is laid out in one.
            for cell in block.iter("cell"):
                yield _words_of(cell.text)
                yield from _paragraphs(cell)
        elif block.tag == "table":
            rows = ([_words(cell) for cell in row] for row in block.iter("row"))
            yield "\n".join(" | ".join(filter(None, cells)) for cells in rows)
        elif block.tag in ("quote", "div") and len(block):
            yield _words_of(block.text)
            yield from _paragraphs(block)
        else:
            yield _words(block)
        yield _words_of(block.tail)


def _words(element: Any) -> str:
    for line_break in element.iter("lb"):
        line_break.tail = f"\n{line_break.tail or ''}"
    return "\n".join(filter(None, map(_words_of, "".join(element.itertext()).split("\n"))))


def _words_of(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


def _visible(tree: Any) -> Iterator[str]:
    """Yield what a reader of the page would see, block by block."""
    parts: list[str] = []

    def flush() -> Iterator[str]:
        text = _words_of("".join(parts))
        parts.clear()
        if text:
            yield text

    # Not recursive: a page may be as deep as it likes.
    waiting: list[tuple[Any, bool]] = [(tree, False)]
    while waiting:
        element, is_end = waiting.pop()
        is_block = element.tag in _BLOCKS
        if is_end:
            if is_block:
                yield from flush()
            parts.append(element.tail or "")
            continue
        if is_block or element.tag == "br":
            yield from flush()
        waiting.append((element, True))
        if isinstance(element.tag, str) and element.tag not in _HIDDEN_TAGS and not _is_hidden(element):
            parts.append(element.text or "")
            waiting.extend((child, False) for child in reversed(element))
    yield from flush()


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )

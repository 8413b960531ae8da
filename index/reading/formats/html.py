"""Web pages: the article's lines as trafilatura finds them, what the page states about it by its own tags."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import compress
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .chosen import FULLER, is_fuller, is_said, taken, with_headings, with_lost_prose, without_furniture
from .encoding import decoded_page
from .inline import settle
from .lines import BLOCKS, Line, lines_of, text_of
from .page import page_metadata

# A page of this many characters is a dump; libxml2 takes seconds for it and several gigabytes.
_MAX_CHARACTERS = 10_000_000
_MAX_TAGS = 300_000
# Links and the like side by side in one element: trafilatura takes the square of their number.
_MAX_INLINE = 10_000
# References to Windows' characters by their bytes there, which libxml2 takes for controls.
_REFERENCE = re.compile(r"&#(0{0,5}1[2-5]\d|[xX]0{0,5}[89][0-9a-fA-F])(?![0-9a-fA-F]);?")
# Pictures and fonts within a page: no text, and most of a page that was saved as a single file.
_DATA = re.compile(r"data:[\w/+.;=-]{0,100},[^\s\"'<>()]{64,}+")
_DATA_BYTES = re.compile(_DATA.pattern.encode())
# Of a page without a recognisable article, so much running text is taken for one.
_LEAST_PROSE = 200


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a page."""
    yield article_of_html(decoded_page(_DATA_BYTES.sub(b"data:,", data)), path)


def article_of_html(html: str, path: str, url: str | None = None) -> Document:
    """Return the article of a page; `url` is where it was saved from, if that is known from elsewhere.

    Raises ReadError if the page is too large or no article is in it.
    """
    html = _REFERENCE.sub(_character, html)
    tree = _tree(html)
    about, stated = page_metadata(tree, path, url)
    struck = settle(tree)
    hidden: list[Any] = []
    lines = lines_of(tree, hidden)
    seen = text_of(lines)
    text = _fuller(_article(tree, lines, hidden), stated)
    if not text.strip():
        raise ReadError("no article in it")
    return Document(text=text, seen="\n\n".join([seen, *struck]), **about)


def _fuller(article: list[Line] | str, stated: str) -> str:
    """Return the text of what was found, or what the page states for machines where that is more of it."""
    if isinstance(article, str):
        # Where trafilatura found it there too, it has lost its paragraphs.
        heading, text, least = "", article, 1.0
        shown = ["".join(line.split()) for line in article.split("\n")]
    else:
        heading, text, least = (
            text_of(line for line in article[:1] if line.kind == "heading"),
            text_of(article),
            FULLER,
        )
        shown = [line.bare for line in article if line.kind != "heading"]
    if stated and is_fuller(stated, shown, least):
        return "\n\n".join(filter(None, (heading, _paragraphs_of(stated))))
    return text


def _character(reference: re.Match[str]) -> str:
    return unescape(f"&#{reference[1]};")


def text_of_fragment(html: str) -> str:
    """Return the words of a piece of HTML, all of them: a line for each block, entities resolved."""
    if not html.strip():
        return ""
    tree = _tree(_without_data(html))
    settle(tree)
    return text_of(lines_of(tree))


def _without_data(html: str) -> str:
    return _DATA.sub("data:,", html) if "data:" in html else html


def _tree(html: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    html = _without_data(html)
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


def _article(tree: Any, lines: list[Line], hidden: list[Any]) -> list[Line] | str:
    """Return the lines that are the article, or its text where what was found is in no line."""
    if not _is_crowded(tree):
        _empty(hidden, sum(len(line.bare) for line in lines))
        body = _extracted(tree)
        found = "".join("".join(body.itertext()).split()) if body is not None else ""
        own = taken(lines, found) if found else None
        if own:
            own = with_headings(lines, with_lost_prose(lines, own))
            article = list(compress(lines, without_furniture(lines, own)))
            if any(line.kind != "heading" for line in article):
                return article
            # Nothing but a question for consent: what the page says besides.
            return list(compress(lines, with_headings(lines, [is_said(line) for line in lines])))
        if body is not None and found:
            return "\n\n".join(filter(None, _paragraphs(body)))
    prose = [line for line in lines if len(line.text) > _LEAST_PROSE / 2]
    prose = list(compress(prose, without_furniture(prose, [True] * len(prose))))
    return prose if sum(len(line.text) for line in prose) >= _LEAST_PROSE else []


def _is_crowded(tree: Any) -> bool:
    return any(
        sum(child.tag not in BLOCKS for child in element) > _MAX_INLINE
        for element in tree.iter()
        if len(element) > _MAX_INLINE
    )


def _empty(hidden: list[Any], visible: int) -> None:
    """Empty what nobody sees; but where that is most of a page, the page shows it later."""
    if (
        sum(len("".join(element.itertext())) for element in hidden if element.tag not in ("script", "style"))
        < visible
    ):
        for element in hidden:
            if element.getparent() is not None:
                element.clear(keep_tail=True)


def _extracted(tree: Any) -> Any:
    import trafilatura

    found = trafilatura.bare_extraction(tree, options=_options())
    return found.body if found is not None else None


@cache
def _options() -> Any:
    """Return how trafilatura is asked; it takes a while to put together."""
    from trafilatura.settings import Extractor

    return Extractor(recall=True, comments=False, tables=True, links=False, images=False, dedup=False)


def _paragraphs(body: Any) -> Iterator[str]:
    """Yield the blocks of trafilatura's result: lists line by line, tables row by row."""
    for block in body:
        if block.tag == "list":
            yield "\n".join(filter(None, (_words(item) for item in block)))
        elif block.tag == "table":
            rows = ([_words(cell).replace("\n", " ") for cell in row] for row in block.iter("row"))
            yield "\n".join(" | ".join(filter(None, cells)) for cells in rows)
        elif block.tag in ("quote", "div") and len(block):
            yield _words_of(block.text)
            yield from _paragraphs(block)
        else:
            yield _words(block)
        yield _words_of(block.tail)


def _words(element: Any) -> str:
    for inner in element.iter("lb", "list", "item", "p", "head", "quote"):
        if inner is not element:
            inner.text = f"\n{inner.text or ''}"
            inner.tail = f"\n{inner.tail or ''}"
    return "\n".join(filter(None, map(_words_of, "".join(element.itertext()).split("\n"))))


def _words_of(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


def _paragraphs_of(stated: str) -> str:
    """Return the text that a page states for machines: it may be a page's piece itself."""
    if "</" in stated or "<br" in stated:
        return text_of_fragment(stated)
    return "\n\n".join(filter(None, map(_words_of, stated.split("\n"))))

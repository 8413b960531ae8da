"""Links to the places that an answer rests on."""

from urllib.parse import quote

from qa import Citation

from .text import escaped


def isolated(text: str) -> str:
    """Return other people's text, isolated so that its writing direction moves nothing around it."""
    return f'<span dir="auto">{escaped(text)}</span>'


def numbered(citation: Citation) -> str:
    """Return the number of a citation."""
    return f'<span class="aq-number">&#91;{citation.number}&#93;</span>'


def mark(citation: Citation) -> str:
    """Return a citation's number as a link to its place."""
    return link(citation, "aq-mark", numbered(citation))


def link(citation: Citation, kind: str, content: str) -> str:
    """Return a link to a citation's place, `#aq-ARTICLE-START-END`, that page.js opens beside the chat."""
    place = f"{quote(citation.article_id, safe='')}-{citation.start}-{citation.end}"
    # The reader marks these words in the quote.
    words = f" aq-words-{citation.words_start}-{citation.words_end}" if citation.words_end else ""
    return f'<a class="aq-source {kind}{words}" href="#aq-{place}">{content}</a>'

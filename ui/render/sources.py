"""Citations as HTML: quotes, their sources, and the links that open them in the reader."""

from collections.abc import Iterable
from urllib.parse import quote

from qa import Citation
from ui.translation import _
from ui.wording import RECOGNISED, also_in

from .text import escaped, language_name, long_date, pieces


def quote_html(citation: Citation) -> str:
    """Return a quote, with the words that answer marked, and the sentence that it needs before it."""
    before = f'<span class="aq-before">{escaped(citation.before)}</span> ' if citation.before else ""
    said = f'<span class="aq-said">{_said(citation)}</span>'
    return f'<blockquote class="aq-quote" dir="auto">{before}{said} {mark_html(citation)}</blockquote>'


def _said(citation: Citation) -> str:
    start, end = citation.words_start, citation.words_end
    if start is None or end is None or not citation.start <= start < end <= citation.end:
        return escaped(citation.quote)
    ahead, words, rest = pieces(citation.quote, start - citation.start, end - citation.start)
    return f'{ahead}<mark class="aq-words">{words}</mark>{rest}'


def sources_html(label: str, citations: Iterable[Citation], *, numbered: bool = True) -> str:
    """Return a list of sources with its label."""
    items = "".join(f"<li>{_source(citation, numbered)}</li>" for citation in citations)
    kind = "aq-sources" if numbered else "aq-further"
    return f'<p class="aq-label">{escaped(label)}</p><ol class="{kind}">{items}</ol>'


def mark_html(citation: Citation) -> str:
    """Return the number of a citation as a link to its place."""
    return _link(citation, "aq-mark", _number(citation))


def _source(citation: Citation, numbered: bool) -> str:
    title = f'<span class="aq-title" dir="auto">{escaped(citation.title or citation.path)}</span>'
    recognised = _(RECOGNISED) if citation.recognised else None
    about = (citation.source, long_date(citation.published), language_name(citation.language), recognised)
    shown = " · ".join(filter(None, [*map(_isolated, filter(None, about)), also_in(citation, _isolated)]))
    content = f"{_number(citation)} {title}" if numbered else title
    said = "" if numbered else f'<span class="aq-extract" dir="auto">{escaped(citation.quote)}</span>'
    return f'{_link(citation, "aq-entry", content)} <span class="aq-about">{shown}</span>{said}'


def _isolated(text: str) -> str:
    """Return other people's text, isolated so that its writing direction moves nothing around it."""
    return f'<span dir="auto">{escaped(text)}</span>'


def _number(citation: Citation) -> str:
    return f'<span class="aq-number">&#91;{citation.number}&#93;</span>'


def _link(citation: Citation, kind: str, content: str) -> str:
    place = f"{quote(citation.article_id, safe='')}-{citation.start}-{citation.end}"
    # The reader marks these words in the quote.
    words = f" aq-words-{citation.words_start}-{citation.words_end}" if citation.words_end else ""
    return f'<a class="aq-source {kind}{words}" href="#aq-{place}">{content}</a>'

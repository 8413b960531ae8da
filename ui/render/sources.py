"""Citations as HTML: quotes and their sources."""

from collections.abc import Iterable

from qa import Citation
from ui.translation import _
from ui.wording import RECOGNISED, also_in

from .links import isolated, link, mark
from .links import numbered as number_of
from .text import escaped, language_name, long_date, pieces, spoken


def quote_html(citation: Citation) -> str:
    """Return a quote, with the words that answer marked, and the sentence that it needs before it."""
    kind = "aq-before aq-apart" if _is_apart(citation) else "aq-before"
    before = f'<span class="{kind}">{escaped(citation.before)}</span> ' if citation.before else ""
    said = f'<span class="aq-said">{_said(citation)}</span>'
    tongue = spoken(citation.language)
    return f'<blockquote class="aq-quote" dir="auto"{tongue}>{before}{said} {mark(citation)}</blockquote>'


def _is_apart(citation: Citation) -> bool:
    """Return whether what stands before a quote is a paragraph of its own, such as a heading."""
    if not citation.before or citation.before_start is None:
        return False
    return citation.start - citation.before_start - len(citation.before) >= len("\n\n")


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


def _source(citation: Citation, numbered: bool) -> str:
    tongue = spoken(citation.language)
    titled = escaped(citation.title or citation.path)
    title = f'<span class="aq-title" dir="auto"{tongue if citation.title else ""}>{titled}</span>'
    recognised = _(RECOGNISED) if citation.recognised else None
    about = (citation.source, long_date(citation.published), language_name(citation.language), recognised)
    shown = " · ".join(filter(None, [*map(isolated, filter(None, about)), also_in(citation, isolated)]))
    content = f"{number_of(citation)} {title}" if numbered else title
    said = "" if numbered else f'<span class="aq-extract" dir="auto"{tongue}>{escaped(citation.quote)}</span>'
    return f'{link(citation, "aq-entry", content)} <span class="aq-about">{shown}</span>{said}'

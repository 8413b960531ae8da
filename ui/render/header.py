"""The line at the top of the page."""

from collections.abc import Mapping
from typing import Any

from ui.remarks import translated
from ui.translation import _, decimal, label, ngettext, plain
from ui.wording import capitalized

from .text import escaped, language_name

TITLE = label("Ask the articles")


def header_html(counts: Mapping[str, Any], written_by: str | None = None, notice: str | None = None) -> str:
    """Return the page's name, what the index holds if known, and what writes answers or why nothing does."""
    languages = [language_name(code) for code in counts.get("languages", ()) if code != "unknown"]
    held = _held(counts["articles"], counts["passages"]) if counts else []
    shown = escaped(" · ".join(filter(None, [*held, ", ".join(filter(None, languages))])))
    writer = ""
    if written_by:
        writer = f"<p>{escaped(_('Answers written by {model}').format(model=written_by))}</p>"
    trouble = f'<p class="aq-notice">{escaped(capitalized(translated(notice)))}</p>' if notice else ""
    return f"<header><h1>{escaped(_(plain(TITLE)))}</h1><p>{shown}</p>{writer}{trouble}</header>"


def first_header() -> str:
    """Return the line as it stands in the page itself, before anybody's request has filled it."""
    return f"<header><h1>{TITLE}</h1><p>&nbsp;</p></header>"


def _held(articles: int, passages: int) -> list[str]:
    return [
        ngettext("{n} article", "{n} articles", articles).format(n=decimal(articles)),
        ngettext("{n} passage", "{n} passages", passages).format(n=decimal(passages)),
    ]

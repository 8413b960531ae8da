"""The line at the top of the page."""

from collections.abc import Mapping
from typing import Any

from ui.remarks import translated
from ui.translation import _, decimal, label, ngettext, plain
from ui.wording import capitalized

from .text import escaped, language_name

TITLE = label("Ask the articles")
# All languages are named if there are no more than this, otherwise the most frequent.
_ALL, _NAMED = 8, 6


def header_html(counts: Mapping[str, Any], written_by: str | None = None, notice: str | None = None) -> str:
    """Return the page's name, what the index holds if known, and what writes answers or why nothing does."""
    held = _held(counts["articles"], counts["passages"]) if counts else []
    shown = escaped(" · ".join(filter(None, [*held, _languages(counts.get("languages", {}))])))
    writer = ""
    if written_by:
        writer = f"<p>{escaped(_('Answers written by {model}').format(model=written_by))}</p>"
    trouble = f'<p class="aq-notice">{escaped(capitalized(translated(notice)))}</p>' if notice else ""
    return f"<header><h1>{escaped(_(plain(TITLE)))}</h1><p>{shown}</p>{writer}{trouble}</header>"


def first_header() -> str:
    """Return the line as it stands in the page itself, before anybody's request has filled it."""
    return f"<header><h1>{TITLE}</h1><p>&nbsp;</p></header>"


def _languages(numbers: Mapping[str, int]) -> str:
    frequent = sorted(numbers, key=lambda code: -numbers[code])
    names = [name for code in frequent if code != "unknown" and (name := language_name(code))]
    if len(names) <= _ALL:
        return ", ".join(names)
    others = len(names) - _NAMED
    more = ngettext("and {n} more", "and {n} more", others).format(n=decimal(others))
    return f"{', '.join(names[:_NAMED])} {more}"


def _held(articles: int, passages: int) -> list[str]:
    return [
        ngettext("{n} article", "{n} articles", articles).format(n=decimal(articles)),
        ngettext("{n} passage", "{n} passages", passages).format(n=decimal(passages)),
    ]

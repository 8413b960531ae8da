"""The line at the top of the page."""

from collections.abc import Mapping
from typing import Any

from ui.wording import capitalized, counted

from .text import escaped, language_name

TITLE = "Ask the articles"


def header_html(counts: Mapping[str, Any], written_by: str | None = None, notice: str | None = None) -> str:
    """Return the page's name, what the index holds if known, and what writes answers or why nothing does."""
    languages = [language_name(code) for code in counts.get("languages", ()) if code != "unknown"]
    held = [counted(counts[f"{thing}s"], thing) for thing in ("article", "passage") if counts]
    shown = escaped(" · ".join(filter(None, [*held, ", ".join(filter(None, languages))])))
    writer = f"<p>Answers written by {escaped(written_by)}</p>" if written_by else ""
    trouble = f'<p class="aq-notice">{escaped(capitalized(notice))}</p>' if notice else ""
    return f"<header><h1>{TITLE}</h1><p>{shown}</p>{writer}{trouble}</header>"

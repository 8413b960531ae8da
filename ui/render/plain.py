"""Answers as plain text, to be copied: what is said, then each quote with its outlet, date and link.

Whoever reads the copy has to see what the page shows at a glance: that an answer is unsure, or none.
"""

from collections.abc import Iterator

from qa import Answer, Citation
from ui.wording import verdict

from .text import long_date, web_address


def plain_lines(answer: Answer) -> Iterator[str]:
    """Yield the lines of an answer and its numbered sources; a written answer comes before its quotes."""
    if answer.level != "found":
        yield verdict(answer)
    if answer.mode == "written" and answer.sentences:
        yield answer.text
    for citation in answer.citations:
        yield _line(citation)


def _line(citation: Citation) -> str:
    about = (citation.title or citation.path, citation.source, long_date(citation.published))
    named = ", ".join(filter(None, (*about, web_address(citation.url))))
    quote = " ".join(citation.quote.split())
    return f"[{citation.number}] “{quote}” ({named})"

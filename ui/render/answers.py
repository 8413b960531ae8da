"""Answers as HTML."""

from index import Filters
from qa import Answer, Citation, Sentence
from ui.wording import RECOGNISED, also_in, capitalized, counted

from .disagreements import disagreements_html
from .limits import limits_html
from .links import isolated, link, mark, numbered
from .text import escaped, language_name, long_date
from .timeline import timeline_html


def answer_html(answer: Answer, filters: Filters | None = None) -> str:
    """Return an answer, which may still be growing, as a chat message, with what it was limited to.

    It is one line of HTML, so that nothing between its tags is read as Markdown. A link to a source is
    `#aq-ARTICLE-START-END`; page.js opens it beside the chat.
    """
    parts = _found(answer) if answer.found else _refusal(answer)
    limits = limits_html(filters, refused=not answer.found) if filters else ""
    kind = "aq-answer aq-growing" if answer.writing else "aq-answer"
    return f'<div class="{kind}">{"".join(parts)}{limits}{_note(answer)}</div>'


def _found(answer: Answer) -> list[str]:
    quotes = "".join(
        f'<blockquote class="aq-quote" dir="auto"><span class="aq-said">{escaped(citation.quote)}</span> '
        f"{mark(citation)}</blockquote>"
        for citation in answer.citations
    )
    said = [*_written(answer), f'<div class="aq-quotes">{quotes}</div>', disagreements_html(answer)]
    return [*said, _sources("Sources", answer), timeline_html(answer)]


def _refusal(answer: Answer) -> list[str]:
    nearest = [_sources("Closest passages", answer)] if answer.citations else []
    return [f'<p class="aq-refusal">{escaped(answer.text)}</p>', *nearest]


def _written(answer: Answer) -> list[str]:
    """Return what a language model has written so far, and what it is doing."""
    parts = []
    if answer.mode == "written":
        marks = {citation.number: mark(citation) for citation in answer.citations}
        parts += [_sentence(sentence, marks) for sentence in answer.sentences]
    if answer.writing and answer.writing.draft:
        draft = escaped(answer.writing.draft)
        parts.append(f'<span class="aq-draft">{draft} <span class="aq-doing">being checked</span></span>')
    shown = [f'<p class="aq-written" dir="auto">{" ".join(parts)}</p>'] if parts else []
    return [*shown, f'<p class="aq-status">{_doing(answer)}</p>'] if answer.writing else shown


def _sentence(sentence: Sentence, marks: dict[int, str]) -> str:
    cited = "".join(marks[number] for number in sentence.citations if number in marks)
    doubt = "" if sentence.supported else ' <span class="aq-doubt">not confirmed by its sources</span>'
    return f"{escaped(sentence.text)} {cited}{doubt}"


def _doing(answer: Answer) -> str:
    if answer.writing and answer.writing.ahead:
        return (
            f"Waiting for the language model&#58; {counted(answer.writing.ahead, 'question')} ahead of yours"
        )
    return "Writing…" if answer.mode == "written" else "Reading the sources…"


def _sources(label: str, answer: Answer) -> str:
    items = "".join(f"<li>{_source(citation)}</li>" for citation in answer.citations)
    return f'<p class="aq-label">{label}</p><ol class="aq-sources">{items}</ol>'


def _source(citation: Citation) -> str:
    title = f'<span class="aq-title" dir="auto">{escaped(citation.title or citation.path)}</span>'
    recognised = RECOGNISED if citation.recognised else None
    about = (citation.source, long_date(citation.published), language_name(citation.language), recognised)
    shown = " · ".join(filter(None, [*map(isolated, filter(None, about)), also_in(citation, isolated)]))
    return (
        f'{link(citation, "aq-entry", f"{numbered(citation)} {title}")} <span class="aq-about">{shown}</span>'
    )


def _note(answer: Answer) -> str:
    parts = []
    if answer.found:
        sure = answer.level == "found"
        parts.append("Confident" if sure else '<span class="aq-doubt">Unsure&#58; check the source</span>')
    if answer.mode == "written" and answer.sentences and not answer.writing:
        parts.append("Written by a language model; every sentence was checked against its sources")
    if answer.searched:
        parts.append(f'Searched for: <span dir="auto">{escaped(answer.searched)}</span>')
    if answer.timings.total_ms and not answer.writing:
        parts.append(f"{max(answer.timings.total_ms / 1000, 0.1):.1f} s")
    if answer.notice:
        parts.append(f'<span class="aq-notice" dir="auto">{escaped(capitalized(answer.notice))}</span>')
    return f'<p class="aq-note">{" · ".join(parts)}</p>' if parts else ""

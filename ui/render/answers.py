"""Answers as HTML."""

from index import Filters
from qa import Answer, Beyond, Sentence
from ui.links import Link
from ui.remarks import translated
from ui.translation import _, decimal, ngettext
from ui.wording import beyond_quotes, capitalized, verdict

from .disagreements import disagreements_html
from .limits import limits_html, pairs
from .links import mark
from .look import articles_button
from .plain import plain_lines
from .sources import quote_html, sources_html
from .text import escaped
from .timeline import timeline_html

# The class of each level, which gives it a form of its own.
_BADGES = {"found": "aq-sure", "unsure": "aq-unsure", "not found": "aq-absent aq-refusal"}


def answer_html(answer: Answer, filters: Filters | None = None) -> str:
    """Return an answer, which may still be growing, with what it was limited to.

    A link to a source is `#aq-ARTICLE-START-END`; page.js opens it beside the chat. A complete answer says
    which articles it is from, or near: suggest.js asks what may be asked next.
    """
    kind = "aq-answer aq-growing" if answer.writing else "aq-answer"
    near = " ".join(dict.fromkeys(citation.article_id for citation in answer.citations))
    about = "" if answer.writing else f' data-level="{answer.level}" data-articles="{escaped(near)}"'
    body = "".join((*_found(answer), *_nearest(answer)))
    limits = limits_html(filters, refused=not answer.found) if filters else ""
    end = "" if answer.writing else tools_html(answer, filters)
    said = f"{_badge(answer)}{_told(answer.beyond)}{body}{limits}{_note(answer)}{end}"
    return f'<div class="{kind}"{about}>{said}</div>'


def _badge(answer: Answer) -> str:
    return f'<p class="aq-badge {_BADGES[answer.level]}">{escaped(verdict(answer))}</p>'


def _told(beyond: Beyond | None) -> str:
    """Return what can be asked, if a question asks for what no quote can give."""
    if not beyond:
        return ""
    said = f'<p class="aq-told">{escaped(beyond_quotes(beyond))}</p>'
    if not beyond.named:
        return said
    find = _("Search the titles for “{words}”").format(words=beyond.named)
    return f'{said}<p class="aq-told">{articles_button(find, beyond.named)}</p>'


def _found(answer: Answer) -> list[str]:
    if not answer.found:
        return []
    quotes = "".join(map(quote_html, answer.citations))
    sources = sources_html(_("Sources"), answer.citations)
    said = [*_written(answer), f'<div class="aq-quotes">{quotes}</div>', disagreements_html(answer)]
    return [*said, sources, timeline_html(answer)]


def _nearest(answer: Answer) -> list[str]:
    if answer.further:
        return [sources_html(_("Further passages"), answer.further, numbered=False)]
    if answer.citations and not answer.found and not answer.beyond:
        return [sources_html(_("Closest passages"), answer.citations)]
    return []


def _written(answer: Answer) -> list[str]:
    """Return what a language model has written so far, and what it is doing."""
    parts = []
    if answer.mode == "written":
        marks = {citation.number: mark(citation) for citation in answer.citations}
        parts += [_sentence(sentence, marks) for sentence in answer.sentences]
    if answer.writing and answer.writing.draft:
        doing = f'<span class="aq-doing">{escaped(_("being checked"))}</span>'
        parts.append(f'<span class="aq-draft">{escaped(answer.writing.draft)} {doing}</span>')
    shown = [f'<p class="aq-written" dir="auto">{" ".join(parts)}</p>'] if parts else []
    if answer.writing:
        shown.append(f'<p class="aq-status">{escaped(_doing(answer))}</p>')
    # It keeps the room that it was given, so that the quotes below it stay where they are.
    return [f'<div class="aq-writing">{"".join(shown)}</div>'] if shown else []


def _sentence(sentence: Sentence, marks: dict[int, str]) -> str:
    cited = "".join(marks[number] for number in sentence.citations if number in marks)
    doubt = f' <span class="aq-doubt">{escaped(_("not confirmed by its sources"))}</span>'
    return f"{escaped(sentence.text)} {cited}{'' if sentence.supported else doubt}"


def _doing(answer: Answer) -> str:
    if answer.writing and (ahead := answer.writing.ahead):
        return ngettext(
            "Waiting for the language model: {n} question ahead of yours",
            "Waiting for the language model: {n} questions ahead of yours",
            ahead,
        ).format(n=decimal(ahead))
    return _("Writing…") if answer.mode == "written" else _("Reading the sources…")


def _note(answer: Answer) -> str:
    parts = []
    if answer.mode == "written" and answer.sentences and not answer.writing:
        checked = _("Written by a language model; every sentence was checked against its sources")
        parts.append(escaped(checked))
    if answer.searched and (answer.found or not answer.beyond):
        searched = f'<span class="aq-searched" dir="auto">{escaped(answer.searched)}</span>'
        other = _button("aq-elsewhere", _("Search for something else"))
        parts.append(f"{escaped(_('Searched for:'))} {searched} {other}")
    if answer.timings.total_ms and not answer.writing:
        parts.append(f"{decimal(max(round(answer.timings.total_ms / 1000, 1), 0.1))} s")
    if answer.notice:
        parts.append(
            f'<span class="aq-notice" dir="auto">{escaped(capitalized(translated(answer.notice)))}</span>'
        )
    return f'<p class="aq-note">{" · ".join(parts)}</p>' if parts else ""


def tools_html(answer: Answer | None, filters: Filters | None = None) -> str:
    """Return what can be done with an answer, or with a question that has none.

    The link asks the same with the same `filters`, a follow-up with what it was read as.
    """
    tools = [_button("aq-again", _("Ask again")), _button("aq-edit", _("Edit question"))]
    if answer:
        link = str(Link(answer.searched or answer.question, filters=pairs(filters or Filters())))
        named = f' aria-label="{escaped(_("Copy link to this question"))}" data-link="{escaped(link)}"'
        tools.insert(0, _button("aq-link", _("Copy link"), named))
    copied = ""
    if answer and answer.citations and (answer.found or not answer.beyond):
        tools.insert(0, _button("aq-copy", _("Copy with sources")))
        lines = "".join(f"<span>{escaped(line)}</span>" for line in plain_lines(answer))
        copied = f'<span class="aq-copied">{lines}</span>'
    return f'<p class="aq-tools">{" ".join(tools)}{copied}</p>'


def _button(kind: str, said: str, more: str = "") -> str:
    return f'<button type="button" class="{kind}"{more}>{escaped(said)}</button>'

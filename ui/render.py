"""Answers and articles as HTML. Other people's text is escaped; it never becomes markup."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from babel import Locale

from qa import Answer, Citation, Sentence

from .wording import RECOGNISED, also_in, capitalized, counted

TITLE = "Ask the articles"
WAITING = '<div class="aq-answer aq-growing"><p class="aq-status">Searching the articles…</p></div>'
STOPPED = "Stopped."
# Show no more of a question than this: the engine refuses long ones, but somebody may paste a book.
_SHOWN_QUESTION = 2_000

# What HTML cannot hold, even as a character reference.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# No-break spaces are not among them: "12 %" should stay on one line.
_BLANKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029 ]+")
# All ASCII punctuation, which includes whatever has a meaning in HTML, Markdown or LaTeX.
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def escaped(text: str) -> str:
    """Return `text` so that both HTML and Markdown show it literally, on one line."""
    shown = _BLANKS.sub(" ", _UNSHOWABLE.sub("\ufffd", text)).strip(" ")
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", shown)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its reply, both as HTML; `answer` is what the reply shows, if it shows one.

    `limits` says in HTML which articles it was looked for in, if not in all.
    """

    question: str
    reply: str = WAITING
    answer: Answer | None = None
    limits: str = ""

    @property
    def pair(self) -> tuple[str, str] | None:
        """Return what the next question needs to know about this turn."""
        return (self.answer.question, self.answer.text) if self.answer else None

    def stopped(self) -> "Turn":
        """Return the turn with only what is certain, if it is still growing."""
        if self.reply == WAITING:
            return replace(self, reply=notice_html(STOPPED))
        if self.answer and self.answer.writing:
            stopped = replace(self.answer, writing=None, notice=STOPPED)
            return answered(self.question, stopped, self.limits)
        return self


def answered(question: str, answer: Answer, limits: str = "") -> Turn:
    """Return the turn of a question, which is HTML, with its answer; `limits` is HTML too."""
    return Turn(question, answer_html(answer, limits), answer, limits)


def messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Return a conversation as Gradio's chat takes it."""
    said = [pair for turn in turns for pair in (("user", turn.question), ("assistant", turn.reply))]
    return [{"role": role, "content": text} for role, text in said if text]


def header_html(counts: Mapping[str, Any], written_by: str | None = None, notice: str | None = None) -> str:
    """Return the page's name, what the index holds if known, and what writes answers or why nothing does."""
    languages = [language_name(code) for code in counts.get("languages", ()) if code != "unknown"]
    held = [counted(counts[f"{thing}s"], thing) for thing in ("article", "passage") if counts]
    shown = escaped(" · ".join(filter(None, [*held, ", ".join(filter(None, languages))])))
    writer = f"<p>Answers written by {escaped(written_by)}</p>" if written_by else ""
    trouble = f'<p class="aq-notice">{escaped(capitalized(notice))}</p>' if notice else ""
    return f"<header><h1>{TITLE}</h1><p>{shown}</p>{writer}{trouble}</header>"


def question_html(question: str) -> str:
    """Return a question as a chat message that keeps its lines; nothing if there are none."""
    cut = question.strip()
    if len(cut) > _SHOWN_QUESTION:
        cut = f"{cut[:_SHOWN_QUESTION]}…"
    lines = "<br>".join(escaped(line) for line in cut.splitlines())
    return f'<div class="aq-question" dir="auto">{lines}</div>' if lines else ""


def notice_html(message: str) -> str:
    """Return a message about what went wrong as a chat message."""
    return f'<div class="aq-answer"><p class="aq-notice" dir="auto">{escaped(capitalized(message))}</p></div>'


def answer_html(answer: Answer, limits: str = "") -> str:
    """Return an answer, which may still be growing, as a chat message, with the HTML of its `limits`.

    It is one line of HTML, so that nothing between its tags is read as Markdown. A link to a source is
    `#aq-ARTICLE-START-END`; page.js opens it beside the chat.
    """
    parts = _found(answer) if answer.found else _refusal(answer)
    kind = "aq-answer aq-growing" if answer.writing else "aq-answer"
    return f'<div class="{kind}">{"".join(parts)}{limits}{_note(answer)}</div>'


def _found(answer: Answer) -> list[str]:
    quotes = "".join(
        f'<blockquote class="aq-quote" dir="auto"><span class="aq-said">{escaped(citation.quote)}</span> '
        f"{_mark(citation)}</blockquote>"
        for citation in answer.citations
    )
    return [*_written(answer), f'<div class="aq-quotes">{quotes}</div>', _sources("Sources", answer)]


def _refusal(answer: Answer) -> list[str]:
    nearest = [_sources("Closest passages", answer)] if answer.citations else []
    return [f'<p class="aq-refusal">{escaped(answer.text)}</p>', *nearest]


def _written(answer: Answer) -> list[str]:
    """Return what a language model has written so far, and what it is doing."""
    parts = []
    if answer.mode == "written":
        marks = {citation.number: _mark(citation) for citation in answer.citations}
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
    shown = " · ".join(filter(None, [*map(_isolated, filter(None, about)), also_in(citation, _isolated)]))
    return (
        f'{_link(citation, "aq-entry", f"{_number(citation)} {title}")} <span class="aq-about">{shown}</span>'
    )


def _isolated(text: str) -> str:
    """Return other people's text, isolated so that its writing direction moves nothing around it."""
    return f'<span dir="auto">{escaped(text)}</span>'


def _number(citation: Citation) -> str:
    return f'<span class="aq-number">&#91;{citation.number}&#93;</span>'


def _mark(citation: Citation) -> str:
    return _link(citation, "aq-mark", _number(citation))


def _link(citation: Citation, kind: str, content: str) -> str:
    place = f"{quote(citation.article_id, safe='')}-{citation.start}-{citation.end}"
    # Of attributes, a message keeps little more than its classes: the reader marks these words in the quote.
    words = f" aq-words-{citation.words_start}-{citation.words_end}" if citation.words_end else ""
    return f'<a class="aq-source {kind}{words}" href="#aq-{place}">{content}</a>'


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


def long_date(day: str | None) -> str | None:
    """Return 2024-05-27 as 27 May 2024."""
    if not day:
        return None
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B} {parsed.year}"


def language_name(code: str | None) -> str | None:
    """Return the English name of a language, or its code if the name is not known."""
    return Locale("en").languages.get(code, code) if code else None


def web_address(url: str | None) -> str | None:
    """Return `url` if it leads to a web page, or None: an article may give any scheme."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None

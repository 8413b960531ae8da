"""A conversation as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index import Filters
from qa import Answer
from ui.remarks import translated
from ui.translation import _
from ui.wording import capitalized

from .answers import answer_html, tools_html
from .look import articles_button
from .text import escaped

# Show no more of a question than this: the engine refuses long ones, but somebody may paste a book.
_SHOWN_QUESTION = 2_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its reply, both as HTML; `answer` is what the reply shows, if it shows one.

    There is no reply while the articles are being searched. `filters` say in which of them.
    """

    question: str
    reply: str = ""
    answer: Answer | None = None
    filters: Filters = field(default_factory=Filters)

    @property
    def pair(self) -> tuple[str, str] | None:
        """Return what the next question needs to know about this turn."""
        return (self.answer.question, self.answer.text) if self.answer else None

    @property
    def html(self) -> str:
        """Return what the conversation shows of it."""
        return f"{self.question}{self.reply or waiting_html()}"

    def stopped(self) -> "Turn":
        """Return the turn with only what is certain, if it is still growing."""
        if not self.reply:
            return replace(self, reply=notice_html(_("Stopped.")))
        if self.answer and self.answer.writing:
            stopped = replace(self.answer, writing=None, notice=_("Stopped."))
            return answered(self.question, stopped, self.filters)
        return self


def answered(question: str, answer: Answer, filters: Filters | None = None) -> Turn:
    """Return the turn of a question, which is HTML, with its answer.

    `filters` are what it was limited to.
    """
    limited = filters or Filters()
    return Turn(question, answer_html(answer, limited), answer, limited)


def messages(turns: Sequence[Turn], unchanged: int = 0) -> dict[str, object]:
    """Return a conversation as log.js takes it; the page has the first `unchanged` turns already."""
    return {"since": unchanged, "turns": [turn.html for turn in turns[unchanged:]]}


def question_html(question: str) -> str:
    """Return a question that keeps its lines; nothing if there are none."""
    cut = question.strip()
    if len(cut) > _SHOWN_QUESTION:
        cut = f"{cut[:_SHOWN_QUESTION]}…"
    lines = "<br>".join(escaped(line) for line in cut.splitlines())
    return f'<div class="aq-question" dir="auto">{lines}</div>' if lines else ""


def waiting_html() -> str:
    """Return what stands in the place of an answer while the articles are being searched."""
    doing = escaped(_("Searching the articles…"))
    return f'<div class="aq-answer aq-growing"><p class="aq-status">{doing}</p></div>'


def notice_html(message: str, *, returned: bool = False, question: bool = True) -> str:
    """Return a message about what went wrong.

    `returned`: the question has to be changed. Without a `question` there is nothing to ask again.
    """
    kind = "aq-notice aq-returned" if returned else "aq-notice"
    said = f'<p class="{kind}" dir="auto">{escaped(capitalized(translated(message)))}</p>'
    return f'<div class="aq-answer">{said}{tools_html(None) if question and not returned else ""}</div>'


def welcome_html(welcome: str, questions: Sequence[str]) -> str:
    """Return what stands in the place of a conversation before its first question.

    Without `questions`, suggest.js finds some.
    """
    buttons = "".join(
        f'<button type="button" class="example"><span class="example-text" dir="auto">{escaped(question)}'
        "</span></button>"
        for question in questions
    )
    is_open = "" if questions else " data-open"
    listed = f'<div class="examples"{is_open}>{buttons}</div>'
    return f'<div class="aq-welcome"><p>{escaped(welcome)}</p>{listed}</div>'


def nothing_yet_html() -> str:
    """Return what stands there if there are no articles to ask."""
    said = escaped(_("There are no articles yet."))
    return f'<div class="aq-welcome"><p>{said}</p><p>{articles_button(_("Add articles"))}</p></div>'

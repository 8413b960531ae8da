"""Asking: a question to a conversation that grows by one turn, and can be stopped."""

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import ArticleQAError, QuestionError
from qa import Answer, Engine
from ui.filters import Limited
from ui.render import Turn, answered, messages, notice_html, question_html
from ui.translation import _

# Look at an answer in progress this often while nothing new comes; a model may go on for as long after it was
# stopped. Ten looks a second, as the engine offers, took most of a core with 24 questions waiting.
_PULSE = 0.25

_logger = logging.getLogger(__name__)

Shown = tuple[Any, list[Turn]]
# How many turns a question may refer to, as ask.js puts it before the question.
_BEFORE = re.compile("\x1e([0-9]{1,6})\x1e")


@dataclass(frozen=True, slots=True)
class Sent:
    """A question as the page sends it. It may refer to the first `before` turns; to all if that is None."""

    question: str
    before: int | None = None

    @classmethod
    def read(cls, sent: str) -> "Sent":
        """Read it."""
        # A browser's string may hold half a character, which no text or file that leaves here may.
        whole = sent.encode("utf-8", "replace").decode()
        if found := _BEFORE.match(whole):
            return cls(whole[found.end() :], int(found[1]))
        return cls(whole)


class Asking:
    """Answers the questions of all open pages; each page has one answer in progress at most.

    A page that stops an answer keeps listening to it. Gradio's own way of calling a function off would leave
    the page deaf for a moment, in which a question is lost.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stops: dict[str | None, threading.Event] = {}

    def ask(self, sent: str, limits: str | None, turns: list[Turn], request: gr.Request) -> Iterator[Shown]:
        """Yield what the page shows of a conversation, and its turns, while the next answer grows.

        `limits` are filters as a link has them.
        """
        read = Sent.read(sent)
        asked = Turn(question_html(read.question), filters=Limited.read(limits or "").filters)
        earlier = [turn.stopped() for turn in turns]
        # The page shows all but the newest of these, whatever it missed.
        known = max(len(earlier) - 1, 0)
        stop = self._stops[request.session_hash] = threading.Event()
        try:
            for turn in self._answered(asked, earlier, read, stop):
                yield messages([*earlier, turn], known), [*earlier, turn]
        finally:
            if self._stops.get(request.session_hash) is stop:
                del self._stops[request.session_hash]

    def stop(self, request: gr.Request) -> None:
        """Let the answer in progress end with what is certain of it."""
        if stop := self._stops.get(request.session_hash):
            stop.set()

    def _answered(
        self, asked: Turn, earlier: list[Turn], sent: Sent, stop: threading.Event
    ) -> Iterator[Turn]:
        yield asked
        try:
            history = [turn.pair for turn in earlier[: sent.before] if turn.pair]
            with closing(self._engine.stream(sent.question, history, **asked.filters.limits())) as answers:
                yield from _growing(asked, answers, stop)
        except ArticleQAError as error:
            reply = notice_html(str(error), returned=isinstance(error, QuestionError))
            yield Turn(asked.question, reply)
        except Exception:
            # Whatever it was, the reader must not be left with the line that says to wait.
            _logger.exception("a question failed")
            failed = _("Something went wrong. Ask again; the terminal that runs article-qa has the details.")
            yield Turn(asked.question, notice_html(failed))


def _growing(asked: Turn, answers: Iterator[Answer], stop: threading.Event) -> Iterator[Turn]:
    """Yield the turn of a question as its answer grows.

    Now and then it is the same again, so that Gradio can close us there: it sends only what differs.
    """
    turn, since = asked, 0.0
    for answer in answers:
        if stop.is_set() and turn is asked:
            yield asked.stopped()
            return
        grown = answered(asked.question, answer, asked.filters)
        if stop.is_set():
            yield grown.stopped()
            return
        if grown.reply != turn.reply or time.monotonic() - since >= _PULSE:
            turn, since = grown, time.monotonic()
            yield turn

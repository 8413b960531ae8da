"""The chat: questions, their answers, and beside them the article that is quoted."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gradio as gr

from index import Filters
from index.errors import ArticleQAError, QuestionError
from qa import Answer, Engine
from ui.assets import asset
from ui.filters import Limited, limits_html
from ui.reading import reader
from ui.render import Turn, answered, messages, notice_html, question_html

from .filters import filters_bar

PANEL = "aq-panel"
# Gradio's own sign of progress is a coloured frame around everything; ours is WAITING.
QUIET = {"show_progress": "hidden", "api_visibility": "private"}
_EXAMPLES = 4
# One script: each continues the one before.
_SCRIPTS = ("page.js", "reader.js", "find.js", "answers.js")
# Look at an answer in progress this often while nothing new comes; a model may go on for as long after it was
# stopped. Ten looks a second, as the engine offers, took most of a core with 24 questions waiting.
_PULSE = 0.25

_QUOTED = "Ask in your language. Answers are quoted word for word, with their sources."
_WRITTEN = "Ask in your language. Answers are written from quotes and checked against their sources."
_FAILED = "Something went wrong. Ask again; the terminal that runs article-qa has the details."

_logger = logging.getLogger(__name__)


def chat_tab(engine: Engine, answers: int) -> gr.Chatbot:
    """Add the chat to the page that is being made, and return the part that shows the conversation.

    Up to `answers` questions are answered at the same time.
    """
    with gr.Row(elem_id="aq-columns", equal_height=True):
        with gr.Column(elem_id="aq-chat"):
            chat = _conversation(engine)
            _input(engine, chat, answers)
        with gr.Column(elem_id="aq-side"):
            gr.HTML(
                elem_id=PANEL,
                apply_default_css=False,
                html_template=asset("panel.html"),
                js_on_load="".join(map(asset, _SCRIPTS)),
                server_functions=[*reader(engine)],
            )
    return chat


def examples(engine: Engine) -> list[dict[str, str]]:
    """Return the questions that an empty conversation offers."""
    with suppress(ArticleQAError):
        questions = engine.settings.examples or engine.index.titles(_EXAMPLES)
        return [{"text": question} for question in questions]
    return []


def _conversation(engine: Engine) -> gr.Chatbot:
    return gr.Chatbot(
        label="Questions and answers",
        container=False,
        placeholder=_WRITTEN if engine.written_by else _QUOTED,
        examples=examples(engine),
        buttons=[],
        # answers.js scrolls: the end is the wrong place for an answer that grows at its beginning.
        autoscroll=False,
        # Messages are escaped HTML; everything else that could interpret them is off.
        render_markdown=False,
        latex_delimiters=[],
        allow_tags=False,
    )


def _input(engine: Engine, chat: gr.Chatbot, answers: int) -> None:
    turns = gr.State([])
    limits = filters_bar()
    with gr.Row(elem_id="aq-input"):
        box = gr.Textbox(
            label="Question",
            placeholder="Ask a question",
            container=False,
            autofocus=True,
            max_lines=6,
            # page.css shows whichever of the two can be used.
            submit_btn="Ask",
            stop_btn="Stop",
        )
        new = gr.Button("New conversation", elem_id="aq-new")
    ask, inputs, outputs = _asker(engine), [box, limits, turns], [box, chat, turns]
    at_once = {"concurrency_limit": answers, "concurrency_id": "ask"}

    def chosen(event: gr.SelectData) -> Any:
        return event.value["text"]

    sent = box.submit(ask, inputs, outputs, **at_once, **QUIET)
    example = chat.example_select(chosen, None, box, queue=False, **QUIET)
    sent_example = example.then(ask, inputs, outputs, **at_once, **QUIET)
    # Gradio closes what it cancels, and the engine's stream with it, which stops the language model. These
    # listeners come first: an answer still growing would undo what the next two show.
    for end in (box.stop, new.click):
        end(None, cancels=[sent, sent_example])
    box.stop(_stop, turns, [chat, turns], queue=False, **QUIET)
    new.click(lambda: ("", [], []), outputs=outputs, queue=False, **QUIET)


def _stop(turns: list[Turn]) -> tuple[list[dict[str, str]], list[Turn]]:
    """Return the conversation as it stands when the answer in progress is stopped."""
    stopped = [turn.stopped() for turn in turns]
    return messages(stopped), stopped


def _asker(engine: Engine) -> Callable[[str, str, list[Turn]], Iterator[tuple[Any, ...]]]:
    def ask(question: str, limits: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        # A browser's string may hold half a character, which no text that leaves here may.
        question = question.encode("utf-8", "replace").decode()
        # The last version of an answer that was stopped may still have been growing.
        earlier = [turn.stopped() for turn in turns]
        asked = Turn(question_html(question))
        yield "", messages([*earlier, asked]), [*earlier, asked]
        # What was typed meanwhile stays, but a question that has to be changed comes back.
        box = gr.skip()
        try:
            filters = Limited.read(limits or "").filters
            history = [turn.pair for turn in earlier if turn.pair]
            answers = engine.stream(question, history, **filters.limits())
            for turn in _growing(asked.question, answers, filters):
                yield box, messages([*earlier, turn]), [*earlier, turn]
            return
        except ArticleQAError as error:
            box = question if isinstance(error, QuestionError) else box
            failed = str(error)
        except Exception:
            # Whatever it was, the reader must not be left with the line that says to wait.
            _logger.exception("a question failed")
            failed = _FAILED
        turn = Turn(asked.question, notice_html(failed))
        yield box, messages([*earlier, turn]), [*earlier, turn]

    return ask


def _growing(question: str, answers: Iterator[Answer], filters: Filters) -> Iterator[Turn]:
    """Yield the turn of a question as its answer grows.

    Now and then it is the same again, so that Gradio can close us there: it sends only what differs.
    """
    shown, since = "", 0.0
    for answer in answers:
        turn = answered(question, answer, limits_html(filters, refused=not answer.found))
        if turn.reply != shown or time.monotonic() - since >= _PULSE:
            shown, since = turn.reply, time.monotonic()
            yield turn

"""The chat: questions, their answers, and beside them the article that is quoted."""

from contextlib import suppress
from typing import Any

import gradio as gr
from gradio.events import Dependency

from index.errors import ArticleQAError
from qa import Engine
from ui.assets import asset
from ui.conversations.keeper import Keeper
from ui.reading import reader
from ui.render import look_html, messages, nothing_yet_html, welcome_html
from ui.translation import _, label

from .asking import Asking
from .conversations import Conversations
from .filters import filters_bar

PANEL = "aq-panel"
# Gradio's own sign of progress is a coloured frame around everything; ours is waiting_html.
QUIET = {"show_progress": "hidden", "api_visibility": "private"}
# Each is one script: a file continues the one before.
_SCRIPTS = ("page.js", "reader.js", "find.js")
_ANSWERS = ("log.js", "answers.js", "suggest.js")


def chat_tab(
    engine: Engine, answers: int, keeper: Keeper | None = None
) -> tuple[tuple[gr.HTML, gr.HTML], Dependency]:
    """Add the chat to the page that is being made; return what is seen before the first question, and asking.

    What is seen first stands in the conversation's place and in the article's. Up to `answers` questions are
    answered at the same time. `keeper` stores conversations.
    """
    with gr.Row(elem_id="aq-columns", equal_height=True):
        with gr.Column(elem_id="aq-chat"):
            stored = Conversations(keeper) if keeper else None
            # Filled when the page is loaded, in its reader's language.
            welcome = _html("aq-start")
            asked = _conversation(engine, answers, stored)
        with gr.Column(elem_id="aq-side"):
            look = _html("aq-look", js_on_load=asset("doors.js"))
            _html(
                PANEL,
                html_template=asset("panel.html"),
                js_on_load="".join(map(asset, _SCRIPTS)),
                server_functions=[*reader(engine)],
            )
    return (welcome, look), asked


def first_sight(engine: Engine) -> tuple[str, str]:
    """Return what a conversation offers before its first question, and what stands beside it."""
    written = _("Ask in your language. Answers are written from quotes and checked against their sources.")
    quoted = _("Ask in your language. Answers are quoted word for word, with their sources.")
    counts = None
    with suppress(ArticleQAError):
        counts = engine.index.counts()
    if counts and not counts.articles:
        return nothing_yet_html(), look_html(counts)
    return welcome_html(written if engine.written_by else quoted, engine.settings.examples), look_html(counts)


def _html(name: str, **options: Any) -> gr.HTML:
    return gr.HTML(elem_id=name, apply_default_css=False, **options)


def _conversation(engine: Engine, answers: int, stored: Conversations | None) -> Dependency:
    turns = gr.State([])
    chat = _html("aq-talk", html_template=asset("log.html"), js_on_load="".join(map(asset, _ANSWERS)))
    # What is typed goes through `asked`, whose script holds questions back while an answer grows.
    asked = _html("aq-asked", html_template=asset("ask.html"), js_on_load=asset("ask.js"))
    limits = filters_bar()
    with gr.Row(elem_id="aq-input"):
        box = gr.Textbox(
            label=label("Question"),
            placeholder=label("Ask a question"),
            container=False,
            autofocus=True,
            max_lines=6,
            # chat.css shows whichever of the two can be used.
            submit_btn=label("Ask"),
            stop_btn=label("Stop"),
        )
        new = gr.Button(label("New conversation"), elem_id="aq-new")
    asking = Asking(engine)
    at_once = {"concurrency_limit": answers, "concurrency_id": "ask"}
    ask = stored.stored(asking.ask) if stored else asking.ask
    kept = [stored.kept, stored.list] if stored else []
    sent = asked.submit(ask, [asked, limits, turns, *kept[:1]], [chat, turns, *kept], **at_once, **QUIET)
    ended = {"js": "() => document.dispatchEvent(new CustomEvent('aq-ended'))", **QUIET}
    sent.then(None, **ended)
    sent.failure(None, **ended)
    box.stop(asking.stop, queue=False, **QUIET)
    # Gradio closes what it cancels, and the engine's stream with it, which stops the language model. This
    # listener comes first: an answer still growing would undo what the next one shows.
    new.click(None, cancels=[sent])
    begun = stored.begun() if stored else ()
    new.click(lambda: (messages([]), [], *begun), outputs=[chat, turns, *kept], queue=False, **QUIET)
    if stored:
        stored.list.submit(None, cancels=[sent])
        opened = [chat, turns, limits, *kept]
        stored.list.submit(stored.opened, [stored.list], opened, queue=False, **QUIET)
    return sent

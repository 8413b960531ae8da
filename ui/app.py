"""The page in a browser: a chat, beside it the article that is quoted. The only importer of gradio."""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.resources import files
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from index.errors import ArticleQAError, QuestionError, SettingsError
from index.redaction import shown
from qa import Answer, Engine

from .guard.access import Access, address_of, granted
from .guard.calls import Forms, Function
from .guard.listeners import Bounds, Listeners
from .guard.middleware import Guard
from .output import out
from .render import TITLE, Turn, answered, article_view, header_html, messages, notice_html, question_html
from .terminal import one_line

# Questions under way at the same time. One that waits for the language model, in the engine's line, is one of
# them and must not keep others from their quotes; each may hold a thread, of which Gradio has 40 for
# everything: the rest fetch articles and files.
_AT_ONCE = 32
_EXAMPLES = 4
_PANEL = "aq-panel"
# Seconds without anything new after which an answer under way is looked at again; a model may go on for as
# long after it was stopped. Ten looks a second, as the engine offers, took most of a core with 24 in line.
_PULSE = 0.25
# Seconds that open pages have to let go of their connections when the server is stopped.
_GRACE = 1

# Open pages of which Gradio keeps the conversation, at 20 kB and more each; the oldest is forgotten first.
_SESSIONS = 1000

# Gradio's own sign of progress is a coloured frame around everything; WAITING is ours.
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}

_QUOTED = "Ask in your language. Answers are quoted word for word, with their sources."
_WRITTEN = "Ask in your language. Answers are written from quotes and checked against their sources."
_FAILED = "Something went wrong here. Ask again; the terminal that runs article-qa says more."
_GONE = "This passage is no longer in the index: ask again for its present place."

_logger = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """A server that an interrupt stops without a word: pages left open are no errors to report."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        super().handle_exit(sig, frame)


def create_app(engine: Engine, access: Access | None = None, bounds: Bounds | None = None) -> FastAPI:
    """Return the page as an ASGI application, for this machine alone unless `access` says otherwise."""
    # Before the import: Gradio reads it there.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # Each of them would serve or tell more than the page needs.
    off = dict.fromkeys(("run_history", "show_error", "ssr_mode", "mcp_server", "enable_monitoring"), False)
    page = _page(engine)
    page.state_session_capacity = _SESSIONS
    gr.mount_gradio_app(app, page, path="/", css=_asset("page.css"), footer_links=[], **off)
    listeners = Listeners(lambda: page._queue, bounds or Bounds())
    app.add_middleware(Guard, access=access or Access(), forms=_forms(page), listeners=listeners)
    return app


def _forms(page: Any) -> Forms:
    """Return what the page may send, read from the functions that it is made of."""
    functions = {
        number: Function(made.queue, tuple(i.stateful for i in made.inputs), made.collects_event_data)
        for number, made in page.fns.items()
        # The others only cancel, in the browser.
        if made.fn
    }
    (panel,) = (block._id for block in page.blocks.values() if getattr(block, "elem_id", None) == _PANEL)
    return Forms(functions, panel)


def serve(engine: Engine, host: str, port: int, *, everybody: bool = False) -> None:
    """Serve the page until interrupted, and say where it is and who can read it.

    `everybody` lets in without a password all who can reach the machine.
    Raises SettingsError if the address cannot be listened on, or who may read is not clear.
    """
    with _listen(host, port) as listener:
        access = granted(engine.settings.replaced(host=host), listener.getsockname()[0], everybody=everybody)
        app = create_app(engine, access)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_GRACE)
        url = f"http://{_shown(host)}:{port}"
        # From here on the address takes connections; they are answered as soon as the server runs.
        _say(f"open {url} in a browser; Ctrl+C stops")
        for line in access.lines(url):
            _say(line)
        with suppress(KeyboardInterrupt):
            engine.warm()
            if engine.notice or engine.written_by:
                _say(engine.notice or f"answers are written by {engine.written_by}")
            _Server(config).run(sockets=[listener])


def _shown(host: str) -> str:
    """Return how a browser names the address that is listened on."""
    address = address_of(host)
    if address and address.is_unspecified:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    out(f"article-qa: {one_line(line)}")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, ValueError, TypeError) as error:
        # Python adds to the system's reason what is said here anyway; a name can be none at all.
        reason = str(getattr(error, "strerror", error)).split(" (while")[0].lower()
        message = (
            f"cannot serve on {shown(host)}, port {port}: {reason}; choose another with --port or --host"
        )
        raise SettingsError(message) from error


def _asset(name: str) -> str:
    return files("ui.assets").joinpath(name).read_text("utf-8")


def _page(engine: Engine) -> Any:
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, fill_height=True) as page:
        header = gr.HTML(_header(engine), elem_id="aq-header", apply_default_css=False)
        with gr.Row(elem_id="aq-columns", equal_height=True):
            with gr.Column(elem_id="aq-chat"):
                chat = _chat(engine)
                _input(engine, chat)
            with gr.Column(elem_id="aq-side"):
                gr.HTML(
                    elem_id=_PANEL,
                    apply_default_css=False,
                    html_template=_asset("panel.html"),
                    js_on_load=_asset("page.js") + _asset("answers.js"),
                    server_functions=[_article_function(engine)],
                )
        # The index may have been rebuilt since the server was started.
        page.load(
            lambda: (_header(engine), gr.Chatbot(examples=_examples(engine))),
            outputs=[header, chat],
            queue=False,
            **_QUIET,
        )
    return page


def _header(engine: Engine) -> str:
    try:
        return header_html(engine.index.counts().to_dict(), engine.written_by, engine.notice)
    except ArticleQAError as error:
        # The index may be gone, or damaged: the page still says so.
        return header_html({}, engine.written_by, str(error))


def _examples(engine: Engine) -> list[dict[str, str]]:
    with suppress(ArticleQAError):
        questions = engine.settings.examples or engine.index.titles(_EXAMPLES)
        return [{"text": question} for question in questions]
    return []


def _chat(engine: Engine) -> Any:
    import gradio as gr

    return gr.Chatbot(
        label="Questions and answers",
        container=False,
        placeholder=_WRITTEN if engine.written_by else _QUOTED,
        examples=_examples(engine),
        buttons=[],
        # answers.js does: at the end of an answer that grows at its beginning is the wrong place to be.
        autoscroll=False,
        # Messages are escaped HTML; whatever else would read meaning into them is off.
        render_markdown=False,
        latex_delimiters=[],
        allow_tags=False,
    )


def _input(engine: Engine, chat: Any) -> None:
    import gradio as gr

    turns = gr.State([])
    with gr.Row(elem_id="aq-input"):
        box = gr.Textbox(
            label="Question",
            placeholder="Ask a question",
            container=False,
            autofocus=True,
            max_lines=6,
            # Of the two page.css shows the one that can be used.
            submit_btn="Ask",
            stop_btn="Stop",
        )
        new = gr.Button("New conversation", elem_id="aq-new")
    ask, inputs, outputs = _asker(engine), [box, turns], [box, chat, turns]
    at_once = {"concurrency_limit": _AT_ONCE, "concurrency_id": "ask"}

    def chosen(event: gr.SelectData) -> Any:
        return event.value["text"]

    sent = box.submit(ask, inputs, outputs, **at_once, **_QUIET)
    example = chat.example_select(chosen, None, box, queue=False, **_QUIET)
    sent_example = example.then(ask, inputs, outputs, **at_once, **_QUIET)
    # Gradio closes what it cancels, and with the engine's stream ends the language model's work. First, as
    # listeners of their own: an answer that still grew would undo what they show.
    for end in (box.stop, new.click):
        end(None, cancels=[sent, sent_example])
    box.stop(_stop, turns, [chat, turns], queue=False, **_QUIET)
    new.click(lambda: ("", [], []), outputs=outputs, queue=False, **_QUIET)


def _stop(turns: list[Turn]) -> tuple[list[dict[str, str]], list[Turn]]:
    """Return the conversation as it stands when the answer under way is stopped."""
    stopped = [turn.stopped() for turn in turns]
    return messages(stopped), stopped


def _asker(engine: Engine) -> Callable[[str, list[Turn]], Iterator[tuple[Any, ...]]]:
    import gradio as gr

    def ask(question: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        # Half a character is possible in a browser's string, but in no text that leaves here.
        question = question.encode("utf-8", "replace").decode()
        # The last to come of an answer that was stopped may be one that still grew.
        earlier = [turn.stopped() for turn in turns]
        asked = Turn(question_html(question))
        yield "", messages([*earlier, asked]), [*earlier, asked]
        # What was typed meanwhile stays, except that a question comes back to be mended.
        box = gr.skip()
        try:
            answers = engine.stream(question, [turn.pair for turn in earlier if turn.pair])
            for turn in _growing(asked.question, answers):
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


def _growing(question: str, answers: Iterator[Answer]) -> Iterator[Turn]:
    """Yield the turn of a question as its answer grows.

    Now and then it is the same again, so that Gradio can close us there: it sends only what differs.
    """
    shown, since = "", 0.0
    for answer in answers:
        turn = answered(question, answer)
        if turn.reply != shown or time.monotonic() - since >= _PULSE:
            shown, since = turn.reply, time.monotonic()
            yield turn


def _article_function(engine: Engine) -> Callable[[Any], dict[str, object]]:
    def article(place: Any) -> dict[str, object]:
        """Return for the panel the article and the place in it that `place` names: [id, start, end]."""
        try:
            match place:
                case [str(article_id), int(start), int(end)]:
                    found = engine.index.article(article_id)
                    if found and 0 <= start < end <= len(found.text):
                        return article_view(found, start, end)
        except ArticleQAError as error:
            return {"error": str(error)}
        return {"error": _GONE}

    return article

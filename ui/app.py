"""The page in a browser as an ASGI application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import Route

from index.errors import ArticleQAError
from qa import Engine

from .api.app import create_api
from .api.description import PREFIX
from .assets import asset
from .guard.access import Access
from .guard.calls import MOST_BYTES, Forms, Function
from .guard.listeners import Bounds, Listeners
from .guard.middleware import Guard
from .mcp.server import PATH, HttpServer
from .mcp.tools import Tools
from .render import TITLE, header_html

# Gradio keeps the conversations of this many open pages, 20 kB and more each; the oldest is forgotten first.
_SESSIONS = 1000


def create_app(engine: Engine, access: Access | None = None, bounds: Bounds | None = None) -> FastAPI:
    """Return the page as an ASGI application, for this machine alone unless `access` says otherwise."""
    # Gradio reads it when it is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    bounds = bounds or Bounds()
    app = _programs(engine, bounds.answers)
    # Each of these would serve or reveal more than the page needs.
    off = dict.fromkeys(("run_history", "show_error", "ssr_mode", "mcp_server", "enable_monitoring"), False)
    page = _page(engine, bounds.answers)
    page.state_session_capacity = _SESSIONS
    gr.mount_gradio_app(app, page, path="/", css=asset("page.css"), footer_links=[], **off)
    listeners = Listeners(lambda: page._queue, bounds)
    app.add_middleware(Guard, access=access or Access(), forms=_forms(page), listeners=listeners)
    return app


def _programs(engine: Engine, answers: int) -> FastAPI:
    """Return an application that serves programs, to which the page is added.

    Up to `answers` questions are answered at the same time.
    """
    threads = CapacityLimiter(answers)
    server = HttpServer(Tools(lambda: engine, threads), MOST_BYTES)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with server.running():
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.router.routes.append(Route(PATH, server))
    app.add_api_route(PREFIX, lambda: RedirectResponse(f"{PREFIX}/"))
    app.mount(PREFIX, create_api(engine, threads))
    return app


def _page(engine: Engine, answers: int) -> Any:
    import gradio as gr

    from .tabs.chat import QUIET, chat_tab, examples

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, fill_height=True) as page:
        header = gr.HTML(_header(engine), elem_id="aq-header", apply_default_css=False)
        chat = chat_tab(engine, answers)
        # The index may have been rebuilt since the server was started.
        page.load(
            lambda: (_header(engine), gr.Chatbot(examples=examples(engine))),
            outputs=[header, chat],
            queue=False,
            **QUIET,
        )
    return page


def _header(engine: Engine) -> str:
    try:
        return header_html(engine.index.counts().to_dict(), engine.written_by, engine.notice)
    except ArticleQAError as error:
        # The index may be gone, or damaged: the page still says so.
        return header_html({}, engine.written_by, str(error))


def _forms(page: Any) -> Forms:
    """Return what the page may send, read from the functions that it is made of."""
    from .tabs.chat import PANEL

    functions = {
        number: Function(made.queue, tuple(i.stateful for i in made.inputs), made.collects_event_data)
        for number, made in page.fns.items()
        # The others only cancel, in the browser.
        if made.fn
    }
    (panel,) = (block._id for block in page.blocks.values() if getattr(block, "elem_id", None) == PANEL)
    return Forms(functions, panel)

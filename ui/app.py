"""The page in a browser as an ASGI application."""

import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from index.errors import ArticleQAError
from qa import Engine

from .articles.routes import Routes as ArticleRoutes
from .assets import styles
from .conversations.keeper import Keeper
from .conversations.routes import Routes
from .facets import add_filters
from .guard.access import Access
from .guard.calls import Forms, Function
from .guard.listeners import Bounds, Listeners
from .guard.middleware import Guard
from .guard.readers import Readers
from .interpreter import Interpreter, interpreted
from .originals import add_originals
from .programs import serving_programs
from .render import TITLE, first_header, header_html
from .suggesting import add_suggestions
from .translation import label

# Gradio keeps the conversations of this many open pages, 20 kB and more each; the oldest is forgotten first.
_SESSIONS = 1000


def create_app(
    engine: Engine, access: Access | None = None, bounds: Bounds | None = None, folder: Path | None = None
) -> FastAPI:
    """Return the page as an ASGI application, for this machine alone unless `access` says otherwise.

    `folder` holds the articles, if the index does not say which.
    """
    # Gradio reads it when it is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    bounds = bounds or Bounds()
    app = serving_programs(engine, bounds.answers)
    access = access or Access()
    keeper = Keeper.of(engine, Readers(access))
    if keeper:
        app.include_router(Routes(keeper).router())
    # Each of these would serve or reveal more than the page needs.
    off = dict.fromkeys(("run_history", "show_error", "ssr_mode", "mcp_server", "enable_monitoring"), False)
    page = _page(engine, bounds.answers, keeper)
    page.state_session_capacity = _SESSIONS
    # Before Gradio, which answers for everything else.
    add_originals(app, engine)
    add_filters(app, engine)
    add_suggestions(app, engine)
    app.include_router(ArticleRoutes(engine, folder).router())
    gr.mount_gradio_app(app, page, path="/", css=styles(), footer_links=[], **off)
    listeners = Listeners(lambda: page._queue, bounds)
    app.add_middleware(Guard, access=access, forms=_forms(page), listeners=listeners)
    # The outermost: refusals and the password's form are in the reader's language too.
    app.add_middleware(Interpreter)
    return app


def _page(engine: Engine, answers: int, keeper: Keeper | None) -> Any:
    import gradio as gr
    from gradio.context import LocalContext

    from .tabs.articles import articles_tab
    from .tabs.chat import QUIET, chat_tab, first_sight

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, fill_height=True) as page:
        header = gr.HTML(first_header(), elem_id="aq-header", apply_default_css=False)
        with gr.Tabs(elem_id="aq-tabs", overflow_behavior="wrap"):
            with gr.Tab(label("Chat"), elem_id="aq-chat-tab"):
                beginning, asked = chat_tab(engine, answers, keeper)
            with gr.Tab(label("Articles"), elem_id="aq-articles-tab"):
                articles = articles_tab()
        # The index may have been rebuilt since the server was started.
        for event in (page.load, articles.change):
            event(
                lambda: (_header(engine), *first_sight(engine)),
                outputs=[header, *beginning],
                queue=False,
                **QUIET,
            )
        # An answer comes from the index as it is now.
        asked.then(lambda: _header(engine), outputs=[header], queue=False, **QUIET)
    for made in page.fns.values():
        if made.fn:
            made.fn = interpreted(made.fn, lambda: LocalContext.request.get(None))
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

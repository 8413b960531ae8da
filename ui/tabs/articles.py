"""The articles: what the index holds."""

import html

import gradio as gr

from index.errors import ArticleQAError
from qa import Engine
from ui.wording import counted

from .chat import QUIET


def articles_tab(engine: Engine, page: gr.Blocks) -> None:
    """Add what the index holds to the page that is being made."""
    held = gr.HTML(elem_id="aq-held")
    page.load(lambda: held_html(engine), outputs=held, queue=False, **QUIET)


def held_html(engine: Engine) -> str:
    """Return how much the index holds."""
    try:
        counts = engine.index.counts()
    except ArticleQAError as error:
        return f"<p>{html.escape(str(error))}</p>"
    return f"<p>{counted(counts.articles, 'article')} · {counted(counts.passages, 'passage')}</p>"

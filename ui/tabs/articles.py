"""The articles: what the index holds, how it is, and how more is added."""

import gradio as gr

from ui.assets import asset


def articles_tab() -> gr.HTML:
    """Add the tab's place to the page that is being made, and return it; it changes when the index does."""
    return gr.HTML(
        elem_id="aq-articles",
        apply_default_css=False,
        html_template='<div class="aq-articles"></div>',
        js_on_load=asset("articles.js"),
    )

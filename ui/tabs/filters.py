"""The filters above the question."""

import gradio as gr

from ui.assets import asset

FILTERS = "aq-filters"


def filters_bar() -> gr.HTML:
    """Add the filters to the page that is being made. The value is what a link has of those that are on."""
    return gr.HTML(
        "",
        elem_id=FILTERS,
        apply_default_css=False,
        html_template=asset("filters.html"),
        js_on_load=asset("filters.js"),
    )

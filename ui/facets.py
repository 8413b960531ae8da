"""What the page's filters offer: chips of those that are on, and what else a question can be limited to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import FastAPI, HTTPException

from index import Filters
from index.errors import ArticleQAError
from index.search import Index
from index.store.facets import Facet, Facets
from index.store.filters import KINDS, folded
from qa import Engine

from .filters import Limited
from .guard.calls import Filtering
from .remarks import translated
from .render import kind_name, pairs, value_name
from .translation import _, decimal, ngettext

# Show this many values of a kind; the others are found by typing, for which there is a box from _SOUGHT on.
_SHOWN, _SOUGHT = 40, 8


def add_filters(app: FastAPI, engine: Engine) -> None:
    """Answer what the page's filters ask."""

    def filters(asked: Filtering) -> dict[str, object]:
        try:
            limited = Limited.read(asked.filters).known(engine.index)
            facets = engine.index.facets(limited.filters)
            return filters_view(
                limited, facets, _counts(engine.index, limited.filters), asked.kind, asked.typed
            )
        except ArticleQAError as error:
            raise HTTPException(503, translated(str(error))) from error

    app.add_api_route("/filters", filters, methods=["POST"], response_model=None)


def _counts(index: Index, filters: Filters) -> dict[tuple[str, str], int]:
    """Return how many articles each filter that is on lets through, under those of other kinds."""
    found: dict[tuple[str, str], int] = {}
    for name, value in pairs(filters):
        alone: dict[str, Any] = {name: value} if name in KINDS else {}
        found[name, value] = index.facets(replace(filters, **alone)).articles
    return found


def filters_view(
    limited: Limited, facets: Facets, counts: dict[tuple[str, str], int], kind: str = "", typed: str = ""
) -> dict[str, object]:
    """Return what the page shows of filters, as plain values: the chips, and what else can be chosen.

    `counts` has the number of articles of each filter that is on. Of the values of `kind`, only those are
    listed that hold what was `typed`.
    """
    filters = limited.filters
    return {
        "link": limited.link,
        "messages": list(limited.ignored),
        "count": ngettext("{n} article", "{n} articles", facets.articles).format(n=decimal(facets.articles)),
        "chips": [
            {
                "name": name,
                "value": value,
                "kind": kind_name(name),
                "label": value_name(name, value),
                "count": counts[name, value],
            }
            for name, value in pairs(filters)
        ],
        "days": {
            "since": filters.since.isoformat() if filters.since else "",
            "until": filters.until.isoformat() if filters.until else "",
            "first": facets.first.isoformat() if facets.first else "",
            "last": facets.last.isoformat() if facets.last else "",
        },
        "kinds": [
            _kind_view(name, getattr(facets, name), filters.of_kind(name), typed if name == kind else "")
            for name in KINDS
        ],
    }


def _kind_view(kind: str, facets: Sequence[Facet], chosen: tuple[str, ...], typed: str) -> dict[str, object]:
    on = {folded(value) for value in chosen}
    known = {folded(facet.value) for facet in facets}
    # What is on stays in sight, even if nothing has it under the other filters.
    values = [
        *((facet.value, facet.articles) for facet in facets),
        *((v, 0) for v in chosen if folded(v) not in known),
    ]
    if typed:
        values = [
            pair for pair in values if folded(typed) in folded(f"{value_name(kind, pair[0])} {pair[0]}")
        ]
    shown = [pair for place, pair in enumerate(values) if place < _SHOWN or folded(pair[0]) in on]
    more = len(values) - len(shown)
    return {
        "name": kind,
        "label": _kinds_name(kind),
        "options": [
            {
                "value": value,
                "label": value_name(kind, value),
                "count": decimal(number),
                "on": folded(value) in on,
            }
            for value, number in shown
        ],
        "more": ngettext("{n} more: type to find it", "{n} more: type to find them", more).format(
            n=decimal(more)
        )
        if more
        else "",
        "searchable": len(values) > _SOUGHT or bool(typed),
    }


def _kinds_name(kind: str) -> str:
    return {
        "source": _("Outlets"),
        "language": _("Languages"),
        "path": _("Folders"),
        "tag": _("Tags"),
    }[kind]

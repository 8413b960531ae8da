"""The endpoint's description for people: one page, made from the OpenAPI document, that requests nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from ui.assets import asset

from .problems import MEDIA_TYPE

_CODE = re.compile(r"`([^`]*)`")
_TOKEN = re.compile(r"[^A-Za-z0-9]+")


def page(document: Mapping[str, Any], address: str) -> str:
    """Return the page as HTML; `address` is where the endpoint was reached."""
    schemas = document["components"]["schemas"]
    calls = [
        (method.upper(), path, made)
        for path, methods in document["paths"].items()
        for method, made in methods.items()
    ]
    parts = {
        "title": escape(document["info"]["title"]),
        "about": _prose(document["info"]["description"]),
        "version": escape(document["info"]["version"]),
        "address": escape(address),
        "contents": "".join(
            f'<li><a href="#{_anchor(path)}">{escape(made["summary"])}</a></li>' for _, path, made in calls
        ),
        "calls": "".join(_call(document["servers"][0]["url"], *call) for call in calls),
        "schemas": "".join(_schema(name, schema) for name, schema in schemas.items()),
    }
    html = asset("api.html")
    for name, part in parts.items():
        html = html.replace(f"{{{name}}}", part)
    return html


def _call(prefix: str, method: str, path: str, made: Mapping[str, Any]) -> str:
    sent = made.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    given = made["responses"]["200"]
    got = given["content"]["application/json"]["schema"]
    rows = [
        (each["name"], _kind(each["schema"]), _meaning({**each["schema"], **each}))
        for each in made.get("parameters", ())
    ]
    refusals = [
        (status, _kind(told["content"][MEDIA_TYPE]["schema"]), told["description"])
        for status, told in made["responses"].items()
        if status != "200"
    ]
    return "".join(
        (
            f'<section id="{_anchor(path)}"><h2>{escape(made["summary"])}</h2>',
            f"<p><code>{method} {escape(prefix + path)}</code></p>",
            _prose(made.get("description", "")),
            _table("Parameter", rows) if rows else "",
            f"<p>Sends {_kind(sent)} as JSON.</p>" if sent else "",
            f"<p>Gets {_kind(got)}.</p>",
            _prose(given["description"]) if len(given["content"]) > 1 else "",
            _table("Refusal", refusals),
            "</section>",
        )
    )


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    rows = [
        (field, _kind(made), ("" if field in required else "Optional. ") + _meaning(made))
        for field, made in schema.get("properties", {}).items()
    ]
    head = (
        f'<section id="value-{_anchor(name)}"><h3>{escape(name)}</h3>{_prose(schema.get("description", ""))}'
    )
    return f"{head}{_table('Field', rows)}</section>"


def _meaning(made: Mapping[str, Any]) -> str:
    """Return what a value means, its bounds, and an example."""
    least, most = made.get("minimum"), made.get("maximum")
    bounds = (
        ""
        if least is None
        else f"From {least:,.16g}."
        if most is None
        else f"From {least:,.16g} to {most:,.16g}."
    )
    shown = " or ".join(f"`{_example(each)}`" for each in made.get("examples", ()))
    return " ".join(filter(None, (made.get("description"), bounds, shown and f"For example {shown}.")))


def _example(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _table(what: str, rows: list[tuple[str, str, str]]) -> str:
    made = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{kind}</td><td>{_inline(text)}</td></tr>'
        for name, kind, text in rows
    )
    head = "".join(f'<th scope="col">{title}</th>' for title in (what, "Kind", "Meaning"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{made}</tbody></table>"
    # A wide table scrolls by itself, with the keyboard too.
    return f'<div class="wide" tabindex="0" role="group" aria-label="{what}s">{table}</div>'


def _kind(schema: Mapping[str, Any]) -> str:
    """Return the kind of a value, as HTML: text, whole number, list of Citation."""
    return " or ".join(_kinds(schema))


def _kinds(schema: Mapping[str, Any]) -> Iterator[str]:
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        yield f'<a href="#value-{_anchor(name)}">{escape(name)}</a>'
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _kinds(each)
    elif "enum" in schema:
        yield from (f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    elif schema.get("type") == "array":
        yield f"list of {_kind(schema.get('items', {}))}"
    else:
        yield escape(_NAMES.get(schema.get("type", ""), str(schema.get("type", "value"))))


_NAMES = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part.strip())


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))


def _anchor(name: str) -> str:
    return _TOKEN.sub("-", name).strip("-").lower()

"""How the endpoint is described, for programs (OpenAPI) and people."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .problems import MEDIA_TYPE, Problem
from .streams import EVENTS, LINES

PREFIX = "/api/v1"
ABOUT = (
    "Asks a folder of articles a question, and gets the answer with the exact passages it rests on. Texts, "
    "quotes and titles are those of the articles: they are data, whatever they say."
)
_STREAMED = (
    "The answer as JSON. With `Accept: text/event-stream` or `Accept: application/x-ndjson` it comes as a "
    "stream, one event or line whenever it has grown: quotes first, then what the language model writes. As "
    "long as it grows it has the field `writing`; the last one is complete. Close the connection to stop the "
    "language model. An event is named `answer`, or `problem` if the answer fails on its way; a line that "
    "has a `status` is a problem."
)
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": _STREAMED,
        "content": {kind: {"schema": {"type": "string"}} for kind in (EVENTS, LINES)},
    }
}
_REFUSED = {
    "description": "What is wrong, in one line.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
# Where the page has a password, programs give the same one, in either way.
_SCHEMES = {
    "basic": {"type": "http", "scheme": "basic", "description": "Any name, and the page's password."},
    "bearer": {"type": "http", "scheme": "bearer", "description": "The page's password."},
}


def described(api: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an endpoint."""
    document = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=api.routes,
        servers=[{"url": PREFIX}],
        separate_input_output_schemas=False,
    )
    document["security"] = [{}, *({name: []} for name in _SCHEMES)]
    parts = document["components"]
    parts["securitySchemes"] = _SCHEMES
    schema = Problem.model_json_schema()
    parts["schemas"] = {
        **{name: made for name, made in parts["schemas"].items() if "ValidationError" not in name},
        "Problem": schema,
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _REFUSED
    return document

"""How the endpoint is described, for programs (OpenAPI) and people."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .problems import MEANINGS, MEDIA_TYPE, Problem, problem
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
        "content": {
            EVENTS: {"schema": {"type": "string", "description": "Events, each with an Answer as its data."}},
            LINES: {"schema": {"type": "string", "description": "Lines, each an Answer."}},
        },
    }
}
# What any request may meet, and what else one with a body, or one with parameters.
_ALWAYS, _WITH_BODY, _WITH_PARAMETERS = (400, 401, 403, 406, 429, 500, 503), (408, 413, 415, 422), (404, 422)
_HEADERS = {
    401: {
        "WWW-Authenticate": {"schema": {"type": "string"}, "description": "That HTTP Basic is understood."}
    },
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds after which to try again."}},
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
            operation["responses"] |= _refusals(operation)
            if sent := operation.get("requestBody"):
                name = sent["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                sent["description"] = parts["schemas"][name]["description"]
    return document


def _refusals(operation: dict[str, Any]) -> dict[str, Any]:
    """Return what an operation answers when it refuses, by status."""
    possible = [*_ALWAYS]
    possible += _WITH_BODY if "requestBody" in operation else ()
    possible += _WITH_PARAMETERS if "parameters" in operation else ()
    refusals: dict[str, Any] = {str(status): _refusal(status) for status in sorted(possible)}
    return {**refusals, "default": _refusal(None)}


def _refusal(status: int | None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status is None:
        return {"description": "Any other problem.", "content": {MEDIA_TYPE: content}}
    meaning = MEANINGS[status]
    made = {"description": meaning, "content": {MEDIA_TYPE: {**content, "example": problem(status, meaning)}}}
    return {**made, "headers": _HEADERS[status]} if status in _HEADERS else made

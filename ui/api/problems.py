"""Errors as programs get them: RFC 9457, with the one line that names the remedy."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from index.errors import ArticleQAError, QuestionError
from ui.terminal import one_line

MEDIA_TYPE = "application/problem+json"
# What each status means here.
FAILED = "Something went wrong: the terminal that runs article-qa has the details."
MEANINGS = {
    400: "The body is not valid JSON, or the request names a host that the server does not answer to.",
    401: "There is a password, and the request does not state it.",
    403: "Another site's page has sent the request, or it comes from a machine that may not read the page.",
    404: "The index has no such article.",
    406: "The request accepts none of the kinds in which this comes.",
    408: "The request took too long to arrive.",
    413: "The request has more than 1,000,000 bytes.",
    415: "The request does not say that it is application/json.",
    422: "The request has to change: a field, the question, or what it is limited to.",
    429: "Too many questions are waiting, or too many passwords were wrong.",
    500: FAILED,
    503: "The index or the language model needs repair.",
}


class Problem(BaseModel):
    """What went wrong, as RFC 9457 describes it."""

    title: str = Field(description="The name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong and what to do, in one line.")


class _ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def problem(status: int, detail: str) -> dict[str, Any]:
    """Return a problem as plain values."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail).model_dump()


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a problem as the response to a request."""
    return _ProblemResponse(problem(status, detail), status, headers)


def status_of(error: ArticleQAError) -> HTTPStatus:
    """Return the status of an error: the question's, or the index's, which somebody has to mend."""
    asked = isinstance(error, QuestionError)
    return HTTPStatus.UNPROCESSABLE_ENTITY if asked else HTTPStatus.SERVICE_UNAVAILABLE


def field_line(errors: list[Any]) -> str:
    """Return what is wrong with a request that does not have its form, in one line."""
    first = errors[0]
    # Whatever is no name is pydantic's word for one of several forms.
    names = [str(part) for part in first["loc"] if isinstance(part, int) or part.isidentifier()]
    names = names[names[:1] in (["body"], ["query"], ["path"]) :]
    named = ".".join(name for name in names if name != "str")[:80] or "the request"
    match first["type"]:
        case "missing":
            return f"{named} is missing"
        case "extra_forbidden":
            unknown = one_line(str(first["loc"][-1])[:80])
            return f"there is no field {unknown}: the description has those there are"
    reason = str(first["msg"]).splitlines()[0]
    return f"{named} is not valid: {reason[:1].lower()}{reason[1:]}"

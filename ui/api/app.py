"""The HTTP endpoint: what it answers, and how it is described."""

import logging
from collections.abc import Callable, Coroutine
from importlib.metadata import version
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from index.errors import ArticleQAError
from qa import Engine

from .accept import JSON, accepted, accepts_json
from .description import ABOUT, STREAMED, described
from .growing import growing, while_listening, whole
from .page import page
from .problems import FAILED, field_line, problem_response, status_of
from .requests import ARTICLE_ID, Part, Question, Search
from .results import Found, GivenAnswer, ReadArticle, Result, State, found, plain, read_article, state
from .streams import EVENTS, LINES, AnswerStream

_GONE = "There is no article {!r} in the index: ask again to find where it is now."
_AS_JSON = [Depends(accepts_json)]

_logger = logging.getLogger(__name__)


class _Route(APIRoute):
    """Answers with a problem whatever happens: an error that leaves an application costs its connection."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except (ArticleQAError, ClientDisconnect, HTTPException, RequestValidationError):
                raise
            except Exception:
                _logger.exception("a request failed")
                return problem_response(500, FAILED)

        return handled


def create_api(engine: Engine, threads: CapacityLimiter) -> FastAPI:
    """Return the endpoint as an application, to be mounted at `description.PREFIX`.

    Questions are answered in `threads`.
    """
    off: dict[str, Any] = {"docs_url": None, "redoc_url": None, "separate_input_output_schemas": False}
    api = FastAPI(title="article-qa", version=version("article-qa"), description=ABOUT, **off)
    api.router.route_class = _Route
    _add_answers(api, engine, threads)
    _add_readings(api, engine, threads)

    _add_problems(api)
    document = described(api)
    api.openapi = lambda: document  # type: ignore[method-assign]

    @api.get("/", include_in_schema=False)
    async def documentation(request: Request) -> Response:
        return HTMLResponse(page(document, str(request.url.replace(query=""))))

    return api


def _add_answers(api: FastAPI, engine: Engine, threads: CapacityLimiter) -> None:
    @api.post("/ask", summary="Ask a question", response_model=GivenAnswer, responses=STREAMED)
    async def ask(asked: Question, request: Request) -> Response:
        """Answer with quotes from the articles, or say that the answer is not in them."""
        kind = accepted(request, JSON, EVENTS, LINES)
        answers = growing(engine, asked, threads)
        if kind == JSON:
            answer = await while_listening(request, whole(answers))
            return JSONResponse(answer.to_dict())
        # A question that cannot be answered has a status of its own, so look before the first word is sent.
        return AnswerStream(await anext(answers), answers, kind)

    @api.post(
        "/search",
        summary="Search for passages",
        response_model=Found,
        response_description="The passages.",
        dependencies=_AS_JSON,
    )
    async def search(sought: Search) -> Response:
        """Return the best passages for a question, without an answer."""
        return _json(await to_thread.run_sync(found, engine, sought, limiter=threads))


def _add_readings(api: FastAPI, engine: Engine, threads: CapacityLimiter) -> None:
    @api.get(
        "/articles/{article_id}",
        summary="Read an article",
        response_model=ReadArticle,
        response_description="The article, or the part of it.",
        dependencies=_AS_JSON,
    )
    async def article(
        article_id: Annotated[str, Path(description=ARTICLE_ID)], part: Annotated[Part, Query()]
    ) -> Response:
        """Return an article with its text, or a part of it."""
        read = await to_thread.run_sync(read_article, engine, article_id, part, limiter=threads)
        if read is None:
            raise HTTPException(404, _GONE.format(article_id[:200]))
        return _json(read)

    @api.get(
        "/status",
        summary="See what the index holds",
        response_model=State,
        response_description="The state of the index.",
        dependencies=_AS_JSON,
    )
    async def status() -> Response:
        """Return numbers of articles, whether the index is whole, and what writes answers."""
        return _json(await to_thread.run_sync(state, engine, limiter=threads))


def _json(result: Result) -> Response:
    return JSONResponse(plain(result))


def _add_problems(api: FastAPI) -> None:
    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(422, field_line(list(error.errors())))

    @api.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return problem_response(error.status_code, error.detail, error.headers)

    @api.exception_handler(ArticleQAError)
    async def mistaken(request: Request, error: ArticleQAError) -> Response:
        return problem_response(status_of(error), str(error))

    @api.exception_handler(ClientDisconnect)
    async def left(request: Request, error: ClientDisconnect) -> Response:
        # Nobody reads this.
        return Response(status_code=408)

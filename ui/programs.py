"""What serves other programs, as an application to which the page is added."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import Route

from qa import Engine

from .api.app import create_api
from .api.description import PREFIX
from .guard.calls import MOST_BYTES
from .mcp.server import PATH, HttpServer
from .mcp.tools import Tools


def serving_programs(engine: Engine, answers: int) -> FastAPI:
    """Return an application with the HTTP endpoint and the MCP server.

    Up to `answers` questions are answered at the same time.
    """
    threads = CapacityLimiter(answers)
    server = HttpServer(Tools(lambda: engine, threads), MOST_BYTES)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with server.running():
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.router.routes.append(Route(PATH, server))
    app.add_api_route(PREFIX, lambda: RedirectResponse(f"{PREFIX}/"))
    app.mount(PREFIX, create_api(engine, threads))
    return app

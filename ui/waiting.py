"""What a browser sees while the page is being made: what it waits for, and then the page by itself."""

import html
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from index.errors import ArticleQAError

from .api.problems import problem_response
from .assets import asset
from .guard.access import Access
from .guard.calls import is_for_programs
from .guard.middleware import _HEADERS as HEADERS
from .render import TITLE
from .translation import _, label, language, locale, plain, speak
from .wording import capitalized

READING = label("Loading the model that finds answers…")
WRITING = label("Loading the language model that writes answers…")
MAKING = label("Preparing the page…")
_FAILED = label("The page cannot be made; the terminal that runs article-qa says why.")
# Browsers look three times a second: those that have looked lately are told in this time why no page comes.
_FAREWELL = 2.0
_STARTING = "The server is starting: ask again in a moment."


class Waiting:
    """An ASGI application that answers every request with what it waits for."""

    def __init__(self, access: Access) -> None:
        self.doing = READING
        self._access = access
        self._failed = ""
        self._looked = 0.0

    def fail(self, error: str) -> None:
        """Tell the open pages why no page comes."""
        # It may name folders, which is nothing for everybody.
        self._failed = _FAILED if self._access.password or self._access.beyond else error
        if time.monotonic() - self._looked < _FAREWELL:
            time.sleep(_FAREWELL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        self._looked = time.monotonic()
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        headers = {**HEADERS, "Cache-Control": "no-store", "Retry-After": "1"}
        try:
            self._access.check(scope)
        except HTTPException as refused:
            return PlainTextResponse(refused.detail, refused.status_code, HEADERS)
        if is_for_programs(scope):
            return problem_response(503, _STARTING, headers)
        speak(Headers(scope=scope).get("accept-language", ""))
        page = asset("waiting.html")
        said = {
            "lang": language(),
            "dir": locale().text_direction,
            "title": _(plain(TITLE)),
            "doing": capitalized(_(plain(self._failed or self.doing))),
        }
        for name, text in said.items():
            page = page.replace(f"{{{name}}}", html.escape(text))
        return HTMLResponse(page, 503, headers)


@contextmanager
def waiting(listener: socket.socket, access: Access) -> Iterator[Callable[[str], None]]:
    """Answer browsers meanwhile, and yield a function that takes what is being waited for.

    If what is inside raises ArticleQAError, pages that are open say so before this one does.
    Connections that come between this and what listens next are kept by the system.
    """
    app = Waiting(access)
    config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    # A server closes the sockets that it was given.
    run = threading.Thread(target=server.run, kwargs={"sockets": [listener.dup()]}, daemon=True)
    run.start()
    try:
        yield lambda doing: setattr(app, "doing", doing)
    except ArticleQAError as error:
        app.fail(str(error))
        raise
    finally:
        server.should_exit = True
        run.join()

"""What every request goes through on its way to the page, and every answer on its way out."""

from contextlib import ExitStack

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.problems import problem_response
from ui.translation import _

from .access import MAY_CHANGE, Access, client_of, opened_by
from .calls import ANSWER, ASK, LISTEN, STAY, UPLOAD, Forms, Read, called, check_upload, is_for_programs
from .listeners import Listeners
from .login import Login

# Gradio starts from inline scripts, and gr.HTML turns its templates and code into functions.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'self'; object-src 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# Tells the page that no other site has opened it.
OWN = "own"
# With these headers Gradio would let other sites read its answers.
_STRIPPED = "access-control-"
# Gradio would build the page's addresses from these headers.
_FORWARDED = b"x-forwarded-"


class Guard:
    """Lets through what the page may call, for those who may read, within bounds; sets the security headers.

    It is plain ASGI: a middleware that collects responses would hold back streamed answers.
    """

    def __init__(self, app: ASGIApp, *, access: Access, forms: Forms, listeners: Listeners) -> None:
        self._app = app
        self._access = access
        self._login = Login(access.password) if access.password else None
        self._forms = forms
        self._listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, by the page's own application or by a refusal."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        else:
            # The page has no websockets.
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                for name in [name for name in headers if name.startswith(_STRIPPED)]:
                    del headers[name]
                headers.update(_HEADERS)
                if is_for_programs(scope):
                    headers["cache-control"] = "no-store"
                if scope["path"] == "/" and opened_by(scope) == "reader":
                    # Scripts cannot see where a link was followed, but they can see this.
                    headers["server-timing"] = OWN
                message = {**message, "headers": headers.raw}
            await send(message)

        with ExitStack() as held:
            try:
                app, inner, inner_receive = await self._judged(Request(scope, receive), held)
            except HTTPException as refused:
                app, inner, inner_receive = _refusal(scope, refused), scope, receive
            except ClientDisconnect:
                return
            await app(inner, inner_receive, guarded)

    async def _judged(self, request: Request, held: ExitStack) -> tuple[ASGIApp, Scope, Receive]:
        """Return the application that answers a request, and what it gets to see. Raises HTTPException."""
        scope = request.scope
        self._access.check(scope)
        if self._login and not self._login.knows(scope):
            if not is_for_programs(scope):
                return await self._login.answer(request), scope, request.receive
            self._login.check(scope)
        call = called(scope)
        # Told to what answers, which offers a reader only what is allowed.
        scope[MAY_CHANGE] = self._access.may_change(scope)
        if call.changes and not (scope[MAY_CHANGE] and "origin" in request.headers):
            raise HTTPException(403, _("Articles can only be added on the machine that serves this page."))
        if call is UPLOAD:
            check_upload(request)
            return self._app, _bare(scope), request.receive
        read = await self._forms.read(call, request)
        if call is ASK:
            held.enter_context(self._listeners.asking(read.session, client_of(scope)))
        elif call is ANSWER:
            held.enter_context(self._listeners.answering(client_of(scope)))
        elif call is STAY or call is LISTEN:
            held.enter_context(self._listeners.streaming(client_of(scope)))
        if call is LISTEN:
            await self._listeners.alone(read.session)
            held.enter_context(self._listeners.listening(read.session))
        return self._app, *_passed_on(request, read)


def _passed_on(request: Request, read: Read) -> tuple[Scope, Receive]:
    """Return a request as its part of the server gets to see it: without what the page does not send."""
    dropped = (b"content-length", b"transfer-encoding", b"content-encoding")
    headers = [(k, v) for k, v in request.headers.raw if k not in dropped and not k.startswith(_FORWARDED)]
    if request.method == "POST":
        headers.append((b"content-length", str(len(read.body)).encode()))
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            return await request.receive()
        given = True
        return {"type": "http.request", "body": read.body, "more_body": False}

    return {**request.scope, "headers": headers, "query_string": read.query}, receive


def _bare(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if not name.startswith(_FORWARDED)]
    return {**scope, "headers": headers, "query_string": b""}


def _refusal(scope: Scope, refused: HTTPException) -> Response:
    if is_for_programs(scope):
        return problem_response(refused.status_code, refused.detail, refused.headers)
    if ASK.path.fullmatch(scope["path"]):
        # Gradio shows this detail to the reader.
        return JSONResponse({"detail": refused.detail}, refused.status_code, refused.headers)
    return PlainTextResponse(refused.detail, refused.status_code, refused.headers)

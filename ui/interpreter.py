"""Answers every request in its reader's language, which the browser names."""

import functools
import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .assets import asset
from .translation import CLOSING, LOCALE, OPENING, _, locale, messages_for_js, speak

_HEADER = "accept-language"
# A message inside a JSON string, where Gradio writes the page's parts.
_LABEL = re.compile(f"{OPENING}(.*?){CLOSING}", re.DOTALL)
_PAGE = "window.gradio_config"
_LANGUAGE = re.compile(r'(<html\s+)lang="en"')
# What the other scripts build on, after messages.js.
_HEAD = ("names.js", "address.js", "clipboard.js")
# What must not stand in a script inside HTML, as Gradio escapes it too.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'"}


class Interpreter:
    """Sets the language of each request, and sends the page itself in it. Plain ASGI, like the guard."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        speak(Headers(scope=scope).get(_HEADER, ""))
        if scope["path"] != "/":
            return await self._app(scope, receive, send)
        # Compressed, it could not be translated.
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        return await self._app({**scope, "headers": headers}, receive, _Translated(send))


class _Translated:
    """Holds a response back until it is whole, and sends it translated if it is a page."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(raw=list(self._start["headers"]))
        body = bytes(self._body)
        # The answer to HEAD has no body, but says how long it would be.
        if body and headers.get("content-type", "").startswith("text/html"):
            body = translated(body.decode()).encode()
            headers["content-length"] = str(len(body))
        headers["vary"] = "Accept-Language"
        await self._send({**self._start, "headers": headers.raw})
        await self._send({**message, "body": body})


def translated(page: str) -> str:
    """Return the page's HTML in the language of the request, with the messages that its scripts need."""
    # The password's form, for one, is made for its reader.
    if _PAGE not in page:
        return page
    named = f'lang="{LOCALE.get()}" dir="{locale().text_direction}"'
    page = _LANGUAGE.sub(rf"\g<1>{named}", page, count=1)
    page = _LABEL.sub(lambda found: _in_json(_(json.loads(f'"{found[1]}"'))), page)
    messages, plural = messages_for_js()
    said = json.dumps(messages).translate(_ESCAPES)
    script = asset("messages.js").replace("{plural}", plural).replace("{messages}", said)
    scripts = "".join((script, *map(asset, _HEAD)))
    return page.replace("</head>", f"<script>{scripts}</script></head>", 1)


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1].translate(_ESCAPES)


def interpreted(function: Callable[..., Any], request: Callable[[], Any]) -> Callable[..., Any]:
    """Return a function of the page that speaks the language of the `request` that is being answered.

    Gradio calls functions, and each step of a generator, in threads that know nothing of the request.
    """

    def listen() -> None:
        asked = request()
        speak(asked.headers.get(_HEADER, "") if asked else "")

    @functools.wraps(function)
    def once(*args: Any, **named: Any) -> Any:
        listen()
        return function(*args, **named)

    @functools.wraps(function)
    def stepwise(*args: Any, **named: Any) -> Iterator[Any]:
        steps = function(*args, **named)
        try:
            while True:
                listen()
                try:
                    step = next(steps)
                except StopIteration:
                    return
                yield step
        finally:
            steps.close()

    return stepwise if inspect.isgeneratorfunction(function) else once

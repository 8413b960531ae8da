"""The password page: its form, who has given the password, and how often it may be tried."""

import base64
import hashlib
import html
import json
import math
import secrets
from collections import OrderedDict, deque
from time import monotonic
from urllib.parse import parse_qs

from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Scope

from ui.assets import asset
from ui.links import Link
from ui.render import TITLE
from ui.translation import _, label, language, locale, ngettext, plain

from .access import client_of, opened_by
from .calls import whole_body

# The most wrong passwords from one address and in all, within this many seconds.
_BY_CLIENT, _IN_ALL, _WITHIN = 5, 100, 300
# How many browsers are let in at the same time, and for how many seconds.
SESSIONS, LASTING = 1000, 7 * 24 * 3600
_FORM_BYTES = 4096

_UNKEPT = {"Cache-Control": "no-store"}
_STATE = "The password is needed: state it by HTTP Basic, with any name, or as a bearer token."
_WRONG = label("Wrong password.")
_RELOAD = label("This page needs its password: reload it and enter the password.")
# What the form says, by its name there.
_SAID = {
    "protected": label("These articles are protected by a password."),
    "password": label("Password"),
    "open": label("Open"),
}


class Attempts:
    """Recent wrong passwords. If there are too many, nobody may try, not even with the right one."""

    def __init__(self) -> None:
        self._failures: deque[tuple[float, str]] = deque(maxlen=_IN_ALL)

    def failed(self, client: str) -> None:
        """Note a wrong password."""
        self._failures.append((monotonic(), client))

    def wait(self, client: str) -> int:
        """Return the seconds until this client may try again."""
        now = monotonic()
        while self._failures and self._failures[0][0] <= now - _WITHIN:
            self._failures.popleft()
        own = [when for when, who in self._failures if who == client]
        # There is room again once the oldest of the tries that fill a limit is forgotten.
        since = [own[-_BY_CLIENT]] if len(own) >= _BY_CLIENT else []
        since += [self._failures[0][0]] if len(self._failures) >= _IN_ALL else []
        return math.ceil(max(since) + _WITHIN - now) if since else 0


class Login:
    """Lets in browsers that have given the password, by a cookie; shows all others the form."""

    def __init__(self, password: SecretStr) -> None:
        self._digest = _digest(password.get_secret_value())
        self._attempts = Attempts()
        # When each browser was let in, by the digest of its token.
        self._sessions: OrderedDict[bytes, float] = OrderedDict()

    def knows(self, scope: Scope) -> bool:
        """Return whether the browser that sends a request has given the password."""
        token = Request(scope).cookies.get(_cookie(scope), "")
        since = self._sessions.get(_digest(token))
        return since is not None and monotonic() - since < LASTING

    def check(self, scope: Scope) -> None:
        """Let in a program that states the password with its request.

        It does so by HTTP Basic, with any name, or as a bearer token. Raises HTTPException.
        """
        client = client_of(scope)
        if wait := self._attempts.wait(client):
            raise HTTPException(429, _later(wait), {"Retry-After": str(wait)})
        given = _stated(scope)
        if given is not None and secrets.compare_digest(_digest(given), self._digest):
            return
        if given is not None:
            self._attempts.failed(client)
        asked = 'Basic realm="article-qa", charset="UTF-8"'
        raise HTTPException(
            401, _(plain(_WRONG)) if given is not None else _STATE, {"WWW-Authenticate": asked}
        )

    async def answer(self, request: Request) -> Response:
        """Answer a browser that is not let in yet."""
        if request.scope["path"] != "/" or request.method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse(_(plain(_RELOAD)), 401)
        if request.method != "POST":
            return _return(request) if opened_by(request.scope) == "site" else _form("", 401)
        client = client_of(request.scope)
        given = await _given(request)
        # Checked after the last wait of this request, so that many requests at once get no more tries.
        if wait := self._attempts.wait(client):
            return _form(_later(wait), 429, {"Retry-After": str(wait)})
        if not secrets.compare_digest(_digest(given), self._digest):
            self._attempts.failed(client)
            return _form(_(plain(_WRONG)), 401)
        return self._let_in(request)

    def _let_in(self, request: Request) -> Response:
        token = secrets.token_urlsafe(32)
        self._sessions[_digest(token)] = monotonic()
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        response = RedirectResponse(_target(request), 303, _UNKEPT)
        safe = request.url.scheme == "https"
        name = _cookie(request.scope)
        response.set_cookie(name, token, path="/", secure=safe, httponly=True, samesite="strict")
        return response


def _target(request: Request) -> str:
    """Return where a link leads once the password is known; its question is only filled in."""
    return f"/{Link.read(request.url.query).unasked()}"


def _return(request: Request) -> Response:
    """Return a page that goes where a link from another site leads.

    Browsers send no cookie of ours with such a link. They do once our own page leads there.
    """
    script = f"location.replace({json.dumps(_target(request))} + location.hash)"
    return HTMLResponse(f"<!doctype html><title></title><script>{script}</script>", 401, _UNKEPT)


def _cookie(scope: Scope) -> str:
    """Return the cookie's name. Cookies ignore ports, and two servers on one machine must not share one."""
    return f"article-qa-{(scope.get('server') or ('', 0))[1]}"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _stated(scope: Scope) -> str | None:
    """Return the password in a request's Authorization header, None if it states none."""
    headers = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, stated = headers[0].partition(b" ") if len(headers) == 1 else (b"", b"", b"")
    match scheme.lower():
        case b"bearer":
            return stated.strip().decode("utf-8", "replace")
        case b"basic":
            try:
                pair = base64.b64decode(stated.strip(), validate=True)
            except ValueError:
                return ""
            return pair.partition(b":")[2].decode("utf-8", "replace")
    return None


def _later(wait: int) -> str:
    minutes = math.ceil(wait / 60)
    later = ngettext(
        "Too many wrong passwords. Try again in a minute.",
        "Too many wrong passwords. Try again in {n} minutes.",
        minutes,
    )
    return later.format(n=minutes)


async def _given(request: Request) -> str:
    body = await whole_body(request, _FORM_BYTES)
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=4).get("password", [""])[0]
    except ValueError:
        return ""


def _form(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    page = asset("password.html")
    shown = f'<p class="message" role="alert">{html.escape(message)}</p>' if message else ""
    said = {name: _(plain(text)) for name, text in {"title": TITLE, **_SAID}.items()}
    said |= {"lang": language(), "dir": str(locale().text_direction)}
    for name, text in said.items():
        page = page.replace(f"{{{name}}}", html.escape(text))
    return HTMLResponse(page.replace("{message}", shown), status, {**_UNKEPT, **(headers or {})})

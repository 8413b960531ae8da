"""Whose conversations are whose: all are one reader's on this machine, else each browser has its own."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from .access import Access

# As long as browsers keep a cookie; each visit begins it anew.
_LASTING = 400 * 24 * 3600
_TOKEN = re.compile("[A-Za-z0-9_-]{43}")
# Whoever uses the machine that serves the page for itself.
HERE = ""


class Readers:
    """Tells readers apart by a cookie, unless the page is for the machine that serves it and has no password.

    The cookie is chance. Only its digest is stored, so that nobody who reads the file can pose as a reader.
    """

    def __init__(self, access: Access) -> None:
        self._alone = not (access.beyond or access.password or access.names)

    def of(self, scope: Scope) -> str | None:
        """Return who sends a request; None if it is a browser that has no cookie yet."""
        if self._alone:
            return HERE
        token = Request(scope).cookies.get(_cookie(scope), "")
        return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None

    def welcome(self, request: Request, response: Response) -> str:
        """Return who sends a request, and give a browser the cookie that it lacks or keep it from expiring.

        The request has to come from the page itself: browsers send no cookie of this kind with a link that
        was followed from elsewhere, and would lose the one that they have.
        """
        if self._alone:
            return HERE
        known = self.of(request.scope)
        token = request.cookies[_cookie(request.scope)] if known else secrets.token_urlsafe(32)
        response.set_cookie(
            _cookie(request.scope),
            token,
            max_age=_LASTING,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return known or hashlib.sha256(token.encode()).hexdigest()


def _cookie(scope: Scope) -> str:
    """Return the cookie's name. Cookies ignore ports, and two servers on one machine must not share one."""
    return f"article-qa-reader-{(scope.get('server') or ('', 0))[1]}"

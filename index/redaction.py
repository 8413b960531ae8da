"""Addresses of servers, and texts without secrets."""

import base64
import html
import json
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import SplitResult, parse_qsl, quote, quote_plus, unquote, unquote_plus, urlsplit

from pydantic import AfterValidator, Secret

HIDDEN = "***"
_ADVICE = "write http:// or https://, then the host; @ in a name, password or path is %40, # is %23, / is %2F"
_HOST = re.compile(r"[\w.-]+|[\da-f:.]+")
# A shorter secret may be an ordinary word or number, so it is not hidden inside other words.
_SHORT = 6
# Signs that a text is an address rather than a name. A colon counts unless a port follows.
_TELLING = re.compile(r"://|[@?#;&=%]|:(?!\d{0,5}$)")
# Servers and logs cut long secrets or mask their middle; this much of the beginning still identifies one.
_LONG, _HEAD = 12, 8


def _checked(text: str) -> str:
    if not text.isprintable() or re.search(r"[\s\\]", text):
        raise ValueError(_ADVICE)
    try:
        parts = urlsplit(text)
        sound = (
            parts.scheme in ("http", "https") and parts.port != 0 and _HOST.fullmatch(parts.hostname or "")
        )
    except ValueError:
        # The message of urllib would repeat part of the address.
        sound = None
    if not sound or "@" in f"{parts.path}{parts.query}{parts.fragment}":
        raise ValueError(_ADVICE)
    return text


class Address(Secret[Annotated[str, AfterValidator(_checked)]]):
    """An HTTP address, shown without its user, password, query and fragment.

    Only `get_secret_value` returns all of it.
    """

    def _display(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """Return the address as anyone may see it."""
        try:
            return self.base.split(";")[0]
        except ValueError:
            return HIDDEN

    @property
    def base(self) -> str:
        """Return the beginning of requests: scheme, host, port and path."""
        parts = self.parts
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    @property
    def parts(self) -> SplitResult:
        """Return the address in parts, secrets included. Raises ValueError if it is not an address."""
        return urlsplit(_checked(self.get_secret_value()))

    @property
    def authorization(self) -> str | None:
        """Return the header with user and password, or None if the address has neither."""
        parts = self.parts
        if "@" not in parts.netloc:
            return None
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    @property
    def secrets(self) -> frozenset[str]:
        """Return every part of the address that is never shown; all of it if it is not an address."""
        try:
            parts = self.parts
        except ValueError:
            return frozenset({self.get_secret_value()})
        found = {parts.query, parts.fragment, parts.netloc.rpartition("@")[0]}
        found |= {parts.username or "", parts.password or "", parts.path.partition(";")[2]}
        found.add((self.authorization or "").removeprefix("Basic "))
        for name, value in parse_qsl(f"{parts.query}&{parts.fragment}", keep_blank_values=True):
            found.add(value or name)
        return frozenset(found - {""})


def shown(text: str) -> str:
    """Return a setting's value as anyone may see it: a name as it is, an address without secrets."""
    if not _TELLING.search(text) or _is_ip(text):
        return text
    return Address(text).shown


def _is_ip(text: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(text.strip("[]")))
    return False


def scrubbed(text: str, secrets: Collection[str]) -> str:
    """Return `text` with every secret hidden, however it is quoted, even if it was cut short."""
    forms = {form for secret in secrets for form in _forms(secret) if form}
    if not forms:
        return text
    patterns = [p for form in sorted(forms, key=lambda form: (-len(form), form)) for p in _patterns(form)]
    return re.sub("|".join(patterns), HIDDEN, text, flags=re.IGNORECASE)


def _forms(secret: str) -> Iterator[str]:
    for plain in {secret, unquote(secret), unquote_plus(secret)}:
        yield from (plain, quote(plain), quote(plain, safe=""), quote_plus(plain), html.escape(plain))
        yield from (json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1], repr(plain)[1:-1])
        # Python's repr of a text that holds both kinds of quotation marks.
        yield plain.replace("'", "\\'")


def _patterns(form: str) -> Iterator[str]:
    whole = re.escape(form)
    yield whole if len(form) >= _SHORT else rf"(?<![^\W_]){whole}(?![^\W_])"
    if len(form) >= _LONG:
        yield rf"{re.escape(form[:_HEAD])}[^\s'\"<>(),;&]*"

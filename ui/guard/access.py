"""Who may read the page: the names it answers to, the pages that may call it, and its password."""

import ipaddress
import re
import secrets
import socket
from dataclasses import dataclass, field

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Scope

from index.errors import SettingsError
from index.redaction import shown
from index.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PLACE = re.compile(r"(\[[0-9a-f:.]*:[0-9a-f:.]*\]|[a-z0-9_.-]+)(?::([0-9]{0,5}))?")
# The key of a request's scope that says whether it may change anything.
MAY_CHANGE = "article-qa.may-change"
# Proxies name themselves, or whom they speak for, in one of these.
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_PORTS = {"http": 80, "https": 443}
# Easy to read aloud and to type on a phone: no letter looks like another or like a digit. 79 bits.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may read. By default only this machine may, without a password."""

    names: frozenset[str] = frozenset()
    beyond: bool = False
    password: SecretStr | None = None
    # The password was made here, and nobody has been told it yet.
    made: bool = field(default=False, compare=False)
    # Whether readers elsewhere may add articles too.
    uploads: bool = False

    def check(self, scope: Scope) -> None:
        """Refuse a request for a name that is not ours, or one that another site made a browser send.

        Another site's name may point here, and its pages could then read ours.
        Raises HTTPException.
        """
        headers = Headers(scope=scope)
        arrived = address_of((scope.get("server") or ("", 0))[0])
        if not self.beyond and arrived and not arrived.is_loopback:
            raise HTTPException(403, "This page can only be read on the machine that serves it.")
        host = _place(headers.getlist("host"))
        if host is None:
            raise HTTPException(400, "The request needs exactly one valid Host header.")
        if not self._answers_to(host[0], arrived):
            remedy = "allow it with --allow-host NAME or ARTICLE_QA_HOSTS"
            raise HTTPException(400, f"The page does not answer to this name: {remedy}.")
        if not (_is_own(headers.getlist("origin"), host) and _is_wanted(scope["method"], headers)):
            raise HTTPException(403, "Other sites may not call this page.")

    def may_change(self, scope: Scope) -> bool:
        """Return whether a request may add articles and have the index built: one of this machine's browser.

        What a proxy on this machine passes on comes from elsewhere. If a page has other names, one is there.
        """
        if self.uploads:
            return True
        headers = Headers(scope=scope)
        arrived = address_of((scope.get("client") or ("", 0))[0])
        host = _place(headers.getlist("host"))
        named = address_of(host[0]) if host else None
        is_own_name = host is not None and (host[0] == "localhost" or bool(named and named.is_loopback))
        is_passed_on = scope.get("http_version") == "1.0" or any(name in headers for name in _PASSED_ON)
        is_for_others = bool(self.names) and not self.beyond
        return bool(
            arrived and arrived.is_loopback and is_own_name and not is_passed_on and not is_for_others
        )

    def _answers_to(self, name: str, arrived: Address | None) -> bool:
        address = address_of(name)
        if address is None:
            return name == "localhost" or name in self.names
        return address.is_loopback or str(address) in self.names or (self.beyond and address == arrived)

    def lines(self, url: str) -> list[str]:
        """Return what the terminal says about it when the page is started."""
        if not (self.beyond or self.password):
            return []
        who = f"who can reach this machine at {url}" if self.beyond else "on this machine"
        what = "can ask questions and read the articles"
        if self.uploads:
            what = "can ask questions, read the articles and add some"
        if not self.password:
            return [f"everybody {who} {what}, without a password"]
        said = [f"everybody {who} and knows the password {what}"]
        if not self.beyond:
            said = [f"everybody {who} who knows the password {what}"]
        if self.made:
            shown = self.password.get_secret_value()
            said.append(
                f"the password is {shown} until the next start; set your own with ARTICLE_QA_PASSWORD"
            )
        return said


def granted(settings: Settings, bound: str, *, everybody: bool = False, uploads: bool = False) -> Access:
    """Return who may read a page that listens on the address `bound`, as a socket names it.

    `everybody` lets in all who can reach the machine, without a password; `uploads` lets all who may read add
    articles.
    Raises SettingsError if a password is set as well, or a host is not valid.
    """
    address = address_of(bound)
    beyond = address is None or not address.is_loopback
    if everybody and settings.password:
        remedy = "leave out either --open or the password (ARTICLE_QA_PASSWORD)"
        raise SettingsError(f"--open lets everybody in without a password, but one is set: {remedy}")
    names = {named(name) for name in settings.hosts}
    if beyond:
        # The address that we listen on is a name of the page, unless it stands for all addresses.
        own = [name for name in (settings.host, socket.gethostname(), socket.getfqdn()) if _is_name(name)]
        names |= {named(name) for name in own}
    made = beyond and not everybody and not settings.password
    password = SecretStr(_new_password()) if made else settings.password
    return Access(frozenset(names), beyond, password, made, uploads)


def named(name: str) -> str:
    """Return the spelling in which names and addresses are compared. Raises SettingsError."""
    try:
        spelt = name.strip().encode("idna").decode() if not name.isascii() else name.strip()
    except UnicodeError:
        spelt = ""
    bracketed = f"[{spelt}]" if spelt.count(":") > 1 and not spelt.startswith("[") else spelt
    place = _place([bracketed])
    if place is None or place[1] is not None:
        raise SettingsError(f"host {shown(name)!r} is not valid: write it like articles.example or 192.0.2.7")
    return place[0]


def address_of(name: str) -> Address | None:
    """Return an IP address without its zone, IPv4 never inside IPv6; None if the name is not an address."""
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_of(scope: Scope) -> str:
    """Return what a request's sender is counted by: its address, or in IPv6 the network that one user has."""
    name = str((scope.get("client") or ("", 0))[0])
    address = address_of(name)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address or name)


def _is_name(name: str) -> bool:
    address = address_of(name)
    if address and address.is_unspecified:
        return False
    return _place([f"[{name}]" if isinstance(address, ipaddress.IPv6Address) else name]) is not None


def _place(values: list[str]) -> tuple[str, int | None] | None:
    """Return the name and port in a header that must occur once; None if it is not valid."""
    found = _PLACE.fullmatch(values[0].lower()) if len(values) == 1 else None
    if not found:
        return None
    name, port = found[1].removesuffix("."), int(found[2]) if found[2] else None
    if name.startswith("["):
        # Ignore what is not an address.
        name = str(address_of(name[1:-1]) or "")
    return (str(address_of(name) or name), port) if name and (port or 0) < 65536 else None


def _is_own(origins: list[str], host: tuple[str, int | None]) -> bool:
    """Return whether the page that made a request is ours, or is not named."""
    if not origins:
        return True
    scheme, _, rest = origins[0].lower().partition("://")
    place = _place([rest])
    if len(origins) > 1 or scheme not in _PORTS or place is None:
        return False
    usual = _PORTS[scheme]
    return (place[0], place[1] or usual) == (host[0], host[1] or usual)


def opened_by(scope: Scope) -> str:
    """Return who opened a page, as far as the browser says so: reader, site for another one, or nothing."""
    sites = Headers(scope=scope).getlist("sec-fetch-site")
    if sites in (["none"], ["same-origin"]):
        return "reader"
    return "site" if sites else ""


def _is_wanted(method: str, headers: Headers) -> bool:
    """Return whether our own page, the reader or a link that was followed made a request."""
    if set(headers.getlist("sec-fetch-site")) <= {"same-origin", "none"}:
        return True
    followed = headers.get("sec-fetch-mode") == "navigate"
    return followed and method == "GET" and headers.get("sec-fetch-dest", "document") == "document"


def _new_password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))

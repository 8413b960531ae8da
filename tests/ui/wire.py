"""Requests that no browser sends."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

JOIN, RUN, PANEL = "/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/component_server/"
LISTEN = "/gradio_api/queue/data?session_hash="


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def line(self) -> str:
        """Return the one line of a refusal."""
        text = json.loads(self.text)["detail"] if self.text.startswith("{") else self.text
        assert isinstance(text, str)
        assert text
        assert "\n" not in text
        assert "Traceback" not in text
        return text


def await_page(address: str) -> None:
    """Return when a server that was just started is ready. Until then it says that it is not, or is not there."""
    for _ in range(1200):
        with suppress(ConnectionError):
            if request(address, "GET", "/").status != 503:
                return
        time.sleep(0.2)
    raise AssertionError("the page is never ready")


def request(
    address: str, method: str, path: str, body: bytes = b"", headers: dict[str, str | list[str]] | None = None
) -> Reply:
    """Send exactly these headers, and Host and the length of the body unless given."""
    place = urlsplit(address).netloc
    given = {"Host": place, **({"Content-Length": str(len(body))} if body else {}), **(headers or {})}
    with closing(http.client.HTTPConnection(place, timeout=120)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, values in given.items():
            for value in [values] if isinstance(values, str) else values:
                connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read().decode())


def post(address: str, path: str, body: Any, **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return request(address, "POST", path, raw, {"Content-Type": "application/json", **headers})


def question(text: Any, session: str = "s1") -> dict[str, Any]:
    """Return what the page sends when a question is asked."""
    return {"data": [text, "", None, None], "fn_index": 0, "trigger_id": 7, "session_hash": session}


def place(address: str, article: Any, session: str = "s1", **headers: str) -> dict[str, Any]:
    """Return what the page sends when a source is chosen."""
    page = request(address, "GET", "/", headers=dict(headers)).text
    config, _ = json.JSONDecoder().raw_decode(page, page.index("{", page.index("window.gradio_config")))
    (panel,) = (part["id"] for part in config["components"] if part["props"].get("elem_id") == "aq-panel")
    return {"data": [article, 0, 1, []], "component_id": panel, "fn_name": "article", "session_hash": session}


@contextmanager
def opened(address: str, path: str, client: str = "192.0.2.1") -> Iterator[http.client.HTTPResponse]:
    """Hold open a connection on which the server sends."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)) as connection:
        connection.request("GET", path, headers={"X-Forwarded-For": client})
        with connection.getresponse() as response:
            yield response


def listening(address: str, session: str) -> AbstractContextManager[http.client.HTTPResponse]:
    """Hold open the stream of a session's answers."""
    return opened(address, f"{LISTEN}{session}")


def told(stream: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """Yield the messages of a stream until its end."""
    for line in stream:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def undescribed(schema: Any, place: str = "") -> Iterator[str]:
    """Yield where a field of a schema, at any depth, has no description."""
    if isinstance(schema, list):
        for number, each in enumerate(schema):
            yield from undescribed(each, f"{place}[{number}]")
    elif isinstance(schema, dict):
        fields = schema.get("properties", {})
        for name, field in fields.items():
            if not field.get("description", "").strip():
                yield f"{place}.{name}"
        for key, each in schema.items():
            if key not in ("example", "examples", "default"):
                yield from undescribed(each, f"{place}.{key}")

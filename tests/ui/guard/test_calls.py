"""What the page would not send is refused in one line, and the terminal stays silent."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.ui.conftest import Site
from tests.ui.wire import JOIN, LISTEN, PANEL, RUN, Reply, listening, place, post, question, request, told

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

DEEP = b"[" * 100_000 + b"]" * 100_000
# The numbers of the page's functions: the first asks, two follow it that only the browser runs.
ASKS, IN_BROWSER, STOPS = 0, 1, 3
STOP = {"data": [], "fn_index": STOPS, "session_hash": "s1"}
CHOICE = {"index": 0, "value": {"text": "a"}}
CANCEL = {"session_hash": "s1", "event_id": "e1", "fn_index": ASKS}


def refused(reply: Reply, *statuses: int) -> None:
    assert reply.status in (statuses or (400, 404, 415, 422)), reply
    assert reply.line


@pytest.fixture(autouse=True)
def _silent(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert capfd.readouterr().err == ""
    assert caplog.text == ""


@pytest.mark.parametrize("text", [None, [], ["a"], 7, 7.5, True, {"a": 1}])
def test_a_question_is_text(site: Site, text: Any) -> None:
    refused(post(site.address, JOIN, question(text)), 422)


@pytest.mark.parametrize(
    "change",
    [
        {"fn_index": IN_BROWSER},
        {"fn_index": STOPS},
        {"fn_index": -1},
        {"fn_index": 10**30},
        {"fn_index": "0"},
        {"fn_index": True},
        {"fn_index": None},
        {"data": []},
        {"data": ["a", ""]},
        {"data": ["a", "", []]},
        {"data": ["a", [], None, None]},
        {"data": ["a", None, None, None]},
        {"data": ["a", "", None]},
        {"data": ["a", "", None, None, None]},
        {"data": None},
        {"data": "a"},
        {"session_hash": None},
        {"session_hash": ""},
        {"session_hash": "a b"},
        {"session_hash": "a\n"},
        {"session_hash": "x" * 65},
        {"session_hash": "\ud83d"},
        {"trigger_id": -1},
        {"trigger_id": "a"},
        {"event_data": {"index": 0, "value": {"text": "a"}}},
        {"event_data": []},
    ],
)
def test_a_call_of_the_queue_has_the_form_of_the_pages(site: Site, change: dict[str, Any]) -> None:
    refused(post(site.address, JOIN, {**question("When?"), **change}), 422)


@pytest.mark.parametrize(
    "body",
    [
        {**STOP, "data": [None]},
        {**STOP, "data": [[]]},
        {**STOP, "fn_index": ASKS},
        {**STOP, "fn_index": IN_BROWSER},
        {**STOP, "event_data": CHOICE},
        {**STOP, "event_data": {"index": 0, "value": None}},
        {**STOP, "event_data": {"index": 0, "value": {}}},
        {**STOP, "event_data": {"index": 0, "value": {"text": 7}}},
    ],
)
def test_a_call_without_the_queue_has_the_form_of_the_pages(site: Site, body: dict[str, Any]) -> None:
    refused(post(site.address, RUN, body), 422)


@pytest.mark.parametrize("article", ["\ud83d", None, 7, ["a"], "x" * 10_000])
def test_an_articles_id_is_text(site: Site, article: Any) -> None:
    refused(post(site.address, PANEL, place(site.address, article)), 422)


@pytest.mark.parametrize(
    "change",
    [
        {"component_id": 10**6},
        {"component_id": -1},
        {"component_id": 10**30},
        {"fn_name": "__init__"},
        {"fn_name": "postprocess"},
        {"data": []},
        {"data": ["a"]},
        {"fn_name": "beside"},
        {"fn_name": "beside", "data": []},
        {"fn_name": "beside", "data": [7]},
        {"data": ["a", 0]},
        {"data": ["a", 0, 1]},
        {"data": ["a", -1, 1, []]},
        {"data": ["a", 0, 10**30, []]},
        {"data": ["a", "0", "1", []]},
        {"data": ["a", 0, 1, [[0]]]},
        {"data": ["a", 0, 1, [[0, 1, 2]]]},
        {"data": ["a", 0, 1, [[0, -1]]]},
        {"data": ["a", 0, 1, [[0, "1"]]]},
        {"data": ["a", 0, 1, [[0, 1]] * 51]},
        {"data": {"a": 1}},
        {"session_hash": []},
    ],
)
def test_a_call_of_the_panel_has_the_form_of_the_pages(site: Site, change: dict[str, Any]) -> None:
    refused(post(site.address, PANEL, {**place(site.address, "abc"), **change}), 422)


@pytest.mark.parametrize(
    "change", [{"fn_index": 99}, {"fn_index": STOPS}, {"event_id": None}, {"session_hash": 7}]
)
def test_only_a_question_can_be_called_off(site: Site, change: dict[str, Any]) -> None:
    assert post(site.address, "/gradio_api/cancel", CANCEL).status == 200
    refused(post(site.address, "/gradio_api/cancel", {**CANCEL, **change}), 422)


@pytest.mark.parametrize("path", [JOIN, RUN, PANEL, "/gradio_api/cancel", "/gradio_api/reset"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"7",
        b'"a"',
        b"NaN",
        b'{"data": NaN}',
        b"9" * 10_000,
        DEEP,
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda body: body[:6].decode("latin-1"),
)
def test_a_body_is_json_that_can_be_read(site: Site, path: str, body: bytes) -> None:
    refused(post(site.address, path, body), 400, 422)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_what_a_form_of_any_site_could_send_is_refused(site: Site, kind: str) -> None:
    for path, body in ((JOIN, question("When?")), (PANEL, place(site.address, "abc"))):
        headers: dict[str, str | list[str]] = {"Content-Type": kind} if kind else {}
        refused(request(site.address, "POST", path, json.dumps(body).encode(), headers), 415)


@pytest.mark.parametrize("query", ["", "nobody", "s1&session_hash=s2", "%00", "a%20b", "x" * 70])
def test_who_has_asked_nothing_hears_nothing(site: Site, query: str) -> None:
    refused(request(site.address, "GET", f"{LISTEN}{query}"), 404, 422)
    refused(request(site.address, "GET", LISTEN.partition("?")[0]), 422)


def test_half_a_character_in_a_question_costs_that_character(site: Site) -> None:
    assert post(site.address, JOIN, question("When did Austin \ud83d last speak?", "half")).status == 200
    with listening(site.address, "half") as stream:
        last = [message for message in told(stream) if message["msg"] == "process_completed"]
    assert last[0]["success"]
    assert site.encoder.asked[-1] == "When did Austin ? last speak?"


@pytest.mark.parametrize(
    "path",
    [
        "/openapi.json",
        "/docs",
        "/redoc",
        "/config",
        "/config/",
        "/login",
        "/logout",
        "/monitoring",
        "/robots.txt",
        "/manifest.json",
        "/svelte/a.js",
        "/nothing",
        "/gradio_api",
        "/gradio_api/",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/queue/status",
        "/gradio_api/startup-events",
        "/gradio_api/run/ask",
        "/gradio_api/api/predict",
        "/gradio_api/call/predict",
        "/gradio_api/file=/etc/passwd",
        "/file=/etc/passwd",
        "/file/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/static/ffmpeg/ffmpeg-core.js",
        "/static/../static/img/logo.svg",
        "/static/img/..%2f..%2fgradio.js",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "//",
        "/./",
        "//theme.css",
        "/./theme.css",
        "/theme.css/",
        "/THEME.css",
        "/theme%2ecss",
        "/theme.css%00",
        "/theme.css%0a",
        "/x/../theme.css",
        "/gradio_api//app_id",
        "/gradio_api/app_id/",
        "/%67radio_api/app_id",
        "/gradio_api%2fapp_id",
        "/GRADIO_API/app_id",
        "/gradio_api/heartbeat/a/b",
        "/gradio_api/heartbeat/",
        "/original/",
        "/original/0123456789abcdeF",
        "/original/0123456789abcdef0",
        "/original/../corpus/a.txt",
        "/original/%2e%2e%2fa.txt",
    ],
)
def test_any_path_that_the_page_does_not_call_is_not_there(site: Site, path: str) -> None:
    for method in ("GET", "POST", "HEAD", "OPTIONS", "DELETE"):
        reply = request(site.address, method, path)
        assert (method, reply.status, reply.headers["content-type"]) == (
            method,
            404,
            "text/plain; charset=utf-8",
        )


def test_a_path_that_the_page_calls_in_another_way_is_refused(site: Site) -> None:
    for method, path in (
        ("GET", JOIN),
        ("POST", "/theme.css"),
        ("OPTIONS", RUN),
        ("PUT", "/"),
        ("POST", "/"),
    ):
        assert request(site.address, method, path).status == 405


@pytest.mark.parametrize("query", ["page=nowhere", "deep_link=../../x", "view=api", "__theme=dark"])
def test_what_follows_the_pages_address_is_not_for_the_server(site: Site, query: str) -> None:
    assert request(site.address, "GET", f"/?{query}").status == 200


def test_the_page_is_built_for_the_name_that_was_checked(site: Site) -> None:
    forged: dict[str, str | list[str]] = {
        "X-Forwarded-Host": "articles.example",
        "X-Forwarded-Proto": "https",
    }
    reply = request(site.address, "GET", "/", headers=forged)
    assert reply.status == 200
    assert "articles.example" not in reply.text


def begun(site: Site, head: str) -> socket.socket:
    connection = socket.create_connection((urlsplit(site.address).hostname, urlsplit(site.address).port), 30)
    connection.sendall(f"{head}\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n".encode())
    return connection


def test_a_long_body_is_refused_before_it_is_here(site: Site) -> None:
    for path in (JOIN, RUN, PANEL):
        with begun(site, f"POST {path} HTTP/1.1") as connection:
            connection.sendall(b"Content-Length: 200000000\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_long_body_that_does_not_say_so_is_refused_on_its_way(site: Site) -> None:
    with begun(site, f"POST {JOIN} HTTP/1.1") as connection:
        connection.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(11):
            connection.sendall(b"186a0\r\n" + b" " * 100_000 + b"\r\n")
        # The end has not arrived yet.
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("head", ["Content-Length: 5", "Transfer-Encoding: chunked"])
def test_a_fetch_has_no_body(site: Site, head: str) -> None:
    with begun(site, "GET / HTTP/1.1") as connection:
        connection.sendall(f"{head}\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_as_much_as_the_page_sends_is_taken(site: Site) -> None:
    long = question("wozu " * 190_000, "long")
    assert post(site.address, JOIN, long).status == 200
    refused(post(site.address, JOIN, question("wozu " * 200_000, "long")), 413)

"""The password page, and that nothing can be read without the password."""

import math
import struct
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, expect
from pydantic import SecretStr

from index.model.encoder import SentenceEncoder
from tests.ui.conftest import EXAMPLES, WIDE, Site, serving
from tests.ui.seeing import AUSTIN, PHONE, ask, luminance, mixed
from tests.ui.wire import JOIN, LISTEN, PANEL, Reply, place, post, question, request
from ui.guard import login
from ui.guard.access import Access

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

PASSWORD = 'öffne <dich> & "42"'


@pytest.fixture
def locked(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Site]:
    with serving(corpus_index, encoder, EXAMPLES, access=Access(password=SecretStr(PASSWORD))) as served:
        yield served


def give(address: str, password: str, **headers: str) -> Reply:
    body = f"password={quote(password)}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return request(address, "POST", "/", body, {**kind, **headers})


def cookie(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition(";")[0]


def test_nothing_is_to_be_had_without_the_password(locked: Site) -> None:
    paths = (
        "/",
        "/theme.css",
        "/favicon.ico",
        "/static/fonts/SourceSansPro/SourceSansPro-Bold.woff2",
        "/nothing",
    )
    for path in (*paths, "/config", "/gradio_api/app_id", "/gradio_api/heartbeat/abc", f"{LISTEN}s1"):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            reply = request(locked.address, method, path)
            assert (method, path, reply.status) == (method, path, 401)
            assert EXAMPLES[0] not in reply.text
    for path, body in ((JOIN, question("When?")), (PANEL, {})):
        for headers in (
            {},
            {"Authorization": f"Bearer {PASSWORD}".encode().decode("latin-1")},
            {"Cookie": "a=b"},
        ):
            assert post(locked.address, path, body, **headers).status == 401
    assert locked.encoder.asked == []


def test_whoever_gives_it_gets_a_cookie(locked: Site) -> None:
    reply = give(locked.address, PASSWORD)
    assert (reply.status, reply.headers["location"]) == (303, "/")
    (morsel,) = SimpleCookie(reply.headers["set-cookie"]).values()
    assert (morsel["path"], morsel["samesite"].lower(), morsel["httponly"]) == ("/", "strict", True)
    assert not morsel["secure"]
    # Cookies ignore ports, so another server on the same machine needs its own.
    assert morsel.key.endswith(locked.address.rpartition(":")[2])
    assert len(morsel.value) >= 32
    assert cookie(give(locked.address, PASSWORD)) != cookie(reply)
    inside = {"Cookie": f"a=b; {cookie(reply)}"}
    for path in ("/", "/theme.css", "/gradio_api/app_id"):
        assert request(locked.address, "GET", path, headers=dict(inside)).status == 200
    assert post(locked.address, PANEL, place(locked.address, "abc", **inside), **inside).status == 200
    for forged in (
        f"{morsel.key}=",
        f"{morsel.key}={'x' * 43}",
        f"{morsel.key}={PASSWORD.encode().decode('latin-1')}",
    ):
        assert request(locked.address, "GET", "/", headers={"Cookie": forged}).status == 401
    # A proxy on this machine received this one by https.
    assert (
        "secure"
        in give(locked.address, PASSWORD, **{"X-Forwarded-Proto": "https"}).headers["set-cookie"].lower()
    )


@pytest.mark.parametrize(
    "body", [b"", b"password", b"password=", b"\xff", b"password=%ff", b"a=1&b=2&c=3&d=4&e=5"]
)
def test_a_wrong_password_does_not_let_in(locked: Site, body: bytes) -> None:
    reply = request(locked.address, "POST", "/", body)
    assert (reply.status, reply.headers["set-cookie"]) == (401, None)
    assert "Wrong password." in reply.text
    assert request(locked.address, "POST", "/", b"password=" + b"x" * 5000).status == 413


def test_no_other_site_can_try_passwords(locked: Site) -> None:
    for headers in (
        {"Origin": "http://articles.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert give(locked.address, PASSWORD, **headers).status == 403


def test_too_many_wrong_ones_shut_the_door_for_that_client(locked: Site) -> None:
    guesser, other = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
    statuses = [give(locked.address, f"guess {n}", **guesser).status for n in range(6)]
    assert statuses == [401] * 5 + [429]
    # Otherwise trying would tell which one is right.
    shut = give(locked.address, PASSWORD, **guesser)
    assert (shut.status, shut.headers["set-cookie"]) == (429, None)
    assert "Try again in 5 minutes." in shut.text
    assert 200 < int(shut.headers["retry-after"]) <= 300
    assert give(locked.address, PASSWORD, **other).status == 303


def test_attempts_are_bounded_in_all_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(login, "monotonic", lambda: now)
    attempts = login.Attempts()
    for number in range(20):
        for _ in range(5):
            assert attempts.wait(f"client {number}") == 0
            attempts.failed(f"client {number}")
        now += 1
    assert attempts.wait("client 0") == math.ceil(300 - 20)
    assert attempts.wait("somebody else") == math.ceil(300 - 20)
    now += 280
    assert attempts.wait("somebody else") == 0
    assert attempts.wait("client 0") == 0
    assert attempts.wait("client 19") == 19
    now += 19
    assert attempts.wait("client 19") == 0


def test_only_so_many_are_let_in_and_only_for_so_long(locked: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "SESSIONS", 2)
    cookies = [cookie(give(locked.address, PASSWORD)) for _ in range(3)]

    def statuses() -> list[int]:
        return [request(locked.address, "GET", "/theme.css", headers={"Cookie": c}).status for c in cookies]

    assert statuses() == [401, 200, 200]
    later = time.monotonic() + login.LASTING
    monkeypatch.setattr(login, "monotonic", lambda: later)
    assert statuses() == [401, 401, 401]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_gives_the_password_and_goes_on_to_the_source_that_was_linked(
    locked: Site, profile: BrowserContext, javascript: bool
) -> None:
    other = profile.browser.new_context(viewport=WIDE, java_script_enabled=javascript)
    page = other.new_page()
    article = locked.engine.query(AUSTIN).citations[0]
    page.goto(f"{locked.address}/#aq-{article.article_id}-{article.start}-{article.end}")
    box = page.get_by_label("Password")
    expect(box).to_be_focused()
    box.fill("<b>wrong</b>")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Wrong password.")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open").click()
    if javascript:
        expect(page.locator(".aq-text mark")).to_contain_text("Mai 2023")
        expect(ask(page, AUSTIN).locator(".aq-quote").first).to_contain_text("Mai 2023")
    else:
        expect(page.get_by_label("Password")).to_have_count(0)
        expect(page.locator("gradio-app")).to_have_count(1)
    other.close()


def test_the_password_page_is_readable_light_and_dark_and_fits(
    locked: Site, profile: BrowserContext, tmp_path: Path
) -> None:
    for scheme in ("light", "dark"):
        other = profile.browser.new_context(viewport=PHONE, color_scheme=scheme)
        page = other.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(locked.address)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert set(asked) == {f"{locked.address}/"}
        inks = page.evaluate(
            """() => [...document.querySelectorAll("h1, p, label, button, input")].map((element) => {
                let back = element;
                while (getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") back = back.parentElement;
                return [getComputedStyle(element).color, getComputedStyle(back).backgroundColor];
            })"""
        )
        assert len(inks) == 6
        for ink, behind in inks:
            low, high = sorted(luminance(mixed(colour, (255, 255, 255))) for colour in (ink, behind))
            assert (high + 0.05) / (low + 0.05) >= 4.5
        assert page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
        page.screenshot(path=tmp_path / f"{scheme}.png")
        image = (tmp_path / f"{scheme}.png").read_bytes()
        assert struct.unpack(">II", image[16:24]) == (PHONE["width"], PHONE["height"])
        other.close()

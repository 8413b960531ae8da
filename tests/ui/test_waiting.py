"""What a browser sees before there is a page."""

import socket
import threading
from contextlib import suppress

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, expect
from pydantic import SecretStr
from starlette.responses import HTMLResponse

from index.errors import StorageError
from tests.ui.wire import request
from ui.guard.access import Access
from ui.waiting import MAKING, waiting


def test_the_page_says_what_it_waits_for_and_comes_by_itself(profile: BrowserContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        page = profile.browser.new_context(locale="de-AT").new_page()
        with waiting(listener, Access()) as wait_for:
            # It is no page yet for programs that wait for one.
            assert page.goto(f"{address}/?q=when#there").status == 503
            expect(page.get_by_role("status")).to_have_text(
                "Das Modell, das Antworten findet, wird geladen …"
            )
            assert page.evaluate("[document.documentElement.lang, document.title]") == [
                "de",
                "Artikel befragen",
            ]
            wait_for(MAKING)
            expect(page.get_by_role("status")).to_have_text("Die Seite wird vorbereitet …")
            foreign = request(address, "GET", "/", headers={"Host": "articles.example"})
            assert foreign.status == 400
            program = request(address, "GET", "/api/v1/status")
            assert (program.status, program.headers["retry-after"]) == (503, "1")
            assert program.headers["content-type"] == "application/problem+json"
            assert program.line == "The server is starting: ask again in a moment."
        server = uvicorn.Server(uvicorn.Config(HTMLResponse("<h1>It stands</h1>"), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        expect(page.get_by_role("heading")).to_have_text("It stands")
        assert page.url == f"{address}/?q=when#there"
        page.context.close()
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("password", ["", "correct horse"])
def test_why_no_page_comes_is_one_line_in_it(profile: BrowserContext, password: str) -> None:
    said = "no room in /srv/<b>articles</b>: free some"
    access = Access(password=SecretStr(password)) if password else Access()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        page = profile.browser.new_context().new_page()
        with suppress(StorageError), waiting(listener, access):
            page.goto(f"http://127.0.0.1:{listener.getsockname()[1]}/")
            expect(page.get_by_role("status")).to_have_text("Loading the model that finds answers…")
            raise StorageError(said)
    # What is asked for a password tells nobody about folders.
    general = "The page cannot be made; the terminal that runs article-qa says why."
    expect(page.get_by_role("status")).to_have_text(general if password else f"N{said[1:]}")
    page.context.close()

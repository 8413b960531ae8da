"""How soon the page stands, and whether anything on it moves while an answer is written.

    python -m bench.page --index DIR [--times 5]

Readiness: `article-qa chat` is started with a browser that is already open on it. Measured is the time from the
first answer that is the page itself, which another program asks for every 20 ms, to the question box that can be
typed in: on the page that waited, and on a page opened afterwards in a browser that has kept nothing.

Layout shift: a language model that is not one writes the best quote word by word, so that the answer grows in all
the ways that an answer can. What Chromium's `layout-shift` entries add up to is printed for the answer and for a
follow-up, with and without the half second after a key in which a shift counts as wanted.
"""

import argparse
import http.client
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from index import Settings
from qa import Engine
from tests.fakes import EchoLLM

CHROMIUM = "/usr/bin/chromium"
_WIDE = {"width": 1280, "height": 800}
_PHONE = {"width": 390, "height": 844}
_PATIENCE = 600_000
_QUESTIONS = ("When did Austin last speak to Shoigu?", "And who succeeded him?")
_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const moved = sources.map(({ node }) => node?.className || node?.nodeName);
    window.shifts.push({ value, wanted: hadRecentInput, moved });
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def main() -> None:
    """Measure both, and print them."""
    parser = argparse.ArgumentParser(prog="bench.page", description="Measure how the page comes and grows.")
    parser.add_argument("--index", type=Path, required=True, help="an index of the sample articles")
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = [_standing(browser, given.index) for _ in range(given.times)]
        for name, seconds in zip(
            ("the page that waited", "a page opened then"), zip(*found, strict=True), strict=True
        ):
            print(f"{name:22} stands after {statistics.median(seconds):.2f} s (at most {max(seconds):.2f})")
        with _served(given.index) as address:
            for name, size in (("wide", _WIDE), ("phone", _PHONE)):
                _print_shifts(name, browser, address, size)
        browser.close()


def _standing(browser: Browser, index: Path) -> tuple[float, float]:
    """Return how long after readiness the page stands: the one that waited, and a new one."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    command = [
        sys.executable,
        "-m",
        "ui.cli",
        "chat",
        "--index",
        str(index),
        "--port",
        str(port),
        "--llm",
        "none",
    ]
    process = subprocess.Popen([*command, "--no-history"], stdout=subprocess.DEVNULL)
    ready: list[float] = []
    try:
        _answer_of(port)
        look = threading.Thread(target=lambda: ready.append(_ready(port)))
        look.start()
        waiting = _opened(browser, _WIDE)
        waiting.goto(address)
        _stands(waiting)
        first = time.perf_counter()
        look.join()
        waiting.context.close()
        begun = time.perf_counter()
        later = _opened(browser, _WIDE)
        later.goto(address)
        _stands(later)
        second = time.perf_counter() - begun
        later.context.close()
    finally:
        process.terminate()
        process.wait()
    return first - ready[0], second


def _answer_of(port: int) -> int:
    """Return the status of the page, waiting until anything answers."""
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", "/")
                return connection.getresponse().status
        except OSError:
            time.sleep(0.02)


def _ready(port: int) -> float:
    while _answer_of(port) != 200:
        time.sleep(0.02)
    return time.perf_counter()


def _opened(browser: Browser, size: Any) -> Page:
    context = browser.new_context(viewport=size)
    context.set_default_timeout(_PATIENCE)
    return context.new_page()


def _stands(page: Page) -> None:
    box = page.locator("#aq-input textarea")
    box.wait_for()
    box.fill("When")
    box.fill("")


@contextmanager
def _served(index: Path) -> Iterator[str]:
    """Serve the page with a language model that copies the best quote."""
    from ui.app import create_app

    settings = Settings(index=index, history=False)
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, Engine(llm=EchoLLM(pause=0.15), settings=settings) as engine:
        engine.warm()
        server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


def _print_shifts(name: str, browser: Browser, address: str, size: Any) -> None:
    page = _opened(browser, size)
    page.add_init_script(_SHIFTS)
    page.goto(address)
    _stands(page)
    page.wait_for_timeout(1000)
    _print_shift(f"{name}: the page comes", page)
    for number, question in enumerate(_QUESTIONS, 1):
        page.evaluate("window.shifts.length = 0")
        box = page.locator("#aq-input textarea")
        box.fill(question)
        box.press("Enter")
        page.locator(".aq-answer").nth(number - 1).wait_for()
        page.wait_for_function(
            f"document.querySelectorAll('.aq-answer:not(.aq-growing)').length === {number}"
        )
        page.wait_for_timeout(1000)
        _print_shift(f"{name}: answer {number}", page)
    page.context.close()


def _print_shift(name: str, page: Page) -> None:
    shifts = page.evaluate("window.shifts")
    unwanted = sum(shift["value"] for shift in shifts if not shift["wanted"])
    moved = sorted({str(part) for shift in shifts for part in shift["moved"]})
    total = sum(shift["value"] for shift in shifts)
    print(
        f"{name:22} layout shift {unwanted:.4f}, {total:.4f} with what follows a key at once  {', '.join(moved)}"
    )


if __name__ == "__main__":
    main()

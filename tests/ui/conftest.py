"""A real server with the page, and a real browser."""

import json
import re
import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from llama_index.core.llms import LLM
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from index import Article, Encoder, Settings, build
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder
from index.model.glance import Found, Glanced
from index.model.reader.judge import Judged, Searched
from index.model.reader.rows import Row
from index.model.token_vectors import Tokens
from qa import Engine
from tests.conftest import CORPUS
from ui.app import create_app
from ui.guard.access import Access
from ui.guard.listeners import Bounds

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 800}
# Milliseconds in which anything has to happen: a bound that only a hang can miss.
PATIENCE = 90_000
# The addresses of servers that are stopping or have stopped.
STOPPED = set[str]()
expect.set_options(timeout=PATIENCE)

EXAMPLES = ("When did Austin last speak to Shoigu?", "How much did the repair of Mariners' Bridge cost?")

# A question with SLOW in it waits for the test; one with BROKEN fails unexpectedly.
SLOW, BROKEN = "slowly", "haywire"


class MoodyEncoder:
    """The real encoder, except that a test can hold back a question or make it fail."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.dimension = encoder.dimension
        self.is_taught = encoder.is_taught
        self.released = threading.Event()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        return self._encoder.encode(texts, question=question)

    def point(self, questions: Sequence[str]) -> Vectors:
        self.asked.append(questions[0])
        if SLOW in questions[0]:
            assert self.released.wait(120)
        if BROKEN in questions[0]:
            raise RuntimeError("the encoder went haywire")
        return self._encoder.point(questions)

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        return self._encoder.read(texts, question=question)

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        return self._encoder.glance(question, rows, found)

    def judge(self, question: str, rows: Sequence[Row], searched: Sequence[Searched]) -> list[Judged]:
        return self._encoder.judge(question, rows, searched)


@dataclass(frozen=True)
class Site:
    """A page that is being served."""

    address: str
    engine: Engine
    encoder: MoodyEncoder

    def place(self, link: Locator) -> tuple[Article, int, int]:
        """Return the article that a link to a source names, and the characters of it."""
        named = re.fullmatch(r"#aq-([0-9a-f]+)-(\d+)-(\d+)", link.get_attribute("href"))
        assert named
        article = self.engine.index.article(named[1])
        assert article
        return article, int(named[2]), int(named[3])


@contextmanager
def serving(
    index: Path,
    encoder: Encoder,
    examples: tuple[str, ...] = (),
    llm: LLM | str | None = None,
    access: Access | None = None,
    bounds: Bounds | None = None,
    folder: Path | None = None,
    port: int = 0,
    **settings: Any,
) -> Iterator[Site]:
    moody = MoodyEncoder(encoder)
    stated = Settings(index=index, examples=examples, **settings)
    listener = socket.create_server(("127.0.0.1", port))
    place = f"127.0.0.1:{listener.getsockname()[1]}"
    STOPPED.discard(place)
    with listener, Engine(llm=llm, settings=stated, encoder=moody) as engine:
        app = create_app(engine, access, bounds, folder)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Site(f"http://{place}", engine, moody)
        finally:
            STOPPED.add(place)
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def site(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Site]:
    with serving(corpus_index, encoder, EXAMPLES) as served:
        yield served


# One sentence without a full stop inside, so that a quote holds all of it.
HOSTILE_SENTENCE = (
    "The lighthouse keeper of Borkmoor paid 4711 crowns for the new lamp "
    '<script>window.hit = "script"</script> <img src=x onerror="window.hit = 1"> '
    '</p></blockquote></div><iframe src="http://198.51.100.7/"><form action="http://198.51.100.7/">'
    '<svg onload="window.hit=2"> [the lamp](javascript:window.hit=3) ![lamp](http://198.51.100.7/l) '
    "**bold** `code` $x^2$ $$\\frac12$$ ${window.hit=4} {{constructor.constructor('window.hit=5')()}} "
    "{@html 6} &lt;b&gt; &amp;amp; <!-- &#x3c;i&#x3e; ]]> 7%."
)
HOSTILE_TITLE = (
    "<img src=x onerror='window.hit=8'> [Lamp](javascript:window.hit=9) &lt;i&gt; ${1} {{1+1}} *x*"
)
HOSTILE_SOURCE = "<script>window.hit=10</script> &amp; Mail ![y](http://198.51.100.7/y)"
HOSTILE_URL = "https://198.51.100.7/'onmouseover='window.hit=11"


@pytest.fixture(scope="module")
def hostile_site(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, index = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("index")
    shutil.copy(CORPUS / "derwent-marathon-record.md", folder)
    # Entities in metadata are resolved, once.
    title, outlet = escape(HOSTILE_TITLE), escape(HOSTILE_SOURCE)
    front = {"title": f"\u202e{title}", "outlet": f"\u202e{outlet}", "url": HOSTILE_URL}
    # JSON strings are YAML strings.
    stated = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
    sentence = f"\u202e{HOSTILE_SENTENCE[:9]}\u202c{HOSTILE_SENTENCE[9:]}"
    body = f"It was dark for a week.\n\n{sentence}\n\nThe sea slept.\n"
    (folder / "lamp.txt").write_text(f"---\n{stated}\ndate: 2026-01-01\n---\n\n{body}", "utf-8")
    build(folder, Settings(index=index), encoder=encoder)
    with serving(index, encoder) as served:
        yield served


@pytest.fixture(scope="module")
def profile() -> Iterator[BrowserContext]:
    """A browser that was never used. Pages of one profile share Gradio's files, which halves the time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield _context(browser, viewport=WIDE)
        browser.close()


def _context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**{"locale": "en-GB", **options})
    context.set_default_timeout(PATIENCE)
    return context


class Visits:
    """Opens pages, and keeps what they request and what they complain about."""

    def __init__(self, profile: BrowserContext) -> None:
        self.requested: list[str] = []
        self.complaints: list[str] = []
        self._profile = profile
        self._others: list[BrowserContext] = []
        self._watch(profile)

    def __call__(self, address: str) -> Page:
        return self._opened(self._profile, address)

    def fresh(self, address: str, **options: Any) -> Page:
        """Open the page in another browser."""
        other = _context(self._profile.browser, **{"viewport": WIDE, **options})
        self._others.append(other)
        self._watch(other)
        return self._opened(other, address)

    def bare(self, address: str) -> Page:
        """Open the page of an index that holds nothing, and so suggests no questions."""
        return self._opened(self._profile, address, suggests=False)

    def hosts(self) -> set[str | None]:
        """Return the names of the machines that were asked for anything."""
        return {urlsplit(url).hostname for url in self.requested if not url.startswith(("data:", "blob:"))}

    def close(self) -> None:
        for page in self._profile.pages:
            page.close()
        for other in self._others:
            other.close()
        self._profile.remove_listener("request", self._note)
        self._profile.remove_listener("console", self._hear)
        self._profile.remove_listener("weberror", self._fail)

    def _watch(self, context: BrowserContext) -> None:
        context.on("request", self._note)
        context.on("console", self._hear)
        context.on("weberror", self._fail)

    def _note(self, request: Any) -> None:
        self.requested.append(request.url)

    def _hear(self, message: Any) -> None:
        # A server that stops answers with 500 what it has not finished.
        cut = "500" in message.text and urlsplit(message.location["url"]).netloc in STOPPED
        if message.type in ("error", "warning") and not cut:
            self.complaints.append(message.text)

    def _fail(self, failure: Any) -> None:
        self.complaints.append(str(failure.error))

    def _opened(self, context: BrowserContext, address: str, *, suggests: bool = True) -> Page:
        page = context.new_page()
        page.goto(address)
        # The parts of the page appear one by one while Gradio shows that they are loading.
        # A stored conversation takes the place of what is suggested.
        if suggests and not re.search(r"\?[cq]=", address):
            expect(page.locator(".example").first).to_be_visible()
        expect(page.locator("#aq-input textarea")).to_be_visible()
        expect(page.locator(".wrap.full:not(.hide)")).to_have_count(0)
        return page


@pytest.fixture
def visit(profile: BrowserContext) -> Iterator[Visits]:
    """Open pages. None may contact another machine or complain in the browser's console."""
    visits = Visits(profile)
    yield visits
    visits.close()
    # A page may be open a moment longer than the server that a test has stopped.
    gone = ("ERR_CONNECTION_REFUSED", "Failed to fetch")
    assert [said for said in visits.complaints if not any(words in said for words in gone)] == []
    assert visits.hosts() == {"127.0.0.1"}

"""The pictures of the page in README and docs: light, dark, on a phone, right to left.

    python -m bench.screenshots

It needs Debian's `chromium`. The index is made of the sample articles and of two in Arabic.
"""

import re
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from index import Settings, build, load_encoder
from qa import Engine
from ui.app import create_app

ROOT = Path(__file__).parent.parent
ARABIC = ROOT / "bench" / "data" / "reading" / "clusters" / "ar-b-01.txt"
CHROMIUM, WIDE, PHONE = "/usr/bin/chromium", (1280, 800), (390, 844)
# The page has few colours; this many make a picture a third as large, and nobody sees it.
COLOURS = 64
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown: the answers to questions, with the first source of the last one open beside them."""

    name: str
    questions: tuple[str, ...]
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    language: str = "en-GB"
    tab: str = ""
    reading: bool = True


PICTURES = (
    Picture("page", ("When did Austin last speak to Shoigu?",)),
    Picture("page-dark", ("How much did the repair of Mariners' Bridge cost?",), scheme="dark"),
    Picture(
        "page-phone", ("Zeytin Vadisi Stadyumu kaç seyirci alıyor?",), PHONE, "light", "tr", reading=False
    ),
    Picture("page-rtl", ("حتى متى تستمر حملة الحصبة لعام 2008؟",)),
    Picture("page-articles", (), tab="Articles"),
)


def main() -> None:
    """Make the pictures in `docs/`."""
    with (
        tempfile.TemporaryDirectory() as made,
        _served(Path(made)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for picture in PICTURES:
            width, height = picture.size
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=picture.scheme,
                locale=picture.language,
                reduced_motion="reduce",
            )
            page.set_default_timeout(SECONDS * 1000)
            page.goto(address)
            _prepare(page, picture)
            _take(page, ROOT / "docs" / f"{picture.name}.png")
            page.close()
        browser.close()


def _prepare(page: Page, picture: Picture) -> None:
    box = page.locator("#aq-input textarea")
    box.wait_for()
    for number, question in enumerate(picture.questions):
        box.fill(question)
        box.press("Enter")
        page.locator(".aq-answer:not(.aq-growing)").nth(number).wait_for()
    if picture.reading and picture.questions:
        page.locator(".aq-turn").last.locator("a.aq-entry").first.click()
        page.locator(".aq-text mark").first.wait_for()
    if picture.tab:
        page.get_by_role("tab", name=picture.tab).click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    # What comes after the article itself: what else there is of its day, plots, a table.
    page.wait_for_timeout(2000)


def _take(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled", caret="hide")
    with Image.open(path) as taken:
        few = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


@contextmanager
def _served(made: Path) -> Iterator[str]:
    """Serve the page over the sample articles, and yield its address."""
    folder, settings = made / "articles", Settings(index=made / "index")
    shutil.copytree(ROOT / "corpus", folder)
    _add_arabic(folder)
    encoder = load_encoder(settings)
    build(folder, settings, encoder=encoder)
    with (
        Engine(settings=settings, encoder=encoder) as engine,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        engine.warm()
        server = uvicorn.Server(
            uvicorn.Config(create_app(engine), log_level="warning", timeout_graceful_shutdown=1)
        )
        given: dict[str, Any] = {"sockets": [listener]}
        thread = threading.Thread(target=server.run, kwargs=given)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _add_arabic(folder: Path) -> None:
    """Write the first two articles of a cluster, which stand above their questions, as files."""
    kept = re.split(r"^# ", ARABIC.read_text("utf-8"), flags=re.MULTILINE)[1:3]
    for number, text in enumerate(kept):
        head, _, body = text.partition("\n")
        facts = dict(re.findall(r"(\w+)=(\S+)", head))
        title, *prose = re.split(r"^[?!+-]", body, flags=re.MULTILINE)[0].strip().splitlines()
        outlet = facts["source"].replace("_", " ")
        front = f"---\ntitle: {title}\noutlet: {outlet}\ndate: {facts['published']}\nlanguage: ar\n---\n"
        (folder / f"arabic-{number}.md").write_text("\n".join([front, *prose]) + "\n", "utf-8")


if __name__ == "__main__":
    main()

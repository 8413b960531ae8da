"""A reader's whole evening: an empty folder, ten files, questions, a filter, a reload, an export."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from index import Settings
from index.building.beginning import begin
from index.model.encoder import SentenceEncoder
from tests.conftest import CORPUS
from tests.ui.conftest import PATIENCE, Visits, serving
from tests.ui.seeing import LIBRARY, ask
from tests.ui.test_articles import DROP

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

TEN = sorted(path for path in CORPUS.iterdir() if path.suffix != ".eml" and "astrolabe" not in path.name)[:10]
BRIDGE = "How much did the repair of Mariners' Bridge cost?"
FOLLOW_UP = "And who led the job?"


def test_a_whole_evening(encoder: SentenceEncoder, visit: Visits, tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    begin(folder, settings)
    with serving(settings.index, encoder) as served:
        page = visit.bare(served.address)
        drop_ten_files(page, folder)
        ask_and_follow_up(page)
        filter_by_language(page)
        reload(page)
        export(page, tmp_path)


def drop_ten_files(page: Page, folder: Path) -> None:
    expect(page.locator(".aq-welcome")).to_contain_text("There are no articles yet.")
    page.get_by_role("button", name="Add articles").click()
    expect(page.locator(".aq-drop")).to_be_visible()
    page.get_by_role("tab", name="Chat").click()
    dropped = [path.name for path in TEN], [path.read_text("utf-8") for path in TEN]
    # Wherever they are dropped, the browser does not open them, and they are added.
    assert page.evaluate(DROP, [*dropped, "#aq-input textarea"]) == [False] * 3
    expect(page.locator(".aq-sent li")).to_have_count(10)
    # The build loads the model for itself.
    expect(page.locator(".aq-how-far")).to_have_text("Loading the model that finds answers…")
    told = page.locator(".aq-built")
    expect(told).to_contain_text("10 added, 0 replaced, 0 removed, 0 skipped.", timeout=4 * PATIENCE)
    expect(page.locator(".aq-found")).to_have_text("1 to 10 of 10 articles")
    expect(page.locator("#aq-header")).to_contain_text("10 articles")
    assert sorted(path.name for path in (folder / "uploads").iterdir()) == [path.name for path in TEN]


def ask_and_follow_up(page: Page) -> None:
    page.get_by_role("tab", name="Chat").click()
    answer = ask(page, BRIDGE)
    expect(answer.locator(".aq-quote").first).to_contain_text("£8.6 million")
    # The article stands open beside the answer, at its quote.
    expect(page.locator(".aq-article h2")).to_have_text(
        "Whitehaven's Mariners' Bridge swings again after 18 months"
    )
    expect(page.locator(".aq-text mark.aq-current")).to_contain_text("£8.6 million")
    followed = ask(page, FOLLOW_UP)
    expect(followed).to_contain_text("Priya Nathwani")


def filter_by_language(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("checkbox", name="German").click()
    expect(page.locator(".aq-chip")).to_have_text([re.compile("^Language German")])
    page.keyboard.press("Escape")
    answer = ask(page, LIBRARY)
    expect(answer.locator(".aq-quote").first).to_contain_text("118.000 Euro")
    expect(answer.locator(".aq-limits")).to_contain_text("Language: German")


def reload(page: Page) -> None:
    said = page.locator(".aq-answer").all_inner_texts()
    page.reload()
    expect(page.locator(".aq-question")).to_have_text([BRIDGE, FOLLOW_UP, LIBRARY])
    assert page.locator(".aq-answer").all_inner_texts() == said
    expect(page.locator(".aq-chip")).to_have_text([re.compile("^Language German")])


def export(page: Page, folder: Path) -> None:
    page.locator(".aq-export summary").click()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Markdown").click()
    begun.value.save_as(folder / "evening.md")
    told = (folder / "evening.md").read_text("utf-8")
    for part in (BRIDGE, "£8.6 million", "Priya Nathwani", LIBRARY, "118.000 Euro"):
        assert part in told
    assert "Fuldataler Rundblick · 10 November 2025" in told
    assert "https://example.org/news/harbour-bridge-reopens" in told

"""A reader's whole evening: from an empty folder to an export, in one page."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from index import Settings, build
from index.model.encoder import SentenceEncoder
from tests.conftest import CORPUS
from tests.ui.conftest import Visits, serving
from tests.ui.seeing import AUSTIN, answered, ask, assert_shown, question_box

# Gradio uses pandas in one of its threads.
pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

BRIDGE = "How much did the repair of Mariners' Bridge cost?"
FOLLOW_UP = "And when did it reopen?"


def test_an_evening(encoder: SentenceEncoder, visit: Visits, tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    build(folder, Settings(index=index), encoder=encoder)
    files = sorted(path for path in CORPUS.iterdir() if path.suffix in {".md", ".txt", ".html"})[:10]
    assert len(files) == 10
    with serving(index, encoder, (BRIDGE,)) as site:
        page = visit.fresh(site.address)
        expect(page.locator("#aq-header")).to_contain_text("0 articles")
        # Nothing can be found yet.
        expect(ask(page, BRIDGE)).to_contain_text("That is not in these articles.")

        page.get_by_role("tab", name="Articles").click()
        page.locator(".aq-choose input").set_input_files(files)
        expect(page.locator(".aq-built")).to_contain_text("10 added")
        expect(page.locator(".aq-found")).to_have_text("1 to 10 of 10 articles")
        assert len(list(folder.rglob("*.*"))) == 10

        page.get_by_role("tab", name="Chat").click()
        answer = ask(page, BRIDGE)
        expect(answer.locator(".aq-quote").first).to_contain_text("4.2 million")
        assert_shown(site, page, answer.locator("a.aq-entry").first)
        expect(ask(page, FOLLOW_UP).locator(".aq-quote, .aq-sources").first).to_be_visible()

        page.get_by_role("button", name="Filters").click()
        page.get_by_role("checkbox", name="German").click()
        page.keyboard.press("Escape")
        limited = ask(page, AUSTIN)
        expect(limited.locator(".aq-quote").first).to_contain_text("Mai 2023")
        expect(limited.locator(".aq-limits")).to_contain_text("German")

        said = page.locator(".aq-log").inner_text()
        page.reload()
        expect(page.locator(".aq-turn")).to_have_count(4)
        assert page.locator(".aq-log").inner_text() == said
        expect(page.locator(".aq-chip")).to_contain_text("German")

        page.locator(".aq-export summary").click()
        with page.expect_download() as begun:
            page.get_by_role("link", name="Markdown").click()
        exported = Path(shutil.move(begun.value.path(), tmp_path / "evening.md")).read_text("utf-8")
        for words in (BRIDGE, "4.2 million", AUSTIN, "Mai 2023", "Elbwarte · 27 May 2024 · German"):
            assert words in exported
        # The evening goes on.
        question_box(page).fill(BRIDGE)
        question_box(page).press("Enter")
        answered(page.locator(".aq-answer").nth(4))

"""The tab of articles: a list to search, sort and turn, what the index holds, and files that are dropped there."""

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from index import Settings, build
from index.building.build import lock
from index.model.encoder import SentenceEncoder
from tests.conftest import CORPUS
from tests.ui.conftest import HOSTILE_SOURCE, HOSTILE_TITLE, Site, Visits, serving
from tests.ui.seeing import OUTSIDE, PHONE, ask, contrasts

BRIDGE = "harbour-bridge-reopens.md"
QUESTION = "How much did the repair of Mariners' Bridge cost?"
DROP = """([names, contents, place = ".aq-drop p"]) => {
    const transfer = new DataTransfer();
    names.forEach((name, n) => transfer.items.add(new File([contents[n]], name)));
    const drop = document.querySelector(place);
    return ["dragenter", "dragover", "drop"].map((kind) =>
        drop.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true })));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("articles")
    for name in (BRIDGE, "solway-journal-bridge.txt"):
        shutil.copy(CORPUS / name, made)
    rows = [
        {"title": f"Note {n:02}", "text": f"Note {n} is short.", "date": f"2024-05-{n % 28 + 1:02}"}
        for n in range(60)
    ]
    rows.append(
        {"title": HOSTILE_TITLE, "source": HOSTILE_SOURCE, "text": "The lamp is new.", "date": "2026-01-01"}
    )
    rows.append(
        {"title": "البحر هادئ", "text": "نام البحر طوال الليل ولم يسمع أحد صوتا.", "date": "2025-01-01"}
    )
    (made / "notes.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (made / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (made / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return made


@pytest.fixture(scope="module")
def site(folder: Path, encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    index = tmp_path_factory.mktemp("index") / "index"
    build(folder, Settings(index=index), encoder=encoder)
    with serving(index, encoder, (QUESTION,)) as served:
        yield served


def opened(page: Page) -> Page:
    page.get_by_role("tab", name="Articles").click()
    expect(page.locator(".aq-list")).to_be_visible()
    return page


def titles(page: Page) -> list[str]:
    return list(page.locator(".aq-list tbody th").all_text_contents())


def test_the_list_is_searched_sorted_and_turned(site: Site, visit: Visits) -> None:
    page = opened(visit(site.address))
    expect(page.locator(".aq-found")).to_have_text("1 to 50 of 64 articles")
    assert page.locator(".aq-list tbody tr").count() == 50
    # What an article says is text, never markup.
    assert titles(page)[0] == unescape(HOSTILE_TITLE)
    assert page.evaluate("window.hit") is None
    assert page.locator(".aq-list :is(script, img, iframe)").count() == 0
    heads = page.locator(".aq-list thead")
    expect(heads.locator("[aria-sort=descending]")).to_have_text("Date")
    heads.get_by_role("button", name="Title").click()
    expect(heads.locator("[aria-sort=ascending]")).to_have_text("Title")
    expect(heads.get_by_role("button", name="Title")).to_be_focused()
    page.get_by_role("button", name="Last page").click()
    expect(page.locator(".aq-found")).to_have_text("51 to 64 of 64 articles")
    page.get_by_role("searchbox", name="Search titles, outlets and paths").fill("bridge SOLWAY")
    expect(page.locator(".aq-found")).to_have_text("1 to 1 of 1 article")
    row = page.locator(".aq-list tbody tr")
    expect(row.locator(".aq-of-places")).to_have_text("2")
    expect(row.locator(".aq-of-path")).to_have_text("solway-journal-bridge.txt")


def test_a_row_opens_its_article(site: Site, visit: Visits) -> None:
    page = opened(visit(site.address))
    page.get_by_role("searchbox").fill("bridge cumbrian")
    expect(page.locator(".aq-list tbody tr")).to_have_count(1)
    title = page.locator(".aq-list a").text_content()
    page.locator(".aq-list a").click()
    expect(page.locator(".aq-article h2")).to_have_text(title)
    expect(page.locator(".aq-panel")).to_be_visible()
    expect(page.locator(".aq-text mark")).to_have_count(0)


def test_plots_skips_and_health_are_told(site: Site, visit: Visits) -> None:
    page = opened(visit(site.address))
    times, outlets, _languages = page.locator(".aq-plot table").all()
    assert times.locator("tr").first.text_content() == "May 202460"
    assert outlets.locator("tr").first.text_content() == "No outlet stated61"
    skipped = page.get_by_role("region", name="What was skipped, and why")
    expect(skipped.locator("tbody tr")).to_have_count(2)
    expect(skipped.locator("tbody tr").last).to_contain_text(".jpg: not a kind of file that is read")
    health = page.get_by_role("region", name="How the index is")
    expect(health.locator("dl")).to_contain_text("64")
    health.get_by_role("button").click()
    expect(health.locator(".aq-checked")).to_contain_text("64 articles compared")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_used_on_a_phone(site: Site, visit: Visits, scheme: str) -> None:
    page = opened(visit.fresh(site.address, viewport=PHONE, color_scheme=scheme))
    assert page.evaluate(OUTSIDE) == []
    assert min(contrasts(page).values()) >= 4.5
    right = page.locator(".aq-list tbody th", has_text="البحر هادئ")
    assert right.evaluate("cell => getComputedStyle(cell).direction") == "rtl"


def test_dropped_files_are_stored_and_read_while_the_chat_answers(
    site: Site, visit: Visits, folder: Path
) -> None:
    page = opened(visit(site.address))
    expect(page.locator(".aq-where")).to_contain_text(f"{folder}/uploads")
    # The same words under another name: nothing has to be encoded.
    told = (folder / BRIDGE).read_text("utf-8")
    page.evaluate(DROP, [["../again.md", "tool.exe"], [told, "MZ"]])
    sent = page.locator(".aq-sent li")
    expect(sent.first).to_contain_text("stored as uploads/again.md")
    expect(sent.last).to_contain_text(".exe: not a kind of file that is read")
    expect(page.locator(".aq-building")).to_be_visible()
    page.get_by_role("tab", name="Chat").click()
    ask(page, QUESTION)
    page.get_by_role("tab", name="Articles").click()
    expect(page.locator(".aq-built")).to_contain_text("1 added, 0 replaced, 0 removed, 2 skipped.")
    expect(page.locator(".aq-building")).to_be_hidden()
    expect(page.locator(".aq-found")).to_have_text("1 to 50 of 65 articles")
    expect(page.locator("#aq-header")).to_contain_text("65 articles")
    expect(sent.first).to_contain_text("stored as uploads/again.md")
    assert (folder / "uploads/again.md").read_text("utf-8") == told


def test_what_cannot_be_sent_is_said_without_sending_it(site: Site, visit: Visits) -> None:
    page = opened(visit(site.address))
    sent = page.locator(".aq-sent li")
    page.evaluate("document.querySelector('.aq-drop').dataset.most = 2_000_000")
    page.evaluate(DROP, [["long.txt"], ["x" * 2_000_001]])
    expect(sent).to_have_text(["long.txt: larger than 2 MB; add a part of it"])
    # A script cannot drop a folder, as people can.
    page.evaluate("""() => {
        DataTransferItem.prototype.webkitGetAsEntry = function () {
            const { name } = this.getAsFile();
            return { name, isDirectory: name === "old" };
        };
    }""")
    # Neither what is invisible in a name nor its writing direction moves what is said of it.
    page.evaluate(DROP, [["old", "tool.exe", "txt.\u202eexe", "قديم.exe"], ["", "MZ", "MZ", "MZ"]])
    expect(sent.first).to_have_text("old: a folder cannot be dropped; drop its files")
    expect(sent.nth(1)).to_contain_text(".exe: not a kind of file that is read")
    expect(sent.nth(2)).to_contain_text("txt._exe: ")
    expect(sent.last).to_contain_text("\u2068قديم.exe\u2069: ")
    expect(sent).to_have_count(4)
    assert sent.last.evaluate("line => getComputedStyle(line).direction") == "ltr"


def test_what_was_built_elsewhere_is_shown_when_the_tab_is_opened(
    site: Site, visit: Visits, folder: Path, encoder: SentenceEncoder
) -> None:
    page = opened(visit(site.address))
    health = page.get_by_role("region", name="How the index is")
    before = int(health.locator("dd").nth(1).inner_text())
    page.get_by_role("tab", name="Chat").click()
    (folder / "fees.txt").write_text("A harbour raises fees\n\nThe committee raised the fee by four crowns.")
    build(folder, site.engine.settings, encoder=encoder)
    page.get_by_role("tab", name="Articles").click()
    expect(health.locator("dd").nth(1)).to_have_text(str(before + 1))
    expect(page.locator("#aq-header")).to_contain_text(f"{before + 1} articles")


def test_a_build_takes_nothing_from_a_reader_and_every_window_follows_it(
    site: Site, visit: Visits, folder: Path
) -> None:
    other, page = opened(visit(site.address)), opened(visit(site.address))
    health = page.get_by_role("region", name="How the index is")
    before = int(health.locator("dd").nth(1).inner_text())
    health.get_by_role("button").click()
    expect(health.locator(".aq-checked")).to_contain_text("No damage found.")
    page.locator(".aq-list a").nth(3).focus()
    # The same words once more: nothing has to be encoded.
    shutil.copy(folder / BRIDGE, folder / "once more.md")
    build_now = page.get_by_role("button", name="Read what is new in the folder")
    build_now.evaluate("button => button.click()")
    expect(health.locator("dd").nth(1)).to_have_text(str(before + 1))
    expect(page.locator(".aq-found")).to_contain_text(f"of {before + 1} articles")
    expect(page.locator(".aq-list a:focus")).to_have_count(1)
    expect(health.locator(".aq-checked")).to_contain_text("No damage found.")
    # Nobody has touched the other window.
    expect(other.locator(".aq-found")).to_contain_text(f"of {before + 1} articles")
    page.get_by_role("searchbox").press_sequentially("bri")
    shutil.copy(folder / BRIDGE, folder / "and again.md")
    build_now.evaluate("button => button.click()")
    expect(page.locator(".aq-building")).to_be_visible()
    expect(health.locator("dd").nth(1)).to_have_text(str(before + 2))
    page.keyboard.type("dge")
    expect(page.get_by_role("searchbox")).to_have_value("bridge")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_build_says_in_one_line_why_it_cannot_be(site: Site, visit: Visits) -> None:
    page = opened(visit(site.address))
    with lock(site.engine.settings.index):
        page.get_by_role("button", name="Read what is new in the folder").click()
        expect(page.locator(".aq-built")).to_contain_text(re.compile("^process .* is writing to .*try again"))
    expect(page.locator(".aq-building")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "tab", "unread", "taken", "busy", "time"),
    [
        (
            "de-DE",
            "Artikel",
            "diese Art von Datei wird nicht gelesen",
            "kein PDF",
            "schreibt seit",
            r"\d\d\.\d\d\.\d{4}, \d\d:\d\d UTC",
        ),
        (
            "tr-TR",
            "Makaleler",
            "bu tür dosyalar okunmuyor",
            "PDF değil",
            "numaralı işlem",
            r"\d\d? \w+ \d{4}, \d\d:\d\d UTC",
        ),
    ],
)
def test_all_of_it_is_said_in_the_readers_language(
    site: Site, visit: Visits, locale: str, tab: str, unread: str, taken: str, busy: str, time: str
) -> None:
    page = visit.fresh(site.address, locale=locale)
    page.get_by_role("tab", name=tab).click()
    skipped = page.locator(".aq-skips tbody td")
    expect(skipped.filter(has_text=f".jpg: {unread}")).to_have_count(1)
    expect(page.locator(".aq-skipped-list")).not_to_contain_text(re.compile("damaged|a kind of"))
    expect(page.locator(".aq-facts")).to_contain_text(re.compile(time))
    page.evaluate(DROP, [["a.exe", "a.pdf"], ["MZ", "nothing"]])
    sent = page.locator(".aq-sent li")
    expect(sent.first).to_contain_text(f"a.exe: .exe: {unread}")
    expect(sent.last).to_have_text(f"a.pdf: {taken}")
    with lock(site.engine.settings.index):
        page.locator('[data-build="changes"]').click()
        expect(page.locator(".aq-building")).to_be_visible()
        expect(page.locator(".aq-built")).to_contain_text(busy)

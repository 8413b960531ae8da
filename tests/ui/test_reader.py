"""The article beside the chat, in a real browser, with answers made by hand."""

import http.client
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from index import Article, Passage, Settings, Span, build
from index.model.encoder import SentenceEncoder
from qa import Answer, Citation, Evidence
from qa.answer import citation
from tests.ui.conftest import Site, Visits, serving
from tests.ui.seeing import OUTSIDE, PHONE, ask, contrasts, findings, question_box
from ui.render import answer_html

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

LEVEL = "The lake rose by 40 centimetres in one night."
DAMAGE = "Eleven boats were lost at the pier."
FILLER = "\n\n".join(
    f"Paragraph {number} tells of the shore, of Straße and École, and of nothing else."
    for number in range(30)
)
LAKE = f"Ormen, Monday.\n\n{LEVEL} Nobody was hurt.\n\n{FILLER}\n\n{DAMAGE} A <b>swan</b> looked on."
HERALD = (
    "The people of Ormen saw their lake rise by 60 centimetres overnight. The ferry did not sail on Monday."
)
ARABIC = "ارتفع منسوب البحيرة أربعين سنتيمتراً في ليلة واحدة. لم يصب أحد بأذى."
HOSTILE = "<img src=x onerror='window.hit=1'> & a fair"
NOTES = """The harbour of Tarlow has been open to all since the spring of 1887, and seven lines of ships call there.

## Opening hours

The office is open from eight to four on working days. Two things are wanted:

- the papers of the ship
- a list of the crew, signed < stamped

| Length | Fee |
| --- | --- |
| up to 10 metres | 40 crowns |
| longer | 75 crowns |

The master of the harbour keeps the money in a tin box."""
# What looks like markup in plain text stays as it was written.
PLAIN = NOTES.replace("Tarlow", "Varde").replace("The harbour", "# is a sign. The harbour", 1)
FIRE = "How many people were hurt in the fire at the Almond Mill?"
HURT = {
    "Mercury": "The fire at the Almond Mill in Oresby hurt 12 people, the fire brigade said. It broke out at night.",
    "Herald": "Fire brigades say 17 people were hurt in the fire at the Almond Mill in Oresby. The roof fell in.",
}
ARCHIVED = "The mayor of Ormen thanked the fire brigade, and nobody else, in a speech of four words."


def front(title: str, outlet: str, day: str = "2024-03-04", language: str = "en") -> str:
    return f'---\ntitle: "{title}"\noutlet: {outlet}\ndate: {day}\nlanguage: {language}\n---\n\n'


@dataclass(frozen=True)
class Room:
    """A served page, and the folder that its articles are in."""

    site: Site
    folder: Path

    def article(self, path: str) -> Article:
        (row,) = self.site.engine.index._catalog.select("SELECT id FROM article WHERE path = ?", path)
        found = self.site.engine.index.article(row[0])
        assert found
        return found

    def cited(self, number: int, path: str, quote: str, words: str = "") -> Citation:
        article = self.article(path)
        start = article.text.index(quote)
        span = Span(start, start + len(quote))
        first = start + quote.index(words)
        passage = Passage(article.id, article.title, quote, span, (span,))
        at = Span(first, first + len(words)) if words else None
        return citation(number, Evidence(passage, article, span, 1.0, 1.0, 1.0, 1.0, words=at))

    def open(self, visit: Visits, **options: object) -> Page:
        """Open the page with an answer in it that cites one article twice and another once."""
        page = visit.fresh(self.site.address, **options) if options else visit(self.site.address)
        cited = (
            self.cited(1, "lake.txt", LEVEL, "40 centimetres"),
            self.cited(2, "lake.txt", DAMAGE),
            self.cited(3, "herald.md", HERALD.split(". ", maxsplit=1)[0] + ".", "60 centimetres"),
        )
        answer = Answer("How high?", LEVEL, found=True, confidence=0.9, citations=cited)
        page.evaluate(
            "html => document.querySelector('#aq-chat').insertAdjacentHTML('afterbegin', html)",
            answer_html(answer),
        )
        return page


@pytest.fixture(scope="module")
def room(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder, index = tmp_path_factory.mktemp("lake"), tmp_path_factory.mktemp("index")
    (folder / "lake.txt").write_text(front("Lake Ormen rises", "Mercury") + LAKE, "utf-8")
    shutil.copy(folder / "lake.txt", folder / "lake again.txt")
    (folder / "herald.md").write_text(front("Ormen under water", "Herald", "2024-03-05") + HERALD, "utf-8")
    (folder / "notes.md").write_text(front("Harbour notes", "Mercury", "2020-01-01") + NOTES, "utf-8")
    (folder / "plain.txt").write_text(front("Harbour notes", "Herald", "2020-02-02") + PLAIN, "utf-8")
    (folder / "arabic.md").write_text(front("البحيرة ترتفع", "الساحل", "2024-03-06", "ar") + ARABIC, "utf-8")
    (folder / "fair.md").write_text(
        front(HOSTILE, "Mercury") + "The fair of Tarlow opened with 3 stalls.", "utf-8"
    )
    for day, (outlet, told) in enumerate(HURT.items(), 2):
        (folder / f"fire {day}.md").write_text(front("The Almond Mill", outlet, f"2022-05-{day:02}") + told)
    with zipfile.ZipFile(folder / "old.zip", "w") as archive:
        archive.writestr("speech.txt", ARCHIVED)
        archive.writestr("secret.key", "not an article")
    build(folder, Settings(index=index), encoder=encoder)
    with serving(index, encoder) as served:
        yield Room(served, folder)


def source(page: Page, number: int) -> None:
    page.locator("a.aq-entry").nth(number - 1).click()


def shown(page: Page) -> str:
    return str(page.locator(".aq-text").text_content())


def test_all_quotes_are_marked_and_the_one_in_view_is_told_apart(room: Room, visit: Visits) -> None:
    page = room.open(visit)
    source(page, 1)
    current, other = page.locator("mark.aq-current"), page.locator("mark.aq-other")
    expect(current).to_have_text(LEVEL)
    expect(current).to_be_focused()
    expect(current.locator("strong")).to_have_text("40 centimetres")
    expect(other).to_have_text([DAMAGE])
    assert shown(page) == room.article("lake.txt").text
    expect(page.locator(".aq-article header .aq-about").first).to_have_text(
        "Mercury · 4 March 2024 · English"
    )
    # Not by colour alone.
    line = "mark => getComputedStyle(mark).textDecorationStyle + getComputedStyle(mark).textDecorationLine"
    assert current.evaluate(line) != other.evaluate(line)
    assert current.get_attribute("aria-describedby") != other.get_attribute("aria-describedby")
    assert {name: ratio for name, ratio in contrasts(page).items() if ratio < 4.5} == {}


def test_keys_and_buttons_go_from_source_to_source(room: Room, visit: Visits) -> None:
    page = room.open(visit)
    source(page, 1)
    current, position = page.locator("mark.aq-current"), page.locator(".aq-position")
    expect(position).to_have_text("Source 1 of 3")
    page.keyboard.press("n")
    expect(current).to_have_text(DAMAGE)
    expect(current).to_be_in_viewport(ratio=1)
    expect(current).to_be_focused()
    onward = page.get_by_role("button", name="Next source")
    onward.click()
    expect(current).to_contain_text("60 centimetres")
    expect(position).to_have_text("Source 3 of 3")
    # The button keeps the focus, to be pressed again.
    expect(onward).to_be_focused()
    expect(onward).to_have_attribute("aria-disabled", "true")
    onward.click(force=True)
    page.keyboard.press("p")
    expect(current).to_have_text(DAMAGE)
    page.get_by_role("button", name="Previous source").click()
    expect(position).to_have_text("Source 1 of 3")
    page.keyboard.press("Escape")
    expect(page.locator("a.aq-entry").first).to_be_focused()


FOUND = "name => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString())"


def test_finding_highlights_exactly_and_changes_nothing(room: Room, visit: Visits) -> None:
    page = room.open(visit)
    source(page, 1)
    expect(page.locator("mark.aq-current")).to_be_focused()
    before = page.locator(".aq-text").inner_html()
    page.keyboard.press("f")
    box = page.get_by_role("searchbox", name="Find in this article")
    expect(box).to_be_focused()
    count = page.locator(".aq-find-count")
    for query, matches in (
        ("strasse", ["Straße"] * 30),
        ("ECOLE", ["École"] * 30),
        ("paragraph 7  tells", ["Paragraph 7 tells"]),
        # Across the edges of marks.
        ("night. nobody", ["night. Nobody"]),
        ("<b>SWAN</b>", ["<b>swan</b>"]),
    ):
        box.fill(query)
        expect(count).to_have_text(f"1 of {len(matches)}")
        assert page.evaluate(FOUND, "aq-find") == matches
        assert page.evaluate(FOUND, "aq-find-current") == matches[:1]
    for query in (".*", "swan.looked", "zebra", "\\", "nothing else. paragraph"):
        box.fill(query)
        expect(count).to_have_text("No match")
    box.fill("boats")
    expect(count).to_have_text("1 of 1")
    expect(page.locator("mark.aq-other")).to_be_in_viewport()
    # It begins where the reader is.
    page.locator(".aq-panel").evaluate("panel => panel.scrollTo(0, 0)")
    box.fill("nothing else")
    box.press("Enter")
    expect(count).to_have_text("2 of 30")
    box.press("Shift+Enter")
    box.press("Shift+Enter")
    expect(count).to_have_text("30 of 30")
    page.get_by_role("button", name="Next match").click()
    expect(count).to_have_text("1 of 30")
    assert page.locator(".aq-text").inner_html() == before
    box.press("Escape")
    expect(count).to_have_text("")
    assert page.evaluate(FOUND, "aq-find") == []
    expect(page.locator("mark.aq-current")).to_be_focused()


@pytest.mark.parametrize(("path", "item"), [("notes.md", "a list"), ("plain.txt", "- a list")])
def test_headings_lists_and_tables_are_set_as_such(room: Room, visit: Visits, path: str, item: str) -> None:
    article = room.article(path)
    start, end = article.text.index("open from eight"), article.text.index(" crowns")
    page = visit(f"{room.site.address}/#aq-{article.id}-{start}-{end}")
    text = page.locator(".aq-text")
    expect(text.get_by_role("heading", level=3)).to_have_text(re.compile(r"^(## )?Opening hours$"))
    expect(text.get_by_role("listitem")).to_contain_text(
        ["the papers of the ship", f"{item} of the crew, signed < stamped"]
    )
    expect(text.get_by_role("row")).to_have_count(3)
    expect(text.get_by_role("columnheader")).to_contain_text(["Length", "Fee"])
    expect(text.get_by_role("cell").first).to_have_accessible_name("up to 10 metres")
    # Nothing is lost, in whatever it stands.
    assert shown(page) == article.text
    marked = "".join(page.locator("mark.aq-current").all_text_contents())
    assert "".join(marked.split()) == "".join(article.text[start:end].split())
    box = page.get_by_role("searchbox", name="Find in this article")
    for query in ("metres 40 crowns", "papers of the ship", "fee up to", "signed < stamped"):
        box.fill(query)
        expect(page.locator(".aq-find-count")).to_have_text("1 of 1")
    box.fill("stamped length")
    expect(page.locator(".aq-find-count")).to_have_text("No match")
    page.set_viewport_size(PHONE)
    page.reload()
    expect(text.get_by_role("row")).to_have_count(3)
    assert page.evaluate(OUTSIDE) == []
    assert {name: ratio for name, ratio in contrasts(page).items() if ratio < 4.5} == {}


def test_what_else_there_is_stands_below_and_opens(room: Room, visit: Visits) -> None:
    page = room.open(visit)
    source(page, 1)
    beside = page.get_by_role("region", name="Also in this index")
    expect(beside.get_by_role("heading").first).to_have_text("The same story")
    expect(beside.get_by_role("link", name="Lake Ormen rises")).to_have_count(1)
    # An article's title is text.
    fair = beside.get_by_role("link", name=HOSTILE)
    fair.click()
    title = page.get_by_role("heading", level=2)
    expect(title).to_have_text(HOSTILE)
    expect(title).to_be_focused()
    expect(page.locator(".aq-text mark")).to_have_count(0)
    expect(page.locator(".aq-position")).to_have_text("Not a source of the answer")
    page.keyboard.press("p")
    expect(page.locator("mark.aq-current")).to_have_text(LEVEL)
    assert page.evaluate("window.hit") is None


def test_the_original_is_a_download_while_it_is_what_was_read(room: Room, visit: Visits) -> None:
    page = room.open(visit)
    source(page, 3)
    link = page.get_by_role("link", name="Original file")
    file = room.folder / "herald.md"
    kept = file.read_bytes()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "herald.md"
    assert Path(download.value.path()).read_bytes() == kept
    note = page.locator(".aq-file-note")
    try:
        file.write_bytes(kept + b" ")
        link.click()
        expect(note).to_contain_text("has changed since it was read")
        file.unlink()
        link.click()
        expect(note).to_contain_text("no longer in the folder")
        file.symlink_to("lake.txt")
        assert fetched(room, "herald.md")[0] == 410
        file.unlink()
    finally:
        file.write_bytes(kept)
    visit.complaints.clear()
    with page.expect_download():
        link.click()
    expect(note).to_have_text("")


def fetched(room: Room, path: str, method: str = "GET") -> tuple[int, http.client.HTTPMessage, bytes]:
    with closing(http.client.HTTPConnection(urlsplit(room.site.address).netloc, timeout=60)) as connection:
        connection.request(method, f"/original/{room.article(path).id}")
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def test_an_original_is_never_shown_and_nothing_else_is_given_away(room: Room) -> None:
    status, headers, body = fetched(room, "lake.txt")
    assert (status, body) == (200, (room.folder / "lake.txt").read_bytes())
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment; filename=\"lake.txt\"; filename*=UTF-8''lake.txt"
    assert headers["x-content-type-options"] == "nosniff"
    assert fetched(room, "lake.txt", "HEAD")[::2] == (200, b"")
    # An archive may hold more than articles.
    status, _, body = fetched(room, "old.zip/speech.txt")
    assert (status, b"lies inside old.zip" in body) == (410, True)
    assert room.site.engine.index.original("0" * 16) is None


def test_an_article_written_from_right_to_left_is_read_so(room: Room, visit: Visits) -> None:
    page = visit.fresh(room.site.address, viewport=PHONE)
    article = room.article("arabic.md")
    page.evaluate("hash => document.dispatchEvent(new CustomEvent('aq-open', { detail: { hash } }))",
                  f"#aq-{article.id}-0-{article.text.index('.') + 1}")  # fmt: skip
    mark = page.locator("mark.aq-current")
    expect(mark).to_be_focused()
    assert page.locator(".aq-article").get_attribute("dir") == "rtl"
    assert page.locator(".aq-article h2").get_attribute("lang") == "ar"
    title, frame = page.locator(".aq-article h2").evaluate(
        "title => { const range = document.createRange(); range.selectNodeContents(title);"
        " return [range, title].map((part) => part.getBoundingClientRect().right); }"
    )
    assert abs(title - frame) < 2
    assert page.evaluate(OUTSIDE) == []


def test_a_first_source_opens_without_taking_the_focus(room: Room, visit: Visits) -> None:
    opened = (
        "() => { const link = document.querySelector('a.aq-entry'); link.dispatchEvent(new CustomEvent("
        "'aq-open', { bubbles: true, detail: { hash: link.hash, focus: false } })); }"
    )
    page = room.open(visit)
    question_box(page).focus()
    page.evaluate(opened)
    expect(page.locator("mark.aq-current")).to_have_text(LEVEL)
    expect(question_box(page)).to_be_focused()
    # Whoever is reading goes on reading.
    source(page, 3)
    expect(page.locator("mark.aq-current")).to_contain_text("60")
    page.evaluate(opened)
    page.wait_for_timeout(300)
    expect(page.locator("mark.aq-current")).to_contain_text("60")
    phone = room.open(visit, viewport=PHONE)
    phone.evaluate(opened)
    phone.wait_for_timeout(300)
    expect(phone.locator(".aq-panel")).to_be_hidden()
    source(phone, 1)
    expect(phone.get_by_role("dialog", name="Article")).to_be_visible()
    assert phone.evaluate(OUTSIDE) == []
    phone.get_by_role("button", name="Close").click()
    expect(phone.locator("a.aq-entry").first).to_be_focused()


def test_what_two_outlets_say_differently_stands_side_by_side_and_on_a_line_of_time(
    room: Room, visit: Visits
) -> None:
    page = visit.fresh(room.site.address, color_scheme="light", reduced_motion="reduce")
    answer = ask(page, FIRE)
    differ = answer.get_by_role("group", name="The sources give different numbers")
    sides = differ.get_by_role("listitem").all()
    said = {side.locator(".aq-value").inner_text(): side.get_by_role("link").inner_text() for side in sides}
    assert {value[:2]: re.sub(r"^\[\d\] ", "", about) for value, about in said.items()} == {
        "12": "Mercury · 2 May 2022",
        "17": "Herald · 3 May 2022",
    }
    one, other = sorted((side.bounding_box() for side in sides), key=lambda box: box["x"])
    assert one["y"] == other["y"]
    assert one["x"] + one["width"] <= other["x"]
    days = answer.get_by_role("group", name="When the sources were published").locator(".aq-day")
    assert days.all_inner_texts() == ["2 May 2022", "3 May 2022"]
    # Either side opens its article at what it says.
    for side in sides:
        side.get_by_role("link").click()
        mark = page.locator(".aq-text mark.aq-current")
        expect(mark).to_have_text(side.locator(".aq-side").inner_text())
        expect(mark.locator(".aq-answering")).to_have_text(side.locator(".aq-value").inner_text())
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    page.keyboard.press("Escape")
    assert page.evaluate(OUTSIDE) == []

"""The filters above the question: in links, on the page, and with each answer."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from index import Filters, Settings, build
from index.model.encoder import SentenceEncoder
from tests.ui.conftest import Site, Visits, serving
from tests.ui.seeing import PHONE, answered, ask, contrasts, question_box
from tests.ui.wire import post
from ui.filters import Limited
from ui.render import limits_html, phrases

# Gradio uses pandas in one of its threads.
pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

HOSTILE = '<img src=x onerror="window.hit=1"> & Söhne'
ARTICLES = {
    "harbour/bridge.md": ("Quay Post", "en", "2024-05-01", ["Bridges"], "The repair of Mariners' Bridge cost 4.2 million pounds."),
    "harbour/ferry.md": ("Quay Post", "en", "2024-06-01", ["Ferries"], "The ferry to Borkmoor carries 300 passengers a day."),
    "harbour/lamp.md": (HOSTILE, "en", "2024-07-01", ["Bridges"], "The lighthouse keeper bought a lamp for 4711 crowns."),
    "bruecke.md": ("Elbwarte", "de", "2023-05-01", ["Brücken"], "Die Reparatur der Elbbrücke kostete neun Millionen Euro."),
}  # fmt: skip


@pytest.fixture(scope="module")
def harbour(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, index = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("index")
    (folder / "harbour").mkdir()
    for path, (outlet, language, day, tags, text) in ARTICLES.items():
        front = {"outlet": outlet, "language": language, "date": day, "tags": tags}
        stated = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
        (folder / path).write_text(f"---\n{stated}\n---\n# {Path(path).stem}\n\n{text}\n", "utf-8")
    build(folder, Settings(index=index), encoder=encoder)
    with serving(index, encoder, ("What did the bridge cost?",)) as served:
        yield served


def link_of(page: Page) -> list[str]:
    return list(parse_qs(urlsplit(page.url).query).get("f", []))


def pick(page: Page, name: str) -> None:
    page.get_by_role("checkbox", name=name).click()


def test_a_link_says_filters_and_reads_them_again() -> None:
    filters = Filters.of(since="2024-05-01", source=["a:b&c", "ÖB +1"], language="de", path="x y/*", tag="#1")
    link = Limited(filters).link
    assert link.startswith("?f=since%3A2024-05-01&f=source%3Aa%3Ab%26c&f=source%3A%C3%96B+%2B1")
    assert Limited.read(link) == Limited(filters)
    assert Limited.read(f"{link}&c=1&q=when&utm_source=x") == Limited(filters)
    assert Limited().link == ""
    # As the chips have it.
    assert Limited.read("?f=path:./a/&f=language:deu").filters == Filters(path="a", language="de")


@pytest.mark.parametrize(
    ("link", "filters", "said"),
    [
        ("?f=outlet:a&f=tag:b", Filters(tag="b"), ["There is no filter “outlet”"]),
        ("?f=since:May", Filters(), ["“May” is not a day"]),
        ("?f=since:20240501", Filters(), ["“20240501” is not a day"]),
        ("?f=until:2024-02-30", Filters(), ["“2024-02-30” is not a day"]),
        ("?f=since:2024-01-01&f=since:2024-01-02", Filters(since=date(2024, 1, 1)), ["“2024-01-02” is not"]),
        ("?f=since:2024-01-02&f=until:2024-01-01&f=tag:b", Filters(tag="b"), ["first day is after the last"]),
        ("?f=since:2024-01-01&f=__init__:1", Filters(since=date(2024, 1, 1)), []),
        ("?", Filters(), []),
        ("", Filters(), []),
    ],
)
def test_what_is_no_filter_is_left_out_and_said(link: str, filters: Filters, said: list[str]) -> None:
    limited = Limited.read(link)
    assert limited.filters == filters
    assert len(limited.ignored) == len(said)
    assert all(part in message for part, message in zip(said, limited.ignored, strict=True))


def test_an_answer_says_its_limits_and_no_markup_comes_through() -> None:
    filters = Filters.of(until="2024-05-01", source=[HOSTILE, "B"], language="de", path="a/b", tag="Kent")
    assert phrases(filters) == [
        "Until: 1 May 2024", f"Outlet: {HOSTILE}, B", "Language: German", "Folder: a/b", "Tag: Kent",
    ]  # fmt: skip
    html = limits_html(filters)
    assert "<img" not in html
    assert "<button" not in html
    assert "<button" in limits_html(filters, refused=True)
    assert limits_html(Filters(), refused=True) == ""


def test_filters_are_chosen_shown_and_removed(harbour: Site, visit: Visits) -> None:
    page = visit(harbour.address)
    page.get_by_role("button", name="Filters").click()
    # Each value with its articles; nothing is hidden behind another filter.
    options = page.locator(".aq-option")
    expect(options.filter(has_text="English")).to_have_text("English3")
    expect(options.filter(has_text="harbour")).to_have_text("harbour3")
    expect(options.filter(has_text="Söhne")).to_have_text(f"{HOSTILE}1")
    pick(page, "German")
    expect(page.locator(".aq-chip")).to_have_text(["Language German 1"])
    # Counts of the others are those under this one, and the focus stays where it was.
    expect(options.filter(has_text="harbour")).to_have_count(0)
    expect(options.filter(has_text="English")).to_have_text("English3")
    expect(page.get_by_role("checkbox", name="German")).to_be_focused()
    expect(page.locator(".aq-filter-count")).to_have_text("1 article")
    pick(page, "English")
    pick(page, "Quay Post")
    expect(page.locator(".aq-chip")).to_have_text(
        ["Outlet Quay Post 2", "Language German 0", "Language English 2"]
    )
    assert sorted(link_of(page)) == ["language:de", "language:en", "source:Quay Post"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Filters")).to_be_focused()
    # By keyboard, one after the other: the focus goes on to the next.
    page.keyboard.press("Tab")
    page.keyboard.press("Delete")
    expect(page.locator(".aq-chip")).to_have_count(2)
    expect(page.locator(".aq-chip").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".aq-chip")).to_have_text(["Language English 3"])
    # By mouse.
    page.locator(".aq-chip").click()
    expect(page.locator(".aq-chip")).to_have_count(0)
    expect(page.get_by_role("button", name="Filters")).to_be_focused()
    assert link_of(page) == []
    assert page.evaluate("window.hit") is None


def test_days_are_chosen_and_a_wrong_order_is_said(harbour: Site, visit: Visits) -> None:
    page = visit(harbour.address)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From").fill("2024-05-02")
    expect(page.locator(".aq-chip")).to_have_text(["From 2 May 2024 2"])
    page.get_by_label("Until").fill("2024-05-01")
    expect(page.locator(".aq-filter-said")).to_have_text(
        "The first day is after the last, so both are left out."
    )
    expect(page.locator(".aq-chip")).to_have_count(0)
    assert link_of(page) == []
    # What was typed stays, to be put right.
    expect(page.get_by_label("From")).to_have_value("2024-05-02")
    page.get_by_label("Until").fill("2024-06-30")
    expect(page.locator(".aq-chip")).to_have_text(["From 2 May 2024 1", "Until 30 June 2024 1"])
    expect(page.locator(".aq-filter-said")).to_be_empty()


def test_filters_hold_for_the_conversation_and_are_part_of_its_link(harbour: Site, visit: Visits) -> None:
    page = visit(f"{harbour.address}/?f=path:harbour&f=source:Nobody&f=colour:red")
    expect(page.locator(".aq-chip")).to_have_text(["Folder harbour 3"])
    expect(page.locator(".aq-filter-said")).to_contain_text("There is no filter “colour”")
    expect(page.locator(".aq-filter-said")).to_contain_text("No article has “Nobody” (Outlet)")
    assert link_of(page) == ["path:harbour"]
    first = ask(page, "What did the repair of Mariners' Bridge cost?")
    expect(first.locator(".aq-quote").first).to_contain_text("4.2 million")
    expect(first.locator(".aq-limits")).to_have_text("Searched only Folder: harbour")
    # A follow-up has them too; the article that would answer is elsewhere.
    second = ask(page, "Was kostete die Reparatur der Elbbrücke?")
    expect(second.locator(".aq-limits")).to_contain_text("Folder: harbour")
    assert "Elbwarte" not in second.inner_text()
    page.reload()
    expect(page.locator(".aq-chip")).to_have_text(["Folder harbour 3"])
    expect(page.locator(".aq-limits").first).to_have_text("Searched only Folder: harbour")
    # And whoever gets the link of the conversation has them.
    assert {"c", "f"} <= set(parse_qs(urlsplit(page.url).query))


def test_a_question_of_a_link_waits_until_its_filters_are_known(harbour: Site, visit: Visits) -> None:
    # An old link may name what no article has any more.
    page = visit(
        f"{harbour.address}/?q=What+did+the+repair+of+Mariners%27+Bridge+cost%3F&f=path:harbour&f=tag:Gone"
    )
    answer = answered(page.locator(".aq-answer").first)
    expect(answer.locator(".aq-quote").first).to_contain_text("4.2 million")
    expect(answer.locator(".aq-limits")).to_have_text("Searched only Folder: harbour")
    expect(page.locator(".aq-filter-said")).to_contain_text("No article has “Gone” (Tag)")
    expect(page.locator(".aq-chip")).to_have_accessible_name("Remove the filter Folder: harbour, 3 articles")
    page.get_by_role("button", name="Filters").click()
    pick(page, "Ferries")
    chip = page.get_by_role("button", name="Remove the filter Tag: Ferries, 1 article", exact=True)
    expect(chip).to_be_visible()


def test_a_refusal_under_filters_offers_to_search_all(harbour: Site, visit: Visits) -> None:
    page = visit(f"{harbour.address}/?f=language:de")
    expect(page.locator(".aq-chip")).to_have_count(1)
    refused = ask(page, "How many passengers does the ferry to Borkmoor carry?")
    expect(refused.locator(".aq-limits")).to_contain_text(
        "Only these articles were searched Language: German"
    )
    refused.get_by_role("button", name="Search all articles").click()
    answer = page.locator(".aq-answer").nth(1)
    expect(answer.locator(".aq-quote").first).to_contain_text("300 passengers")
    expect(answer.locator(".aq-limits")).to_have_count(0)
    expect(page.locator(".aq-chip")).to_have_count(0)
    # A new conversation begins with all articles.
    page.get_by_role("button", name="Filters").click()
    pick(page, "Ferries")
    expect(page.locator(".aq-chip")).to_have_count(1)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".aq-chip")).to_have_count(0)
    assert link_of(page) == []


def test_on_a_phone_in_the_dark_everything_is_reached_and_read(harbour: Site, visit: Visits) -> None:
    page = visit.fresh(
        f"{harbour.address}/?f=tag:Bridges&f=since:2024-01-01&f=nothing:1",
        viewport=PHONE,
        color_scheme="dark",
    )
    expect(page.locator(".aq-chip")).to_have_count(2)
    page.get_by_role("button", name="Filters").click()
    expect(page.locator(".aq-filter-panel")).to_be_visible()
    panel = page.locator(".aq-filter-panel").bounding_box()
    assert panel
    assert panel["x"] >= 0
    assert panel["y"] >= 0
    assert panel["x"] + panel["width"] <= PHONE["width"]
    assert panel["y"] + panel["height"] <= PHONE["height"]
    seen = contrasts(page)
    assert {"aq-chip-kind", "aq-chip-label", "aq-chip-count", "aq-option-label", "aq-filter-said"} <= set(
        seen
    )
    assert {name: value for name, value in seen.items() if value < 4.5} == {}
    expect(question_box(page)).to_be_visible()


@pytest.mark.parametrize(
    "change",
    [{"filters": 7}, {"filters": "x" * 20_001}, {"kind": "published"}, {"typed": "x" * 201}, {"typed": None}],
)
def test_a_request_for_filters_has_the_form_of_the_pages(harbour: Site, change: dict[str, object]) -> None:
    assert post(harbour.address, "/filters", {"filters": "?", "kind": "", "typed": ""}).status == 200
    assert (
        post(harbour.address, "/filters", {"filters": "?", "kind": "", "typed": "", **change}).status == 422
    )

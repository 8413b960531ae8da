"""Conversations that outlive the page, in a real browser over a real server."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from index import Settings
from index.model.encoder import SentenceEncoder
from tests.ui.conftest import EXAMPLES, SLOW, Site, Visits, serving
from tests.ui.seeing import AUSTIN, LIBRARY, OUTSIDE, PHONE, answered, ask, contrasts, question_box, send
from tests.ui.wire import Reply, post, request
from ui.conversations.conversation import Rating
from ui.conversations.file import place
from ui.conversations.store import Store
from ui.guard.access import Access
from ui.links import Link

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

PASSWORD = "open sesame"
CHESS = "Who won the chess championship in 1998?"


@pytest.fixture(scope="module")
def site(
    corpus_index: Path, encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    index = shutil.copytree(corpus_index, tmp_path_factory.mktemp("talks") / "idx")
    with serving(index, encoder, EXAMPLES) as served:
        yield served


@pytest.fixture
def store(site: Site) -> Iterator[Store]:
    """The file of the site that is being served, empty."""
    made = Store(place(site.engine.settings.index))
    for reader in ("", "somebody"):
        made.delete(reader)
    yield made
    made.close()


@pytest.fixture(scope="module")
def locked(site: Site, encoder: SentenceEncoder) -> Iterator[Site]:
    """The same index and file, behind a password."""
    with serving(
        site.engine.settings.index, encoder, EXAMPLES, access=Access(password=SecretStr(PASSWORD))
    ) as served:
        yield served


def keep(store: Store, site: Site, question: str, conversation: str = "", reader: str = "") -> str:
    stored = store.ask(reader, conversation, question)
    store.answer(stored.turn, site.engine.query(question))
    return stored.conversation


def titles(store: Store, reader: str = "") -> list[str]:
    return [item.title for item in store.listing(reader).conversations]


def drawer(page: Page) -> Any:
    shown = page.get_by_role("complementary", name="Conversations")
    if not shown.is_visible():
        page.get_by_role("button", name="Conversations", exact=True).click()
    return shown


def asked_of(page: Page) -> Any:
    return page.locator(".aq-question")


def test_a_conversation_outlives_reload_and_restart(
    site: Site, store: Store, visit: Visits, encoder: SentenceEncoder
) -> None:
    page = visit(site.address)
    ask(page, AUSTIN)
    expect(page).to_have_url(re.compile(r"\?c=[\w-]{22}$"))
    ask(page, CHESS)
    # What the answer before it quotes does not stand beside an answer without a source, before and after.
    expect(page.locator(".aq-text mark.aq-current")).to_have_count(0)
    said = page.locator(".aq-answer").all_inner_texts()
    page.reload()
    expect(asked_of(page)).to_have_text([AUSTIN, CHESS])
    expect(page.locator(".aq-talk-title")).to_have_text(AUSTIN)
    expect(page).to_have_title(f"{AUSTIN} · Ask the articles")
    # All of it is as it was, and what follows continues it.
    assert page.locator(".aq-answer").all_inner_texts() == said
    expect(page.locator(".aq-text mark.aq-current")).to_have_count(0)
    ask(page, LIBRARY)
    (name,) = [item.id for item in store.listing("").conversations]
    found = store.conversation(name)
    assert found
    assert [turn.question for turn in found.turns] == [AUSTIN, CHESS, LIBRARY]
    assert all(turn.answer for turn in found.turns)
    with serving(site.engine.settings.index, encoder, EXAMPLES) as again:
        other = visit.fresh(f"{again.address}/?c={name}")
        expect(asked_of(other)).to_have_text([AUSTIN, CHESS, LIBRARY])
        other.close()


def test_an_open_page_goes_on_with_its_conversation_after_a_restart(
    site: Site, store: Store, visit: Visits, encoder: SentenceEncoder
) -> None:
    index = site.engine.settings.index
    with serving(index, encoder, EXAMPLES) as first:
        page = visit(first.address)
        ask(page, AUSTIN)
        expect(page).to_have_url(re.compile(r"\?c=[\w-]{22}$"))
        address = page.url
    with serving(index, encoder, EXAMPLES, port=int(first.address.rpartition(":")[2])):
        page.evaluate("window.isOld = true")
        with page.expect_response("**/gradio_api/app_id"):
            page.locator("#aq-input textarea").press_sequentially(LIBRARY)
        # The page has read its answer before that of the next request comes.
        page.evaluate("fetch('/gradio_api/app_id').then((reply) => reply.text())")
        page.keyboard.press("Enter")
        # The page is loaded anew, with its conversation, and then the question is asked.
        page.wait_for_function("!window.isOld")
        expect(asked_of(page)).to_have_text([AUSTIN, LIBRARY])
        expect(page.locator(".aq-answer").last).to_contain_text("118.000 Euro")
        expect(page.locator("#aq-input textarea")).to_have_value("")
        assert page.url == address
    # The first server ended while it was asked what else one could ask.
    assert all("500" in said or "REFUSED" in said for said in visit.complaints)
    visit.complaints.clear()


def test_the_list_opens_searches_renames_and_deletes(site: Site, store: Store, visit: Visits) -> None:
    for question in (AUSTIN, LIBRARY, CHESS):
        keep(store, site, question)
    page = visit(site.address)
    listed = drawer(page)
    expect(listed.locator(".aq-talk-name")).to_have_text([CHESS, LIBRARY, AUSTIN])
    search = page.get_by_role("searchbox", name="Search conversations")
    expect(search).to_be_focused()
    search.fill("lindenbib")
    expect(listed.locator(".aq-talk-name")).to_have_text([LIBRARY])
    search.fill("zebra")
    expect(listed.locator(".aq-talk-note")).to_have_text("No conversation has these words.")
    search.fill("")
    listed.get_by_role("link", name=AUSTIN).click()
    expect(asked_of(page)).to_have_text([AUSTIN])
    listed.get_by_role("link", name=CHESS).click()
    expect(asked_of(page)).to_have_text([CHESS])
    page.go_back()
    expect(asked_of(page)).to_have_text([AUSTIN])
    expect(listed.locator("[aria-current]")).to_contain_text(AUSTIN)
    listed.get_by_role("button", name=f"Rename: {LIBRARY}").click()
    page.get_by_role("textbox", name="New title").fill("The <b>library</b>")
    page.keyboard.press("Enter")
    expect(listed.locator(".aq-talk-name")).to_have_text([CHESS, "The <b>library</b>", AUSTIN])
    # One click deletes nothing.
    listed.get_by_role("button", name=f"Delete: {AUSTIN}").click()
    expect(listed.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    listed.get_by_role("button", name="Keep").click()
    assert len(titles(store)) == 3
    listed.get_by_role("button", name=f"Delete: {AUSTIN}").click()
    page.keyboard.press("Enter")
    expect(listed.locator(".aq-talk-name")).to_have_text([CHESS, "The <b>library</b>"])
    # It was the one that the page showed.
    expect(asked_of(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/$"))
    expect(listed.locator(".aq-talk-note")).to_have_text("1 conversation was deleted.")
    expect(listed.get_by_role("link", name="library")).to_be_focused()
    assert titles(store) == [CHESS, "The <b>library</b>"]
    assert b"Schoigu" not in store.path.read_bytes()
    listed.get_by_role("button", name="Delete all").click()
    listed.get_by_role("button", name="Delete", exact=True).click()
    expect(listed.locator(".aq-talk-note")).to_have_text("2 conversations were deleted.")
    assert titles(store) == []


def test_an_answer_that_ends_disturbs_nobody_in_the_list(site: Site, store: Store, visit: Visits) -> None:
    keep(store, site, LIBRARY)
    page = visit(site.address)
    listed = drawer(page)
    expect(listed.locator(".aq-talk-name")).to_have_text([LIBRARY])
    site.encoder.released.clear()
    first = send(page, f"{SLOW}: {CHESS}")
    expect(listed.locator(".aq-talk")).to_have_count(2)
    listed.get_by_role("button", name=f"Rename: {LIBRARY}").click()
    title = page.get_by_role("textbox", name="New title")
    title.fill("The lib")
    site.encoder.released.set()
    answered(first)
    expect(page.locator(".aq-up")).to_be_visible()
    expect(title).to_be_focused()
    title.press_sequentially("rary")
    title.press("Enter")
    expect(listed.get_by_role("link", name="The library")).to_be_focused()
    site.encoder.released.clear()
    second = send(page, f"{SLOW}: {AUSTIN}")
    listed.get_by_role("button", name="Delete: The library").focus()
    site.encoder.released.set()
    answered(second)
    expect(listed.locator(".aq-talk-about").first).to_contain_text("2 questions")
    expect(listed.get_by_role("button", name="Delete: The library")).to_be_focused()
    # Who goes on elsewhere while a title is stored is not called back.
    listed.get_by_role("button", name="Rename: The library").click()
    title.fill("Library")
    question_box(page).click()
    expect(listed.get_by_role("link", name="Library")).to_be_visible()
    expect(question_box(page)).to_be_focused()


def test_the_way_back_leads_through_conversations_tabs_and_articles(
    site: Site, store: Store, visit: Visits
) -> None:
    first, second = keep(store, site, AUSTIN), keep(store, site, LIBRARY)
    page = visit(f"{site.address}/?c={first}")
    title = page.locator(".aq-article h2")
    tab = page.locator("[role=tab][aria-selected=true]")
    source = asked_of(page).locator("xpath=..").locator("a.aq-entry").first
    expect(asked_of(page)).to_have_text([AUSTIN])
    austin = page.locator("a.aq-entry").first.text_content()
    expect(title).to_have_text(re.compile(re.escape(title.text_content())))
    begun = title.text_content()
    assert begun in austin
    page.get_by_role("tab", name="Articles").click()
    expect(page).to_have_url(re.compile(rf"c={first}&tab=articles$"))
    page.get_by_role("searchbox", name="Search").fill("cumbrian bridge")
    expect(page.locator(".aq-list tbody tr")).to_have_count(1)
    row = page.locator(".aq-list a")
    bridge = row.text_content()
    row.click()
    expect(title).to_have_text(bridge)
    # One step, though the tab and the article are others.
    expect(page).to_have_url(re.compile(rf"\?c={first}#aq-"))
    source.click()
    expect(title).to_have_text(begun)
    page.get_by_role("button", name="New conversation").click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(asked_of(page)).to_have_count(0)
    ask(page, CHESS)
    named = page.url
    # Before it had a name it was the same conversation.
    page.get_by_role("tab", name="Articles").click()
    for _step in range(2):
        page.go_back()
    expect(asked_of(page)).to_have_text([AUSTIN])
    expect(title).to_have_text(begun)
    page.go_back()
    expect(title).to_have_text(bridge)
    page.reload()
    expect(asked_of(page)).to_have_text([AUSTIN])
    expect(title).to_have_text(bridge)
    other = visit.fresh(page.url)
    expect(asked_of(other)).to_have_text([AUSTIN])
    expect(other.locator(".aq-article h2")).to_have_text(bridge)
    page.go_back()
    expect(tab).to_have_text("Articles")
    page.go_back()
    expect(tab).to_have_text("Chat")
    expect(title).to_have_text(begun)
    for _step in range(4):
        page.go_forward()
    expect(page).to_have_url(named)
    expect(asked_of(page)).to_have_text([CHESS])
    page.go_forward()
    expect(tab).to_have_text("Articles")
    page.reload()
    expect(tab).to_have_text("Articles")
    assert len(titles(store)) == 3
    assert second in {item.id for item in store.listing("").conversations}


def test_what_was_deleted_elsewhere_is_not_gone_on_with(site: Site, store: Store, visit: Visits) -> None:
    name = keep(store, site, AUSTIN)
    page = visit(f"{site.address}/?c={name}")
    expect(asked_of(page)).to_have_text([AUSTIN])
    store.delete("", [name])
    send(page, CHESS)
    expect(page.locator(".aq-refusal")).to_be_visible()
    expect(page.locator(".aq-talk-trouble")).to_have_text(
        "This conversation has since been deleted, so your question starts a new one."
    )
    expect(asked_of(page)).to_have_text([CHESS])
    (made,) = store.listing("").conversations
    expect(page).to_have_url(re.compile(rf"\?c={made.id}$"))
    # It was not asked as a follow-up, and what follows goes on from it.
    expect(page.locator(".aq-searched")).to_have_count(0)
    ask(page, LIBRARY)
    expect(page.locator(".aq-talk-trouble")).to_be_empty()
    found = store.conversation(made.id)
    assert found
    assert [turn.question for turn in found.turns] == [CHESS, LIBRARY]
    assert b"Schoigu" not in store.path.read_bytes()
    # What the new one quotes is opened beside it.
    store.delete("", [made.id])
    send(page, AUSTIN)
    expect(asked_of(page)).to_have_text([AUSTIN])
    expect(page.locator(".aq-text mark.aq-current")).to_contain_text("Mai 2023")


CLIPBOARD = "navigator.clipboard.readText()"


def test_links_to_a_conversation_and_a_question_are_copied(site: Site, store: Store, visit: Visits) -> None:
    stored = store.ask("", "", LIBRARY, "?f=language%3Ade")
    store.answer(stored.turn, site.engine.query(LIBRARY))
    link = f"{site.address}/?c={stored.conversation}"
    page = visit.fresh(link, permissions=["clipboard-read", "clipboard-write"])
    whole = f"{link}&f=language%3Ade"
    one = page.get_by_role("button", name="Copy link to this conversation")
    one.click()
    expect(one).to_have_text("Copied")
    expect(page.get_by_role("status").get_by_text("Copied", exact=True)).to_have_count(1)
    assert page.evaluate(CLIPBOARD) == whole
    expect(one).to_have_text("Copy link")
    page.get_by_role("button", name="Copy link to this question").click()
    page.wait_for_function(f"{CLIPBOARD}.then((text) => text.includes('?q='))")
    asking = page.evaluate(CLIPBOARD)
    assert Link.read(asking.partition("?")[2]) == Link(LIBRARY, filters=(("language", "de"),))
    drawer(page).get_by_role("button", name=f"Copy link: {LIBRARY}").click()
    page.wait_for_function(f"{CLIPBOARD}.then((text) => text.includes('?c='))")
    assert page.evaluate(CLIPBOARD) == whole
    page.evaluate(
        "() => { document.execCommand = () => false; navigator.clipboard.writeText = () => Promise.reject(); }"
    )
    one.click()
    expect(one).to_have_text("Not copied")


def test_many_conversations_come_in_pages(site: Site, store: Store, visit: Visits) -> None:
    for number in range(60):
        store.ask("", "", f"Question {number}?")
    page = visit(site.address)
    listed = drawer(page)
    expect(listed.locator(".aq-talk")).to_have_count(50)
    listed.get_by_role("button", name="Older conversations").click()
    expect(listed.locator(".aq-talk")).to_have_count(60)
    expect(listed.get_by_role("link", name="Question 9?")).to_be_focused()


def test_a_link_to_a_question_asks_it(site: Site, store: Store, visit: Visits) -> None:
    page = visit.fresh(f"{site.address}/?q={quote(AUSTIN)}")
    expect(page.locator(".aq-quote").first).to_contain_text("Mai 2023")
    expect(asked_of(page)).to_have_text([AUSTIN])
    expect(page).to_have_url(re.compile(r"\?c=[\w-]{22}$"))
    # A reload shows the answer, and does not ask again.
    page.reload()
    expect(asked_of(page)).to_have_text([AUSTIN])
    assert len(titles(store)) == 1


def test_another_site_cannot_make_a_reader_ask(site: Site, store: Store, visit: Visits) -> None:
    page = visit(site.address)
    link = f"{site.address}/?q={quote(CHESS)}"
    # localhost is another site than 127.0.0.1.
    page.goto(site.address.replace("127.0.0.1", "localhost") + "/favicon.ico")
    page.evaluate("link => { location.href = link; }", link)
    expect(question_box(page)).to_have_value(CHESS)
    expect(page.locator(".aq-talk-trouble")).to_have_text(
        "This question came with a link: press Enter to ask it."
    )
    expect(asked_of(page)).to_have_count(0)
    assert titles(store) == []
    question_box(page).press("Enter")
    expect(asked_of(page)).to_have_text([CHESS])
    expect(page.locator(".aq-refusal")).to_be_visible()
    visit.requested[:] = [url for url in visit.requested if "localhost" not in url]


def test_a_link_to_nothing_says_so(site: Site, store: Store, visit: Visits) -> None:
    page = visit(f"{site.address}/?c={'x' * 22}")
    expect(page.locator(".aq-notice")).to_have_text(
        "There is no such conversation: it was deleted, or the link is not whole."
    )
    # There is no question to ask again.
    expect(page.locator(".aq-tools")).to_have_count(0)
    question_box(page).fill(CHESS)
    question_box(page).press("Enter")
    expect(page.locator(".aq-refusal")).to_be_visible()
    expect(asked_of(page)).to_have_text([CHESS])
    assert titles(store) == [CHESS]


def test_a_link_to_a_conversation_has_its_filters(site: Site, store: Store, visit: Visits) -> None:
    stored = store.ask("", "", LIBRARY, "?f=language%3Ade")
    page = visit(f"{site.address}/?c={stored.conversation}")
    expect(page.locator("#aq-filters")).to_contain_text("German")


def test_quotes_whose_article_has_changed_or_gone_are_named(site: Site, store: Store, visit: Visits) -> None:
    answer = site.engine.query(AUSTIN)
    first = answer.citations[0]
    changed = replace(first, number=2, start=first.start + 1, end=first.end + 1)
    gone = replace(first, number=3, article_id="0" * 16)
    stored = store.ask("", "", AUSTIN)
    store.answer(stored.turn, replace(answer, citations=(first, changed, gone)))
    page = visit(f"{site.address}/?c={stored.conversation}")
    notice = page.locator(".aq-notice")
    expect(notice).to_contain_text("the article of [2] has changed since", ignore_case=True)
    expect(notice).to_contain_text("the article of [3] is no longer in the index")
    expect(page.locator(".aq-said").nth(2)).to_have_text(first.quote)
    page.locator("a.aq-entry").nth(2).click()
    expect(page.locator(".aq-hint")).to_contain_text("no longer in the index")


def test_thumbs_are_stored_with_their_reason(site: Site, store: Store, visit: Visits) -> None:
    page = visit(site.address)
    ask(page, LIBRARY)
    bad = page.get_by_role("button", name="Bad answer")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    page.get_by_role("textbox", name="Why?").fill("Too <b>old</b>")
    right = page.get_by_role("textbox", name="The right words, as an article has them")
    right.fill("a hundred million")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".aq-rate-said")).to_have_text(
        "These words were not found in an article: copy them from it exactly."
    )
    # What was typed stays.
    expect(right).to_be_focused()
    expect(page.get_by_role("textbox", name="Why?")).to_have_value("Too <b>old</b>")
    right.fill("118.000  EURO")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".aq-rate-said")).to_have_text("Thank you. Stored here only.")
    ((_, turn),) = store.rated()
    assert turn.rating == Rating(False, "Too <b>old</b>", "118.000 Euro")
    page.reload()
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".aq-rate-said")).to_have_text("You rated this answer bad. Too <b>old</b>")
    page.get_by_role("button", name="Bad answer").click()
    expect(right).to_have_value("118.000 Euro")
    assert len(list(store.rated())) == 1
    good = page.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    ((_, turn),) = store.rated()
    assert turn.rating == Rating(True)
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".aq-rate-said")).to_have_text("Taken back.")
    assert list(store.rated()) == []


def test_a_conversation_is_exported_and_printed(
    site: Site, store: Store, visit: Visits, tmp_path: Path
) -> None:
    name = keep(store, site, AUSTIN)
    page = visit(f"{site.address}/?c={name}")
    expect(asked_of(page)).to_have_text([AUSTIN])
    for choice, ending in (("Markdown", "md"), ("Web page", "html")):
        page.locator(".aq-export summary").click()
        with page.expect_download() as begun:
            page.get_by_role("link", name=choice).click()
        assert begun.value.suggested_filename == f"{AUSTIN.removesuffix('?')}.{ending}"
        begun.value.save_as(tmp_path / f"talk.{ending}")
    assert "Elbwarte · 27 May 2024 · German" in (tmp_path / "talk.md").read_text("utf-8")
    page.locator(".aq-export summary").click()
    with page.expect_popup() as shown:
        page.get_by_role("button", name="Print or PDF").click()
    address = shown.value.url
    shown.value.close()
    # The other one is being printed.
    printed = page.context.new_page()
    printed.goto(address)
    expect(printed.get_by_role("heading", level=1)).to_have_text(AUSTIN)
    expect(printed.locator("cite a")).to_have_attribute("href", re.compile("^https://example.org/"))
    printed.emulate_media(media="print")
    after = printed.locator("cite a").first.evaluate("a => getComputedStyle(a, '::after').content")
    assert "https://example.org/" in after
    assert printed.pdf().startswith(b"%PDF")


def test_a_stopped_answer_is_stored_as_it_stands(site: Site, store: Store, visit: Visits) -> None:
    page = visit(site.address)
    site.encoder.released.clear()
    send(page, f"{LIBRARY} {SLOW}")
    expect(page).to_have_url(re.compile(r"\?c="))
    assert titles(store) == [f"{LIBRARY} {SLOW}"]
    page.reload()
    expect(page.locator(".aq-notice")).to_have_text("This question got no answer.")
    site.encoder.released.set()
    # Gradio complains of the reload.
    visit.complaints.clear()


def test_a_damaged_file_is_left_alone_and_the_chat_goes_on(site: Site, store: Store, visit: Visits) -> None:
    keep(store, site, CHESS)
    store.close()
    good = store.path.read_bytes()
    for end in ("-wal", "-shm"):
        store.path.with_name(store.path.name + end).unlink(missing_ok=True)
    store.path.unlink()
    store.path.write_bytes(b"no database " * 1000)
    page = visit(site.address)
    ask(page, LIBRARY)
    expect(page.locator(".aq-quote").first).to_contain_text("118.000 Euro")
    expect(page.locator(".aq-talk-trouble")).to_contain_text("is damaged")
    expect(drawer(page).locator(".aq-talk-note")).to_contain_text("is damaged")
    assert store.path.read_bytes() == b"no database " * 1000
    store.path.unlink()
    store.path.write_bytes(good)
    page.close()
    visit.complaints.clear()


def test_on_a_phone_the_list_lies_over_the_chat_and_all_is_readable(
    site: Site, store: Store, visit: Visits
) -> None:
    name = keep(store, site, AUSTIN)
    for scheme in ("light", "dark"):
        page = visit.fresh(f"{site.address}/?c={name}", viewport=PHONE, color_scheme=scheme)
        expect(page.get_by_role("button", name="Good answer")).to_be_visible()
        page.get_by_role("button", name="Bad answer").click()
        expect(page.get_by_role("button", name="Save")).to_be_visible()
        assert page.evaluate(OUTSIDE) == []
        toggle = page.get_by_role("button", name="Conversations", exact=True)
        listed = drawer(page)
        expect(listed.get_by_role("link", name=AUSTIN)).to_be_visible()
        assert page.evaluate(OUTSIDE) == []
        found = contrasts(page)
        assert {"aq-talk-name", "aq-talk-about"} <= found.keys()
        assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}
        page.keyboard.press("Escape")
        expect(listed).to_be_hidden()
        expect(toggle).to_be_focused()
        page.get_by_role("button", name="Take back").click()
        expect(page.locator(".aq-rate-said")).to_have_text("Taken back.")


def cookie(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition(";")[0]


def let_in(locked: Site) -> str:
    kind: dict[str, str | list[str]] = {"Content-Type": "application/x-www-form-urlencoded"}
    return cookie(request(locked.address, "POST", "/", f"password={quote(PASSWORD)}".encode(), kind))


def test_behind_a_password_each_browser_has_its_own(locked: Site, store: Store) -> None:
    login = let_in(locked)
    first = post(locked.address, "/conversations/listing", {}, Cookie=login)
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(first.headers["set-cookie"].split("; "))
    mine, theirs = (
        f"{login}; {cookie(post(locked.address, '/conversations/listing', {}, Cookie=login))}" for _ in "ab"
    )
    assert mine != theirs
    name = keep(store, locked, CHESS, reader="")
    # What was stored on this machine alone is nobody's here, but a link opens it.
    assert (
        post(locked.address, "/conversations/listing", {}, Cookie=mine).text
        == '{"conversations":[],"older":null}'
    )
    about = post(locked.address, "/conversations/about", {"id": name}, Cookie=mine)
    assert '"own":false' in about.text
    for what, body in (("rename", {"id": name, "title": "Mine"}), ("rate", {"turn": 1, "good": True})):
        assert post(locked.address, f"/conversations/{what}", body, Cookie=mine).status == 404
    assert post(locked.address, "/conversations/delete", {"ids": None}, Cookie=mine).text == '{"deleted":0}'
    assert titles(store) == [CHESS]


@pytest.mark.parametrize("path", ["listing", "about", "rename", "delete", "rate", f"{'x' * 22}/md"])
def test_nothing_stored_is_to_be_had_without_the_password_or_by_other_sites(
    locked: Site, site: Site, path: str
) -> None:
    method = "GET" if "/" in path else "POST"
    headers: dict[str, str | list[str]] = {"Content-Type": "application/json"}
    assert (
        request(
            locked.address, method, f"/conversations/{path}", b"" if method == "GET" else b"{}", headers
        ).status
        == 401
    )
    others: list[dict[str, str | list[str]]] = [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ]
    for foreign in others:
        refused = request(site.address, method, f"/conversations/{path}", b"", {**headers, **foreign})
        assert refused.status == 403


def test_a_link_leads_through_the_password(locked: Site, site: Site, store: Store, visit: Visits) -> None:
    name = keep(store, locked, CHESS, reader="somebody")
    page = visit(site.address)
    page.goto(f"{locked.address}/?c={name}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open").click()
    expect(asked_of(page)).to_have_text([CHESS])
    # From another site, browsers send no cookie at first.
    page.goto(locked.address.replace("127.0.0.1", "localhost") + "/favicon.ico")
    page.evaluate("link => { location.href = link; }", f"{locked.address}/?c={name}&q=Why%3F")
    expect(asked_of(page)).to_have_text([CHESS])
    expect(question_box(page)).to_have_value("Why?")
    # Who goes on in somebody else's conversation gets a copy.
    ask(page, AUSTIN)
    expect(page).not_to_have_url(re.compile(name))
    expect(asked_of(page)).to_have_text([CHESS, AUSTIN])
    assert titles(store, "somebody") == [CHESS]
    theirs = store.conversation(name)
    assert theirs
    assert len(theirs.turns) == 1
    visit.complaints.clear()
    visit.requested[:] = [url for url in visit.requested if "localhost" not in url]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("listing", {"search": 7}),
        ("listing", {"search": "x" * 201}),
        ("about", {"id": "a b"}),
        ("about", {}),
        ("rename", {"id": "x" * 22, "title": ""}),
        ("rename", {"id": "x" * 22, "title": " \n"}),
        ("rename", {"id": "x" * 22, "title": "x" * 301}),
        ("delete", {}),
        ("delete", {"ids": []}),
        ("delete", {"ids": ["x"] * 1001}),
        ("rate", {"turn": "1", "good": True}),
        ("rate", {"turn": 1, "good": 1}),
        ("rate", {"turn": 1, "good": True, "reason": "x" * 2001}),
    ],
)
def test_what_the_list_would_not_send_is_refused(site: Site, path: str, body: Any) -> None:
    reply = post(site.address, f"/conversations/{path}", body)
    assert reply.status == 422
    assert reply.line


@pytest.mark.parametrize(
    "path", ["", "/", "/listing", "/x/md", f"/{'x' * 22}/pdf", f"/{'x' * 22}/md/", f"/{'x' * 22}"]
)
def test_other_paths_are_not_there(site: Site, path: str) -> None:
    assert request(site.address, "GET", f"/conversations{path}").status in (404, 405)


def test_without_history_nothing_is_stored_or_listed(
    corpus_index: Path, encoder: SentenceEncoder, visit: Visits, tmp_path: Path
) -> None:
    index = shutil.copytree(corpus_index, tmp_path / "idx")
    with serving(index, encoder, EXAMPLES, history=False) as served:
        page = visit(f"{served.address}/?c={'x' * 22}")
        ask(page, CHESS)
        expect(page.get_by_role("button", name="Conversations", exact=True)).to_have_count(0)
        assert post(served.address, "/conversations/listing", {}).status == 404
    assert [path.name for path in tmp_path.iterdir()] == ["idx"]
    assert Settings(history=False).history is False

"""The page as people use it: a real server, index, encoder and browser."""

import http.client
import re
import shutil
import signal
import socket
import urllib.request
from contextlib import closing
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from index import Settings, build
from index.errors import SettingsError
from index.model.encoder import SentenceEncoder
from tests.conftest import CORPUS, Start
from tests.ui.conftest import (
    BROKEN,
    EXAMPLES,
    HOSTILE_SENTENCE,
    HOSTILE_SOURCE,
    HOSTILE_TITLE,
    HOSTILE_URL,
    SLOW,
    Site,
    Visits,
    serving,
)
from tests.ui.seeing import (
    AUSTIN,
    LIBRARY,
    OUTSIDE,
    PHONE,
    STADIUM,
    answered,
    ask,
    assert_made_of,
    assert_shown,
    back,
    contrasts,
    luminance,
    question_box,
    send,
    take_picture,
)
from tests.ui.wire import await_page
from ui.app import create_app
from ui.server import serve

# Gradio uses pandas in one of its threads.
pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

CHESS = "Who won the chess championship in 1998?"
LAMP = "What did the lighthouse keeper of Borkmoor pay for the new lamp?"


def test_a_quote_opens_its_article_at_the_marked_sentence(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    answer = ask(page, AUSTIN)
    quote = answer.locator(".aq-quote").first
    expect(quote).to_contain_text("Mai 2023")
    for kind in ("aq-mark", "aq-entry"):
        link = answer.locator(f"a.{kind}").first
        article, start, end = site.place(link)
        assert article.path == "telefonat-austin-belousow.md"
        assert quote.text_content() == f"{article.text[start:end]} [1]"
        assert_shown(site, page, link)
    expect(answer.locator(".aq-sources li").first).to_have_text(
        "[1] Nach langer Funkstille: Austin und Beloussow sprechen am Telefon Elbwarte · 27 May 2024 · German"
    )
    expect(page.locator(".aq-article header .aq-about")).to_have_text(
        ["Elbwarte · 27 May 2024 · German", "Original page · Original file"]
    )
    # The title is shown once, although this article's text begins with it as well.
    title = page.get_by_role("heading", level=2)
    expect(title).to_be_in_viewport(ratio=1)
    assert page.locator(".aq-panel").inner_text().count(title.inner_text()) == 1
    out = page.get_by_role("link", name="Original page")
    assert out.get_attribute("href") == "https://example.org/politik/telefonat-austin-belousow"
    assert out.get_attribute("rel") == "noopener noreferrer"


def test_a_copied_link_opens_its_article_in_a_new_page(site: Site, visit: Visits) -> None:
    href = ask(visit(site.address), AUSTIN).locator("a.aq-entry").first.get_attribute("href")
    page = visit(f"{site.address}/{href}")
    expect(page.locator(".aq-text mark")).to_contain_text("Mai 2023")
    expect(page.locator(".aq-text mark")).to_be_in_viewport()


def test_a_whole_conversation_asks_nothing_of_any_other_machine(site: Site, visit: Visits) -> None:
    page = visit.fresh(site.address)
    assert_shown(site, page, ask(page, AUSTIN).locator("a.aq-entry").first)
    ask(page, CHESS)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".aq-answer")).to_have_count(0)
    asked = {urlsplit(url).path for url in visit.requested}
    assert {"/", "/gradio_api/queue/join", "/gradio_api/component_server/"} <= asked
    assert visit.hosts() == {"127.0.0.1"}
    # Nor does a link in the page make the browser connect to another machine.
    named = "[...document.querySelectorAll('link, script, img, iframe, source')].map((e) => e.href ?? e.src)"
    assert {urlsplit(url).hostname for url in page.evaluate(named) if url} == {"127.0.0.1"}


def fetch(address: str, path: str, host: str = "", method: str = "GET") -> tuple[int, Message]:
    """Return status and headers of a response; `host` is the name that the request gives the server."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)) as connection:
        connection.request(method, path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        return response.status, response.headers


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/nothing", "/gradio_api/info"])
def test_every_response_has_the_security_headers(site: Site, path: str) -> None:
    for host in ("", "articles.example"):
        _, headers = fetch(site.address, path, host=host)
        policy = dict(part.split(maxsplit=1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["connect-src"] == "'self'"
        assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
        assert not re.search(r"https?:|\*", headers["content-security-policy"])
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_gradios_routes_that_the_page_does_not_call_are_hidden(site: Site) -> None:
    called = {"queue", "run", "component_server", "heartbeat", "startup-events", "cancel", "reset", "app_id"}
    gradio: Any = create_app(site.engine).routes[-1]
    paths = [path for path in gradio.app.openapi()["paths"] if path.startswith("/gradio_api/")]
    hidden = [path for path in paths if path.split("/")[2] not in called]
    assert {"/gradio_api/upload", "/gradio_api/proxy={url_path}"} <= set(hidden)
    for path in (*hidden, "/gradio_api/file=/etc/passwd", "/%67radio_api/upload", "/gradio_api/runs"):
        for method in ("GET", "POST"):
            status, headers = fetch(site.address, path.replace("{", "").replace("}", ""), method=method)
            assert (path, status) == (path, 404)
            # Gradio's own "not found" is JSON, so Gradio did not see this request.
            assert headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/", "/theme.css", "/gradio_api/app_id"])
def test_a_foreign_name_for_this_machine_is_refused(site: Site, path: str) -> None:
    port = urlsplit(site.address).port
    for host in ("articles.example", f"articles.example:{port}", "127.0.0.1.articles.example", "10.0.0.1"):
        assert (host, fetch(site.address, path, host=host)[0]) == (host, 400)
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "LOCALHOST"):
        assert (host, fetch(site.address, path, host=host)[0]) == (host, 200)


def test_dark_and_light_follow_the_system_and_all_text_is_readable(site: Site, visit: Visits) -> None:
    backgrounds = []
    for scheme in ("light", "dark"):
        page = visit.fresh(site.address, color_scheme=scheme)
        before = contrasts(page)
        assert {"example-text", "placeholder"} <= before.keys()
        ask(page, CHESS)
        answer = ask(page, AUSTIN)
        ask(page, " ")
        assert_shown(site, page, answer.locator("a.aq-entry").first)
        found = contrasts(page)
        shown = "aq-said aq-question aq-note aq-notice aq-badge aq-label aq-title aq-current"
        assert set(shown.split()) <= found.keys()
        assert {name: ratio for name, ratio in (before | found).items() if ratio < 4.5} == {}
        backgrounds.append(
            [luminance(back(page.locator(place))) for place in ("body", ".aq-panel", ".aq-text mark")]
        )
    assert all(light > 0.75 > 0.1 > dark for light, dark in zip(*backgrounds, strict=True))


def test_on_a_phone_the_article_lies_over_the_chat_and_goes_back(site: Site, visit: Visits) -> None:
    page = visit.fresh(site.address, viewport=PHONE)
    assert page.evaluate(OUTSIDE) == []
    expect(page.locator(".aq-panel")).to_be_hidden()
    answer = ask(page, AUSTIN)
    ask(page, "x" * 300)
    assert page.evaluate(OUTSIDE) == []
    link = answer.locator("a.aq-entry").first
    panel = page.get_by_role("dialog", name="Article")
    leave = page.get_by_role("button", name="Close")
    for close in (leave.click, lambda: page.keyboard.press("Escape")):
        assert_shown(site, page, link)
        assert panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
        assert page.evaluate(OUTSIDE) == []
        # What lies behind takes no keyboard focus.
        for _ in range(4):
            page.keyboard.press("Tab")
            assert page.evaluate("!document.activeElement.closest('#aq-chat, #aq-header')")
        page.locator(".aq-text mark").focus()
        close()
        expect(page.locator(".aq-panel")).to_be_hidden()
        expect(link).to_be_focused()
    assert page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]


def test_of_a_quote_longer_than_the_screen_the_beginning_is_seen(hostile_site: Site, visit: Visits) -> None:
    quote = hostile_site.engine.query(LAMP).citations[0]
    link = f"{hostile_site.address}/#aq-{quote.article_id}-{quote.start}-{quote.end}"
    page = visit.fresh(link, viewport={"width": 390, "height": 360})
    mark = page.locator(".aq-text mark")
    expect(mark).to_have_text(HOSTILE_SENTENCE)
    assert mark.bounding_box()["height"] > 360
    first_line = "mark => { const { left, top } = mark.getClientRects()[0]; return [left + 1, top + 1]; }"
    assert (
        page.evaluate("([x, y]) => document.elementFromPoint(x, y).localName", mark.evaluate(first_line))
        == "mark"
    )


def test_nothing_in_an_article_becomes_markup_or_runs(hostile_site: Site, visit: Visits) -> None:
    page = visit(hostile_site.address)
    # Without examples in the settings, questions are made of headlines.
    example = page.locator(".example", has_text="Lamp")
    expect(example).to_have_text(f"What is reported about “{HOSTILE_TITLE}”?")
    assert_made_of(page.locator(".examples"), "button div span")
    example.click()
    answered(page.locator(".aq-answer").first)
    expect(page.locator(".aq-question").first).to_have_text(f"What is reported about “{HOSTILE_TITLE}”?")
    answer = ask(page, LAMP)
    quote = answer.locator(".aq-quote").first
    assert quote.text_content() == f"{HOSTILE_SENTENCE} [1]"
    expect(answer.locator(".aq-title").first).to_have_text(HOSTILE_TITLE)
    source = answer.locator(".aq-about span").first
    assert source.text_content() == HOSTILE_SOURCE
    date = answer.locator(".aq-about span").nth(1)
    assert date.text_content() == "1 January 2026"
    assert source.bounding_box()["x"] < date.bounding_box()["x"]
    assert_shown(hostile_site, page, answer.locator("a.aq-entry").first)
    assert page.locator(".aq-text mark").text_content() == HOSTILE_SENTENCE
    assert page.locator(".aq-article header .aq-about span").first.text_content() == HOSTILE_SOURCE
    for part in page.locator(".aq-question, .aq-answer").all():
        assert_made_of(part, "div p blockquote span a ol li button mark")
    made = "div button input p article header h2 span a mark strong section h3 ul li"
    assert_made_of(page.locator(".aq-panel"), made)
    for link in page.locator(".aq-answer a").all():
        assert link.get_attribute("href").startswith("#aq-")
    assert page.locator(".aq-panel .aq-out").first.get_attribute("href") == HOSTILE_URL
    assert page.locator("[onerror], [onload], [onmouseover]").count() == 0
    assert page.evaluate("window.hit") is None


def test_a_question_is_shown_as_it_was_typed(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    ask(page, HOSTILE_SENTENCE)
    question = page.locator(".aq-question")
    assert question.text_content() == HOSTILE_SENTENCE
    assert_made_of(question, "")
    question_box(page).fill("one line\nand *another*")
    question_box(page).press("Enter")
    expect(question.last).to_have_text("one lineand *another*")
    assert question.last.inner_text() == "one line\nand *another*"
    answered(page.locator(".aq-answer").last)
    assert page.evaluate("window.hit") is None


def test_half_a_character_in_a_question_is_answered_too(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    question_box(page).evaluate(
        "(box, text) => { box.value = '\\ud83d ' + text; box.dispatchEvent(new Event('input')); }", AUSTIN
    )
    question_box(page).press("Enter")
    expect(page.locator(".aq-quote").first).to_contain_text("Mai 2023")


def test_what_is_not_in_the_articles_is_refused_with_the_nearest(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    answer = ask(page, CHESS)
    expect(answer.locator(".aq-refusal")).to_have_text("That is not in these articles.")
    expect(answer.locator(".aq-label")).to_have_text("Closest passages")
    expect(answer.locator(".aq-quote")).to_have_count(0)
    nearest = [(c.article_id, c.start, c.end) for c in site.engine.query(CHESS).citations]
    links = answer.locator("a.aq-entry").all()
    assert [(article.id, *span) for article, *span in map(site.place, links)] == nearest
    assert nearest
    for link in links:
        assert_shown(site, page, link)


def test_an_empty_or_endless_question_gets_a_notice_and_loses_nothing(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    first = ask(page, AUSTIN)
    expect(question_box(page)).to_have_value("")
    page.get_by_role("button", name="Ask", exact=True).click()
    empty = answered(page.locator(".aq-answer").nth(1))
    expect(empty).to_have_text("The question is empty: say in a few words what you want to know")
    endless = "wozu " * 19_999 + "wozu?"
    assert len(endless) == 100_000
    notice = ask(page, endless)
    expect(notice).to_have_text("The question has 100,000 characters: shorten it to 2,000 or fewer")
    expect(question_box(page)).to_have_value(endless)
    shown = page.locator(".aq-question").last.text_content()
    assert (len(shown), shown[-1]) == (2_001, "…")
    assert_shown(site, page, first.locator("a.aq-entry").first)
    expect(ask(page, LIBRARY).locator(".aq-quote").first).to_contain_text("118.000 Euro")
    expect(page.locator(".aq-answer")).to_have_count(4)


def test_something_unforeseen_gets_a_notice_and_the_page_goes_on(
    site: Site, visit: Visits, caplog: pytest.LogCaptureFixture
) -> None:
    page = visit(site.address)
    expect(ask(page, f"has it gone {BROKEN}?").locator(".aq-notice")).to_have_text(
        "Something went wrong. Ask again; the terminal that runs article-qa has the details."
    )
    assert "the encoder went haywire" in caplog.text
    caplog.clear()
    expect(ask(page, AUSTIN).locator(".aq-quote").first).to_contain_text("Mai 2023")
    assert caplog.text == ""


def test_an_article_that_cannot_be_loaded_is_reported_and_can_be_loaded_later(
    site: Site, visit: Visits
) -> None:
    page = visit(site.address)
    link = ask(page, AUSTIN).locator("a.aq-entry").first
    page.route("**/component_server/", lambda route: route.abort())
    link.click()
    expect(page.locator(".aq-hint")).to_contain_text("The article could not be loaded")
    # What the browser and Gradio say about it.
    assert {complaint.split("\n")[0] for complaint in visit.complaints} == {
        "Failed to load resource: net::ERR_FAILED",
        "TypeError: Failed to fetch",
    }
    visit.complaints.clear()
    page.unroute("**/component_server/")
    assert_shown(site, page, link)


def test_old_sources_stay_and_a_new_conversation_clears(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    answers = [ask(page, question) for question in (AUSTIN, LIBRARY, STADIUM)]
    for answer, words in zip(answers, ("Mai 2023", "118.000 Euro", "12.400"), strict=True):
        expect(answer.locator(".aq-quote").first).to_contain_text(words)
    for answer in reversed(answers):
        assert_shown(site, page, answer.locator("a.aq-entry").first)
    question_box(page).fill("half a thou")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".aq-answer, .aq-question")).to_have_count(0)
    expect(page.locator(".example")).to_have_count(len(EXAMPLES))
    expect(page.locator(".aq-hint")).to_contain_text("Choose a source in an answer")
    expect(page.locator(".aq-article")).to_be_hidden()
    expect(question_box(page)).to_have_value("")
    expect(question_box(page)).to_be_focused()
    ask(page, LIBRARY)
    expect(page.locator(".aq-answer")).to_have_count(1)


def test_an_answer_in_progress_does_not_bring_an_ended_conversation_back(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    site.encoder.released.clear()
    waiting = send(page, f"Tell me {SLOW}: was kostet der Versuch?")
    expect(waiting).to_have_text("Searching the articles…")
    # What is typed meanwhile is the next question.
    question_box(page).fill(AUSTIN)
    expect(page.locator(".aq-question")).to_have_count(1)
    # Gradio takes no other question until its server has put the old one away.
    with page.expect_response("**/gradio_api/reset"):
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".aq-answer")).to_have_count(0)
        expect(question_box(page)).to_have_value("")
        site.encoder.released.set()
    expect(ask(page, AUSTIN).locator(".aq-quote").first).to_contain_text("Mai 2023")
    expect(page.locator(".aq-question")).to_have_count(1)
    ask(page, LIBRARY)
    assert page.locator(".aq-question").all_text_contents() == [AUSTIN, LIBRARY]


def test_what_is_typed_while_an_answer_is_in_progress_stays(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    site.encoder.released.clear()
    waiting = send(page, f"Tell me {SLOW}: was kostet der Versuch?")
    expect(waiting).to_have_text("Searching the articles…")
    question_box(page).fill("And the")
    site.encoder.released.set()
    answered(waiting)
    expect(question_box(page)).to_have_value("And the")


def test_a_follow_up_is_understood_and_says_what_was_searched(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    ask(page, LIBRARY)
    answer = ask(page, "Und bis wann läuft er?")
    expect(answer.locator(".aq-quote").first).to_contain_text("bis zum 30. April 2026")
    expect(answer.locator(".aq-note")).to_contain_text(f"Searched for: {LIBRARY} Und bis wann läuft er?")
    expect(ask(page, STADIUM).locator(".aq-note")).not_to_contain_text("Searched for")


def test_two_people_have_their_own_conversations(site: Site, visit: Visits) -> None:
    pages = [visit.fresh(site.address), visit.fresh(site.address)]
    asked = [(AUSTIN, "Mai 2023"), (LIBRARY, "118.000 Euro")]
    sent = [send(page, question) for page, (question, _) in zip(pages, asked, strict=True)]
    for page, answer, (question, words) in zip(pages, sent, asked, strict=True):
        expect(answered(answer).locator(".aq-quote").first).to_contain_text(words)
        assert page.locator(".aq-question").all_text_contents() == [question]
    pages[0].get_by_role("button", name="New conversation").click()
    expect(pages[0].locator(".aq-answer")).to_have_count(0)
    expect(pages[1].locator(".aq-answer")).to_have_count(1)


def test_an_article_that_is_gone_is_reported_and_the_page_goes_on(
    encoder: SentenceEncoder, tmp_path: Path, visit: Visits
) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    for name in (
        "telefonat-austin-belousow.md",
        "bibliothek-kassel-bei-nacht.txt",
        "edremit-yeni-stadyum.md",
    ):
        shutil.copy(CORPUS / name, folder)
    build(folder, settings, encoder=encoder)
    with serving(settings.index, encoder) as served:
        page = visit(served.address)
        gone = ask(page, AUSTIN).locator("a.aq-entry").first
        (folder / "telefonat-austin-belousow.md").unlink()
        build(folder, settings, encoder=encoder)
        gone.click()
        expect(page.locator(".aq-hint")).to_have_text(
            "This passage is no longer in the index. Ask again to find where it is now."
        )
        expect(page.locator(".aq-article")).to_be_hidden()
        expect(page.locator("#aq-header")).to_contain_text("3 articles")
        answer = ask(page, STADIUM)
        expect(answer.locator(".aq-quote").first).to_contain_text("12.400")
        assert_shown(served, page, answer.locator("a.aq-entry").first)
        # The head of the page follows what is answered from.
        expect(page.locator("#aq-header")).to_contain_text("2 articles")
        page.reload()
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".example").filter(visible=True)).to_have_count(2)


def test_a_deleted_index_is_reported_and_a_new_one_answers(
    corpus_index: Path, encoder: SentenceEncoder, visit: Visits, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    with serving(index, encoder, EXAMPLES) as site:
        page = visit(site.address)
        ask(page, AUSTIN)
        shutil.rmtree(index)
        send(page, AUSTIN)
        expect(page.locator(".aq-answer .aq-notice").last).to_contain_text("is gone")
        again = visit(site.address)
        expect(again.locator("#aq-header .aq-notice")).to_contain_text("is gone")
        shutil.copytree(corpus_index, index)
        ask(again, AUSTIN)
    # The browser reports each 503 that it got while the index was gone.
    assert all("503" in complaint for complaint in visit.complaints)
    visit.complaints.clear()


def test_a_place_that_was_made_up_is_no_error(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    article, _, end = site.place(ask(page, AUSTIN).locator("a.aq-entry").first)
    beyond = len(article.text) + 1
    places = [f"{article.id}-{start}-{stop}" for start, stop in ((0, beyond), (end, end), (9, 3))]
    for place in (*places, "nothing-0-1"):
        page.goto(f"{site.address}/#aq-{place}")
        page.reload()
        expect(page.locator(".aq-hint")).to_contain_text("no longer in the index")


def test_choosing_an_example_asks_it(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    assert page.locator(".example").all_inner_texts() == list(EXAMPLES)
    page.locator(".example").first.click()
    answer = answered(page.locator(".aq-answer").first)
    expect(answer.locator(".aq-quote").first).to_contain_text("Mai 2023")
    assert page.locator(".aq-question").all_text_contents() == [EXAMPLES[0]]
    expect(question_box(page)).to_have_value("")
    expect(question_box(page)).to_be_focused()


def test_a_screenshot_of_the_page(site: Site, visit: Visits, tmp_path: Path) -> None:
    page = visit.fresh(site.address, color_scheme="light")
    answer = ask(page, EXAMPLES[0])
    assert_shown(site, page, answer.locator("a.aq-entry").first)
    take_picture(page, tmp_path / "page.png")


def test_a_port_that_is_taken_is_one_line_with_the_remedy(site: Site) -> None:
    port = urlsplit(site.address).port
    assert port
    with pytest.raises(SettingsError) as caught:
        serve(lambda: site.engine, site.engine.settings.replaced(host="127.0.0.1", port=port))
    taken = f"cannot serve on 127.0.0.1, port {port}: address already in use"
    assert str(caught.value) == f"{taken}; choose another with --port or --host"
    with pytest.raises(SettingsError, match=r"^cannot serve on 192\.0\.2\.1, port \d+: .*--port or --host$"):
        serve(lambda: site.engine, site.engine.settings.replaced(host="192.0.2.1", port=port))


def test_the_command_says_where_the_page_is_and_stops_though_one_is_open(
    corpus_index: Path, command: list[str], start: Start
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    process = start([*command, "chat", "--index", str(corpus_index), "--port", str(port)])
    assert process.stdout
    address = f"http://127.0.0.1:{port}"
    assert process.stdout.readline() == f"article-qa: open {address} in a browser; press Ctrl+C to stop\n"
    await_page(address)
    # Stays open, as it does for an open page.
    heartbeat = urllib.request.urlopen(f"{address}/gradio_api/heartbeat/abc", timeout=120)
    assert urllib.request.urlopen(address, timeout=120).status == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    heartbeat.close()
    assert (out, err, process.returncode) == ("", "", 0)

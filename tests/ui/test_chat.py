"""The chat: questions that wait, what an answer shows at a glance, what can be done with it, the keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from index.model.encoder import SentenceEncoder
from tests.fakes import EchoLLM
from tests.ui.conftest import EXAMPLES, SLOW, Site, Visits, serving
from tests.ui.seeing import AUSTIN, CRIMEA, LIBRARY, STADIUM, answered, ask, question_box, send

# Gradio uses pandas in one of its threads.
pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

CHESS = "Who won the chess championship in 1998?"
# Elements that the page moved by themselves, and how far.
SHIFTS = """() => {
    window.shifts = [];
    const seen = (list) => {
        for (const entry of list.getEntries()) {
            if (entry.hadRecentInput) continue;
            for (const { node, previousRect: from, currentRect: to } of entry.sources) {
                const part = node?.closest?.(".aq-quotes, .aq-sources, .aq-question, #aq-input");
                if (part && Math.abs(from.top - to.top) > 3) shifts.push(part.className || part.id);
            }
        }
    };
    new PerformanceObserver(seen).observe({ type: "layout-shift" });
}"""


def said(prompt: str) -> str:
    return f"Austin sprach zuletzt im Mai 2023 mit Schoigu. [1] {'Und noch ein Wort. ' * 8}"


@pytest.fixture(scope="module")
def written_site(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Site]:
    with serving(corpus_index, encoder, EXAMPLES, EchoLLM(said, pause=0.1)) as served:
        served.engine.warm()
        yield served


def questions(page: Page) -> list[str]:
    return [asked.inner_text() for asked in page.locator(".aq-question").all()]


def test_a_question_asked_meanwhile_waits_and_says_so(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    site.encoder.released.clear()
    first = f"Tell me {SLOW}: was kostet der Versuch?"
    waiting = send(page, first)
    expect(waiting).to_have_text("Searching the articles…")
    # Its letters do not fade: they have to be read all the time.
    assert waiting.locator(".aq-status").evaluate("said => getComputedStyle(said).animationName") == "none"
    for question in (STADIUM, "Never mind", AUSTIN):
        question_box(page).fill(question)
        question_box(page).press("Enter")
        expect(question_box(page)).to_have_value("")
    line = page.locator(".aq-waiting li")
    assert line.all_inner_texts() == [
        f"Next question:\n{q}\nTake back" for q in (STADIUM, "Never mind", AUSTIN)
    ]
    page.get_by_role("button", name="Take back: Never mind").click()
    expect(question_box(page)).to_have_value("Never mind")
    assert questions(page) == [first]
    site.encoder.released.set()
    expect(page.locator(".aq-question")).to_have_count(3)
    expect(line).to_have_count(0)
    answered(page.locator(".aq-answer").last)
    assert questions(page) == [first, STADIUM, AUSTIN]
    expect(page.locator(".aq-quote").last).to_contain_text("Mai 2023")
    # What is being typed stays.
    expect(question_box(page)).to_have_value("Never mind")


def test_a_question_that_the_server_could_not_hear_is_not_lost(site: Site, visit: Visits) -> None:
    page = visit.fresh(site.address, locale="de-AT")
    box = question_box(page, "Frage")
    page.context.set_offline(True)
    box.fill(STADIUM)
    box.press("Enter")
    expect(page.locator(".aq-waiting")).to_contain_text("Der Server antwortet nicht")
    expect(box).to_have_value(STADIUM)
    expect(page.get_by_test_id("toast-body").filter(visible=True)).to_have_count(0)
    page.evaluate("window.isOld = true")
    page.context.set_offline(False)
    # As soon as the server is back, Gradio loads the page anew.
    page.wait_for_function("!window.isOld")
    expect(box).to_have_value(STADIUM)
    box.press("Enter")
    expect(answered(page.locator(".aq-answer").last)).to_contain_text("12.400")
    # What is half written when somebody reloads the page is still there.
    box.fill("Und wer")
    page.reload()
    expect(box).to_have_value("Und wer")
    assert all("ERR_INTERNET_DISCONNECTED" in said for said in visit.complaints)
    visit.complaints.clear()


def test_enter_is_never_lost_around_a_stop(written_site: Site, visit: Visits) -> None:
    page = visit(written_site.address)
    answer = send(page, AUSTIN)
    expect(answer.locator(".aq-draft")).to_be_visible()
    question_box(page).press("Escape")
    # At once, while the stopped answer is still ending.
    question_box(page).fill(LIBRARY)
    question_box(page).press("Enter")
    expect(answer.locator(".aq-note")).to_contain_text("Stopped.")
    expect(page.locator(".aq-question")).to_have_count(2)
    answered(page.locator(".aq-answer").last)
    assert questions(page) == [AUSTIN, LIBRARY]
    assert not page.locator(".aq-waiting li").count()


def test_nothing_moves_while_an_answer_is_written(written_site: Site, visit: Visits) -> None:
    page = visit(written_site.address)
    page.evaluate(SHIFTS)
    answer = ask(page, AUSTIN)
    expect(answer.locator(".aq-written")).to_contain_text("Mai 2023")
    assert page.evaluate("shifts") == []


def test_the_first_source_opens_by_itself_and_leaves_the_focus(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    answer = ask(page, AUSTIN)
    expect(page.locator(".aq-text mark").first).to_contain_text("Mai 2023")
    expect(page.locator(".aq-text mark").first).to_be_in_viewport()
    expect(question_box(page)).to_be_focused()
    expect(answer.locator(".aq-badge")).to_have_text("Found")
    phone = visit.fresh(site.address, viewport={"width": 390, "height": 844})
    ask(phone, AUSTIN)
    expect(phone.locator(".aq-panel")).to_be_hidden()


def test_levels_differ_in_words_and_form(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    badges = [ask(page, question).locator(".aq-badge") for question in (AUSTIN, CRIMEA, CHESS)]
    assert [badge.inner_text() for badge in badges] == [
        "Found", "Unsure: check the sources", "That is not in these articles.",
    ]  # fmt: skip
    form = "e => [getComputedStyle(e).borderStyle, getComputedStyle(e, '::before').content]"
    assert len({tuple(badge.evaluate(form)) for badge in badges}) == 3
    expect(page.locator(".aq-answer").nth(1).locator(".aq-further li").first).to_be_visible()


def test_what_no_quote_answers_is_told_what_can_be_asked(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    expect(ask(page, "How many articles are there?").locator(".aq-told")).to_have_text(
        "There are 13 articles. They tell 12 stories."
    )
    # What one word can be searched for is done by a click.
    told = ask(page, "How many articles mention Hamburg?")
    expect(told.locator(".aq-told").first).to_contain_text("The filters show counts")
    told.get_by_role("button", name="Search the titles for “Hamburg”").click()
    expect(page.locator("#aq-seek-box")).to_have_value("Hamburg")
    expect(page.locator(".aq-found")).to_have_text("1 to 1 of 1 article")
    page.get_by_role("tab", name="Chat").click()
    answer = ask(page, "Fasse die Artikel bitte zusammen")
    expect(answer.locator(".aq-told")).to_contain_text("Ask for one thing that an article says")


def test_what_is_suggested_is_answered_even_under_filters(site: Site, visit: Visits) -> None:
    page = visit.fresh(f"{site.address}/?f=language:fr", locale="de-DE")
    question_box(page, "Frage").fill(CHESS)
    question_box(page, "Frage").press("Enter")
    suggested = page.locator(".aq-follow-ups .aq-ask")
    expect(suggested).to_have_count(2)
    offered = suggested.all_inner_texts()
    assert all(text.startswith("Was wird über „") for text in offered)
    # Without filters there is more, and it is looked for again.
    page.locator(".aq-chip").click()
    expect(suggested).to_have_count(3)
    first = suggested.first.inner_text()
    suggested.first.click()
    expect(page.locator(".aq-question")).to_have_count(2)
    expect(page.locator(".aq-badge").last).not_to_have_class(re.compile("aq-refusal"))
    assert questions(page)[-1] == first
    # Only the newest answer goes on offering something, and not what was just asked.
    expect(suggested.first).to_be_hidden()
    assert first not in suggested.filter(visible=True).all_inner_texts()


def test_an_answer_can_be_copied_asked_again_and_its_question_changed(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = ask(page, AUSTIN)
    answer.get_by_role("button", name="Copy with sources").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    (cited,) = site.engine.query(AUSTIN).citations
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"[1] “{cited.quote}” ({cited.title}, Elbwarte, 27 May 2024, {cited.url})"
    )
    answer.get_by_role("button", name="Ask again").click()
    expect(page.locator(".aq-quote")).to_have_count(2)
    assert questions(page) == [AUSTIN, AUSTIN]
    answer.get_by_role("button", name="Edit question").click()
    expect(question_box(page)).to_have_value(AUSTIN)
    expect(question_box(page)).to_be_focused()
    # What stood there half written comes back: if Escape is pressed, and when the changed question is asked.
    draft, kept = "Half a question", page.locator(".aq-waiting li")
    question_box(page).fill("")
    question_box(page).fill(draft)
    answer.get_by_role("button", name="Edit question").click()
    expect(kept).to_contain_text([f"You were writing:{draft}"])
    question_box(page).press("Escape")
    expect(question_box(page)).to_have_value(draft)
    answer.get_by_role("button", name="Edit question").click()
    ask(page, LIBRARY)
    expect(question_box(page)).to_have_value(draft)
    expect(kept).to_have_count(0)
    follow_up = ask(page, "Und bis wann läuft er?")
    follow_up.get_by_role("button", name="Search for something else").click()
    expect(question_box(page)).to_have_value(f"{LIBRARY} Und bis wann läuft er?")
    # What is written there is searched as it stands.
    assert not ask(page, "Und bis wann läuft er?").locator(".aq-searched").count()
    expect(page.locator(".aq-question").last).to_have_text("Und bis wann läuft er?")
    # Asked again, a question refers to what stood before it then.
    ask(page, AUSTIN)
    searched = follow_up.locator(".aq-searched").inner_text()
    follow_up.get_by_role("button", name="Ask again").click()
    expect(page.locator(".aq-question")).to_have_count(7)
    assert answered(page.locator(".aq-answer").last).locator(".aq-searched").inner_text() == searched


def test_a_question_stopped_before_its_answer_shows_none(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    site.encoder.released.clear()
    answer = send(page, f"{AUSTIN} {SLOW}")
    expect(answer).to_have_text("Searching the articles…")
    with page.expect_response(lambda r: "predict" in r.url):
        question_box(page).press("Escape")
    site.encoder.released.set()
    expect(answer).to_contain_text("Stopped.")
    assert not page.locator(".aq-quote").count()


def test_the_keyboard_goes_through_the_sources_and_back(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    answer = ask(page, AUSTIN)
    links = answer.locator("a.aq-source")
    question_box(page).press("ArrowUp")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(question_box(page)).to_be_focused()
    expect(question_box(page)).to_have_value("")
    # There it is a letter like any other.
    page.keyboard.type("1/2")
    expect(question_box(page)).to_have_value("1/2")
    links.nth(1).focus()
    page.keyboard.press("Escape")
    expect(question_box(page)).to_be_focused()

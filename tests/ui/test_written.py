"""Written answers in a real browser, from a real server; only the last test has a real language model."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from index.model.encoder import SentenceEncoder
from tests.fakes import EchoLLM
from tests.ui.conftest import EXAMPLES, Site, Visits, serving
from tests.ui.seeing import (
    AUSTIN,
    OUTSIDE,
    PHONE,
    ask,
    assert_made_of,
    assert_shown,
    contrasts,
    question_box,
    send,
    take_picture,
)

# Gradio uses pandas in one of its threads.
pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

RIGHT = "Austin sprach zuletzt im Mai 2023 mit Sergej Schoigu."
WRONG = "Austin war 1999 in Paris."
# A question with LONG in it gets a long answer; one with ILL fails.
LONG, ILL = "ausführlich", "krank"
# Seconds that only a hang can miss; the long answer would end by itself much later.
HANG = 120


def said(prompt: str) -> str:
    if ILL in prompt:
        raise RuntimeError("<b>out of memory</b>")
    return f"{RIGHT} [1] {'Und noch ein Wort ' * 2000}" if LONG in prompt else f"{RIGHT} [1] {WRONG} [1]"


@pytest.fixture(scope="module")
def llm() -> EchoLLM:
    return EchoLLM(said, pause=0.1)


@pytest.fixture(scope="module")
def written_site(corpus_index: Path, encoder: SentenceEncoder, llm: EchoLLM) -> Iterator[Site]:
    with serving(corpus_index, encoder, EXAMPLES, llm, llm_seconds=900) as served:
        served.engine.warm()
        yield served


@pytest.fixture(autouse=True)
def _new_answer(llm: EchoLLM) -> None:
    llm.started.clear()
    llm.stopped.clear()


def test_quotes_stand_while_the_answer_is_written_above_them(written_site: Site, visit: Visits) -> None:
    page = visit(written_site.address)
    expect(page.locator("#aq-header")).to_contain_text("Answers written by echo")
    answer = send(page, f"{AUSTIN} Bitte {LONG}.")
    expect(answer.locator(".aq-quote").first).to_contain_text("Mai 2023")
    expect(answer.locator(".aq-draft")).to_contain_text("Und noch")
    expect(answer.locator(".aq-written")).to_contain_text(f"{RIGHT} [1]")
    # Read in one go, since each word redraws the answer.
    above, other_colour = page.evaluate(
        """() => {
            const [written, draft, quote] = [".aq-written", ".aq-draft", ".aq-quote"].map(
                (name) => document.querySelector(name));
            return [
                written.getBoundingClientRect().top < quote.getBoundingClientRect().top,
                getComputedStyle(draft).color !== getComputedStyle(written).color,
            ];
        }"""
    )
    assert above
    # Unchecked text looks different from checked text.
    assert other_colour
    expect(page.locator("[role=log]")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Stop").click()


def test_stop_keeps_what_is_certain_and_stops_the_model(
    written_site: Site, visit: Visits, llm: EchoLLM
) -> None:
    page = visit(written_site.address)
    answer = send(page, f"{AUSTIN} Bitte {LONG}.")
    expect(answer.locator(".aq-draft")).to_contain_text("Und noch")
    page.get_by_role("button", name="Stop").click()
    assert llm.stopped.wait(HANG)
    expect(answer).to_have_class("aq-answer")
    expect(answer.locator(".aq-written")).to_have_text(f"{RIGHT} [1]")
    expect(answer.locator(".aq-note")).to_contain_text("Stopped.")
    expect(answer.locator(".aq-draft")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    # The rest of it never comes, and the next question is answered.
    other = ask(page, AUSTIN)
    expect(answer.locator(".aq-written")).to_have_text(f"{RIGHT} [1]")
    expect(other.locator(".aq-written")).to_have_text(f"{RIGHT} [1]")


def test_a_number_shows_its_quote_and_opens_its_article(written_site: Site, visit: Visits) -> None:
    page = visit(written_site.address)
    answer = ask(page, AUSTIN)
    expect(answer.locator(".aq-written")).to_have_text(f"{RIGHT} [1]")
    expect(answer.locator(".aq-note")).to_contain_text(
        "1 sentence was removed: its sources don't support it."
    )
    assert WRONG not in answer.text_content()
    mark = answer.locator(".aq-written a.aq-mark")
    tip = page.get_by_role("tooltip")
    mark.hover()
    article, start, end = written_site.place(mark)
    expect(tip.locator(".aq-said")).to_have_text(article.text[start:end])
    expect(tip.locator(".aq-title")).to_have_text(article.title)
    assert mark.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    # The keyboard works too, and Escape closes it.
    question_box(page).focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if mark.evaluate("element => element === document.activeElement"):
            break
    expect(tip.locator(".aq-said")).to_have_text(article.text[start:end])
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    assert_shown(written_site, page, mark)
    expect(tip).to_be_hidden()


def test_whoever_waits_sees_quotes_and_the_place_in_the_queue(
    written_site: Site, visit: Visits, llm: EchoLLM
) -> None:
    first, second = visit(written_site.address), visit(written_site.address)
    send(first, f"{AUSTIN} Bitte {LONG}.")
    assert llm.started.wait(HANG)
    answer = send(second, AUSTIN)
    expect(answer.locator(".aq-status")).to_have_text(
        "Waiting for the language model: 1 question ahead of yours"
    )
    expect(answer.locator(".aq-quote").first).to_contain_text("Mai 2023")
    first.get_by_role("button", name="Stop").click()
    expect(answer.locator(".aq-written")).to_have_text(f"{RIGHT} [1]")


def test_leaving_the_page_stops_the_model(written_site: Site, visit: Visits, llm: EchoLLM) -> None:
    page = visit(written_site.address)
    send(page, f"{AUSTIN} Bitte {LONG}.")
    assert llm.started.wait(HANG)
    page.close()
    assert llm.stopped.wait(HANG)


def test_a_new_conversation_stops_the_model(written_site: Site, visit: Visits, llm: EchoLLM) -> None:
    page = visit(written_site.address)
    answer = send(page, f"{AUSTIN} Bitte {LONG}.")
    expect(answer.locator(".aq-draft")).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".aq-answer")).to_have_count(0)
    assert llm.stopped.wait(HANG)
    expect(page.locator(".aq-answer")).to_have_count(0)
    ask(page, AUSTIN)


def test_a_model_that_fails_leaves_the_quotes(written_site: Site, visit: Visits) -> None:
    answer = ask(visit(written_site.address), f"{AUSTIN} Er war {ILL}?")
    expect(answer.locator(".aq-quote").first).to_contain_text("Mai 2023")
    expect(answer.locator(".aq-notice")).to_contain_text("<b>out of memory</b>")
    assert_made_of(answer, "div p blockquote span a ol li button mark")


def test_it_is_readable_in_the_dark_and_fits_a_phone(written_site: Site, visit: Visits) -> None:
    page = visit.fresh(written_site.address, viewport=PHONE, color_scheme="dark")
    answer = send(page, f"{AUSTIN} Bitte {LONG}.")
    expect(answer.locator(".aq-draft")).to_contain_text("Und noch")
    found = contrasts(page)
    assert {"aq-written", "aq-draft", "aq-said"} <= found.keys()
    # The status line pulses, and is dimmer for a moment.
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5 and name != "aq-status"} == {}
    assert page.evaluate(OUTSIDE) == []
    page.get_by_role("button", name="Stop").click()


def test_what_a_written_answer_is_made_of(written_site: Site, visit: Visits) -> None:
    answer = ask(visit(written_site.address), AUSTIN)
    assert_made_of(answer, "div p blockquote span a ol li button mark")
    for link in answer.locator("a").all():
        assert re.fullmatch(r"#aq-[0-9a-f]+-\d+-\d+", link.get_attribute("href"))


@pytest.mark.local_llm
def test_the_local_model_writes_on_the_page(
    corpus_index: Path, encoder: SentenceEncoder, visit: Visits, tmp_path: Path
) -> None:
    with serving(corpus_index, encoder, EXAMPLES, llm="local") as local:
        local.engine.warm()
        page = visit.fresh(local.address, color_scheme="light")
        expect(page.locator("#aq-header")).to_contain_text("Answers written by Qwen2.5-Coder")
        answer = send(page, EXAMPLES[0])
        expect(answer.locator(".aq-written a.aq-mark").first).to_be_visible(timeout=120_000)
        expect(answer).to_have_class("aq-answer")
        expect(answer.locator(".aq-written")).to_contain_text("2023")
        assert_shown(local, page, answer.locator("a.aq-entry").first)
        take_picture(page, tmp_path / "page.png")

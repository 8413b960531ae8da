"""The page for everyone: without findings of axe-core, by keyboard, enlarged, calm, and in the reader's language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from index.model.encoder import SentenceEncoder
from tests.fakes import EchoLLM
from tests.ui.conftest import EXAMPLES, WIDE, Site, Visits, serving
from tests.ui.seeing import AUSTIN, CRIMEA, OUTSIDE, answered, ask, findings, question_box, send
from ui.conversations import file
from ui.conversations.store import Store
from ui.guard.readers import HERE

# Gradio uses pandas in one of its threads.
pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

CHESS = "Who won the chess championship in 1998?"
TURNS = 200


@pytest.fixture(scope="module")
def written_site(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Site]:
    with serving(corpus_index, encoder, EXAMPLES, EchoLLM(pause=0.05), llm_seconds=900) as served:
        yield served


def test_axe_finds_nothing_in_any_state_of_the_page(written_site: Site, visit: Visits) -> None:
    # Without motion, a colour is what it will be as soon as the scheme changes.
    page = visit.fresh(written_site.address, color_scheme="light", reduced_motion="reduce")
    states = {"empty": findings(page)}
    answer = ask(page, AUSTIN)
    states["answered"] = findings(page)
    ask(page, CHESS)
    states["refused"] = findings(page)
    answer.locator("a.aq-entry").first.click()
    expect(page.locator(".aq-text mark").first).to_be_visible()
    states["an article is open"] = findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Articles").click()
    expect(page.get_by_role("tabpanel", name="Articles")).to_be_visible()
    states["articles"] = findings(page)
    assert {state: found for state, found in states.items() if found} == {}


def test_every_stop_of_the_tab_key_has_a_name_and_is_seen(site: Site, visit: Visits) -> None:
    page = visit(site.address)
    ask(page, AUSTIN).locator("a.aq-entry").first.click()
    expect(page.locator(".aq-text mark").first).to_be_focused()
    # From the top.
    page.get_by_role("heading", level=1).evaluate("top => { top.tabIndex = -1; top.focus(); }")
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const at = document.activeElement;
                if (at === document.body) return null;
                const lines = [at, at.closest(".input-container")].filter(Boolean).map((e) => getComputedStyle(e));
                return {
                    what: at.id || at.className || at.localName,
                    framed: lines.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1),
                    seen: at.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
                };
            }"""
        )
        if stop is None:
            break
        expect(page.locator(":focus")).to_have_accessible_name(re.compile(r"\w"))
        stops.append(stop)
    assert len(stops) > 8
    assert [stop for stop in stops if not (stop["framed"] and stop["seen"])] == []


def test_enlarged_to_twice_the_size_nothing_is_cut_off(site: Site, visit: Visits) -> None:
    half = {"width": WIDE["width"] // 2, "height": WIDE["height"] // 2}
    page = visit.fresh(site.address, viewport=half, device_scale_factor=2)
    assert page.evaluate(OUTSIDE) == []
    answer = ask(page, AUSTIN)
    assert page.evaluate(OUTSIDE) == []
    expect(question_box(page)).to_be_in_viewport(ratio=1)
    answer.locator("a.aq-entry").first.click()
    expect(page.locator(".aq-text mark").first).to_be_in_viewport()
    assert page.evaluate(OUTSIDE) == []


# How much of the window's height shows a part of the page, above the question box where that is seen.
SHARE = """part => {
    const [shown, box] = [part, document.querySelector("#aq-input .block")].map((e) => e.getBoundingClientRect());
    const covers = document.querySelector(".aq-over") ? innerHeight : box.top;
    return (Math.min(shown.bottom, covers, innerHeight) - Math.max(shown.top, 0)) / innerHeight;
}"""


# Four times as large as on a screen of 1280 by 1024; a phone held sideways; a low window with two columns.
@pytest.mark.parametrize("size", [(320, 256), (740, 360), (1000, 400)])
def test_in_a_low_window_an_answer_can_be_read_and_asked_at(
    site: Site, visit: Visits, size: tuple[int, int]
) -> None:
    width, height = size
    page = visit.fresh(site.address, viewport={"width": width, "height": height})
    ask(page, AUSTIN)
    answer = ask(page, CRIMEA)
    turn = page.locator(".aq-turn").last
    assert turn.evaluate(SHARE) > 0.7
    expect(question_box(page)).to_be_in_viewport(ratio=1)
    assert page.evaluate(OUTSIDE) == []
    answer.locator("a.aq-entry").first.click()
    mark = page.locator(".aq-text mark.aq-current")
    expect(mark).to_be_in_viewport()
    # The bar of the article takes one line of its height.
    assert page.locator(".aq-article").evaluate(SHARE) > 0.7
    if width <= 860:
        page.keyboard.press("Escape")
    # All that scrolled away can be reached.
    for part in (
        page.get_by_role("button", name="New conversation"),
        page.get_by_role("tab", name="Articles"),
    ):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=0.9)
    assert page.evaluate(OUTSIDE) == []


SHIFTS = """() => {
    window.shifted = [];
    const element = ({ node }) => (node instanceof Element ? node : node?.parentElement);
    const note = ({ sources, value }) => {
        // What is being written, and checked, grows and changes. What stands around it does not move for that.
        const moved = sources.map(element).filter((found) => found && !found.closest(".aq-writing, .aq-written"));
        if (moved.length) window.shifted.push([value, ...moved.map(({ id, className }) => id || className)]);
    };
    new PerformanceObserver((list) => list.getEntries().filter((e) => !e.hadRecentInput).forEach(note))
        .observe({ type: "layout-shift", buffered: true });
}"""


def test_nothing_jumps_while_an_answer_grows_and_nothing_moves_for_who_wants_that(
    written_site: Site, visit: Visits
) -> None:
    page = visit.fresh(written_site.address, reduced_motion="reduce")
    page.evaluate(SHIFTS)
    # The page came into being without a jump that annoys: from 0.1 on, it is held to.
    assert sum(shift[0] for shift in page.evaluate("window.shifted.splice(0)")) < 0.1
    ask(page, AUSTIN)
    answer = send(page, AUSTIN)
    expect(answer).to_have_class(re.compile("aq-growing"))
    running = "document.getAnimations().filter((made) => made.playState === 'running').map((made) => made.id)"
    assert page.evaluate(running) == []
    answered(answer)
    assert page.evaluate("window.shifted") == []


@pytest.fixture
def long_conversation(site: Site) -> str:
    """Store a conversation, and return its name."""
    store, name = Store(file.place(site.engine.settings.index)), ""
    answer = site.engine.query(AUSTIN)
    for _ in range(TURNS):
        asked = store.ask(HERE, name, AUSTIN)
        store.answer(asked.turn, answer)
        name = asked.conversation
    store.close()
    return name


WATCH = """() => {
    const turns = [...document.querySelectorAll(".aq-turn")];
    window.changed = new Set();
    const note = ({ target }) => window.changed.add(turns.findIndex((turn) => turn.contains(target)));
    new MutationObserver((list) => list.forEach(note)).observe(
        document.querySelector(".aq-log"), { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def test_a_question_after_two_hundred_others_touches_none_of_them(
    site: Site, visit: Visits, long_conversation: str
) -> None:
    page = visit(f"{site.address}/?c={long_conversation}")
    # The page adds what an answer is rated by to each turn, a moment after the turns are there.
    expect(page.locator(".aq-turn .aq-rate")).to_have_count(TURNS)
    sent: list[int] = []
    page.on("request", lambda request: sent.append(len(request.post_data or "")))
    page.evaluate(WATCH)
    ask(page, CHESS)
    # The log itself, which gets a turn more, is number -1. The last turn gives up the room below it.
    assert set(page.evaluate("[...window.changed]")) <= {-1, TURNS - 1}
    assert max(sent) < 5_000
    assert page.locator(".aq-turn").count() == TURNS + 1


LATIN = re.compile(r"[A-Za-z]{2,}")
FILE = re.compile(r"[\w-]+\.\w+")
SAID = """() => {
    const found = [];
    const seen = (element) => element.checkVisibility({ visibilityProperty: true });
    // What others have written: articles, their files and outlets, and what was asked.
    const theirs = ".aq-said, .aq-title, .aq-question, .aq-text, .aq-article h2, .example-text, .aq-about span, mark, "
        + ".aq-path, .aq-searched, .aq-copied, .aq-ask, .aq-talk-title, .aq-talk-name, .aq-entry, .aq-list td, "
        + ".aq-list th[scope=row], .aq-plot, .aq-where, .aq-of-path, dd";
    for (const element of document.querySelectorAll("body *")) {
        if (element.closest(`${theirs}, script, style, [data-theirs]`)) continue;
        const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && seen(element));
        found.push(...texts.map((node) => node.data.trim()));
        for (const name of ["aria-label", "aria-description", "title", "placeholder", "alt"])
            if (seen(element) && element.hasAttribute(name)) found.push(element.getAttribute(name));
    }
    return [document.title, ...found].filter(Boolean);
}"""


def test_no_word_of_the_page_is_left_in_english(site: Site, visit: Visits) -> None:
    page = visit.fresh(site.address, locale="ru")
    said = set(page.evaluate(SAID))
    question = page.get_by_role("textbox", name="Вопрос")
    for number, asked in enumerate(("Когда Остин говорил с Шойгу?", CHESS, "?")):
        question.fill(asked)
        question.press("Enter")
        answer = answered(page.locator(".aq-answer").nth(number))
        said |= set(page.evaluate(SAID))
        if number == 0:
            answer.locator("a.aq-entry").first.click()
            expect(page.locator(".aq-text mark").first).to_be_visible()
            said |= set(page.evaluate(SAID))
    page.get_by_role("button", name="Разговоры", exact=True).click()
    expect(page.locator(".aq-talk-about").first).to_contain_text(re.compile(r"\d вопрос"))
    page.get_by_role("tab", name="Статьи").click()
    expect(page.get_by_role("tabpanel", name="Статьи")).to_be_visible()
    said |= set(page.evaluate(SAID))
    assert len(said) > 20
    # Keys have their names in Latin letters.
    others = (text for text in said if not FILE.fullmatch(text))
    assert sorted(text for text in others if LATIN.search(text.replace("Esc", ""))) == []

"""What tests do with a page, and what they see."""

import re
import struct
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import WIDE, Site

PHONE = {"width": 390, "height": 844}

AUSTIN = "Wann hat Austin zuletzt mit Schoigu gesprochen?"
# In the corpus, and answered without being sure.
CRIMEA = "Combien de personnes sont mortes en Crimée ?"
LIBRARY = "Was kostet der Versuch in der Lindenbibliothek?"
STADIUM = "Zeytin Vadisi Stadyumu kaç seyirci alıyor?"


def question_box(page: Page, name: str = "Question") -> Locator:
    return page.get_by_role("textbox", name=name)


def send(page: Page, question: str) -> Locator:
    """Ask a question, and return where its answer appears without waiting for it."""
    asked = page.locator(".aq-answer").count()
    question_box(page).fill(question)
    question_box(page).press("Enter")
    return page.locator(".aq-answer").nth(asked)


def answered(answer: Locator) -> Locator:
    expect(answer).to_have_class("aq-answer")
    return answer


def ask(page: Page, question: str) -> Locator:
    return answered(send(page, question))


def assert_shown(site: Site, page: Page, link: Locator) -> None:
    """Choose a source, and check that its whole article is shown, with the linked characters marked and in view."""
    article, start, end = site.place(link)
    link.click()
    mark = page.locator(".aq-text mark.aq-current")
    expect(mark).to_have_text(article.text[start:end])
    assert mark.text_content() == article.text[start:end]
    expect(mark).to_be_in_viewport(ratio=1)
    panel, marked = page.locator(".aq-panel").bounding_box(), mark.bounding_box()
    assert panel["x"] <= marked["x"]
    assert marked["x"] + marked["width"] <= panel["x"] + panel["width"]
    assert page.locator(".aq-text").text_content() == article.text
    expect(page.locator(".aq-article h2")).to_have_text(article.title)


def assert_made_of(place: Locator, allowed: str) -> None:
    tags = place.evaluate("place => [...place.querySelectorAll('*')].map((e) => e.localName)")
    assert set(tags) <= set(allowed.split())


OUTSIDE = """() => [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
        return (width > 1 && (left < -0.5 || right > innerWidth + 0.5))
            || (scrolls && element.scrollWidth > element.clientWidth);
    })
    .map((element) => `${element.tagName} ${element.className}`)"""

VISIBLE_TEXTS = """() => {
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const text = own.map((node) => node.data).join("").trim();
        const seen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        if (!text || !seen || element.offsetHeight < 2) continue;
        const backs = [];
        let opacity = 1;
        for (let around = element; around; around = around.parentElement) {
            const style = getComputedStyle(around);
            backs.unshift(style.backgroundColor);
            opacity *= Number(style.opacity);
        }
        const ink = getComputedStyle(element).color;
        found.push([element.classList[0] ?? element.localName, ink, opacity, backs]);
    }
    const box = document.querySelector("#aq-input textarea");
    const holder = getComputedStyle(box, "::placeholder").color;
    const around = getComputedStyle(box.closest(".input-container")).backgroundColor;
    return [...found, ["placeholder", holder, 1, [around]]];
}"""

Colour = tuple[float, float, float]


def mixed(css: str, behind: Colour, opacity: float = 1) -> Colour:
    """Return what a CSS colour looks like on top of another."""
    assert css.startswith(("rgb(", "rgba("))
    red, green, blue, *alpha = (float(part) for part in re.findall(r"[\d.]+", css))
    share = (alpha[0] if alpha else 1) * opacity
    mixture = [share * a + (1 - share) * b for a, b in zip((red, green, blue), behind, strict=True)]
    return mixture[0], mixture[1], mixture[2]


def back(element: Locator) -> Colour:
    css = element.evaluate("element => getComputedStyle(element).backgroundColor")
    return mixed(css, (255, 255, 255))


def luminance(colour: Colour) -> float:
    """Return relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrasts(page: Page) -> dict[str, float]:
    """Return, by class, the least contrast between a visible text and its background, as WCAG 2 defines it."""
    least: dict[str, float] = {}
    for name, ink, opacity, backs in page.evaluate(VISIBLE_TEXTS):
        behind: Colour = (255, 255, 255)
        for back in backs:
            behind = mixed(back, behind)
        low, high = sorted((luminance(behind), luminance(mixed(ink, behind, opacity))))
        least[name] = min(least.get(name, 21), (high + 0.05) / (low + 0.05))
    return least


def findings(page: Page) -> list[str]:
    """Return what axe-core finds in light and dark, wide and on a phone, of any weight."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            for finding in Axe().run(page).response["violations"]:
                places = [node["html"][:120] for node in finding["nodes"]]
                found.append(
                    f"{scheme}, {size['width']} wide: {finding['id']} ({finding['impact']}) in {places}"
                )
    page.set_viewport_size(WIDE)
    return found


def take_picture(page: Page, path: Path) -> None:
    """Store what the window shows, and check that it shows something."""
    page.mouse.move(0, 0)
    page.screenshot(path=path, animations="disabled", caret="hide")
    image = path.read_bytes()
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", image[16:24]) == (WIDE["width"], WIDE["height"])
    # A page without letters is a tenth of this.
    assert len(image) > 50_000

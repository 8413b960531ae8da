"""The page in the language of the browser."""

from playwright.sync_api import expect

from tests.ui.conftest import Site, Visits
from ui.translation import LANGUAGES, preferred


def test_a_browser_gets_the_first_of_its_languages_that_the_page_speaks() -> None:
    assert preferred("de-AT,de;q=0.9,en;q=0.8") == "de-AT"
    assert preferred("nl, fr;q=0.7, tr;q=0.9") == "tr"
    assert preferred("RU") == "ru"
    assert preferred("es-419") == "es-419"
    assert preferred("en, de") == "en"
    assert preferred("de-Latn-XX") == "de"
    for nothing in (
        "",
        "*",
        "nl",
        "de;q=0",
        "de;q=high",
        "de;q=nan",
        "de;q=2",
        ";;,,=",
        "de_DE",
        "é" * 9_999,
    ):
        assert preferred(nothing) == "en", nothing
    assert preferred("nl," * 2_000_000 + "de") == "en"


def test_the_page_speaks_each_readers_language(site: Site, visit: Visits) -> None:
    tabs = {
        "en": "Articles",
        "de": "Artikel",
        "fr": "Articles",
        "es": "Artículos",
        "ru": "Статьи",
        "tr": "Makaleler",
    }
    assert tabs.keys() == set(LANGUAGES)
    for language, name in tabs.items():
        page = visit.fresh(site.address, locale=language)
        expect(page.get_by_role("tab").last).to_have_text(name)
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
            language,
            "ltr",
        ]

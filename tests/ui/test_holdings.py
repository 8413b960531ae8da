"""What the tab of articles says, as HTML made from values."""

import re
from datetime import date
from html import unescape

import pytest

from index import Progress, Summary
from index.building.apart import State
from index.store.listing import Listed, Overview, Page, Skips, Wanted
from ui.articles.frame import state_of
from ui.articles.plots import plots_html
from ui.articles.table import found_text, pager_html, skipped_html, table_html
from ui.articles.wording import day, language, languages, moment, month
from ui.translation import CATALOGUE, LOCALE, catalogue

HOSTILE = '"><script>window.hit = 1</script><img src=x onerror=1> ${1} {{1}}'


def bars(overview: Overview) -> int:
    return plots_html(overview).partition("</figure>")[0].count("<tr ")


def overview(*months: tuple[int | None, int]) -> Overview:
    return Overview(months, ((None, 3), (HOSTILE, 1)), (("en", 3), (None, 1)))


@pytest.mark.parametrize(
    ("months", "number"),
    [
        (((202405, 3),), 1),
        # A month without articles has a bar of no height.
        (((202311, 3), (202402, 1)), 4),
        (((202101, 1), (202312, 1)), 36),
        # More months than that are added up to years.
        (((202101, 1), (202401, 1)), 4),
        # And the first of many years are only told.
        (((101, 1), (185001, 2), (202401, 1)), 60),
        (((None, 5),), 0),
        ((), 0),
    ],
)
def test_time_is_shown_without_gaps_in_a_bounded_number_of_bars(
    months: tuple[tuple[int | None, int], ...], number: int
) -> None:
    assert bars(overview(*months)) == number


def test_plots_are_tables_with_every_figure() -> None:
    made = plots_html(overview((202405, 1234), (None, 7)))
    assert made.count("<table") == made.count("<caption") == 3
    assert "1&#44;234" in made
    assert "7 articles without a date" in made
    assert plots_html(Overview((), (), ())) == ""


def test_what_small_ones_add_up_to_has_no_bar_beside_which_all_others_are_small() -> None:
    many = tuple((f"Outlet {number}", 3) for number in range(40))
    made = plots_html(Overview(((101, 5), (185001, 900), (202401, 2)), many, (("en", 907),)))
    shares = re.findall(r'title="([^"]*): ([^"]*)" style="--share: ([0-9.]+)"', made)
    assert ("30 others", "90", "0.0000") in shares
    assert ("Outlet 0", "3", "1.0000") in shares
    assert ("2024", "2", "1.0000") in shares
    assert "Earlier: 905" in unescape(made)


def test_other_peoples_text_is_never_markup() -> None:
    row = Listed("ab12", HOSTILE, HOSTILE, HOSTILE, date(2024, 5, 2), HOSTILE, 1234, 2)
    page = Page((row,), 1, 0)
    state = State(running=True, progress=Progress("reading", 1, 2, 0, HOSTILE))
    made = [
        table_html(page, Wanted()),
        skipped_html(Skips(((HOSTILE, HOSTILE),), 1, 0, ((HOSTILE, 1),))),
        plots_html(overview((202405, 1))),
    ]
    for html in made:
        assert "<script" not in html
        assert "<img" not in html
        assert "${" not in html
        assert "{{" not in html
    # The script shows it as text.
    assert HOSTILE[-50:] in str(state_of(state)["path"])


def test_a_page_of_the_list_says_where_it_is() -> None:
    rows = (Listed("ab12", "a.txt", "A", None, None, None, 1, 1),) * 50
    assert found_text(Page(rows, 1234, 3), Wanted()) == "151 to 200 of 1,234 articles"
    assert found_text(Page((), 0, 0), Wanted("zebra")) == "No article has these words."
    assert pager_html(0, 1, "Pages") == ""
    assert pager_html(0, 3, "Pages").count("disabled") == 2
    assert pager_html(1, 3, "Pages").count("disabled") == 0


def test_a_build_is_told_in_one_line() -> None:
    reading = state_of(State(running=True, progress=Progress("reading", 3, 12, 0, "a.md")))
    assert [reading[name] for name in ("text", "path", "share")] == ["Reading · 3 of 12 files", "a.md", 0.25]
    loading = state_of(State(running=True, progress=Progress("loading", 0, 0, 0, "")))
    assert (loading["text"], loading["share"]) == ("Loading the model that finds answers…", None)
    # No article is in the index yet, but more than half of their text is encoded.
    encoding = Progress("encoding", 0, 12, 40, "a\u202egpj.md", 1234.5, 200.0, 0.58)
    running = state_of(State(running=True, progress=encoding))
    assert running["text"] == "Encoding · 58% · 40 passages · 1,234 tokens/s · 3 mins left"
    assert (running["share"], running["path"]) == (0.58, "a gpj.md")
    assert state_of(State(running=True))["text"] == "Starting…"
    assert state_of(State(running=True, stopping=True))["text"] == "Stopping…"
    done = state_of(State(ended=1, summary=Summary(added=2, articles=12, skipped={"a": "b"})))
    assert done["result"] == "2 added, 0 replaced, 0 removed, 1 skipped. The index holds 12 articles."
    stopped = state_of(State(ended=1))
    assert (stopped["result"], stopped["failed"]) == ("Stopped. The index answers as before.", False)
    failed = state_of(State(ended=1, error="no articles in x"))
    assert (failed["result"], failed["failed"]) == ("no articles in x", True)


def test_days_and_languages_are_the_readers() -> None:
    assert (day(date(2024, 5, 27)), day(None)) == ("27 May 2024", "")
    token, other = LOCALE.set("de"), CATALOGUE.set(catalogue("de"))
    try:
        assert (day(date(2024, 5, 27)), month(202405), language("en")) == (
            "27.05.2024",
            "Mai 2024",
            "Englisch",
        )
        order = languages()
        # Deutsch, Englisch, Spanisch, Türkisch.
        assert sorted(("tr", "es", "en", "de"), key=order.index) == ["de", "en", "es", "tr"]
        assert moment("2024-05-27T23:30:00-0200") == "28.05.2024, 01:30 UTC"
    finally:
        LOCALE.reset(token)
        CATALOGUE.reset(other)
    assert (moment("2024-05-27T18:05:59+0000"), moment(None)) == ("27 May 2024, 18:05 UTC", "–")
    # Arabic, English, German, Greek.
    assert sorted(("de", "el", "en", "ar"), key=languages().index) == ["ar", "en", "de", "el"]
    assert (month(1999), language("xx-none"), language(None)) == ("1999", "xx-none", "")

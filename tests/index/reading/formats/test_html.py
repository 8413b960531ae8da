"""Web pages: the article's own words, and what the page states about it."""

from datetime import date

import pytest

from index.reading.document import Document
from index.reading.formats.html import text_of_fragment
from index.reading.registry import read
from tests.index.reading.formats.making import PARAGRAPHS

ARTICLE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def page(head: str = "", body: str = "", lang: str = "en", name: str = "a.html") -> Document:
    source = f"<html lang={lang}><head>{head}</head><body><article>{ARTICLE}{body}</article></body></html>"
    (found,) = read(name, source.encode())
    assert isinstance(found, Document)
    return found


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


STATED = [
    (ld('{"@type":"NewsArticle","datePublished":"2024-05-27T23:30:00-05:00"}'), "", "JSON-LD"),
    (ld('{"@graph":[{"@type":"WebPage"},{"@type":["Report"],"datePublished":"2024-05-27"}]}'), "", "JSON-LD"),
    (ld("{broken") + '<meta property="article:published_time" content="2024-05-27T10:00Z">', "", "meta"),
    ('<meta name="DC.date.issued" content="2024-05-27">', "", "meta"),
    ("", '<time datetime="2024-05-27">yesterday</time>', "time"),
    ('<link rel=canonical href="https://x.example/2024/05/27/bridge">', "", "address"),
]


@pytest.mark.parametrize(("head", "body", "place"), STATED)
def test_a_date_says_where_it_was_read(head: str, body: str, place: str) -> None:
    found = page(head, body)
    assert found.published == date(2024, 5, 27)
    assert found.published_from
    assert found.published_from.startswith(place)


@pytest.mark.parametrize("first", range(5))
def test_of_two_dates_the_first_in_the_stated_order_counts(first: int) -> None:
    head, body, _ = STATED[first]
    later = STATED[max(first, 1) + 1 :]
    for other_head, other_body in (
        (h.replace("05-27", "06-01"), b.replace("05-27", "06-01")) for h, b, _ in later
    ):
        assert page(other_head + head, body + other_body).published == date(2024, 5, 27)


@pytest.mark.parametrize(
    "body",
    ["<p>Copyright 2021.</p>", "<p>On 3 May 2019 it closed.</p>", '<time datetime="soon">x</time>', ""],
)
def test_a_date_that_is_not_stated_stays_missing(body: str) -> None:
    found = page("", body)
    assert (found.published, found.published_from) == (None, None)
    assert page(name="2024-05-21 bridge.html").published_from == "file name"


def test_the_page_says_who_and_where() -> None:
    found = page(
        ld(
            '{"@type":"NewsArticle","headline":"Br&uuml;cke offen","inLanguage":"de-AT",'
            '"author":[{"name":"Ina Voss"},{"name":"J. Kell"}],'
            '"publisher":{"name":"Quay Post"},"keywords":"bridge, harbour"}'
        )
        + '<title>x</title><meta property="og:title" content="other"><link rel=canonical href="https://x.example/a">'
    )
    assert (found.title, found.source, found.url, found.language) == (
        "Brücke offen", "Quay Post", "https://x.example/a", "de",
    )  # fmt: skip
    assert (found.authors, found.tags) == (("Ina Voss", "J. Kell"), ("bridge", "harbour"))


def test_an_address_that_is_no_web_page_is_dropped() -> None:
    assert page('<link rel=canonical href="javascript:alert(1)">').url is None


@pytest.mark.parametrize(
    ("head", "encoding", "words"),
    [
        ("<meta charset=windows-1251>", "cp1251", "Мост открыли во вторник, сообщил городской совет."),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-9">',
            "iso-8859-9",
            "Köprü salı günü açıldı, ışıklı bir törenle.",
        ),
    ],
)
def test_the_encoding_that_a_page_declares_is_used(head: str, encoding: str, words: str) -> None:
    (found,) = read("a.html", f"{head}{f'<p>{words}</p>' * 3}".encode(encoding))
    assert isinstance(found, Document)
    assert words in found.text


def test_a_wrongly_declared_encoding_does_not_garble() -> None:
    source = f'<meta charset="us-ascii"><p>{"Die Brücke öffnet früher als geplant, sagte der Rat. " * 4}</p>'
    (found,) = read("a.html", source.encode())
    assert isinstance(found, Document)
    assert "Brücke öffnet früher" in found.text


def test_entities_are_resolved_once() -> None:
    assert text_of_fragment("<p>Fish &amp; chips &amp;lt;b&amp;gt;</p><p>caf&eacute;</p>") == (
        "Fish & chips &lt;b&gt;\n\ncafé"
    )


def test_hidden_things_are_not_seen() -> None:
    shown = text_of_fragment(
        "<p>a</p><p hidden>b</p><div style='display: none'>c</div><script>d</script><noscript>e</noscript>"
        "<p aria-hidden=true>f</p><p>g<br>h</p>"
    )
    assert shown.split() == ["a", "g", "h"]


def test_structure_stays() -> None:
    found = page(
        "",
        "<h2>Costs</h2><ul><li>one</li><li>two</li></ul>"
        "<table><tr><th>Year</th><th>Pounds</th></tr><tr><td>2022</td><td>3</td></tr></table>",
    )
    paragraphs = found.text.split("\n\n")
    assert {"Costs", "one\ntwo", "Year | Pounds\n2022 | 3"} <= set(paragraphs)
    assert found.seen


def test_of_pages_in_many_layouts_no_word_is_lost_and_hardly_one_is_added() -> None:
    from bench.extraction import measured

    figures = measured()
    for layout, row in figures.items():
        precision, recall = row["ours"]
        assert recall == 1.0, layout
        assert precision >= 0.99, layout
    assert figures["all"]["ours"][0] > figures["all"]["trafilatura"][0]

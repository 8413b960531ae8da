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


OPENING = (
    "<p>The weavers of Aldmoor asked the county on Monday for a loan, since the river had carried away the"
    " wheel of their mill in the night before.</p>"
)
CLOSING = (
    "<p>Nobody was hurt, said the miller Ida Brook, who had slept in the house beside the river and heard"
    " nothing at all of the flood.</p>"
)


def between(body: str, head: str = "") -> str:
    """Return what is read of `body` between two paragraphs of an article."""
    page = f"<html lang=en><head>{head}</head><body><article><h1>The flood</h1>{OPENING}{body}{CLOSING}</article>"
    (found,) = read("a.html", page.encode())
    assert isinstance(found, Document)
    return found.text.partition("night before.")[2].partition("Nobody was hurt")[0].strip()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>In 1871<sup>3</sup> it had 7,350<sup><a href='#n4'>4</a></sup> looms.</p>", "In 1871 ³ it had 7,350 looms."),
        ("<p>In 1871<a href='#fn1' class=footnote>1</a> and 1880<a href='#fn:2'>[2]</a>.</p>", "In 1871 and 1880."),
        ("<p>40 m<sup>2</sup>, CO<sub>2</sub>, 19<sup>th</sup></p>", "40 m², CO2, 19th"),
        ("<p>x<span style='vertical-align: super; font-size: 60%'>2</span></p>", "x²"),
        ("<p><ruby>水車<rp>(</rp><rt>すいしゃ</rt><rp>)</rp></ruby>の<ruby>村<rt>むら</rt></ruby></p>", "水車の村"),
        ("<p>It costs <del>9</del> <s>10</s> <strike>11</strike> 12 pounds.</p>", "It costs 12 pounds."),
        ("<p>It costs <span style='text-decoration: line-through'>9</span> 12 pounds.</p>", "It costs 12 pounds."),
        ("<p>She said <q>we <q>rest</q></q>, <q lang=de>nie</q>, <q>“no”</q>.</p>", "She said “we ‘rest’”, „nie“, “no”."),
        ("<ul><li>A<br>B</li><li><p>C</p><p>D</p></li><li>E<ul><li>F</li></ul></li></ul>", "A\nB\nC\nD\nE\nF"),
        ("<ol><li><div>A</div><div>B</div></li></ol>", "A\nB"),
        ("<dl><dt>Loom</dt><dd>9 pounds</dd></dl>", "Loom\n9 pounds"),
        (
            "<table><tr><td><p>Nine</p><p>ten</p></td><td>1<br>2</td></tr><tr><td>X<ul><li>y</li><li>z</li></ul></td>"
            "<td><div>3</div><div>4</div></td></tr></table>",
            "Nine ten | 1 2\nX y z | 3 4",
        ),
        ("<p>O river of slate<br>that carries the wheel<br><br>and me</p>", "O river of slate\nthat carries the wheel\n\nand me"),
        ("<address>Mill Lane 4<br>Aldmoor</address>", "Mill Lane 4\nAldmoor"),
        ("<pre>one\ntwo</pre>", "one\ntwo"),
        ("<blockquote><p>One.</p><p>Two.</p></blockquote>", "One.\n\nTwo."),
    ],
)  # fmt: skip
def test_marks_and_blocks_within_a_line_stay_apart(body: str, text: str) -> None:
    assert between(body) == text


def test_lines_of_a_list_that_are_as_long_as_wrapped_ones_stay() -> None:
    items = [
        "a loom with two beams and a bench for the long nights",
        "a lamp of brass with oil for at least eleven hours",
    ]
    assert between("".join(["<ul>", *(f"<li>{item}</li>" for item in items), "</ul>"])) == "\n".join(items)


CONSENT = (
    "<p>We and our 90 partners use cookies to personalise content on this website. You can accept or reject this"
    " in the settings at any time.</p><p>Our partners process data about your browsing; you may withdraw your"
    " consent in our privacy policy. Some rely on their legitimate interest.</p>"
)


def read_page(body: str, head: str = "") -> str:
    (found,) = read("a.html", f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode())
    assert isinstance(found, Document)
    return found.text


@pytest.mark.parametrize("banner", ["<div id=c9>", "<div class='cookie-banner'>", "<dialog open>"])
def test_consent_is_not_taken_instead_of_the_article(banner: str) -> None:
    short = "<div><h1>The flood</h1><div>The mill of Aldmoor stands still, says Ida Brook, until a new wheel comes.</div></div>"
    text = read_page(f"{banner}{CONSENT * 2}</div>{short}")
    assert "partners" not in text
    assert "until a new wheel comes" in text


@pytest.mark.parametrize(
    "sentence",
    [
        "We use cookies from the day before as the base of the cake, crushed with 200 grams of butter.",
        "We use cookies to analyse the traffic on our website, the county said in its answer to the weavers.",
        "The paper has 3,000 subscribers who pay nine pounds per month and may cancel at any time.",
        "Wir verwenden Cookies vom Vortag für den Boden, sagt die Bäckerin, und geben Butter dazu.",
    ],
)
def test_a_sentence_of_the_article_stays_whatever_it_begins_with(sentence: str) -> None:
    assert between(f"<p>{sentence}</p>") == sentence


@pytest.mark.parametrize(
    "offer",
    [
        "Subscribe now to continue reading. Get unlimited access for 1 euro and cancel at any time.",
        "Dieser Artikel ist nur für Abonnenten. Jetzt testen, monatlich kündbar.",
        "Pour lire la suite de cet article, abonnez-vous : 1 euro le premier mois, sans engagement.",
    ],
)
def test_an_offer_to_subscribe_is_no_text(offer: str) -> None:
    assert between(f"<div class='subscribe-box'><p>{offer}</p></div>") == ""
    assert between(f"<p>{offer}</p>") == ""


def body_ld(text: str) -> str:
    import json

    return ld(json.dumps({"@type": "NewsArticle", "headline": "The flood", "articleBody": text}))


def test_the_text_that_a_page_has_for_machines_is_taken_where_it_is_fuller() -> None:
    import re

    opening, closing = (re.sub("<.*?>", "", part) for part in (OPENING, CLOSING))
    full = f"{opening}\n\n{closing}\n\nThe loan is 4,200 pounds."
    stub = f"<article><h1>The flood</h1>{OPENING}<p>Log in to continue reading, it is free for the first month.</p></article>"
    assert read_page(stub, body_ld(full)) == f"The flood\n\n{full}"
    assert read_page(stub, body_ld(f"<p>{opening}</p><p>{closing}</p>")).endswith(f"{opening}\n\n{closing}")
    assert read_page("<div id=app></div>", body_ld(full)) == full
    # No fuller, or another article's: what the page shows counts.
    item = "<ul><li>a new wheel</li></ul>"
    shown = f"<article><h1>The flood</h1>{OPENING}{item}{CLOSING}</article>"
    assert "a new wheel" in read_page(shown, body_ld(f"{opening} {closing}"))
    other = "A film about bees has been shown in the town hall. " * 20
    assert "bees" not in read_page(shown, body_ld(other))


@pytest.mark.parametrize(
    "post",
    [
        "<article><header><time>{n}:15</time><h2>Post {n}</h2></header>{text}</article>",
        "<div class=post><div class='post-time'>{n}:15</div><h3>Post {n}</h3>{text}</div>",
        "<section><h2><time>{n}:15</time> Post {n}</h2>{text}</section>",
        "<li><time>{n}:15</time><strong>Post {n}</strong>{text}</li>",
    ],
)
def test_posts_of_a_running_report_keep_their_time_and_heading(post: str) -> None:
    text = "<p>At {n} the water stood at {n} feet below the mill, and the watchman told everybody to go home.</p>"
    posts = "".join(post.format(n=n, text=text.format(n=n)) for n in range(10, 15))
    words = " ".join(read_page(f"<main><h1>The flood, live</h1><ol>{posts}</ol></main>").split())
    for n in range(10, 15):
        assert f"{n}:15 Post {n} At {n} the water" in words


def test_a_byline_is_no_running_report() -> None:
    page = f"<article><h1>The flood</h1><p>By Ida Brook <time>5 May</time></p>{OPENING}{CLOSING}</article>"
    assert not read_page(page).startswith("5 May")
    assert "\n5 May\n" not in read_page(page)


def test_pictures_within_a_page_do_not_count_as_text() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 2_000_000
    assert between(f"<p>The <img src='{picture}'> wheel.</p>") == "The wheel."

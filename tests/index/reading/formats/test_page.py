"""What pages state about their article, as sites really write it."""

import json
from datetime import date

import pytest

from index.reading.document import Document
from index.reading.registry import read
from tests.index.reading.formats.making import PARAGRAPHS

DAY = date(2024, 5, 27)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
OWN = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Old bridge opens",
    "datePublished": "2024-05-27T08:00:00+02:00",
    "dateModified": "2024-06-01",
    "author": {"@type": "Person", "name": "Ina Voss"},
    "publisher": {"@type": "Organization", "name": "Quay Post"},
}
OTHER = {
    "@type": "NewsArticle",
    "headline": "Frogs return",
    "datePublished": "2019-01-02",
    "url": "https://q.example/frogs",
}


def page(
    head: str = "",
    body: str = f"<article><h1>Old bridge opens</h1>{BODY}</article>",
    title: str = "Old bridge opens - Quay",
) -> Document:
    html = f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
    (found,) = read("a.html", html.encode())
    assert isinstance(found, Document)
    return found


def script(described: object, kind: str = "application/ld+json") -> str:
    text = described if isinstance(described, str) else json.dumps(described)
    return f'<script type="{kind}">{text}</script>'


WRITTEN = json.dumps(OWN)
SCRIPTS = {
    "plain": script(WRITTEN),
    "charset in its type": script(WRITTEN, "application/ld+json; charset=utf-8"),
    "type in capitals": script(WRITTEN, " Application/LD+JSON "),
    "CDATA": script(f"//<![CDATA[\n{WRITTEN}\n//]]>"),
    "CDATA in comments": script(f"/*<![CDATA[*/{WRITTEN}/*]]>*/"),
    "an HTML comment": script(f"<!--\n{WRITTEN}\n-->"),
    "trailing commas": script(WRITTEN.replace("}}", "},}")),
    "comments": script(f"// made by hand\n{WRITTEN[:-1]}, /* and */ \"x\": 1\n}}"),
    "comments without blanks around them": script("{/* own */" + WRITTEN[1:-1] + ",//x\n\"y\":[/*a*/1,//b\n2],/* c */\"z\": \"// /* kept\"}"),
    "a line end in a string": script(WRITTEN.replace("Quay Post", "Quay\nPost")),
    "a semicolon behind": script(f"{WRITTEN};"),
    "in a list": script([{"@type": "BreadcrumbList"}, OWN]),
    "in a graph": script({"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, OWN]}),
    "main entity": script({"@type": "WebPage", "mainEntity": OWN}),
    "main entity of a list": script([{"@type": "WebPage", "mainEntity": [OWN]}]),
    "type with its address": script({**OWN, "@type": ["https://schema.org/BlogPosting"]}),
    "broken one before": script("{broken") + script(WRITTEN),
    "another page's before": script(OTHER) + script(OWN),
    "another page's before, by address": '<link rel="canonical" href="https://q.example/bridge/">' + script(OTHER)
    + script({**OWN, "headline": "A bridge opens again", "url": "http://www.q.example/bridge#top"}),
    "another page's behind": script(OWN) + script(OTHER),
    "value objects": script({**OWN, "datePublished": {"@type": "DateTime", "@value": "2024-05-27"}}),
    "references": script({"@graph": [
        {**OWN, "author": {"@id": "#ina"}, "publisher": {"@id": "#org"}},
        {"@id": "#ina", "@type": "Person", "name": "Ina Voss"}, {"@id": "#org", "@type": "Organization", "name": "Quay Post"},
    ]}),
    "references in a list": script([{**OWN, "author": [{"@id": "#ina"}]}, {"@id": "#ina", "name": "Ina Voss"}]),
    "name in a name": script({**OWN, "author": {"name": {"@type": "Person", "name": "Ina Voss"}}}),
    "name in a list": script({**OWN, "author": [{"@type": "Person", "name": ["Ina Voss"]}]}),
    "name as text": script({**OWN, "author": "Ina Voss"}),
}  # fmt: skip


@pytest.mark.parametrize("how", SCRIPTS)
def test_linked_data_as_it_really_comes(how: str) -> None:
    found = page(SCRIPTS[how])
    assert (found.published, found.published_from, found.authors) == (DAY, "JSON-LD", ("Ina Voss",))
    assert found.source == "Quay Post"
    assert found.title in ("Old bridge opens", "A bridge opens again")


def test_what_describes_only_another_page_says_nothing_of_this_one() -> None:
    found = page('<link rel="canonical" href="https://q.example/bridge">' + script(OTHER))
    assert (found.title, found.published, found.url) == ("Old bridge opens", None, "https://q.example/bridge")


def test_a_page_states_what_its_article_does_not() -> None:
    described = {
        "@graph": [
            {"@type": "WebPage", "datePublished": "2024-05-27", "inLanguage": "deu"},
            {"@type": "Person", "name": "x"},
        ]
    }
    found = page(script(described))
    assert (found.published, found.language) == (DAY, "de")
    both = {"@graph": [{"@type": "WebPage", "datePublished": "2020-02-02"}, OWN]}
    assert page(script(both)).published == DAY


def article(times: str) -> str:
    return f"<article><h1>Old bridge opens</h1>{times}{BODY}</article>"


RIGHT = '<time datetime="2024-05-27">27 May 2024</time>'
WRONG = '<time datetime="2019-01-02">2 January 2019</time>'
LATER = '<time datetime="2024-06-01">1 June 2024</time>'
TIMES = {
    "a teaser before": f'<article class="teaser"><h3>Frogs</h3>{WRONG}</article>' + article(RIGHT),
    "a plain article before": f"<article><h3>Frogs</h3>{WRONG}</article>" + article(RIGHT),
    "teasers before in main": f"<main><article>{WRONG}</article>{article(RIGHT)}</main>",
    "related articles in it": article(f'<div class="related-links">{WRONG}</div>{RIGHT}'),
    "an aside in it": article(f"<aside>{WRONG}</aside>{RIGHT}"),
    "a comment in it": article(f"{RIGHT}<article class=comment>{WRONG}</article>"),
    "a clock in the head": f"<header>{WRONG}</header>" + article(RIGHT),
    "the heading outside": f"<h1>Old bridge opens</h1><article class=card>{WRONG}</article><article>{RIGHT}{BODY}</article>",
    "updated before": article(f"<p>Updated {LATER} · Published {RIGHT}</p>"),
    "updated in the tag": article(
        f'<p><time class="updated" datetime="2024-06-01">1 June</time> {RIGHT}</p>'
    ),
    "updated around": article(f'<p class="last-modified">{LATER}</p><p>{RIGHT}</p>'),
    "updated in German": article(f"<p>Zuletzt aktualisiert: {LATER}</p><p>{RIGHT}</p>"),
    "updated in French": article(f"<p><span>Mis à jour le</span> {LATER}</p><p>Publié le {RIGHT}</p>"),
    "updated in Chinese": article(f"<p>更新时间：{LATER} 发布时间：{RIGHT}</p>"),
    "updated inside": article(f'<p><time datetime="2024-06-01">Updated 1 June</time></p><p>{RIGHT}</p>'),
    "microdata": article(f'<p>{WRONG}</p><time itemprop="datePublished" datetime="2024-05-27">May</time>'),
}


@pytest.mark.parametrize("where", TIMES)
def test_the_time_of_the_article_and_its_publication(where: str) -> None:
    found = page(body=TIMES[where])
    assert (found.published, found.published_from) == (DAY, "time")


def test_an_update_counts_where_nothing_else_is_stated_and_a_teaser_never() -> None:
    assert page(body=article(f"<p>Updated {LATER}</p>")).published == date(2024, 6, 1)
    assert page(body=f'<div class="most-read">{WRONG}</div>{article("")}').published is None


def test_titles_and_authors_of_templates_are_none() -> None:
    found = page(
        '<meta name="author" content="admin"><meta property="og:title" content="Home">',
        title="Untitled Document",
    )
    assert (found.title, found.authors) == ("Old bridge opens", ())

"""A conversation as Markdown and as a page of its own."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from qa import Answer, Citation
from qa.answer import Beyond, Disagreement, Sentence
from tests.ui.conftest import HOSTILE_SENTENCE, HOSTILE_SOURCE, HOSTILE_TITLE, HOSTILE_URL
from ui.conversations.conversation import Conversation, StoredTurn
from ui.conversations.markdown import markdown, text
from ui.conversations.page import html_page


def cited(quote: str = "The bridge cost 4 million.", **more: object) -> Citation:
    facts: dict[str, object] = {
        "number": 1,
        "quote": quote,
        "article_id": "ab12",
        "path": "news/bridge.md",
        "title": "The bridge",
        "url": "https://example.org/bridge?a=1&b=2",
        "source": "Elbwarte",
        "published": "2024-05-27",
        "language": "de",
        "start": 10,
        "end": 10 + len(quote),
        "score": 0.5,
    }
    return Citation(**{**facts, **more})  # type: ignore[arg-type]


def talk(*answers: Answer | None, title: str = "What did it cost?", filters: str = "") -> Conversation:
    turns = tuple(
        StoredTurn(number, title, "2026-11-27T18:05:09.123+00:00", filters, answer)
        for number, answer in enumerate(answers)
    )
    return Conversation("x" * 22, "", title, "", "", "", turns)


def found(*citations: Citation, **more: object) -> Answer:
    return Answer("?", "", True, 0.95, citations=citations, **more)  # type: ignore[arg-type]


def test_markdown_has_quotes_dates_outlets_and_links() -> None:
    refused = Answer("?", "", False, 0.1, citations=(cited(),))
    shown = markdown(
        talk(found(cited(before="It opened in May.")), refused, None, filters="?f=source%3AElbwarte")
    )
    assert shown.startswith(
        "# What did it cost?\n\n## What did it cost?\n\n"
        "*27 November 2026, 18:05 UTC · limited to Outlet: Elbwarte*\n\n"
    )
    assert (
        "**Found**\n\n> It opened in May.\\\n> The bridge cost 4 million.\n>\n"
        "> \\[1\\] [The bridge](<https://example.org/bridge?a=1\\&b=2>) · Elbwarte · 27 May 2024 · German · "
        "news/bridge.md\n\n"
    ) in shown
    assert "**That is not in these articles.**\n\nClosest passages\n" in shown
    assert shown.endswith("This question got no answer.\n")


def test_what_is_written_from_right_to_left_moves_nothing_beside_it() -> None:
    quote, title, outlet = "وبلغت الكلفة 12 مليون دولار.", "جسر جديد", "المشرق"
    shown = talk(found(cited(quote, title=title, source=outlet, language="ar", url=None)))
    (block,) = html.fromstring(html_page(shown)).xpath("//blockquote")
    assert (block.get("dir"), block.get("lang")) == ("auto", "ar")
    (source,) = block.xpath("cite")
    assert (source.get("dir"), source.get("lang")) == ("ltr", "en")
    isolated = [each.text_content() for each in source.xpath("bdi")]
    assert isolated == [title, outlet, "27 May 2024", "Arabic", "news/bridge.md"]
    apart = f"\\[1\\] \u2068{title}\u2069 · \u2068{outlet}\u2069 · 27 May 2024 · Arabic · news/bridge.md"
    assert apart in markdown(shown)


def test_what_the_page_does_not_say_is_not_exported() -> None:
    counted = Answer("How many?", "", False, 0.1, searched="hello How many?", beyond=Beyond("count", 3, 2))
    assert "Searched for" not in markdown(talk(counted))
    assert "Searched for: a b" in markdown(talk(found(cited(), searched="a b")))


def test_a_written_answer_has_its_sentences_with_their_numbers() -> None:
    written = found(cited(), mode="written", sentences=(Sentence("It cost 4 million.", (1,), True),))
    assert "**Found**\n\nIt cost 4 million. \\[1\\]\n\n>" in markdown(talk(written))
    body = html.fromstring(html_page(talk(written)))
    assert body.xpath("string(//section/p[3])") == "It cost 4 million. [1]"


def test_both_sides_of_a_disagreement_are_listed_below_the_warning() -> None:
    other = cited("It cost 5 million.", number=0, title="Another", words_start=18, words_end=27)
    sides = (cited(words_start=26, words_end=35), other)
    more = cited("The bridge is long.", number=0, title="Further off")
    unsure = replace(found(cited()), confidence=0.5, disagreements=(Disagreement("number", sides),))
    shown = markdown(talk(replace(unsure, further=(more,))))
    for part in (
        "UTC*\n\n**Unsure: check the sources**\n\n> The bridge cost",
        "\n\n**The sources give different numbers**\n\n**4 million**\n\n> The bridge cost 4 million.\n",
        "\n\n**5 million**\n\n> It cost 5 million.\n>\n> [Another](",
        "\n\nFurther passages\n\n> The bridge is long.\n>\n> [Further off](",
    ):
        assert part in shown
    body = html.fromstring(html_page(talk(replace(unsure, further=(more,)))))
    assert body.xpath("//p[@class='level']/text()") == [
        "Unsure: check the sources",
        "The sources give different numbers",
    ]
    assert body.xpath("//blockquote/mark/text()") == ["4 million", "5 million"]
    assert [each.text_content() for each in body.xpath("//blockquote")][-1].startswith("The bridge is long.")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], include_characters="\n"), max_size=80)
)
def test_any_text_stays_text_in_markdown(quote: str) -> None:
    lines = text(quote)
    for kind in ("commonmark", "gfm-like"):
        reader = MarkdownIt(kind, {"linkify": False})
        shown = reader.render("\n\n".join(["> " + "\\\n> ".join(lines)])) if lines else ""
        plain = html.fromstring(f"<div>{shown}</div>")
        assert {element.tag for element in plain.iter()} <= {"div", "blockquote", "p", "br"}
        said = [line.strip() for line in "".join(plain.itertext()).splitlines()]
        assert [re.sub(r"\s+", " ", line) for line in said if line] == [
            re.sub(r"\s+", " ", line).strip() for line in quote.splitlines() if line.strip()
        ]


@pytest.mark.parametrize("line", ["1986. war", "7) x", "- x", "+ x", "===", "---", "# x", "> x", "    x", "```", "***", "[a]: /b", "a | b", "| - |", "&amp;", "<b>", "http://evil.example", "www.evil.example", "a@evil.example", "~~x~~", "$x$", "![a](b)", "\\", "`a", "\tx"])  # fmt: skip
def test_what_means_something_in_markdown_means_nothing(line: str) -> None:
    for shown in (f"> {text(line)[0]}", f"> one\\\n> {text(line)[0]}", f"## {text(line)[0]}"):
        plain = html.fromstring(f"<div>{MarkdownIt('gfm-like', {'linkify': False}).render(shown)}</div>")
        assert {element.tag for element in plain.iter()} <= {"div", "blockquote", "p", "br", "h2"}
        assert "".join(plain.itertext()).split() == [*(["one"] if "one" in shown else []), *line.split()]


def hostile() -> Conversation:
    bad = cited(
        HOSTILE_SENTENCE,
        title=HOSTILE_TITLE,
        source=HOSTILE_SOURCE,
        url=HOSTILE_URL,
        path="<b>.md",
        before=HOSTILE_SENTENCE,
        words_start=20,
        words_end=60,
    )
    return talk(
        found(bad, cited(url="javascript:alert(1)", number=2), searched="</p><script>"), title=HOSTILE_TITLE
    )


def test_nothing_hostile_becomes_markup_in_a_page_of_its_own() -> None:
    page = html_page(hostile(), "de")
    body = html.document_fromstring(page)
    allowed = "html head meta title style body main h1 section h2 p blockquote span mark cite a bdi"
    assert {element.tag for element in body.iter()} == set(allowed.split())
    assert body.get("lang") == "de"
    assert [link.get("href") for link in body.iter("a")] == [HOSTILE_URL]
    assert not [name for element in body.iter() for name in element.attrib if name.startswith("on")]
    assert {text.strip() for text in body.xpath("//h1//text()")} == {HOSTILE_TITLE}
    quote = body.xpath("//blockquote")[0]
    said = "".join(text for text in quote.xpath(".//text()[not(ancestor::cite)]"))
    assert said == f"{HOSTILE_SENTENCE} {HOSTILE_SENTENCE}"
    assert quote.xpath("string(mark)") == HOSTILE_SENTENCE[10:50]
    # It loads nothing, from anywhere.
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import|<link|<script|src=", page)


def test_nothing_hostile_becomes_markup_in_markdown() -> None:
    shown = html.fromstring(
        f"<div>{MarkdownIt('gfm-like', {'linkify': False}).render(markdown(hostile()))}</div>"
    )
    assert {element.tag for element in shown.iter()} <= set(
        ["div", "h1", "h2", "p", "em", "strong", "blockquote", "br", "a"]
    )
    assert [link.get("href").split("?")[0] for link in shown.iter("a")] == [HOSTILE_URL]


def test_a_quote_keeps_its_lines_and_its_blanks_around_the_words_that_answer() -> None:
    quote = "Rosen rot,\nVeilchen blau,\n\nund so fort."
    body = html.fromstring(html_page(talk(found(cited(quote, words_start=21, words_end=25)))))
    (block,) = body.xpath("//blockquote")
    assert block.xpath("string(mark)") == quote[11:15]
    lines = html.tostring(block, encoding="unicode").partition("<cite ")[0].split("<br>")
    assert [html.fromstring(f"<p>{line}</p>").text_content() for line in lines] == quote.split("\n")

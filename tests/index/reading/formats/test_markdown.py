"""Markdown and what stands before it, as pages and note programs show it."""

from datetime import date

import pytest

from index.reading.document import Document, Skipped
from index.reading.formats.markdown import markdown_text
from index.reading.registry import read

DAY = date(2024, 5, 27)
FRONT = {
    "YAML": "---\ntitle: Quay closed\nauthor: Liv Aas\ndate: 2024-05-27\n---\n",
    "YAML ended by dots": "---\ntitle: Quay closed\nauthors: [Liv Aas]\ndate: 2024-05-27T10:00\n...\n",
    "YAML that is none": "---\ntitle: Quay closed\nnote: a: b\nauthor:\n  - Liv Aas\ncreated: 27.05.2024\n---\n",
    "of a note program": '---\ntitle: "[[Quay closed]]"\nauthor: [[Liv Aas]]\ndate created: Monday, 27 May 2024\nupdated: 2024-06-01\n---\n',
    "links in a list": '---\nTitle: Quay closed\nAuthor:\n  - "[[People/Liv|Liv Aas]]"\nPublished: 2024-05-27\n---\n',
    "in German": "---\nTitel: Quay closed\nAutorin: Liv Aas\nDatum: 27.05.2024\n---\n",
    "TOML": '+++\ntitle = "Quay closed"\ndate = 2024-05-27T10:00:00Z\nauthors = ["Liv Aas"]\n[extra]\nn = 1\n+++\n',
    "TOML with a table": '+++\ntitle = "Quay closed"\ndate = 2024-05-27\n[params]\nauthor = "Liv Aas"\n+++\n',
    "pandoc": "% Quay closed\n% Liv Aas\n% 27 May 2024\n\n",
    "pandoc, in more lines": "% Quay\n  closed\n% Liv Aas\n% May 27, 2024\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", FRONT)
@pytest.mark.parametrize("ending", ["md", "txt"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_front_matter_is_read_and_no_text(kind: str, ending: str, line_end: str) -> None:
    text = FRONT[kind] + "\nThe quay is closed.\n"
    (found,) = read(f"a.{ending}", text.replace("\n", line_end).encode())
    assert isinstance(found, Document)
    assert (found.title, found.authors, found.published) == ("Quay closed", ("Liv Aas",), DAY)
    assert found.text.strip() == "The quay is closed."


@pytest.mark.parametrize(
    "text",
    ["% of all boats berth here.\nThe rest do not.", "---\nA heading\n---\n\nText.", "+++ loud +++\n\nText.", "%%\n\nText.", "---\n\n---\n\nText."],
)  # fmt: skip
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    (found,) = read("a.txt", text.encode())
    assert isinstance(found, Document)
    assert found.text == text


def test_a_source_that_is_an_address_is_the_link_and_tags_have_no_marks() -> None:
    text = '---\nsource: "https://q.example/1"\npublisher: "[[Quay Post]]"\ntags:\n  - "#sea/boats"\n  - 2024\nlang: nob\n---\nText.'
    (found,) = read("a.md", text.encode())
    assert isinstance(found, Document)
    assert (found.url, found.source, found.tags, found.language) == (
        "https://q.example/1",
        "Quay Post",
        ("sea/boats", "2024"),
        "no",
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("To [[Varde]] and [[Varde Museum|the museum]], [[Notes#Prices]].", "To Varde and the museum, Notes Prices."),
        ("A picture ![[ferry.png|300]] of it.", "A picture of it."),
        ("Cite [[1]](https://q.example) and [[not\nclosed] it.", "Cite [1] and [[not closed] it."),
        ("It is ==marked and **bold**== and a == b or c == d.", "It is marked and bold and a == b or c == d."),
        ("Seen %%not seen%% seen, 5 %% of it.", "Seen seen, 5 %% of it."),
        ("The end. ^a1b2c3", "The end."),
        ("x to the ^2", "x to the ^2"),
        ("> [!warning]- Mind the gap\n> It is wide.", "Mind the gap\n\nIt is wide."),
        ("> [!tip]\n> It is wide.", "It is wide."),
        ("It cost ~~9~~ 12 pounds.", "It cost 12 pounds."),
        ("A claim.[^1] Another[^note].\n\n[^1]: Harbour\n[^note]: <https://q.example>", "A claim. Another.\n\nHarbour\n\nhttps://q.example"),
        ("<div>The <b>old</b> ferry.</div>\n\n<!-- not seen -->\n\nAnd <i>the</i> new.", "The old ferry.\n\nAnd the new."),
        ("One<br>two <mark>and</mark> four and a List<String> of 3 < 4.", "One\ntwo and four and a List<String> of 3 < 4."),
        ("<T> is no tag.", "<T> is no tag."),
        ("<details><summary>More</summary>\n\nOf it.\n\n</details>", "More\n\nOf it."),
        ("<script>alert(1)</script>\n\nText.", "Text."),
        ("- [x] paid\n- [ ] moved\n  - by ship", "[x] paid\n[ ] moved\nby ship"),
        ("1. paid\n   - in cash\n     - in May\n2. moved\n\nThe end.", "paid\nin cash\nin May\nmoved\n\nThe end."),
        ("| A | B |\n|---|---|\n| 1 | **2** |\n| [[x\\|y]] | |", "A | B\n1 | 2\ny"),
        ("snake_case_name, 2 * 3 * 4, `a_b` and 1985\\. A year.", "snake_case_name, 2 * 3 * 4, a_b and 1985. A year."),
        ("```\n[[x]] ==y== <b>\n```", "[[x]] ==y== <b>"),
    ],
)  # fmt: skip
def test_words_without_marks(source: str, words: str) -> None:
    import re

    lines = (re.sub(r" {2,}", " ", line).strip() for line in markdown_text(source).split("\n"))
    assert re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() == words


def test_an_export_of_wordpress_has_its_published_posts() -> None:
    def item(name: str, content: str, status: str, kind: str = "post") -> str:
        return (
            f"<item><title>{name}</title><guid>{name}</guid><pubDate>Mon, 27 May 2024 10:00:00 +0000</pubDate>"
            f"<content:encoded><![CDATA[{content}]]></content:encoded><wp:status>{status}</wp:status>"
            f"<wp:post_type>{kind}</wp:post_type></item>"
        )

    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.1/"'
    )
    content = 'First line.\n\n[caption id="2" width="9"]<img src="a.jpg"/> A crane[/caption]\n[gallery ids="1,2"]\nSecond [sic] line.'
    items = (
        item("a", content, "publish")
        + item("b", "Draft.", "draft")
        + item("c", "Later.", "future")
        + item("d", "x", "inherit", "attachment")
    )
    xml = f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>Q</title>{items}</channel></rss>'
    found = list(read("a.xml", xml.encode()))
    assert isinstance(found[0], Document)
    assert "First line.\n\nA crane" in found[0].text
    assert found[0].text.endswith("Second [sic] line.")
    assert [type(other) for other in found[1:]] == [Skipped] * 3


@pytest.mark.parametrize("code", ["no", "No", "NO", '"no"', "nb-NO"])
def test_norwegian_is_a_language_and_not_a_denial(code: str) -> None:
    (found,) = read("a.md", f"---\ntitle: Broen\nlanguage: {code}\n---\nBroen åpner igjen.".encode())
    assert isinstance(found, Document)
    assert found.language == "no"

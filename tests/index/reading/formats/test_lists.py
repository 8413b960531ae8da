"""Lists in the shapes that programs and people store them in."""

import json
from datetime import date

import pytest

from index.reading.document import Document
from index.reading.registry import read

DAY = date(2024, 5, 27)
TEXT = (
    "The quay at Sandvig was closed on Monday after a crane tipped over, and 42 boats must berth elsewhere."
)
MORE = "The ferry sails from the north pier until the quay is repaired, said the harbour master Liv Aas."
ROW = {"title": "Quay closed", "date": "2024-05-27", "text": TEXT}
OTHER = {"title": "Crane rights itself", "date": "2024-05-28", "text": MORE}


def documents(name: str, data: object) -> list[Document]:
    raw = data if isinstance(data, bytes) else data if isinstance(data, str) else json.dumps(data)
    found = list(read(name, raw.encode() if isinstance(raw, str) else raw))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def hits(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    return [{"_id": str(number), "_score": 1.5, "_source": row} for number, row in enumerate(rows)]


WRAPPED = {
    "rows": [ROW, OTHER],
    "answer of a search server": {"took": 2, "hits": {"total": {"value": 2}, "hits": hits([ROW, OTHER])}},
    "two levels down": {"response": {"status": "ok", "pages": 1, "results": [ROW, OTHER]}},
    "JSON:API": {"data": [{"type": "articles", "id": str(n), "attributes": row} for n, row in enumerate((ROW, OTHER))]},
    "GraphQL": {"data": {"posts": {"edges": [{"node": ROW}, {"node": OTHER}]}}},
    "by key": {"a/1": ROW, "a/2": OTHER},
    "by key below": {"articles": {"one": ROW, "two": OTHER}},
    "columns of objects": {key: {"0": ROW[key], "1": OTHER[key]} for key in ROW},
    "columns of lists": {key: [ROW[key], OTHER[key]] for key in ROW},
    "header and rows": {"columns": list(ROW), "index": [0, 1], "data": [list(ROW.values()), list(OTHER.values())]},
    "rows of cells": [list(ROW), list(ROW.values()), list(OTHER.values())],
    "pages of rows": [[ROW], [OTHER]],
    "a feed in JSON": {"version": "1.1", "title": "Quays", "description": "All of them.", "items": [ROW, OTHER]},
    "beside other lists": {"authors": [{"name": "Liv"}], "articles": [ROW, OTHER]},
    "texts with metadata": [{"page_content": row["text"], "metadata": {k: row[k] for k in ("title", "date")}} for row in (ROW, OTHER)],
}  # fmt: skip


@pytest.mark.parametrize("shape", WRAPPED)
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_articles_are_found_in_what_is_around_them(shape: str, ending: str) -> None:
    found = documents(f"a.{ending}", WRAPPED[shape])
    assert [(item.title, item.published, item.text) for item in found] == [
        ("Quay closed", DAY, TEXT),
        ("Crane rights itself", date(2024, 5, 28), MORE),
    ]
    assert len({item.name for item in found}) == 2


def test_texts_alone_are_named_by_their_keys() -> None:
    found = documents("a.json", {"Quay closed": TEXT, "Crane rights itself": MORE})
    assert [(item.title, item.text) for item in found] == [
        ("Quay closed", TEXT),
        ("Crane rights itself", MORE),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        f"{json.dumps(ROW)}\n{json.dumps(OTHER)}\n",
        f"{json.dumps(ROW)}{json.dumps(OTHER)}",
        f"{json.dumps(ROW, indent=2)}\n{json.dumps(OTHER, indent=2)}",
        f"\x1e{json.dumps(ROW)}\n\x1e{json.dumps(OTHER)}\n",
        f"[{json.dumps(ROW)},\n{json.dumps(OTHER)},]",
        f"// exported\n[{json.dumps(ROW)}, /* and */ {json.dumps(OTHER)}]",
        f"window.articles = [{json.dumps(ROW)}, {json.dumps(OTHER)}];",
        json.dumps([ROW, OTHER], indent=2),
    ],
)
@pytest.mark.parametrize("ending", ["json", "jsonl", "ndjson"])
def test_lines_and_lists_are_told_apart_by_what_is_in_them(raw: str, ending: str) -> None:
    assert [item.text for item in documents(f"a.{ending}", raw)] == [TEXT, MORE]


@pytest.mark.parametrize(
    "row",
    [
        {"title": {"rendered": "Quay &#8211; closed"}, "content": {"rendered": f"<p>{TEXT}</p>\n", "protected": False}, "author": 4},
        {"headline": {"main": "Quay – closed", "kicker": None}, "body": [TEXT]},
        {"webTitle": "Quay – closed", "fields": {"headline": "Quay – closed", "bodyText": TEXT}},
        {"title": "Quay &ndash; closed", "text": TEXT, "image": {"url": "https://x.example/i.png", "title": "A crane"}},
        {"title": "Quay – closed", "text": "Quay – closed", "artikel_inhalt": TEXT},
        {"title": "Quay – closed", "summary": "The quay.", "unknown name": TEXT},
        {"title": "Quay – closed", "content": {"blocks": [{"type": "paragraph", "text": TEXT}]}},
        {"title": "Quay – closed", "body": [{"type": "paragraph", "children": [{"type": "text", "text": TEXT[:30]}, {"type": "text", "text": TEXT[30:]}]}]},
    ],
)  # fmt: skip
def test_the_text_and_title_of_a_row_wherever_they_are(row: dict[str, object]) -> None:
    (found,) = documents("a.json", [row])
    assert (found.title, found.text, found.url, found.authors) == ("Quay – closed", TEXT, None, ())


def test_paragraphs_of_a_list_stay_apart() -> None:
    for key in ("paragraphs", "content", "text"):
        (found,) = documents("a.json", [{"title": "Quay closed", key: [TEXT, {"text": MORE}]}])
        assert found.text == f"{TEXT}\n\n{MORE}"


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "p", "text": TEXT}, {"type": "p", "text": MORE}],
        [{"id": 1, "text": TEXT}, {"id": 2, "text": MORE}],
        [{"html": f"<p>{TEXT}</p>"}, {"html": f"<p>{MORE}</p>"}],
    ],
)
def test_paragraphs_of_one_article_are_no_articles(ending: str, blocks: list[dict[str, object]]) -> None:
    (found,) = documents(
        f"a.{ending}", {"title": "Quay closed", "date": "2024-05-27", "author": "Liv Aas", "content": blocks}
    )
    assert (found.title, found.published, found.authors) == ("Quay closed", DAY, ("Liv Aas",))
    assert found.text == f"{TEXT}\n\n{MORE}"


def test_sections_with_headings_of_one_article_are_no_articles() -> None:
    sections = [{"heading": "Crane", "text": TEXT}, {"title": "Ferry", "text": MORE}]
    (found,) = documents("a.json", {"title": "Quay closed", "date": "2024-05-27", "sections": sections})
    assert (found.title, found.text) == ("Quay closed", f"Crane\n\n{TEXT}\n\nFerry\n\n{MORE}")


def test_the_words_of_an_editor_are_found_however_deep_they_are() -> None:
    def node(kind: str, *inside: object) -> dict[str, object]:
        return {"type": kind, "content": list(inside)}

    def said(text: str) -> dict[str, object]:
        return node("paragraph", {"type": "text", "text": text})

    inner = node("bulletList", node("listItem", said("on Sundays too")))
    items = node("bulletList", node("listItem", said("by ferry"), inner), node("listItem", said("on foot")))
    (found,) = documents("a.json", [{"title": "Quay closed", "body": node("doc", said(TEXT), items)}])
    assert found.text.split("\n\n") == [TEXT, "by ferry", "on Sundays too", "on foot"]


def test_articles_in_the_content_of_a_list_are_articles() -> None:
    found = documents("a.json", {"title": "Quays", "url": "https://q.example", "content": [ROW, OTHER]})
    assert [item.title for item in found] == ["Quay closed", "Crane rights itself"]


def test_names_beside_their_values() -> None:
    (found,) = documents(
        "a.json",
        [
            {
                "headline": {"main": "Quay closed"},
                "lead_paragraph": TEXT,
                "byline": {"original": "By Liv Aas and Ole Bo", "person": []},
                "keywords": [{"name": "subject", "value": "Harbours", "rank": 1}],
            }
        ],
    )
    assert (found.authors, found.tags) == (("Liv Aas", "Ole Bo"), ("Harbours",))


def test_an_article_with_a_list_of_other_things_is_one_article() -> None:
    (found,) = documents(
        "a.json", {**ROW, "comments": [{"name": "Ole", "text": MORE}], "images": [{"caption": MORE}]}
    )
    assert (found.text, found.name) == (TEXT, "")


@pytest.mark.parametrize(
    "header",
    [
        ("Überschrift", "Veröffentlicht", "Verfasser", "Zeitung", "Inhalt"),
        ("titre", "date de publication", "auteur", "journal", "texte"),
        ("Título", "Fecha", "Autor", "Fuente", "Contenido"),
        ("Titolo", "Data", "Autore", "Fonte", "Testo"),
        ("titel", "datum", "auteur", "krant", "tekst"),
        ("Rubrik", "Datum", "Författare", "Källa", "Brödtext"),
        ("Tytuł", "Data publikacji", "Autor", "Źródło", "Treść"),
        ("Заголовок", "Дата", "Автор", "Источник", "Текст"),
        ("Başlık", "Tarih", "Yazar", "Kaynak", "Metin"),
        ("Tiêu đề", "Ngày đăng", "Tác giả", "Nguồn", "Nội dung"),
        ("タイトル", "日付", "著者", "出典", "本文"),
        ("标题", "发布日期", "作者", "来源", "正文"),
        ("post_title", "post_date", "post_author", "site name", "post_content"),
        ("articleTitle", "publishedAt", "articleAuthor", "sourceName", "articleText"),
    ],
)
def test_columns_are_known_in_many_languages(header: tuple[str, ...]) -> None:
    if header[3] == "sourceName":
        header = (*header[:3], "source", header[4])
    (found,) = documents("a.csv", ";".join(header) + f'\nQuay closed;27.05.2024;Liv Aas;Quay Post;"{TEXT}"\n')
    assert (found.title, found.published, found.authors, found.source, found.text) == (
        "Quay closed", DAY, ("Liv Aas",), "Quay Post", TEXT,
    )  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        f'sep=;\nTitle;Text\nQuay closed;"{TEXT}"\n',
        f'"sep=|"\r\nTitle|Text\r\nQuay closed|"{TEXT}"\r\n',
        f'\n\nTitle,Text\nQuay closed,"{TEXT}"\n',
        f'Title,Text\rQuay closed,"{TEXT}"\r',
        f'"Title, and more","Text"\n"Quay closed","{TEXT}"\n'.replace(", and more", ""),
    ],
)
def test_what_spreadsheets_put_around_a_table(raw: str) -> None:
    (found,) = documents("a.csv", raw)
    assert (found.title, found.text) == ("Quay closed", TEXT)


def test_a_table_of_one_column_and_one_without_names() -> None:
    assert [item.text for item in documents("a.csv", f'text\n"{TEXT}"\n"{MORE}"\n')] == [TEXT, MORE]
    assert [item.text for item in documents("a.csv", f'"{TEXT}"\n"{MORE}"\n')] == [TEXT, MORE]
    assert [item.text for item in documents("a.tsv", f"7\t{TEXT}\n8\t{MORE}\n")] == [TEXT, MORE]


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ({"updated": "2024-06-01", "published": "2024-05-27"}, DAY),
        ({"modified": "2024-06-01", "date": {"$date": "2024-05-27T09:00:00Z"}}, DAY),
        ({"created": {"$date": {"$numberLong": "1716800000000"}}}, DAY),
        ({"created_utc": 1716800000.0, "timestamp": 1716800000}, DAY),
        ({"date": "unknown", "published_at": "1716800000000"}, DAY),
        ({"lastModified": "2024-05-27"}, DAY),
    ],
)  # fmt: skip
def test_the_day_of_a_row(dates: dict[str, object], day: date) -> None:
    (found,) = documents("a.jsonl", {**dates, "title": "T", "text": TEXT})
    assert found.published == day


def test_entities_are_resolved_in_every_field() -> None:
    row = {
        "title": "Quay &amp; crane",
        "text": "Boats &amp; nets: 5 &lt; 6, said &quot;Liv&quot;.",
        "author": "Liv &Aring;s",
    }
    (found,) = documents("a.json", [{**row, "source": "Quay &amp; Sea", "tags": ["sea &amp; sky"]}])
    assert found.title == "Quay & crane"
    assert found.text == 'Boats & nets: 5 < 6, said "Liv".'
    assert (found.source, found.authors, found.tags) == ("Quay & Sea", ("Liv Ås",), ("sea & sky",))


def test_a_source_that_is_an_address_is_the_address() -> None:
    (found,) = documents("a.json", [{"text": TEXT, "source": "https://quay.example/1"}])
    assert (found.source, found.url) == (None, "https://quay.example/1")

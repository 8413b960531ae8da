"""Counts of articles by what a question can be limited to: the same as the limits let through, in any combination."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from index import Filters, Index, Settings, build, open_index
from index.store.catalog import FILE_NAME, Catalog
from index.store.facets import FacetCounts
from tests.fakes import HashEncoder

ARTICLES = {
    "a.md": ("Elbwarte", "de", "2024-05-01", ["Bridges", "bridges"]),
    "b.md": ("elbwarte", "de", None, ["Kent"]),
    "2024/c.md": ("Elbwarte", "en", "2024-05-02", ["BRIDGES", "Kent"]),
    "2024/05/d.md": ("Quay Post", "nn", "2024-05-03", []),
    "2024/05/e.md": (None, "no", "2024-06-04", ["Öl"]),
    "C#/f.md": ("Quay Post", "en", "2023-01-01", ["O\u0308L"]),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("articles")
    for path, (outlet, language, day, tags) in ARTICLES.items():
        front = {"outlet": outlet, "language": language, "date": day, "tags": tags}
        stated = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items() if value)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"---\n{stated}\n---\nThe bridge of {path} opens.", "utf-8")
    rows = [{"id": f"http://x/{n}", "text": f"Row number {n} tells of a bridge."} for n in range(3)]
    (folder / "2024" / "list.jsonl").write_text("\n".join(map(json.dumps, rows)))
    settings = Settings(index=tmp_path_factory.mktemp("index"))
    build(folder, settings, encoder=HashEncoder())
    return settings


@pytest.fixture(scope="module")
def index(settings: Settings) -> Iterator[Index]:
    with open_index(settings=settings) as opened:
        yield opened


def plain(index: Index, kind: str, filters: Filters | None = None) -> dict[str, int]:
    return {facet.value: facet.articles for facet in getattr(index.facets(filters), kind)}


def test_values_are_counted_as_a_limit_takes_them(index: Index) -> None:
    facets = index.facets()
    assert (facets.articles, facets.first, facets.last) == (9, date(2023, 1, 1), date(2024, 6, 4))
    # The most frequent spelling stands for all.
    assert plain(index, "source") == {"Elbwarte": 3, "Quay Post": 2}
    assert plain(index, "tag") == {"BRIDGES": 2, "Kent": 2, "\u00d6L": 2}
    # Who asks for Norwegian means Nynorsk too.
    assert plain(index, "language") == {"de": 2, "en": 2, "no": 2, "nn": 1}
    assert plain(index, "path") == {"2024": 6, "2024/list.jsonl": 3, "2024/05": 2, "C#": 1}


def test_each_kind_is_counted_under_the_limits_of_the_others(index: Index) -> None:
    german = Filters(language="de")
    assert plain(index, "source", german) == {"Elbwarte": 2}
    assert plain(index, "language", german) == plain(index, "language")
    assert index.facets(german).articles == 2
    both = Filters(source=["elbwarte", "quay post"], since=date(2024, 5, 2))
    assert plain(index, "source", both) == {"Elbwarte": 1, "Quay Post": 1}
    assert plain(index, "path", both) == {"2024": 2, "2024/05": 1}
    facets = index.facets(both)
    assert (facets.articles, facets.first, facets.last) == (2, date(2023, 1, 1), date(2024, 5, 3))
    nothing = index.facets(Filters(language="de", tag="Öl"))
    assert (nothing.articles, nothing.source, nothing.first) == (0, (), None)


def test_a_count_is_what_the_limit_lets_through(index: Index, settings: Settings) -> None:
    several: dict[str, Any] = {
        "source": [(), ("Elbwarte",), ("Elbwarte", "Quay Post")],
        "language": [(), ("no",), ("de", "en")],
        "path": [(), ("2024",), ("2024/05", "C#")],
        "tag": [(), ("kent",), ("öl", "bridges")],
    }
    with closing(Catalog.open(settings.index / FILE_NAME)) as catalog:
        for values in product(*several.values()):
            chosen: dict[str, Any] = dict(zip(several, values, strict=True))
            facets = index.facets(Filters(**chosen))
            # No two of these articles are one story.
            assert facets.articles == len(catalog.filtered(Filters(**chosen)))
            for kind in several:
                for facet in getattr(facets, kind):
                    alone = Filters(**{**chosen, kind: facet.value})
                    assert facet.articles == len(catalog.filtered(alone)), (chosen, kind, facet)


def test_facets_follow_builds(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    (folder / "a.md").write_text("---\noutlet: First\n---\nA bridge opens.")
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        assert plain(index, "source") == {"First": 1}
        (folder / "a.md").write_text("---\noutlet: Second\n---\nA bridge opens.")
        build(folder, settings, encoder=HashEncoder())
        assert plain(index, "source") == {"Second": 1}
        (folder / "a.md").unlink()
        (folder / "b.txt").write_text("---\ntags: []\n---\nNothing is known of this bridge.")
        build(folder, settings, encoder=HashEncoder())
        assert (index.facets().articles, index.facets().source, index.facets().path) == (1, (), ())


def test_counting_reads_no_texts(index: Index, settings: Settings) -> None:
    read: list[str] = []
    with closing(Catalog.open(settings.index / FILE_NAME)) as catalog:
        catalog._db.set_trace_callback(read.append)
        catalog.facets(FacetCounts(), Filters(source="Elbwarte", tag="Kent", path="2024", language="en"))
        catalog._db.set_trace_callback(None)
        plans = [
            step[3]
            for statement in read
            if "AS place" in statement
            for step in catalog._all(f"EXPLAIN QUERY PLAN {statement}")
            if "place" in step[3]
        ]
    assert len(plans) >= 6
    assert all("COVERING INDEX" in plan for plan in plans), plans


def test_an_index_from_before_gets_its_index_of_facets(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    (folder / "a.md").write_text("A bridge opens.")
    build(folder, settings, encoder=HashEncoder())
    path = settings.index / FILE_NAME

    def indexes() -> set[str]:
        with closing(sqlite3.connect(path)) as db:
            return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}

    before = indexes()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP INDEX article_facets")
    with open_index(settings=settings) as index:
        assert index.facets().articles == 1
    build(folder, settings, encoder=HashEncoder())
    assert "article_facets" in indexes() == before

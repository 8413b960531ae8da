"""Folders as people have them: real files of all kinds, real Chroma; every change takes effect, exactly."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from index import Filters, Settings, build, open_index
from index.errors import QuestionError
from index.reading.document import UnreadableError
from index.reading.files import file_hash
from index.reading.sandbox import Reading
from index.store.catalog import Catalog
from index.store.integrity import check
from tests.fakes import HashEncoder
from tests.index.reading.formats import making
from tests.index.reading.formats.making import PARAGRAPHS

encoding = sys.modules["index.building.embed"]
STORY = "\n\n".join(f"{paragraph} Part {n}." for n, paragraph in enumerate(PARAGRAPHS * 3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


def article(title: str, body: str, day: str = "2024-05-27", outlet: str = "Quay Post") -> str:
    return f"---\ntitle: {title}\ndate: {day}\noutlet: {outlet}\nlanguage: en\n---\n{body}"


def contents(settings: Settings) -> dict[str, list[tuple[int, int, str]]]:
    catalog = Catalog.open(settings.index / "catalog.sqlite")
    found: dict[str, list[tuple[int, int, str]]] = {}
    for row in catalog.passages(catalog.all_numbers(catalog.generation())).values():
        found.setdefault(row.article.path, []).append(
            (row.passage.span.start, row.passage.span.end, row.passage.text)
        )
    catalog.close()
    return {path: sorted(rows) for path, rows in sorted(found.items())}


def places(settings: Settings, filters: Filters | None = None) -> dict[str, list[str]]:
    """Return the path of each story's own article, and its other places."""
    vector = HashEncoder().encode(["bridge"], question=True)[0]
    with open_index(settings=settings) as index:
        hits = index.search("bridge", vector, filters=filters, count=50)
        return {hit.article.path: [place.path for place in hit.article.also] for hit in hits}


def test_a_folder_of_every_kind_of_file(folder: Path, settings: Settings) -> None:
    for name, maker in making.WHOLE.items():
        (folder / f"{name.partition('.')[0]}-{name.replace('.', '-')}.{name.partition('.')[2]}").write_bytes(
            maker()
        )
    for name, data in making.hostile().items():
        if name.startswith("a-"):
            (folder / f"bad-{name}").write_bytes(data)
    (folder / "new\nline \u202e.txt").write_text("A text whose name has a line end.")
    summary = build(folder, settings, encoder=HashEncoder())
    files = len(list(folder.iterdir()))
    reasons = {path for path in summary.skipped if (folder / path).exists()}
    assert summary.added + len(reasons) >= files
    assert summary.unchanged == 0
    assert summary.added >= len(making.WHOLE)
    assert summary.stories < summary.articles
    again = build(folder, settings, encoder=HashEncoder())
    # Why a file is no article is said again, without reading it again.
    assert again.skipped == summary.skipped
    assert (again.added, again.replaced, again.removed, again.encoded) == (0, 0, 0, 0)


def test_a_renamed_file_is_not_encoded_again(folder: Path, settings: Settings) -> None:
    (folder / "one.txt").write_text(article("Bridge", STORY))
    (folder / "other.txt").write_text(article("Ferry", STORY[::-1]))
    build(folder, settings, encoder=HashEncoder())
    (folder / "one.txt").rename(folder / "two.txt")
    encoder = HashEncoder()
    summary = build(folder, settings, encoder=encoder)
    assert encoder.encoded == []
    assert (summary.added, summary.removed, summary.unchanged) == (1, 1, 1)
    assert set(places(settings)) == {"two.txt", "other.txt"}


def test_a_row_that_comes_changes_or_goes_leaves_the_others_alone(folder: Path, settings: Settings) -> None:
    rows = {
        n: f'{{"id": "r{n}", "title": "T{n}", "text": "Row number {n} tells of bridge {n} and pier {n}."}}'
        for n in range(6)
    }
    (folder / "list.jsonl").write_text("\n".join(rows.values()))
    build(folder, settings, encoder=HashEncoder())
    before = contents(settings)
    assert len(before) == 6
    rows[2] = rows[2].replace("pier", "quay")
    del rows[4]
    rows[9] = '{"id": "r9", "title": "T9", "text": "A new row about the bridge."}'
    (folder / "list.jsonl").write_text("\n".join(rows.values()))
    encoder = HashEncoder()
    summary = build(folder, settings, encoder=encoder)
    assert (summary.replaced, summary.articles) == (1, 6)
    assert len(encoder.encoded) == 2
    after = contents(settings)
    assert set(after) == {f"list.jsonl#r{n}" for n in (0, 1, 2, 3, 5, 9)}
    kept = [f"list.jsonl#r{n}" for n in (0, 1, 3, 5)]
    assert {path: after[path] for path in kept} == {path: before[path] for path in kept}


def test_one_story_is_indexed_once_with_all_its_places(folder: Path, settings: Settings) -> None:
    (folder / "late.txt").write_text(article("Bridge to open", STORY, "2024-05-28", "Late Paper"))
    (folder / "first.txt").write_text(article("Bridge opens", STORY, "2024-05-26", "First Paper"))
    (folder / "edited.txt").write_text(
        article("Opening", f"{STORY} Edited by the desk.", "2024-05-27", "Desk")
    )
    (folder / "other.txt").write_text(article("Ferry", "A ferry crosses, not a bridge.", "2020-01-01"))
    encoder = HashEncoder()
    summary = build(folder, settings, encoder=encoder)
    assert (summary.articles, summary.stories) == (4, 2)
    assert places(settings) == {"first.txt": ["edited.txt", "late.txt"], "other.txt": []}
    assert sum("Part 0" in text for text in encoder.encoded) == 1
    # A limit is passed by any place of a story.
    for limit in (Filters(source="late paper"), Filters(since=date(2024, 5, 28))):
        assert set(places(settings, limit)) == {"first.txt"}
    with pytest.raises(QuestionError, match="choose among Desk, First Paper, Late Paper, Quay Post"):
        places(settings, Filters(source="nobody"))


def test_copies_are_found_however_little_is_compared(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.building.intake.MAX_COMPARED", 1)
    for number in range(4):
        (folder / f"{number}.txt").write_text(article(f"Title {number}", STORY, f"2024-05-2{number}"))
    summary = build(folder, settings, encoder=HashEncoder())
    assert (summary.articles, summary.stories) == (4, 1)


def test_limits_by_path_and_tag(folder: Path, settings: Settings) -> None:
    (folder / "2024").mkdir()
    (folder / "2024" / "a [1].md").write_text("---\ntags: [Bridges, Kent]\n---\nA bridge opens.")
    (folder / "2024" / "b.txt").write_text("A bridge closes.")
    (folder / "2025.txt").write_text("A bridge is painted.")
    build(folder, settings, encoder=HashEncoder())
    a, b, c = "2024/a [1].md", "2024/b.txt", "2025.txt"
    for path, expected in {
        "2024": {a, b},
        "2024/": {a, b},
        "2024/a [1].md": {a},
        "*.txt": {b, c},
        "20*": {a, b, c},
    }.items():
        assert set(places(settings, Filters(path=path))) == expected, path
    for path in ("202", "2024/a [1].m?", "nowhere", "%", "\udcff"):
        with pytest.raises(QuestionError, match=r"no article has the path .*: choose among .*2024/"):
            places(settings, Filters(path=path))
    assert set(places(settings, Filters(tag="bridges"))) == {a}
    with pytest.raises(QuestionError, match=r"no article has the tag 'Bridge': choose among Bridges, Kent"):
        places(settings, Filters(tag="Bridge"))
    # Each has its articles; no article has both.
    assert set(places(settings, Filters(tag="KENT", path="2025.txt"))) == set()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_limits_take_letters_of_any_alphabet_in_any_form(
    folder: Path, settings: Settings, form: Literal["NFC", "NFD"]
) -> None:
    asked = partial(unicodedata.normalize, form)
    stored = partial(unicodedata.normalize, "NFC" if form == "NFD" else "NFD")

    (folder / stored("Zürich")).mkdir()
    front = stored("---\nsource: Öffentlicher Anzeiger\ntags: [Élysée, Straße]\n---\n")
    (folder / stored("Zürich") / stored("Brücke.md")).write_text(f"{front}A bridge opens.")
    (folder / "b.md").write_text("---\nsource: ΑΘΉΝΑ\ntags: [Київ]\n---\nAnother bridge is painted.")
    build(folder, settings, encoder=HashEncoder())
    first = stored("Zürich/Brücke.md")
    for limits, expected in {
        Filters(path=asked("Zürich")): first,
        Filters(path=asked("Zürich/Brücke.md")): first,
        Filters(path=asked("*Brücke*")): first,
        Filters(path="Z*"): first,
        Filters(source=asked("öffentlicher  anzeiger")): first,
        Filters(source=asked("ÖFFENTLICHER ANZEIGER")): first,
        Filters(source="Αθήνα"): "b.md",
        Filters(tag=asked("élysée")): first,
        Filters(tag="STRASSE"): first,
        Filters(tag="київ"): "b.md",
    }.items():
        assert list(places(settings, limits)) == [expected], limits


def test_a_language_is_found_by_any_of_its_codes(folder: Path, settings: Settings) -> None:
    stated = {"a": "eng", "b": "en-GB", "c": "nb", "d": "no", "e": "nn", "f": "deu", "g": "iw"}
    for name, code in stated.items():
        (folder / f"{name}.md").write_text(f"---\nlanguage: '{code}'\n---\nBridge {name}.")
    build(folder, settings, encoder=HashEncoder())
    for asked, expected in {
        "en": "ab", "EN": "ab", "eng": "ab", "en-US": "ab", "no": "cde", "nor": "cde", "nb": "cde",
        "nn": "e", "de": "f", "ger": "f", "de_AT": "f", "he": "g",
    }.items():  # fmt: skip
        found = places(settings, Filters(language=asked))
        assert sorted(path[0] for path in found) == list(expected), asked
    with pytest.raises(
        QuestionError, match=r"no article is in the language 'fr': choose among en, no, de, he, nn"
    ):
        places(settings, Filters(language="fr"))
    with pytest.raises(QuestionError, match="leave that limit out"):
        places(settings, Filters(source="Quay Post"))


def test_filters_are_made_of_what_people_write() -> None:
    made = Filters.of(since="2024-05-31", until=date(2024, 6, 1), language="de", tag=None)
    assert made == Filters(since=date(2024, 5, 31), until=date(2024, 6, 1), language=["de"])
    assert made == Filters(since=datetime(2024, 5, 31, 9), until=date(2024, 6, 1), language=("de", "de"))
    assert not Filters.of(source=None)
    assert not Filters.of(source=[], tag=())
    with pytest.raises(QuestionError, match=r"since = 'May' is not a date: write it as 2024-05-31"):
        Filters.of(since="May")
    for since, until in (("2024-06-01", "2024-05-31"), (datetime(2024, 6, 1, 1), date(2024, 5, 31))):
        with pytest.raises(QuestionError, match=r"no day is both .* 2024-06-01 .* 2024-05-31 .*: swap them"):
            Filters.of(since=since, until=until)
    assert Filters.of(since="2024-05-31", until="2024-05-31")


def test_of_several_values_one_is_enough(folder: Path, settings: Settings) -> None:
    for name, outlet, language, tags in (
        ("a", "Quay Post", "en", "[Bridges]"),
        ("b/b", "Elbwarte", "de", "[Bridges, Kent]"),
        ("c/c", "Le Phare", "fr", "[]"),
        ("d", "elbwarte", "en", "[Ferries]"),
    ):
        (folder / f"{name}.md").parent.mkdir(exist_ok=True)
        front = f"---\noutlet: {outlet}\nlanguage: {language}\ntags: {tags}\n---\n"
        (folder / f"{name}.md").write_text(f"{front}The bridge of {name} opens on a {outlet} day.")
    build(folder, settings, encoder=HashEncoder())
    for limits, expected in {
        Filters(source=["ELBWARTE", "Le Phare"]): "bcd",
        Filters(language=["de", "fra"]): "bc",
        Filters(path=["a.md", "c"]): "ac",
        Filters(path=["*.md"]): "abcd",
        Filters(tag=["kent", "ferries"]): "bd",
        Filters(tag=["bridges", "ferries"], language="en"): "ad",
        Filters(tag=["bridges", "ferries"], language=["en", "de"], source="Elbwarte"): "bd",
    }.items():
        assert sorted(path[0] for path in places(settings, limits)) == list(expected), limits
    # One that nobody has is reported although others let something through.
    for limits in (
        Filters(source=["Elbwarte", "Quay Pots"]),
        Filters(path=["b", "x"]),
        Filters(tag=["Kent", "?"]),
    ):
        with pytest.raises(QuestionError, match=r"no article .*'(Quay Pots|x|\?)': choose among"):
            places(settings, limits)


def test_a_path_may_be_written_with_detours(folder: Path, settings: Settings) -> None:
    (folder / "2024" / "x*y").mkdir(parents=True)
    (folder / "2024" / "a.txt").write_text("A bridge opens.")
    (folder / "2024" / "x*y" / "b.txt").write_text("A bridge closes.")
    (folder / "list.jsonl").write_text('{"id": "./r//1", "text": "A bridge is painted."}')
    build(folder, settings, encoder=HashEncoder())
    a, b, row = "2024/a.txt", "2024/x*y/b.txt", "list.jsonl#./r//1"
    for path, expected in {
        "./2024": {a, b},
        "./2024/": {a, b},
        "2024//a.txt": {a},
        "2024/./a.txt": {a},
        "./2024/../2024/a.txt": {a},
        ".": {a, b, row},
        "./": {a, b, row},
        "./*.txt": {a, b},
        "./2024/x*": {b},
        "2024/x*y": {b},
        "./list.jsonl": {row},
        row: {row},
        str(folder): {a, b, row},
        f"{folder}/2024": {a, b},
        f"{folder}/../{folder.name}/2024/a.txt": {a},
        f"{folder}/*/a.txt": {a},
        # As seen from outside.
        folder.name: {a, b, row},
        f"{folder.name}/": {a, b, row},
        f"{folder.name}/2024": {a, b},
        f"./{folder.name}/2024/a.txt": {a},
        f"{folder.parent.name}/{folder.name}/2024": {a, b},
        f"../{folder.name}/2024/x*": {b},
        f"{folder.name}/{row}": {row},
    }.items():
        assert set(places(settings, Filters(path=path))) == expected, path
    for path in (
        "",
        "..",
        "./202",
        "/2024",
        f"{folder}x",
        f"{folder}/../2024",
        "../2024",
        f"{folder.name}/202",
    ):
        with pytest.raises(QuestionError, match="no article has the path"):
            places(settings, Filters(path=path))


def test_a_folder_in_the_folder_that_has_its_name_is_meant_first(folder: Path, settings: Settings) -> None:
    (folder / folder.name / "2024").mkdir(parents=True)
    (folder / "2024").mkdir()
    (folder / folder.name / "2024" / "a.txt").write_text("A bridge opens.")
    (folder / "2024" / "b.txt").write_text("A bridge closes.")
    (folder / "2025.txt").write_text("A bridge is painted.")
    build(folder, settings, encoder=HashEncoder())
    assert set(places(settings, Filters(path=f"{folder.name}/2024"))) == {f"{folder.name}/2024/a.txt"}
    assert set(places(settings, Filters(path=f"{folder.name}/2025.txt"))) == {"2025.txt"}


def test_a_limited_question_sees_a_new_build(folder: Path, settings: Settings) -> None:
    (folder / "a.txt").write_text("A bridge opens.")
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as index:
        vector = HashEncoder().encode(["bridge"])[0]
        limit = Filters(path="*.txt")
        assert [hit.article.path for hit in index.search("bridge", vector, filters=limit)] == ["a.txt"]
        (folder / "a.txt").rename(folder / "b.txt")
        build(folder, settings, encoder=HashEncoder())
        assert [hit.article.path for hit in index.search("bridge", vector, filters=limit)] == ["b.txt"]


def test_when_the_quoted_place_goes_another_takes_over(folder: Path, settings: Settings) -> None:
    for number in range(3):
        (folder / f"{number}.txt").write_text(article(f"Title {number}", STORY, f"2024-05-2{number}"))
    build(folder, settings, encoder=HashEncoder())
    assert places(settings) == {"0.txt": ["1.txt", "2.txt"]}
    (folder / "0.txt").unlink()
    build(folder, settings, encoder=HashEncoder())
    assert places(settings) == {"1.txt": ["2.txt"]}
    (folder / "1.txt").write_text(article("Title 1", "Something else about a bridge altogether."))
    build(folder, settings, encoder=HashEncoder())
    assert places(settings) == {"1.txt": [], "2.txt": []}
    (folder / "0.txt").write_text(article("Title 0", STORY, "2024-05-20"))
    build(folder, settings, encoder=HashEncoder())
    assert places(settings) == {"0.txt": ["2.txt"], "1.txt": []}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 0, 1)])
def test_it_does_not_matter_in_which_order_copies_come(
    folder: Path, settings: Settings, tmp_path: Path, order: tuple[int, ...]
) -> None:
    texts = [STORY, f"{STORY} More.", STORY.replace("Tuesday", "Monday"), STORY.replace("pounds", "euros")]
    made = [article(f"T{n}", text, f"2024-05-1{n}") for n, text in enumerate(texts)]
    for number in order:
        (folder / f"{number}.txt").write_text(made[number])
        build(folder, settings, encoder=HashEncoder())
    once = Settings(index=tmp_path / "once")
    build(folder, once, encoder=HashEncoder())
    assert contents(settings) == contents(once)
    assert places(settings) == places(once)


def test_metadata_alone_can_change(folder: Path, settings: Settings) -> None:
    (folder / "a.txt").write_text(article("Bridge", STORY))
    build(folder, settings, encoder=HashEncoder())
    (folder / "a.txt").write_text(article("Bridge", STORY, outlet="New Owner", day="2024-06-01"))
    encoder = HashEncoder()
    assert build(folder, settings, encoder=encoder).replaced == 1
    assert encoder.encoded == []
    assert set(places(settings, Filters(source="New Owner", since=date(2024, 6, 1)))) == {"a.txt"}


def test_a_file_put_back_while_a_build_was_stopped(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f'{{"id": "r{n}", "text": "Row number {n} tells of bridge {n}."}}' for n in range(8)]
    (folder / "list.jsonl").write_text("\n".join(rows))
    build(folder, settings, encoder=HashEncoder())
    before = contents(settings)
    monkeypatch.setattr(encoding, "BATCH_PASSAGES", 1)
    changed = [*rows[:4], *(row.replace("bridge", "quay") for row in rows[4:])]
    (folder / "list.jsonl").write_text("\n".join(changed))
    with pytest.raises(KeyboardInterrupt):
        build(folder, settings, encoder=HashEncoder(fail_after=2))
    (folder / "list.jsonl").write_text("\n".join(rows))
    build(folder, settings, encoder=HashEncoder())
    assert contents(settings) == before


def test_a_read_only_folder_is_indexed_and_a_read_only_index_answers(
    folder: Path, settings: Settings
) -> None:
    (folder / "a.txt").write_text(article("Bridge", STORY))
    build(folder, settings, encoder=HashEncoder())
    before = places(settings)
    copy = Settings(index=settings.index.parent / "copy")
    shutil.copytree(settings.index, copy.index)
    for path in copy.index.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert places(copy) == before


@pytest.mark.parametrize("unreadable", ["folder", "hash", "child"])
def test_what_cannot_be_read_for_a_moment_keeps_its_articles(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, unreadable: str
) -> None:
    (folder / "deep").mkdir()
    for name in ("a.txt", "deep/b.txt", "deep/c.txt"):
        (folder / name).write_text(f"The bridge of {name} opens.")
    build(folder, settings, encoder=HashEncoder())
    (folder / "deep" / "b.txt").write_text("The bridge of deep/b.txt is painted.")
    (folder / "a.txt").unlink()
    with monkeypatch.context() as then:
        _refuse(then, unreadable)
        summary = build(folder, settings, encoder=HashEncoder())
    assert (summary.articles, summary.removed) == (2, 1)
    (reason,) = (reason for path, reason in summary.skipped.items() if "deep/b.txt".startswith(path))
    assert reason == "cannot be read now (Input/output error); what the index holds of it stays"
    assert "opens" in contents(settings)["deep/b.txt"][0][2]
    assert check(settings).problems == ()
    assert build(folder, settings, encoder=HashEncoder()).replaced == 1
    assert "painted" in contents(settings)["deep/b.txt"][0][2]


def _refuse(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Let reading a folder or a file fail as a disk may; root is refused nothing."""

    def refusing(real: Callable[..., object], name: str) -> Callable[..., object]:
        def called(*arguments: object) -> object:
            if any(str(argument).endswith(name) for argument in arguments):
                raise error
            return real(*arguments)

        return called

    error: Exception = OSError(5, "Input/output error")
    if what == "folder":
        monkeypatch.setattr("os.scandir", refusing(os.scandir, "/deep"))
    elif what == "hash":
        monkeypatch.setattr("index.building.intake.file_hash", refusing(file_hash, "b.txt"))
    else:
        error = UnreadableError("Input/output error")
        monkeypatch.setattr(Reading, "articles", refusing(Reading.articles, "b.txt"))


def test_a_file_that_could_never_be_read_is_tried_again(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").write_text("The bridge opens.")
    (folder / "b.txt").write_text("The bridge is painted.")
    with monkeypatch.context() as then:
        _refuse(then, "child")
        assert build(folder, settings, encoder=HashEncoder()).articles == 1
    assert build(folder, settings, encoder=HashEncoder()).added == 1

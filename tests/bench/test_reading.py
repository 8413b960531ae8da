"""Clusters: exact offsets, every kind of fault named, and what is held out kept apart."""

import re
from pathlib import Path

import pytest

from bench.reading import CLUSTERS, MIXED, Article, fitted, load, parse, split

TEXT = (
    """Der Verein hat am Montag Wiebke Tammen gewählt. Sie bekam 41 Stimmen. Okko Dirks bekam 29.

"""
    + "Der Deich an der alten Mühle wird im kommenden Jahr erhöht, sagte sie danach vor vielen Leuten. " * 4
)

NOTES = """?p en | who was elected | am Montag [Wiebke Tammen] gewählt
?r de | Wer verlor? | [Okko Dirks] bekam 29
?h tr | Kazanan kaç oy aldı? | Sie bekam [41] Stimmen
?c en | how many votes for her | Sie bekam [41] Stimmen
?t fr | Quel jour ? | hat [am Montag] Wiebke Tammen
! en | how many members | Sie bekam 41 Stimmen
+  en | Tammen won. | am Montag Wiebke Tammen gewählt
-  de | Dirks bekam 41 Stimmen. | Okko Dirks bekam 29
"""


HEAD = "# lang=de source=Der_Bote published=2023-03-14"


def written(notes: str = NOTES, text: str = TEXT, head: str = HEAD) -> str:
    """Return a file of three articles, of which the first has these notes and the others sound ones."""
    others = [re.sub(r"^(..? +..) \|", rf"\1 | {number}", NOTES, flags=re.MULTILINE) for number in (2, 3)]
    return "\n".join(f"{head}\nEin Titel\n\n{text}\n{notes}\n" for notes in (notes, *others))


def article(notes: str = NOTES) -> Article:
    cluster, _ = parse("x", written(notes))
    return cluster.articles[0]


def faults(file: str) -> list[str]:
    return [fault.text for fault in parse("x", file)[1]]


def test_offsets_are_exact() -> None:
    read = article()
    question = read.questions[0]
    assert (question.kind, question.language, question.text) == ("p", "en", "who was elected")
    assert question.snippet.of(read.text) == "am Montag Wiebke Tammen gewählt"
    assert question.answer.of(read.text) == "Wiebke Tammen"
    assert read.near_misses[0].snippet.of(read.text) == "Sie bekam 41 Stimmen"
    assert [(claim.follows, claim.snippet.of(read.text)) for claim in read.claims] == [
        (True, "am Montag Wiebke Tammen gewählt"),
        (False, "Okko Dirks bekam 29"),
    ]
    assert (read.source, str(read.published), read.title) == ("Der Bote", "2023-03-14", "Ein Titel")
    assert "\n\n\n" not in read.text
    assert read.text.startswith("Der Verein")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("am Montag [Wiebke Tammen] gewählt", "am Dienstag [Wiebke Tammen] gewählt", "0 times"),
        ("[Okko Dirks] bekam 29", "[bekam]", "2 times"),
        ("[Okko Dirks] bekam 29", "Stimmen. [Okko Dirks] bekam", "not within one sentence"),
        ("[Okko Dirks] bekam 29", "Okko Dirks bekam 29", "square brackets"),
        ("[Okko Dirks] bekam 29", "[Okko] [Dirks] bekam 29", "0 times"),
        ("?r de", "?x de", "letter after ?"),
        ("?r de |", "?r de", "a note is"),
        ("?r de", "?r deu", "a note is"),
        ("! en", "!p en", "no letter after !"),
        ("how many members", "WHO was elected", "asked 2 times"),
        ("! en | how many members | Sie bekam 41 Stimmen\n", "", "no near miss"),
        ("?r de | Wer verlor? | [Okko Dirks] bekam 29\n", "", "only 4 questions"),
        ("+  en | Tammen won. |", "+  en | Tammen won. Twice | surely |", "a note is"),
        ("-  de | Dirks", "Noch ein Satz.\n-  de | Dirks", "text after"),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str) -> None:
    notes = NOTES.replace(old, new)
    assert notes != NOTES
    assert faults(written()) == []
    assert any(fault in text for text in faults(written(notes)))


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("", "only 0 articles"),
        ("Ein Satz.\n" + written(), "text before the first article"),
        (written(head="# lang=de source=Der Bote published=2023-03-14"), "an article begins with"),
        (written(head="# lang=de source=Bote published=2023-02-30"), "an article begins with"),
        (written(text="Wiebke Tammen."), "only 14 characters"),
    ],
)
def test_a_fault_of_the_file_is_named(file: str, fault: str) -> None:
    assert any(fault in text for text in faults(file))


def test_a_faulty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(written(), "utf-8")
    assert [cluster.name for cluster in load(tmp_path)] == ["a"]
    (tmp_path / "b.txt").write_text("nothing", "utf-8")
    with pytest.raises(ValueError, match=r"b\.txt:1"):
        load(tmp_path)
    with pytest.raises(ValueError, match="no clusters"):
        load(tmp_path / "c")


def test_what_is_held_out_is_apart(tmp_path: Path) -> None:
    names = tmp_path / "held_out.txt"
    names.write_text("# why\nb\n", "utf-8")
    clusters = [parse(name, written())[0] for name in "abc"]
    taught, held = split(clusters, names)
    assert ([c.name for c in taught], [c.name for c in held]) == (["a", "c"], ["b"])
    names.write_text("d\n", "utf-8")
    with pytest.raises(ValueError, match="names d, which is not a cluster"):
        split(clusters, names)


def test_a_cluster_is_of_the_language_of_most_of_its_articles() -> None:
    german = written()
    assert parse("x", german)[0].language == "de"
    assert parse("x", german.replace("lang=de", "lang=en", 1))[0].language == "de"
    one_each = german.replace("lang=de", "lang=en", 1)
    one_each = one_each[::-1].replace("ed=gnal", "rf=gnal", 1)[::-1]
    assert parse("x", one_each)[0].language == "mixed"


def test_the_set_that_comes_with_the_project_is_sound() -> None:
    taught, held = split(load(CLUSTERS))
    assert len(taught) > 200
    by_these = fitted(load(CLUSTERS))
    assert len(by_these) == 7
    assert not {one.name for one in by_these} & {one.name for one in (*taught, *held)}
    assert {"de", "en", "mixed"} <= {cluster.language for cluster in held}
    articles = [text for cluster in held for text in cluster.articles]
    assert not {text.text for text in articles} & {a.text for c in taught for a in c.articles}


def test_every_tenth_cluster_of_a_language_is_held_out() -> None:
    clusters = [one for one in load(CLUSTERS) if not re.search(r"-[j-z]-\d+$", one.name)]
    held = {cluster.name for cluster in split(clusters)[1]}
    for language in {cluster.language for cluster in clusters} - {MIXED}:
        names = sorted(cluster.name for cluster in clusters if cluster.language == language)
        assert held & set(names) == set(names[9::10]), language

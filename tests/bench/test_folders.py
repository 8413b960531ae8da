"""Folders of several languages: files that say their language, and questions with their right file."""

import json
from pathlib import Path

import pytest

from bench.folders import deal, named, write_clusters, write_paragraphs
from bench.passages import passages_of
from bench.reading import load
from index import Settings, build
from index.model.encoder import SentenceEncoder


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    for language, words in (("en", ("red", "blue")), ("de", ("rot", "blau"))):
        articles = [
            {"paragraphs": [{"context": f"{word} {word}.", "qas": [asked(f"{word}?", word)]}]}
            for word in words
        ]
        (tmp_path / f"{language}.json").write_text(json.dumps({"data": articles}), "utf-8")
    return {language: tmp_path / f"{language}.json" for language in ("en", "de")}


def asked(question: str, answer: str) -> dict[str, object]:
    return {"question": question, "answers": [{"text": answer, "answer_start": 0}]}


def test_articles_are_dealt_out_and_asked_in_every_language(files: dict[str, Path], tmp_path: Path) -> None:
    dealt = deal(files, tmp_path / "dealt")
    assert [(a.known.question, a.known.answers[0], a.text_language, a.across) for a in dealt] == [
        ("red?", "red", "en", False),
        ("rot?", "red", "en", True),
        ("blue?", "blau", "de", True),
        ("blau?", "blau", "de", False),
    ]
    assert (tmp_path / "dealt" / str(dealt[2].known.file)).read_text("utf-8").endswith("blau blau.")
    write_paragraphs(files, tmp_path / "all")
    assert len(list((tmp_path / "all").rglob("*.txt"))) == 4


def test_a_question_of_a_cluster_has_its_passage(encoder: SentenceEncoder, tmp_path: Path) -> None:
    cluster = next(cluster for cluster in load() if cluster.language == "de")
    asked = write_clusters([cluster], tmp_path / "articles")
    build(tmp_path / "articles", Settings(index=tmp_path / "index"), encoder=encoder)
    passages = passages_of(tmp_path / "index")
    assert "de" in passages.languages
    for item in asked:
        right = passages.right(item.known)
        assert {passages.paths[row] for row in right} == {item.known.file}
    kept = passages.only([path == asked[0].known.file for path in passages.paths])
    assert set(kept.paths) == {asked[0].known.file}
    assert kept.with_others(passages).paths == kept.paths + passages.paths


def test_files_are_named_by_language() -> None:
    assert named(["en=a/b.json", "de=c=d.json"]) == {"en": Path("a/b.json"), "de": Path("c=d.json")}

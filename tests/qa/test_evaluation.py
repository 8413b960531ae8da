"""Exact scores of outcomes made by hand, and a real evaluation on the sample articles."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index import Settings, build
from index.errors import QuestionError
from index.model.encoder import SentenceEncoder
from qa import Engine
from qa.evaluation import Known, Outcome, auroc, by_languages, evaluate, is_right, load_questions, scores


def outcome(
    answerable: bool, passage: int | None, sentence: int | None, confidence: float, right: int = 0
) -> Outcome:
    known = Known("Q?", ("A",) if answerable else ())
    return Outcome(known, passage, sentence, confidence >= 0.5, confidence, 2, right, 100.0)


def test_scores_are_shares_of_the_questions_they_are_about() -> None:
    outcomes = [
        outcome(True, 1, 1, 0.9, right=2),
        outcome(True, 3, 2, 0.8, right=1),
        outcome(True, None, None, 0.4),
        outcome(True, 8, 5, 0.7),
        outcome(False, None, None, 0.75),
        outcome(False, None, None, 0.1),
    ]
    assert scores(outcomes) == {
        "questions": 6,
        "passage first": 0.25,
        "passage in five": 0.5,
        "passage in ten": 0.75,
        "passage in twenty": 0.75,
        "sentence first": 0.25,
        "sentence in three": 0.5,
        "answered": 0.75,
        "citation precision": 3 / 12,
        "refused": 0.5,
        "AUROC": 6 / 8,
        "refused at 90 % kept": 0.5,
        "milliseconds, median": 100.0,
        "milliseconds, 95 %": 100.0,
    }


def test_what_was_not_asked_for_has_no_score() -> None:
    assert "refused" not in scores([outcome(True, 1, 1, 0.9)])
    assert "passage first" not in scores([outcome(False, None, None, 0.1)])


def test_figures_are_told_apart_by_pairs_of_languages() -> None:
    outcomes = [
        replace(outcome(True, 1, 1, 0.9), languages=("en", "de")),
        replace(outcome(True, 2, 1, 0.9), languages=("en", "de")),
        replace(outcome(True, 1, 1, 0.9), languages=("de", "de")),
    ]
    figures = by_languages(outcomes)
    assert list(figures) == ["same language", "across languages", "de on de", "en on de"]
    assert figures["across languages"] == figures["en on de"]
    assert (figures["en on de"]["passage first"], figures["same language"]["passage first"]) == (0.5, 1.0)
    assert by_languages(outcomes[2:]) == {}


def test_one_pair_of_two_languages_is_told_and_an_unknown_language_is_neither_same_nor_other() -> None:
    across = replace(outcome(True, 2, 1, 0.9), languages=("en", "de"))
    unknown = replace(outcome(True, 1, 1, 0.9), languages=("en", "?"))
    assert list(by_languages([across])) == ["across languages", "en on de"]
    assert list(by_languages([across, unknown])) == ["across languages", "en on ?", "en on de"]
    assert by_languages([across, unknown])["across languages"]["questions"] == 1


def test_languages_are_told_apart_by_what_they_are_not_by_their_codes(
    encoder: SentenceEncoder, tmp_path: Path
) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    (folder / "a.md").write_text("---\nlanguage: eng\n---\nAnna Berg resigned in May, she told us.", "utf-8")
    build(folder, settings, encoder=encoder)
    asked = [
        Known("Who resigned?", ("Anna",), "a.md", "en-GB"),
        # The likeliest language of these two words alone is Xhosa.
        Known("Who won?", (), "a.md"),
        Known("Wer trat zurück?", ("Anna",), "a.md"),
    ]
    with Engine(settings=settings, encoder=encoder) as engine:
        outcomes = evaluate(engine, asked)
    assert [item.languages for item in outcomes] == [("en", "en"), ("en", "en"), ("de", "en")]


def test_auroc_counts_ties_half() -> None:
    assert auroc([1, 2], [1, 0]) == 3.5 / 4


def test_a_text_is_right_in_its_file_and_with_an_answer() -> None:
    known = Known("Q?", ("12,400  seats", "Anvers"), "a.txt")
    assert is_right(known, {"a.txt", "b.txt"}, "It has 12,400\nSeats.")
    assert not is_right(known, {"b.txt"}, "It has 12,400 seats.")
    assert not is_right(known, {"a.txt"}, "It has seats.")


@pytest.mark.parametrize(
    "line",
    ["[]", "{", '{"question": "Q?"}', '{"question": "", "answers": []}', '{"question": "Q?", "answers": "A"}',
     '{"question": "Q?", "answers": [1]}', '{"question": "Q?", "answers": [], "history": "Q?"}',
     '{"question": "Q?", "answers": [], "file": 1}', "null"],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Q?", "answers": []}\n\n' + line)
    with pytest.raises(QuestionError, match=r"q\.jsonl:3: "):
        load_questions(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="cannot read"):
        load_questions(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(QuestionError, match="holds no questions"):
        load_questions(tmp_path / "empty.jsonl")


def test_the_sample_articles_are_scored(corpus_index: Path, encoder: SentenceEncoder, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    lines = [
        {"question": "When did Austin last speak to Shoigu?", "answers": ["Mai 2023"]},
        # Cited from another place of the same story.
        {
            "question": "When did Mariners' Bridge in Whitehaven reopen?",
            "answers": ["7 September 2025"],
            "file": "solway-journal-bridge.txt",
        },
        {"question": "Who won the chess championship in 1998?", "answers": []},
        {
            "question": "Und bis wann läuft er?",
            "answers": ["30. April 2026"],
            "history": ["Was kostet der Versuch in der Lindenbibliothek?"],
        },
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as engine:
        outcomes = evaluate(engine, load_questions(path))
    assert [(o.passage_rank, o.sentence_rank, o.found) for o in outcomes] == [
        (1, 1, True),
        (1, 1, True),
        (None, None, False),
        (1, 1, True),
    ]
    assert scores(outcomes)["AUROC"] == 1.0


def test_a_file_that_is_not_in_the_index_is_named(corpus_index: Path, encoder: SentenceEncoder) -> None:
    with (
        Engine(settings=Settings(index=corpus_index), encoder=encoder) as engine,
        pytest.raises(QuestionError, match=r"nothing\.txt, the file of 'Q\?', is not in the index"),
    ):
        evaluate(engine, [Known("Q?", ("A",), "nothing.txt")])

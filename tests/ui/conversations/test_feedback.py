"""What readers thought of answers, as lines that `article-qa eval` takes."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index import Settings
from index.model.encoder import SentenceEncoder
from qa import Engine
from qa.evaluation import evaluate, load_questions
from ui.cli import main
from ui.conversations.conversation import Rating
from ui.conversations.file import place
from ui.conversations.keeper import Keeper
from ui.conversations.store import Store
from ui.guard.access import Access
from ui.guard.readers import Readers

BRIDGE = "How much did the repair of Mariners' Bridge cost?"
NOWHERE = "Who won the chess championship in 1998?"
FOLLOW_UP = "And who paid for it?"


@pytest.fixture(scope="module")
def engine(
    corpus_index: Path, encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    index = shutil.copytree(corpus_index, tmp_path_factory.mktemp("feedback") / "idx")
    with Engine(settings=Settings(index=index), encoder=encoder) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine) -> Iterator[Store]:
    made = Store(place(engine.settings.index))
    yield made
    made.close()
    made.path.unlink(missing_ok=True)


def rate(
    store: Store, engine: Engine, question: str, rating: Rating, conversation: str = "", filters: str = ""
) -> str:
    stored = store.ask("somebody", conversation, question, filters)
    store.answer(stored.turn, engine.query(question))
    assert store.rate("somebody", stored.turn, rating)
    return stored.conversation


def lines(engine: Engine, path: Path) -> list[dict[str, object]]:
    assert main(["feedback", "--index", str(engine.settings.index), "--lines", str(path)]) == 0
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_what_was_good_and_what_would_be_right_becomes_questions_that_eval_takes(
    store: Store, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bridge = engine.query(BRIDGE).citations[0]
    name = rate(store, engine, BRIDGE, Rating(True, "exactly"))
    rate(store, engine, FOLLOW_UP, Rating(False, "somebody else", "the harbour fund"), name)
    rate(store, engine, NOWHERE, Rating(True))
    rate(store, engine, "When was the bridge painted?", Rating(False, right_answer=""))
    rate(store, engine, "What now?", Rating(False, "just bad"))
    rate(store, engine, BRIDGE, Rating(True), filters="?f=source%3AElbwarte")
    path = tmp_path / "known.jsonl"
    first, second, third, fourth = lines(engine, path)
    assert first["question"] == BRIDGE
    assert first["file"] == bridge.path
    assert all(answer in bridge.quote for answer in first["answers"][:1])  # type: ignore[index]
    assert second == {"question": FOLLOW_UP, "answers": ["the harbour fund"], "history": [BRIDGE]}
    assert third == {"question": NOWHERE, "answers": []}
    assert fourth == {"question": "When was the bridge painted?", "answers": []}
    assert "4 of 6 ratings say what is right" in capsys.readouterr().out
    known = load_questions(path)
    outcomes = evaluate(engine, known)
    assert (outcomes[0].passage_rank, outcomes[0].right_citations > 0) == (1, True)
    assert not outcomes[2].found


def test_right_words_are_those_of_an_article(store: Store, engine: Engine) -> None:
    keeper = Keeper(store, Readers(Access()), engine.index)
    answer = engine.query(BRIDGE)
    quoted = answer.citations[0].quote.split()
    assert keeper.right_words(answer, "\n".join(quoted[:3]).upper()) == " ".join(quoted[:3])
    # Of an article that the answer does not cite.
    other = engine.query("When did Austin last speak to Shoigu?").citations[0]
    assert other.article_id not in {cited.article_id for cited in answer.citations}
    assert keeper.right_words(answer, other.quote.lower()) == other.quote
    for words in (f"{other.quote} nowhere", " ".join(reversed(quoted)), "zyxwv", "(", "*"):
        assert keeper.right_words(answer, words) is None


def test_the_words_that_answer_stand_for_the_quote_where_they_are_known(
    store: Store, engine: Engine, tmp_path: Path
) -> None:
    answer = engine.query(BRIDGE)
    cited = answer.citations[0]
    start = cited.start + cited.quote.index(" ")
    exact = replace(cited, words_start=start + 1, words_end=start + 5)
    stored = store.ask("", "", BRIDGE)
    store.answer(stored.turn, replace(answer, citations=(exact,)))
    store.rate("", stored.turn, Rating(True))
    (line,) = lines(engine, tmp_path / "known.jsonl")
    assert line["answers"] == [cited.quote[cited.quote.index(" ") + 1 :][:4]]


def test_an_article_that_is_gone_is_not_named(store: Store, engine: Engine, tmp_path: Path) -> None:
    answer = engine.query(BRIDGE)
    stored = store.ask("", "", BRIDGE)
    gone = tuple(replace(cited, article_id="0" * 16, path="gone.md") for cited in answer.citations[:1])
    store.answer(stored.turn, replace(answer, citations=gone))
    store.rate("", stored.turn, Rating(True))
    path = tmp_path / "known.jsonl"
    (line,) = lines(engine, path)
    assert "file" not in line
    assert evaluate(engine, load_questions(path))


def test_ratings_are_printed_safely_and_as_json(
    store: Store, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["feedback", "--index", str(engine.settings.index)]
    assert main(given) == 0
    assert "nobody has said yet" in capsys.readouterr().err
    assert not store.path.exists()
    rate(store, engine, BRIDGE, Rating(False, "be\x1b[31mcause\nit is", "4 million"))
    assert main(given) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"bad: {BRIDGE}\n  ")
    assert "\n  because: be [31mcause it is\n  right would be: 4 million\n" in printed
    assert main([*given, "--json"]) == 0
    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (told["good"], told["right_answer"], told["answer"]["found"]) == (False, "4 million", True)


def test_no_file_is_written_over(
    store: Store, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rate(store, engine, BRIDGE, Rating(True))
    path = tmp_path / "known.jsonl"
    path.write_text("mine")
    assert main(["feedback", "--index", str(engine.settings.index), "--lines", str(path)]) == 1
    assert "is there already: name a new file" in capsys.readouterr().err
    assert path.read_text() == "mine"


def test_a_folder_without_an_index_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "--index", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.count("there is no index in") == 1


def test_a_damaged_file_is_one_line(store: Store, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    store.path.write_bytes(b"nothing " * 1000)
    assert main(["feedback", "--index", str(engine.settings.index)]) == 1
    err = capsys.readouterr().err
    assert "is damaged" in err
    assert err.count("\n") == 1

"""The real local model, in this process and behind llama.cpp's own server on loopback."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from index import Settings
from index.model.encoder import SentenceEncoder
from qa import Answer, Engine
from qa.llm.local import LocalModel, serve
from qa.llm.local_file import SHA256, SIZE, model_path
from qa.llm.model import model_for
from qa.llm.stream import WORKER, generated

pytestmark = pytest.mark.local_llm

# A bound that only a hang can miss; `bench.written stop` measures how long it takes.
HANG = 60

QUESTIONS = [
    ("When did Austin last speak to Shoigu?", "2023"),
    ("Wann hat Austin zuletzt mit Schoigu gesprochen?", "2023"),
    ("How much did the repair of Mariners' Bridge cost?", "bridge"),
]


@pytest.fixture(scope="module")
def engine(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Engine]:
    with Engine(settings=Settings(index=corpus_index, llm="local"), encoder=encoder) as made:
        made.warm()
        assert made.notice is None
        yield made


@pytest.fixture(scope="module")
def server() -> Any:
    return serve(model_path(Settings().cache), "a-key")


def test_the_file_is_the_one_that_was_published() -> None:
    path = model_path(Settings().cache)
    assert path.stat().st_size == SIZE
    assert path.with_name(f"{path.name}.checked.json").read_text("utf-8").count(SHA256) == 1


@pytest.mark.parametrize(("question", "word"), QUESTIONS)
def test_it_writes_an_answer_that_holds(engine: Engine, question: str, word: str) -> None:
    answers = list(engine.stream(question))
    assert answers[0].mode == "quotes"
    assert any(answer.writing and answer.writing.draft for answer in answers)
    last = answers[-1]
    assert last.mode == "written", last.notice
    assert word in last.text.casefold()
    assert all(sentence.citations for sentence in last.sentences)


def test_it_tells_how_sure_it_is_of_each_word() -> None:
    model = model_for(Settings(llm="local"))
    assert model is not None
    asked = [("user", "What is the capital of France? One word.")]
    words = [word for word in generated(model, asked, HANG) if word.text]
    assert "Paris" in "".join(word.text for word in words)
    assert all(word.logprobs and max(word.logprobs) <= 0 for word in words)


def test_it_stops_while_it_reads(engine: Engine) -> None:
    stream = engine.stream("How much did the repair of Mariners' Bridge cost, and who paid for it?")
    assert next(stream).writing
    assert next(stream).writing
    stream.close()
    begun = time.monotonic()
    while any(thread.name == WORKER for thread in threading.enumerate()):
        assert time.monotonic() - begun < HANG
        time.sleep(0.01)


def test_the_next_question_does_not_wait_for_one_that_was_given_up(engine: Engine) -> None:
    stream = engine.stream("When did Austin last speak to Shoigu?")
    for answer in stream:
        if answer.writing and answer.writing.draft:
            break
    stream.close()
    assert engine.query("When did Austin last speak to Shoigu?").mode == "written"


def test_any_server_of_the_kind_serves(server: Any, corpus_index: Path, encoder: SentenceEncoder) -> None:
    answer = _asked(f"{server.listening_address}/v1", "a-key", corpus_index, encoder)
    assert answer.mode == "written", answer.notice
    assert "2023" in answer.text


def test_the_server_wants_its_key(server: Any, corpus_index: Path, encoder: SentenceEncoder) -> None:
    answer = _asked(f"{server.listening_address}/v1", "another", corpus_index, encoder)
    assert answer.mode == "quotes"
    assert answer.notice is not None
    assert "another" not in answer.notice


def _asked(url: str, key: str, index: Path, encoder: SentenceEncoder) -> Answer:
    settings = Settings(index=index, llm="openai/qwen", llm_url=url, llm_key=SecretStr(key))
    with Engine(settings=settings, encoder=encoder) as engine:
        return engine.query("When did Austin last speak to Shoigu?")


def test_no_other_program_can_use_the_model_in_this_process() -> None:
    model = model_for(Settings(llm="local"))
    assert model is not None
    llm = model.load()
    assert isinstance(llm, LocalModel)
    assert "127.0.0.1" in llm.address
    request = urllib.request.Request(
        f"{llm.address}/v1/chat/completions", b"{}", {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 401

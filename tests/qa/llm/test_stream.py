import threading
import time
from collections.abc import Iterator

import pytest

from index.errors import ModelError
from qa.llm.delta import Delta
from qa.llm.model import Model, passed_in
from qa.llm.stream import generated
from tests.fakes import EchoLLM

ASKED = [("user", "Well?")]


def model(text: str, pause: float = 0.0) -> tuple[Model, EchoLLM]:
    llm = EchoLLM(lambda prompt: text, pause)
    return passed_in(llm), llm


def test_words_come_as_they_are_made() -> None:
    made, _ = model("one two three")
    assert [word.text for word in generated(made, ASKED, 5) if word.text] == ["one", " two", " three"]


def test_while_none_comes_the_reader_hears_from_it() -> None:
    made, _ = model("late", pause=0.5)
    first, *others = [word.text for word in generated(made, ASKED, 5)]
    assert first == ""
    assert "late" in others


def test_closing_stops_the_model() -> None:
    made, llm = model("word " * 1000, pause=0.01)
    words = generated(made, ASKED, 60)
    assert any(word.text for word in words)
    words.close()
    assert llm.stopped.wait(5)


def test_a_time_limit() -> None:
    made, llm = model("word " * 1000, pause=0.02)
    with pytest.raises(ModelError, match=r"longer than 0\.3 seconds"):
        list(generated(made, ASKED, 0.3))
    assert llm.stopped.wait(5)


def test_one_that_hangs_is_left() -> None:
    hung = threading.Event()

    class Hung(Model):
        def words(self, messages: object) -> Iterator[Delta]:  # type: ignore[override]
            hung.wait(20)
            yield Delta("too late")

    _, llm = model("")
    begun = time.monotonic()
    with pytest.raises(ModelError, match="longer than"):
        list(generated(Hung("hung", lambda: llm), ASKED, 0.3))
    assert time.monotonic() - begun < 10
    hung.set()


def test_its_errors_are_told_in_a_line() -> None:
    def fail(prompt: str) -> str:
        raise RuntimeError("out of\nmemory")

    made = passed_in(EchoLLM(fail))
    with pytest.raises(ModelError, match=r"^the language model failed \(echo\): out of memory$"):
        list(generated(made, ASKED, 5))

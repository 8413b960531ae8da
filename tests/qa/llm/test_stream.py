import threading
from collections.abc import Sequence

import pytest

from index.errors import ModelError
from qa.llm.delta import Delta, Take
from qa.llm.model import Model, passed_in
from qa.llm.queue import PATIENCE
from qa.llm.stream import WORKER, generated
from tests.fakes import EchoLLM

ASKED = [("user", "Well?")]
# A bound that only a hang can miss.
HANG = 60


class Held:
    """A model that goes on when a test says so."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.go_on = threading.Event()
        self.is_wanted = True

    def write(self, messages: Sequence[tuple[str, str]], take: Take) -> None:
        for word in self.words:
            assert self.go_on.wait(HANG)
            self.is_wanted = take(Delta(word))
            if not self.is_wanted:
                return


def model(text: str, pause: float = 0.0) -> tuple[Model, EchoLLM]:
    llm = EchoLLM(lambda prompt: text, pause)
    return passed_in(llm), llm


def test_words_come_as_they_are_made() -> None:
    made, _ = model("one two three")
    assert [word.text for word in generated(made, ASKED, HANG) if word.text] == ["one", " two", " three"]


def test_while_no_word_comes_the_reader_gets_empty_ones() -> None:
    held = Held("late")
    words = generated(Model("held", lambda: held), ASKED, HANG)
    assert next(words).text == ""
    held.go_on.set()
    assert "late" in [word.text for word in words]


def test_closing_stops_the_model() -> None:
    made, llm = model("word " * 1000, pause=0.01)
    words = generated(made, ASKED, HANG)
    assert any(word.text for word in words)
    words.close()
    assert llm.stopped.wait(HANG)


def test_a_time_limit() -> None:
    made, llm = model("word " * 100_000, pause=0.02)
    with pytest.raises(ModelError, match=r"longer than 0\.3 seconds"):
        list(generated(made, ASKED, 0.3))
    assert llm.stopped.wait(HANG)


def test_a_model_that_hangs_is_left() -> None:
    held = Held("too late")
    with pytest.raises(ModelError, match="longer than"):
        list(generated(Model("held", lambda: held), ASKED, 0.3))
    held.go_on.set()


def test_a_model_whose_words_nobody_takes_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("qa.llm.stream.monotonic", lambda: now[0])
    held = Held("one", "two", "three")
    abandoned = generated(Model("held", lambda: held), ASKED, 10 * PATIENCE)
    next(abandoned)
    now[0] += PATIENCE + 1
    held.go_on.set()
    for thread in threading.enumerate():
        if thread.name == WORKER:
            thread.join(HANG)
    assert not held.is_wanted
    # Whoever reads on gets an error, not half an answer that looks complete.
    with pytest.raises(ModelError, match="not read to the end"):
        list(abandoned)


def test_errors_are_told_in_a_line() -> None:
    def fail(prompt: str) -> str:
        raise RuntimeError("out of\nmemory")

    made = passed_in(EchoLLM(fail))
    with pytest.raises(ModelError, match=r"^the language model failed \(echo\): out of memory$"):
        list(generated(made, ASKED, HANG))


def test_a_model_is_in_trouble_until_it_writes_again() -> None:
    is_away = True

    def answer(prompt: str) -> str:
        if is_away:
            raise RuntimeError("no route to host")
        return "Here again."

    made = passed_in(EchoLLM(answer))
    with pytest.raises(ModelError):
        list(generated(made, ASKED, HANG))
    assert made.trouble == "the language model failed (echo): no route to host"
    is_away = False
    list(generated(made, ASKED, HANG))
    assert made.trouble is None


def test_a_model_that_fails_in_the_middle_of_an_answer_is_still_there() -> None:
    class Failing:
        def write(self, messages: Sequence[tuple[str, str]], take: Take) -> None:
            take(Delta("I was "))
            raise RuntimeError("cut off")

    made = Model("failing", Failing)
    with pytest.raises(ModelError, match="cut off"):
        list(generated(made, ASKED, HANG))
    assert made.trouble is None

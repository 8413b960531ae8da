"""Written answers on a real index with the real encoder; only the language model is a fake."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Settings
from index.errors import ModelError
from index.model.encoder import SentenceEncoder
from qa import Answer, Engine
from qa.check.coverage import Located
from qa.write.checker import Checker
from qa.write.draft import Written
from qa.write.writer import located_in
from tests.fakes import EchoLLM, excerpts

QUESTION = "When did Austin last speak to Shoigu?"
RIGHT = "Austin last spoke to Shoigu in May 2023."


@pytest.fixture
def asked(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Callable[..., list[Answer]]]:
    engines: list[Engine] = []

    def ask(llm: EchoLLM, question: str = QUESTION, **settings: object) -> list[Answer]:
        made = Settings(index=corpus_index).replaced(**settings)
        engines.append(Engine(llm=llm, settings=made, encoder=encoder))
        return list(engines[-1].stream(question))

    yield ask
    for engine in engines:
        engine.close()


def saying(text: str, **how: float) -> EchoLLM:
    return EchoLLM(lambda prompt: text, **how)


def test_quotes_come_first_and_then_the_written_answer_grows(asked: Callable[..., list[Answer]]) -> None:
    first, *growing, last = asked(saying(f"{RIGHT} [1]"))
    assert (first.mode, first.writing is not None) == ("quotes", True)
    assert first.citations[0].quote == first.sentences[0].text
    assert any(answer.writing and answer.writing.draft.startswith("Austin last") for answer in growing)
    assert (last.mode, last.text, last.writing, last.notice) == ("written", f"{RIGHT} [1]", None, None)
    assert last.sentences[0].citations == (1,)
    assert last.citations[: len(first.citations)] == first.citations
    assert last.timings.total_ms >= last.timings.write_ms > 0


def test_a_draft_is_no_sentence(asked: Callable[..., list[Answer]]) -> None:
    wrong = "Austin last spoke to Shoigu in June 1999."
    answers = asked(saying(f"{wrong} [1]"))
    assert any(answer.writing and "1999" in answer.writing.draft for answer in answers)
    assert not any("1999" in sentence.text for answer in answers for sentence in answer.sentences)
    assert not any("1999" in answer.text for answer in answers)


def test_what_the_sources_do_not_bear_out_is_left_out_and_said_so(asked: Callable[..., list[Answer]]) -> None:
    *_, last = asked(saying(f"{RIGHT} [1] Austin was 71 years old then. [1]"))
    assert [sentence.text for sentence in last.sentences] == [RIGHT]
    assert last.notice == "1 sentence was removed: its sources don't support it."


def test_with_nothing_left_the_quotes_answer(asked: Callable[..., list[Answer]]) -> None:
    first, *_, last = asked(saying("Austin spoke to Shoigu in 1999."))
    assert (last.mode, last.sentences, last.text) == ("quotes", first.sentences, first.text)
    assert last.notice is not None


@pytest.mark.parametrize("marks", ["", " [1]", " [9]", " [0]", " [2]"])
def test_the_citation_is_mended(asked: Callable[..., list[Answer]], marks: str) -> None:
    *_, last = asked(saying(RIGHT + marks))
    for number in last.sentences[0].citations:
        assert "Mai 2023" in last.citations[number - 1].quote


def test_every_citation_is_exact(corpus_index: Path, encoder: SentenceEncoder) -> None:
    def all_of_them(prompt: str) -> str:
        return " ".join(f"{text} [{number}]" for number, text in excerpts(prompt))

    with Engine(llm=EchoLLM(all_of_them), settings=Settings(index=corpus_index), encoder=encoder) as engine:
        answer = engine.query("Wann hat Austin zuletzt mit Schoigu gesprochen?")
        assert answer.mode == "written"
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        for citation in answer.citations:
            article = engine.index.article(citation.article_id)
            assert article is not None
            assert article.text[citation.start : citation.end] == citation.quote
        for sentence in answer.sentences:
            assert all(1 <= number <= len(answer.citations) for number in sentence.citations)


def test_what_is_not_in_the_articles_is_asked_of_no_model(asked: Callable[..., list[Answer]]) -> None:
    llm = saying("Garry Kasparov. [1]")
    (only,) = asked(llm, "Who won the chess championship in 1998?")
    assert not only.found
    assert not llm.prompts


def test_a_model_that_fails_leaves_the_quotes(asked: Callable[..., list[Answer]]) -> None:
    def fail(prompt: str) -> str:
        raise RuntimeError("out of memory")

    first, *_, last = asked(EchoLLM(fail))
    assert (last.mode, last.text, last.writing) == ("quotes", first.text, None)
    assert last.notice is not None
    assert "out of memory" in last.notice


def test_a_model_that_takes_too_long_leaves_what_holds(asked: Callable[..., list[Answer]]) -> None:
    *_, last = asked(saying(f"{RIGHT} [1] " + "And then " * 50, pause=0.05), llm_seconds=1.5)
    assert [sentence.text for sentence in last.sentences] == [RIGHT]
    assert last.notice is not None
    assert "longer than 1.5 seconds" in last.notice


def test_a_model_that_repeats_itself_is_cut_short(asked: Callable[..., list[Answer]]) -> None:
    llm = saying(f"{RIGHT} [1] " * 500, pause=0.001)
    *_, last = asked(llm)
    assert [sentence.text for sentence in last.sentences] == [RIGHT]
    assert llm.stopped.wait(5)


def test_a_missing_model_leaves_the_quotes_and_says_why(
    corpus_index: Path, encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    settings = Settings(index=corpus_index, llm="local", cache=tmp_path)
    with Engine(settings=settings, encoder=encoder) as engine:
        answer = engine.query(QUESTION)
        assert (answer.mode, answer.found) == ("quotes", True)
        assert answer.notice is not None
        assert "article-qa[local-llm]" in answer.notice
        engine.warm()
        assert engine.written_by is None
        assert engine.notice is not None


def test_closing_the_stream_stops_the_model(corpus_index: Path, encoder: SentenceEncoder) -> None:
    llm = saying("word " * 1000, pause=0.01)
    with Engine(llm=llm, settings=Settings(index=corpus_index), encoder=encoder) as engine:
        stream = engine.stream(QUESTION)
        while not llm.started.is_set():
            next(stream)
        stream.close()
        assert llm.stopped.wait(5)


def test_the_second_waits_in_line_with_the_quotes_before_it(
    corpus_index: Path, encoder: SentenceEncoder
) -> None:
    llm = saying(f"{RIGHT} [1] " + "word " * 1000, pause=0.01)
    with Engine(llm=llm, settings=Settings(index=corpus_index), encoder=encoder) as engine:
        first = engine.stream(QUESTION)
        while not llm.started.is_set():
            next(first)
        second = engine.stream(QUESTION)
        waiting = [next(second) for _ in range(3)]
        assert all(answer.citations for answer in waiting)
        assert [answer.writing.ahead for answer in waiting if answer.writing] == [0, 1, 1]
        assert len(llm.prompts) == 1
        first.close()
        released = threading.Event()
        for answer in second:
            if answer.writing and answer.writing.draft:
                released.set()
                break
        assert released.is_set()
        second.close()


def test_a_follow_up_is_put_with_the_question_before_it(corpus_index: Path, encoder: SentenceEncoder) -> None:
    llm = saying(f"{RIGHT} [1]")
    with Engine(llm=llm, settings=Settings(index=corpus_index), encoder=encoder) as engine:
        engine.query("And when with Shoigu?", history=[("Whom did Austin speak to?", "Beloussow")])
    assert "Question: Whom did Austin speak to? And when with Shoigu?" in llm.prompts[0]


def test_another_error_of_ours_is_told_too(asked: Callable[..., list[Answer]]) -> None:
    def fail(prompt: str) -> str:
        raise ModelError("the model is ill: give it a rest")

    *_, last = asked(EchoLLM(fail))
    assert last.notice == "The model is ill: give it a rest."


SHOWN = [("Austin", "Austin last spoke to Shoigu in May 2023, when Shoigu still was minister of defence.")]


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        (Written(RIGHT, (1,)), (1,)),
        (Written(RIGHT, (1,), -0.1), (1,)),
        # The model guessed.
        (Written(RIGHT, (1,), -0.5), ()),
        # Not the question.
        (Written("Shoigu still was minister of defence.", (1,)), ()),
        # Nothing that the question does not say.
        (Written("Austin did last speak to Shoigu.", (1,)), ()),
    ],
)
def test_a_sentence_has_to_answer_the_question(
    encoder: SentenceEncoder, sentence: Written, kept: tuple[int, ...]
) -> None:
    assert Checker(encoder, QUESTION, SHOWN, sureness=-0.2)(sentence) == kept


@pytest.mark.parametrize(
    ("sentence", "kept"), [(RIGHT, (1,)), ("Austin last spoke when Shoigu still was minister.", ())]
)
def test_who_holds_the_answer_may_be_less_sure(
    encoder: SentenceEncoder, sentence: str, kept: tuple[int, ...]
) -> None:
    located = [Located("in May 2023", 0.9)]
    check = Checker(encoder, "When did Austin and Shoigu last speak?", SHOWN, located, sureness=-0.2)
    assert check(Written(sentence, (1,), -0.28)) == kept


def test_the_located_answer_is_the_words_that_the_reader_found(
    corpus_index: Path, encoder: SentenceEncoder
) -> None:
    with Engine(llm=None, settings=Settings(index=corpus_index), encoder=encoder) as engine:
        evidence = engine.read(QUESTION).evidence
    found = located_in(evidence)
    assert "Mai 2023" in found[0].text
    assert found[0].text in evidence[0].text
    assert found[0].likelihood == evidence[0].share > max(one.likelihood for one in found[1:])


# The language of the first can be told; the second is certainly not German.
@pytest.mark.parametrize("question", ["What was the last time that Austin and Shoigu spoke?", QUESTION])
def test_a_sentence_has_to_be_in_the_questions_language(encoder: SentenceEncoder, question: str) -> None:
    check = Checker(encoder, question, SHOWN)
    assert check(Written("Austin and Shoigu last spoke in May 2023.", (1,))) == (1,)
    assert check(Written("Austin und Schoigu sprachen zuletzt im Mai 2023 miteinander.", (1,))) == ()


@pytest.mark.parametrize(
    ("question", "text", "sentence", "kept"),
    [
        ("Wegen welcher Kampagne wurde gestreikt?", "Wegen der Kampagne Rotlicht wurde gestreikt.", "Wegen einer Kampagne wurde gestreikt.", ()),
        ("Wegen welcher Kampagne wurde gestreikt?", "Wegen der Kampagne Rotlicht wurde gestreikt.", "Wegen der Kampagne Rotlicht wurde gestreikt.", (1,)),
        # A script without small letters, and without blanks between words.
        ("谁建造了这座桥?", "王明建造了这座桥。", "王明建造了这座桥。", (1,)),
        # One without small letters, but with blanks.
        ("من بنى الجسر؟", "بنى سليم الجسر في 1900.", "بنى من في الجسر.", ()),
        ("من بنى الجسر؟", "بنى سليم الجسر في 1900.", "بنى سليم الجسر.", (1,)),
    ],
)  # fmt: skip
def test_common_words_say_nothing_new(
    encoder: SentenceEncoder, question: str, text: str, sentence: str, kept: tuple[int, ...]
) -> None:
    assert Checker(encoder, question, [("", text)])(Written(sentence, (1,))) == kept

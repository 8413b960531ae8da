"""Questions that are suggested: in the reader's language, and answered when they are asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Settings
from index.model.encoder import SentenceEncoder
from qa import Engine
from ui.guard.calls import Suggesting
from ui.suggesting import Suggester
from ui.translation import speak


@pytest.fixture(scope="module")
def engine(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Engine]:
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as made:
        yield made


def all_of(suggester: Suggester, asked: Suggesting) -> list[str]:
    """Return what a page would be suggested if it went on to the end."""
    questions: list[str] = []
    place: int | None = 0
    while place is not None:
        found = suggester.suggested(asked.model_copy(update={"place": place}))
        questions += [str(found["question"])] if found["question"] else []
        after = found["next"]
        assert after is None or (isinstance(after, int) and after > place)
        place = after
    return questions


@pytest.mark.parametrize(
    ("language", "begins"),
    [("en", "What is"), ("de", "Was wird"), ("fr", "Que"), ("es", "¿Qué"), ("ru", "Что"), ("tr", "“")],
)
def test_what_is_suggested_first_is_answered(engine: Engine, language: str, begins: str) -> None:
    speak(language)
    try:
        questions = all_of(Suggester(engine), Suggesting(filters="?f=language:de&f=language:en"))
    finally:
        speak("en")
    assert len(questions) >= 4
    for question in questions:
        assert question.startswith(begins)
        assert "?" in question
        assert engine.query(question, language=["de", "en"]).found


def test_what_is_suggested_next_is_answered_and_tried_once(engine: Engine) -> None:
    suggester = Suggester(engine)
    for question in ("When did Austin last speak to Shoigu?", "Who won the chess championship in 1998?"):
        answer = engine.query(question)
        near = [cited.article_id for cited in answer.citations]
        asked = Suggesting(question=question, articles=near, found=answer.found)
        questions = all_of(suggester, asked)
        assert questions
        assert question not in questions
        assert all(engine.query(one).found for one in questions)
        tried = suggester._is_answered.cache_info().misses
        assert all_of(suggester, asked) == questions
        assert suggester._is_answered.cache_info().misses == tried

"""An article's text is data: whatever one says, it changes no answer to a question about another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index import Settings, build
from index.model.encoder import SentenceEncoder
from qa import Answer, Engine
from qa.write.prompt import addresses_a_model
from tests.fakes import EchoLLM
from tests.qa.write.hostile import HONEST, HOSTILE, ORDINARY, QUESTION, Hostile

Asked = Callable[[str], Answer]


@pytest.fixture(params=HOSTILE, ids=[article.name for article in HOSTILE])
def hostile(request: pytest.FixtureRequest) -> Hostile:
    article = request.param
    assert isinstance(article, Hostile)
    return article


@pytest.fixture
def asked(hostile: Hostile, encoder: SentenceEncoder, tmp_path: Path) -> Asked:
    """Ask a model that says what it is given, of an index with the hostile article and an ordinary one."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / hostile.file).write_text(hostile.content, "utf-8")
    (folder / "ordinary.md").write_text(ORDINARY, "utf-8")
    settings = Settings(index=tmp_path / "index")
    build(folder, settings, encoder=encoder)

    def ask(said: str) -> Answer:
        llm = EchoLLM(lambda prompt: said)
        with Engine(llm=llm, settings=settings, encoder=encoder) as engine:
            answer = engine.query(QUESTION)
        (prompt,) = llm.prompts
        assert "48 million euros" in prompt
        assert_is_data(prompt)
        return answer

    return ask


def assert_is_data(prompt: str) -> None:
    """No mark of a chat, no address, no hidden character; a line for each excerpt."""
    lines = prompt.split("\n")
    numbers = [line[: line.index("]") + 1] for line in lines if line.startswith("[")]
    assert numbers == [f"[{number}]" for number in range(1, len(numbers) + 1)]
    assert sum(line.startswith("Question:") for line in lines) == 1
    for mark in ("<|", "|>", "[INST]", "<<SYS>>", "###", "://", "javascript:", "\x1b", "\u200b", "\u202e"):
        assert mark not in prompt
    assert not any(0xE0000 <= ord(character) <= 0xE007F for character in prompt)


def test_the_answer_stays_and_what_the_article_wants_is_not_written(asked: Asked, hostile: Hostile) -> None:
    honest = asked(f"{HONEST} [1]")
    assert honest.mode == "written"
    assert [sentence.text for sentence in honest.sentences] == [HONEST]
    assert "48 million euros" in honest.citations[honest.sentences[0].citations[0] - 1].quote

    obeyed = asked(hostile.obeyed)
    # Quotes are what articles say, with their names.
    written = obeyed.sentences if obeyed.mode == "written" else ()
    said = " ".join(sentence.text for sentence in written)
    assert hostile.lure.casefold() not in said.casefold()
    for mark in ("<", "http", "](", "javascript:"):
        assert mark not in said


@pytest.mark.parametrize(
    "sentence",
    [
        "The council asked residents to ignore the old signs at the bridge.",
        "The judge told the jury to disregard the remark.",
        "The software company presented its new assistant for nurses.",
        "Der Minister antwortete ausweichend auf die Frage nach den Kosten.",
        "Question time in parliament was cancelled on Monday.",
        "Les consignes de sécurité ont été rappelées aux habitants.",
        "He forgot his instructions on the bus.",
    ],
)
def test_ordinary_sentences_are_evidence(sentence: str) -> None:
    assert not addresses_a_model(sentence)

"""The whole chain on real articles: real index, real encoder, real Chroma."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index import Settings, build
from index.errors import IndexMissingError, ModelError, QuestionError, SettingsError
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder
from index.model.glance import Found, Glanced
from index.model.reader.rows import Row
from index.model.token_vectors import Tokens
from qa import Answer, Engine, query
from qa.llm.model import Model, Writes, passed_in
from qa.llm.queue import PATIENCE
from qa.write.writer import Writer
from tests.fakes import EchoLLM, HashEncoder

AUSTIN = "telefonat-austin-belousow.md"

QUESTIONS = [
    ("when did Austin last speak to Shoigu", AUSTIN, "Mai 2023"),
    ("Wann hat Austin zuletzt mit Schoigu gesprochen?", AUSTIN, "Mai 2023"),
    ("Quand Austin a-t-il parlé à Choïgou pour la dernière fois ?", AUSTIN, "Mai 2023"),
    ("Combien de personnes sont mortes en Crimée ?", AUSTIN, "vier Menschen"),
    ("When did Mariners' Bridge in Whitehaven reopen?", "harbour-bridge-reopens.md", "7 September 2025"),
    ("Сколько мальков кумжи выпустили в Лососинку?", "vosstanovlenie-reki-lososinki.txt", "17 450"),
    ("Zeytin Vadisi Stadyumu kaç seyirci alıyor?", "edremit-yeni-stadyum.md", "12.400"),
    ("Who found the stolen astrolabe, and where?", "vol-astrolabe-la-rochelle.md", "Anvers"),
    ("Was kostet der Versuch in der Lindenbibliothek?", "bibliothek-kassel-bei-nacht.txt", "118.000 Euro"),
]


@pytest.fixture(scope="module")
def engine(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Engine]:
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as made:
        yield made


def assert_exact(engine: Engine, answer: Answer) -> None:
    for citation in answer.citations:
        article = engine.index.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
        assert (article.path, article.title) == (citation.path, citation.title)


@pytest.mark.parametrize(("question", "path", "words"), QUESTIONS)
def test_the_right_sentence_is_quoted_first(engine: Engine, question: str, path: str, words: str) -> None:
    answer = engine.query(question)
    assert answer.found
    assert answer.citations[0].path == path
    assert words in answer.citations[0].quote
    assert_exact(engine, answer)
    assert answer.timings.total_ms >= answer.timings.search_ms > 0


def test_what_is_not_in_the_articles_is_refused_with_the_nearest(engine: Engine) -> None:
    answer = engine.query("Who won the chess championship in 1998?")
    assert not answer.found
    assert answer.sentences == ()
    assert answer.citations
    assert_exact(engine, answer)


def test_a_damaged_article_is_not_quoted_and_that_is_said(
    corpus_index: Path, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    with closing(sqlite3.connect(index / "catalog.sqlite")) as catalog:
        catalog.execute("UPDATE article SET text = replace(text, 'Mai 2023', 'Mai 2022')")
        catalog.commit()
    with Engine(settings=Settings(index=index), encoder=encoder) as engine:
        answer = engine.query("when did Austin last speak to Shoigu")
        assert all("Mai 202" not in citation.quote for citation in answer.citations)
        assert answer.notice is not None
        assert answer.notice.startswith(
            f"{AUSTIN} is damaged in the index and not quoted: run article-qa index"
        )
        shutil.rmtree(index)
        with pytest.raises(IndexMissingError, match="is gone"):
            engine.query("when did Austin last speak to Shoigu")
        shutil.copytree(corpus_index, index)
        answer = engine.query("when did Austin last speak to Shoigu")
        assert "Mai 2023" in answer.citations[0].quote
        assert answer.notice is None


ENGLISH = "The night ferry Selma has been sailing from Aldermoor to Borkholm since spring."
SAYS_SO = f"{ENGLISH} It carries 318 passengers and 40 cars."
GERMAN = (
    "Die Nachtfähre Selma fährt seit dem Frühjahr von Aldermoor nach Borkholm. "
    "Die Nachtfähre Selma nimmt 318 Fahrgäste und 40 Autos mit."
)


@pytest.mark.parametrize(("english", "first"), [(ENGLISH, "german.txt"), (SAYS_SO, "english.txt")])
def test_the_questions_own_language_comes_first_only_where_it_says_as_much(
    encoder: SentenceEncoder, tmp_path: Path, english: str, first: str
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, language, text in (("english", "en", english), ("german", "de", GERMAN)):
        (articles / f"{name}.txt").write_text(f"---\nlanguage: {language}\n---\n{text}", "utf-8")
    settings = Settings(index=tmp_path / "index")
    build(articles, settings, encoder=encoder)
    with Engine(settings=settings, encoder=encoder) as engine:
        answer = engine.query("How many passengers does the night ferry Selma carry?")
    assert "318" in answer.citations[0].quote
    assert answer.citations[0].path == first


def test_filters_limit_the_answer(engine: Engine) -> None:
    question = "When does the first night train leave?"
    german = engine.query(question, language="de", since="2025-03-01", until=date(2025, 3, 18))
    assert {c.path for c in german.citations} == {"nachtzug-hamburg-lyon.md"}
    with pytest.raises(QuestionError, match="no such outlet"):
        engine.query(question, language="fr", source="no such outlet")


def test_a_follow_up_is_read_with_the_question_before_it(engine: Engine) -> None:
    before = "How many seats does the Mondlinie night train have, according to Hafenbote Nord?"
    answer = engine.query("And from which date?", [(before, engine.query(before).text)])
    assert any("nachtzug" in c.path or "train-de-nuit" in c.path for c in answer.citations)
    assert answer.searched == answer.to_dict()["searched"] == f"{before} And from which date?"
    unrelated = engine.query("Wann hat Austin zuletzt mit Schoigu gesprochen?", [(before, "x")])
    assert unrelated.citations[0].path == AUSTIN
    assert unrelated.searched is None
    assert "searched" not in unrelated.to_dict()
    # Alone it would find what was found elsewhere, and say nothing of "it".
    elsewhere = engine.query("Wo wurde es gefunden?", [("Who is the chief executive of Sony?", "x")])
    assert not elsewhere.found
    assert elsewhere.searched == "Who is the chief executive of Sony? Wo wurde es gefunden?"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "the question is empty"),
        (" \n?!", "the question is empty"),
        ("why " * 25_000, "has 99,999 characters"),
    ],
)
def test_bad_questions_name_the_remedy(engine: Engine, question: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        engine.query(question)


@pytest.mark.parametrize(
    "question", ['" OR * NEAR(', "'; DROP TABLE article; --", "AND OR NOT", "{col}: x^2", "a\x00b"]
)
def test_a_question_is_never_a_command(engine: Engine, question: str) -> None:
    assert_exact(engine, engine.query(question))


def test_a_bad_date_names_the_form(engine: Engine) -> None:
    with pytest.raises(QuestionError, match="since = 'May' is not a date: write it as 2024-05-31"):
        engine.query("When?", since="May")


def test_a_limit_by_another_name_is_not_ignored(engine: Engine) -> None:
    with pytest.raises(TypeError, match="lang"):
        engine.query("When?", lang="de")  # type: ignore[call-arg]


def test_an_unknown_language_model_is_refused(corpus_index: Path) -> None:
    with pytest.raises(
        SettingsError, match="setting llm is not valid: write none, local, ollama/NAME or openai/NAME"
    ):
        Engine(corpus_index, "gpt")


def test_no_index_is_said_before_a_model_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        Engine(tmp_path / "nothing")


def test_query_answers_in_one_call(corpus_index: Path) -> None:
    answer = query("When did Austin last speak to Shoigu?", index=corpus_index, llm="none")
    assert "Mai 2023" in answer.text


def test_the_stream_ends_with_what_query_returns(engine: Engine) -> None:
    *_, last = engine.stream("When did Austin last speak to Shoigu?")
    assert last.citations == engine.query("When did Austin last speak to Shoigu?").citations


def test_the_notice_goes_when_the_model_comes_back(corpus_index: Path, encoder: SentenceEncoder) -> None:
    question, is_away = "When did Austin last speak to Shoigu?", True

    def load() -> Writes:
        if is_away:
            raise ModelError("the model is away: wait")
        return passed_in(EchoLLM()).load()

    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as engine:
        engine.writer = Writer(Model("echo", load), encoder, 60)
        engine.warm()
        assert (engine.notice, engine.written_by) == ("the model is away: wait", None)
        assert engine.query(question).mode == "quotes"
        is_away = False
        engine.query(question)
        assert (engine.notice, engine.written_by) == (None, "echo")


def test_a_question_finds_out_that_the_model_is_away(corpus_index: Path, encoder: SentenceEncoder) -> None:
    def fail(prompt: str) -> str:
        raise RuntimeError("no route to host")

    with Engine(settings=Settings(index=corpus_index), llm=EchoLLM(fail), encoder=encoder) as engine:
        engine.warm()
        assert engine.written_by == "echo"
        engine.query("When did Austin last speak to Shoigu?")
        assert engine.notice == "the language model failed (echo): no route to host"
        assert engine.written_by is None


def test_an_abandoned_stream_holds_up_nobody(
    corpus_index: Path, encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = 0.0
    for module in ("queue", "stream"):
        monkeypatch.setattr(f"qa.llm.{module}.monotonic", lambda: time.monotonic() + later)
    question = "When did Austin last speak to Shoigu?"
    llm = EchoLLM(lambda prompt: "word " * 100_000, pause=0.01)
    with Engine(settings=Settings(index=corpus_index), llm=llm, encoder=encoder) as engine:
        abandoned = engine.stream(question)
        while not llm.started.is_set():
            next(abandoned)
        # Nobody closes it or reads on.
        later = PATIENCE + 1
        second = engine.stream(question)
        assert any(answer.writing and answer.writing.draft for answer in second)
        assert llm.stopped.is_set()
        second.close()
        abandoned.close()


class Searches(HashEncoder):
    """An encoder that was not taught to read: nobody may ask it to."""

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        raise AssertionError("it was asked to read")

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        raise AssertionError("it was asked to read")


def test_the_bundled_encoder_reads_and_checks_what_another_one_finds(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    text = "The council of Whitehaven paid 35m euros for the bridge, which opened on 12 May 2021."
    (folder / "bridge.txt").write_text(f"A bridge for Whitehaven\n\n{text}\n", "utf-8")
    build(folder, settings, encoder=Searches())
    with Engine(settings=settings, encoder=Searches(), llm=EchoLLM()) as engine:
        answer = engine.query("When did the bridge of Whitehaven open?")
    assert answer.citations[0].quote == text
    assert answer.mode == "written"


class Counted:
    """The real encoder, which counts the passages that it is given."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.dimension, self._encoder, self.passages = encoder.dimension, encoder, 0
        self.read, self.glance = encoder.read, encoder.glance
        self.is_taught, self.point, self.judge = encoder.is_taught, encoder.point, encoder.judge

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        self.passages += 0 if question else len(texts)
        return self._encoder.encode(texts, question=question)


def test_a_warm_engine_encodes_nothing_but_the_question(corpus_index: Path, encoder: SentenceEncoder) -> None:
    counted = Counted(encoder)
    with Engine(settings=Settings(index=corpus_index), encoder=counted) as engine:
        engine.warm()
        before = counted.passages
        for question, _, _ in QUESTIONS:
            engine.query(question)
    assert counted.passages == before


def test_threads_share_an_engine(engine: Engine) -> None:
    answers: dict[str, Answer] = {}

    def ask(question: str) -> None:
        answers[question] = engine.query(question)

    threads = [threading.Thread(target=ask, args=(question,)) for question, _, _ in QUESTIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for question, path, _ in QUESTIONS:
        assert answers[question].citations[0].path == path


def test_the_engine_is_a_llamaindex_retriever_and_query_engine(engine: Engine) -> None:
    from llama_index.core.query_engine import BaseQueryEngine
    from llama_index.core.retrievers import BaseRetriever

    retriever, query_engine = engine.as_retriever(3), engine.as_query_engine()
    assert isinstance(retriever, BaseRetriever)
    assert isinstance(query_engine, BaseQueryEngine)
    nodes = retriever.retrieve("When did Austin last speak to Shoigu?")
    assert len(nodes) == 3
    node = nodes[0].node
    article = engine.index.article(node.metadata["article_id"])
    assert article is not None
    assert article.text[node.start_char_idx : node.end_char_idx] == node.get_content()
    response = query_engine.query("When did Austin last speak to Shoigu?")
    assert "Mai 2023" in str(response)
    assert response.metadata["answer"]["found"] is True
    assert "Mai 2023" in response.source_nodes[0].node.get_content()


def test_the_llamaindex_faces_work_inside_a_llamaindex_program(engine: Engine) -> None:
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

    synthesizer = get_response_synthesizer(llm=MockLLM(max_tokens=5), response_mode=ResponseMode.COMPACT)
    made = RetrieverQueryEngine(engine.as_retriever(2), response_synthesizer=synthesizer)
    assert len(made.query("When did Austin last speak to Shoigu?").source_nodes) == 2

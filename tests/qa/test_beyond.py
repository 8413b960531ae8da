"""Questions that no quote answers, told from ordinary ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Settings
from index.model.encoder import SentenceEncoder
from qa import Engine
from qa.beyond import BeyondQuotes, named
from tests.fakes import HashEncoder


@pytest.fixture(scope="module")
def engine(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Engine]:
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many news stories does this contain?", "count"),
        ("Anzahl der Artikel?", "count"),
        ("How many articles mention Hamburg?", "count"),
        ("Wie viele Artikel erwähnen Hamburg?", "count"),
        ("Count the articles about Hamburg", "count"),
        ("Quel est le nombre d'articles ?", "count"),
        ("Quanti articoli ci sono?", "count"),
        ("Can you summarize everything?", "summary"),
        ("¿Cuáles son los temas principales?", "summary"),
        ("Краткое содержание, пожалуйста", "summary"),
        ("Hepsini özetler misin?", "summary"),
        ("Give me a list of all headlines", "catalogue"),
        ("Was kann ich fragen?", "task"),
        ("Which outlets are in this index?", "catalogue"),
        ("Aus welchen Zeitungen stammen die Artikel?", "catalogue"),
        ("Compare the two articles on the ferry", "summary"),
        ("Compare the price of honey and of the boat tickets", None),
        ("How many people attended?", None),
        ("How many witnesses mention the car?", None),
        ("In how many cities does the night train stop?", None),
        ("Wie viele Menschen kamen?", None),
        ("Qui a gagné ?", None),
        ("Kim kazandı?", None),
        ("When did Austin last speak to Shoigu?", None),
    ],
)
def test_a_question_is_known_by_its_meaning(
    encoder: SentenceEncoder, question: str, kind: str | None
) -> None:
    assert BeyondQuotes(encoder).kind(question) == kind


def test_another_encoder_tells_nothing() -> None:
    assert BeyondQuotes(HashEncoder()).kind("How many articles are there?") is None


def test_the_answer_says_what_was_asked_for_and_how_much_there_is(engine: Engine) -> None:
    answer = engine.query("How many articles are there?")
    assert not answer.found
    assert answer.to_dict()["beyond"] == {"kind": "count", "articles": 13, "stories": 12, "named": ""}
    assert "beyond" not in engine.query("When did Austin last speak to Shoigu?").to_dict()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many articles mention Hamburg?", "Hamburg"),
        ("Wie viele Artikel erwähnen die Elbwarte?", "Elbwarte"),
        ("Combien d'articles parlent de Lyon ?", "Lyon"),
        ("How many articles mention New York in 2025?", "New York 2025"),
        ("How many articles are about trains?", "trains"),
        # The first word has a capital whatever it is, unless a name goes on.
        ("Please tell me in how many articles Hamburg is mentioned", "Hamburg"),
        ("New York: how many articles mention it?", "New York"),
        ("Hamburg: how many articles are there?", "Hamburg"),
        ("How many articles are there?", ""),
        ("Wie viele Artikel gibt es?", ""),
        ("Kaç makale var?", ""),
    ],
)
def test_what_a_question_asks_to_be_counted_is_named(question: str, words: str) -> None:
    assert named(question) == words


def test_who_asks_how_many_articles_mention_something_is_told_what_counts(engine: Engine) -> None:
    answer = engine.query("How many articles mention Hamburg?")
    assert answer.to_dict()["beyond"] == {"kind": "count", "articles": 13, "stories": 12, "named": "Hamburg"}


def test_an_unsure_answer_names_further_articles(engine: Engine) -> None:
    answer = engine.query("Combien de personnes sont mortes en Crimée ?")
    assert answer.level == "unsure"
    quoted = {citation.article_id for citation in answer.citations}
    assert answer.further
    assert not quoted & {citation.article_id for citation in answer.further}
    first = answer.further[0]
    assert first.number == len(answer.citations) + 1
    article = engine.index.article(first.article_id)
    assert article
    assert article.text[first.start : first.end] == first.quote
    assert answer.to_dict()["further"][0]["quote"] == first.quote
    assert engine.query("When did Austin last speak to Shoigu?").further == ()

"""What may be asked next: about what was asked, and answered by the index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Filters, Settings
from index.model.encoder import SentenceEncoder
from qa import Engine
from qa.suggestions import first_topics, names_in, next_topics

AUSTIN = "When did Austin last speak to Shoigu?"
CHESS = "Who won the chess championship in 1998?"
NIGHT = "Welche Oper läuft in Hamburg?"


@pytest.fixture(scope="module")
def engine(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Engine]:
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as made:
        yield made


def test_first_are_headlines_of_all_languages_that_pass_the_filters(engine: Engine) -> None:
    topics = first_topics(engine.index)
    articles = [engine.index.article(topic.article_id) for topic in topics]
    assert [article.title for article in articles if article] == [topic.text for topic in topics]
    assert len({article.language for article in articles[:6] if article}) == 6
    german = first_topics(engine.index, Filters.of(language="de"))
    assert len(german) == 3
    assert {topic.text for topic in german} < {topic.text for topic in topics}


def test_after_an_answer_it_is_about_the_same_matter(engine: Engine) -> None:
    answer = engine.query(AUSTIN)
    cited = answer.citations[0]
    topics = next_topics(engine.index, AUSTIN, [cited.article_id], found=True)
    assert {topic.article_id for topic in topics[:2]} == {cited.article_id}
    assert [topic.text for topic in topics if topic.is_name]
    assert cited.title in [topic.text for topic in topics]
    # What was asked about is not offered again.
    again = next_topics(engine.index, f"What about “{cited.title}”?", [cited.article_id], found=True)
    assert cited.title not in [topic.text for topic in again]


def test_after_a_refusal_it_is_about_the_articles_that_come_nearest(engine: Engine) -> None:
    offered = []
    for question in (CHESS, NIGHT):
        answer = engine.query(question)
        assert not answer.found
        near = [cited.article_id for cited in answer.citations]
        topics = next_topics(engine.index, question, near, found=False)
        assert [topic.article_id for topic in topics[: len(near)]] == near
        offered.append(topics)
    assert offered[0] != offered[1]
    # An article that has gone leaves the newest.
    assert next_topics(engine.index, CHESS, ["0" * 16], found=True) == first_topics(engine.index)


def test_a_topic_is_answered_if_the_best_sentence_is_of_its_article(engine: Engine) -> None:
    first, second = first_topics(engine.index)[:2]
    findings = engine.read(f"What is reported about “{first.text}”?")
    assert first.is_answered(findings)
    assert not second.is_answered(findings)
    assert not first.is_answered(engine.read(CHESS))
    assert not first.is_answered(engine.read("?!x"))


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Then came Ada King. King spoke, and so did the City Council.", "en", ["Ada King"]),
        ("Dann kam Ministerin Ada King. Frau King sprach mit Bauer Heinz.", "de", ["Ada King"]),
        ("Позже пришла Анна Кинг. Кинг говорила.", "ru", ["Анна Кинг"]),
        ("nothing here", "en", []),
    ],
)
def test_names_are_those_that_an_article_comes_back_to(text: str, language: str, names: list[str]) -> None:
    assert names_in(Article("a", "a.txt", text, "T", None, None, None, language)) == names

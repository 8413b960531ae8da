"""Names in a question, written as the articles write them."""

from collections.abc import Iterator

import pytest

from index import Article, Encoder, Hit, Passage, Settings, Span, build
from qa import Engine
from qa.conversation import Asked
from qa.evidence.respelling import respelled

TOLD = {
    "bridge.txt": "Bürgermeisterin Anna Müller lobte den Bau. Der Ingenieur Jörg Strauß widersprach ihr heftig.",
    "flood.txt": "Вода поднялась до 4,10 метра, сообщил начальник пожарной охраны Арво Линдт. Пошёл дождь.",
    "boats.txt": "The harbour of Virrel has room for ninety boats. Greta Sund keeps the light there.",
}


def hits(*texts: str) -> list[Hit]:
    found = []
    for number, text in enumerate(texts):
        whole, name = Span(0, len(text)), str(number)
        article = Article(name, f"{name}.txt", "", "", None, None, None, "en")
        found.append(Hit(Passage(name, "", text, whole, (whole,)), article, 0.8, 0.0))
    return found


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("Who is Joerg Strauss?", "Who is Jörg Strauß?"),
        ("who is joerg strauss?", "who is Jörg Strauß?"),
        ("Wer ist Anna Mueller?", "Wer ist Anna Müller?"),
        ("What did Arvo Lindt say?", "What did Арво Линдт say?"),
        # An unlike name, or one that is there, stays as it is.
        ("Who is Georg Strand?", "Who is Georg Strand?"),
        ("WER IST ANNA MÜLLER?", "WER IST ANNA MÜLLER?"),
        ("Сколько лодок в Вирреле?", "Сколько лодок в Virrel?"),
        ("Which town is this?", "Which town is this?"),
        ("?", "?"),
    ],
)
def test_a_name_is_written_as_the_passages_write_it(question: str, known: str) -> None:
    assert respelled(Asked(question), hits(*TOLD.values())).own == known


def test_what_the_conversation_lends_is_respelled_too_and_the_best_passage_decides() -> None:
    asked = Asked("When?", "Khodorkovsky")
    found = respelled(asked, hits("Chodorkowski kam frei.", "Hodorkovski serbest."))
    assert found == Asked("When?", "Chodorkowski")
    assert respelled(asked, []) == asked


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder, settings = tmp_path_factory.mktemp("told"), Settings(index=tmp_path_factory.mktemp("index"))
    for name, text in TOLD.items():
        (folder / name).write_text(text, "utf-8")
    build(folder, settings, encoder=encoder)
    with Engine(settings=settings, encoder=encoder) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "plain", "said"),
    [
        ("Wer ist Joerg Strauss?", "Wer ist Jörg Strauß?", "Jörg Strauß widersprach"),
        ("Who is Arvo Lindt?", "Who is Арво Линдт?", "Арво Линдт"),
        ("Кто такая Грета Сунд?", "Кто такая Greta Sund?", "Greta Sund keeps"),
    ],
)
def test_a_name_in_another_spelling_is_answered_as_surely_as_in_the_articles(
    engine: Engine, question: str, plain: str, said: str
) -> None:
    answer, other = engine.query(question), engine.query(plain)
    assert said in answer.citations[0].quote
    assert (answer.level, answer.confidence) == (other.level, other.confidence)
    # The question stays the reader's own.
    assert (answer.question, answer.searched) == (question, other.searched)

"""Who or what a name is: a sentence with the whole name answers, one with half of it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Encoder, Settings
from qa import Engine
from qa.evidence.identity import identity_of


@pytest.fixture(scope="module")
def engine(corpus_index: Path, encoder: Encoder) -> Iterator[Engine]:
    with Engine(settings=Settings(index=corpus_index), encoder=encoder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who is Marlene Osthoff?", "der Leiterin des Hauses, Dr. Marlene Osthoff"),
        ("Wer war Hernán Quesada?", "El Dr. Hernán Quesada, agrónomo"),
        ("who is paulina voss", "Race director Paulina Voss"),
    ],
)
def test_who_is_named_beside_a_role_is_found(engine: Engine, question: str, said: str) -> None:
    answer = engine.query(question)
    assert answer.level == "unsure"
    assert said in answer.citations[0].quote


@pytest.mark.parametrize(
    "question", ["Who is Marlene Vollmer?", "Wer ist Holger Quesada?", "Qui est Ruth Amsel ?"]
)
def test_who_is_not_named_is_refused(engine: Engine, question: str) -> None:
    assert not engine.query(question).found


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who is Marlene Osthoff?", ("Marlene", "Osthoff")),
        ("Who's Dr. Marlene Osthoff", ("Marlene", "Osthoff")),
        ("who is priya nathwani", ("priya", "nathwani")),
        ("Qui est Jean-Baptiste Morvan ?", ("Jean", "Baptiste", "Morvan")),
        ("¿Quién fue Rosa Quilca?", ("Rosa", "Quilca")),
        ("Кто такая Ксения Бельская?", ("Ксения", "Бельская")),
        ("Ksenia Belskaya kimdir?", ("Ksenia", "Belskaya")),
        ("What is Marlin Court?", ("Marlin", "Court")),
    ],
)
def test_a_question_that_asks_for_nothing_but_who_a_name_is(question: str, parts: tuple[str, ...]) -> None:
    identity = identity_of(question)
    assert identity
    assert identity.parts == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Port Selby?", "Who is CEO of Ryanair?", "What is the price?", "Who was killed?",
        "Where is Marlene Osthoff?", "Who is Marlene Osthoff married to?", "What is Chris Evans selling?",
    ],
)  # fmt: skip
def test_any_other_question_is_none(question: str) -> None:
    assert identity_of(question) is None


@pytest.mark.parametrize(
    ("question", "sentence", "is_in"),
    [
        ("Who is Ksenia Belskaya?", "Директором стала Ксения Бельская.", True),
        ("Wer ist Marlene Osthoff?", "Das ist Marlene Osthoffs Idee.", True),
        ("Who is Marlene Osthoff?", "Marlene Vollmer and Karl Osthoff came.", False),
        ("Who is Marlene Osthoff?", "Osthoff, Marlene", False),
        ("who is grace hope", "By the grace hope returned.", False),
    ],
)
def test_the_whole_name_counts(question: str, sentence: str, is_in: bool) -> None:
    identity = identity_of(question)
    assert identity
    assert identity.is_in(sentence) == is_in

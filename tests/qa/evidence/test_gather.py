"""Hits made by hand, read with a stand-in for the encoder: what moves which sentence up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from index import Article, Hit, Passage, Span
from index.model.arrays import Vectors
from index.text.sentences import sentence_spans
from qa import Evidence
from qa.conversation import Asked
from qa.evidence.gather import Models, confidence, gather
from qa.evidence.weights import CONFIDENCE, EVIDENCE, LIMITS
from tests.fakes import HashEncoder

TODAY = date(2026, 6, 15)


def hit(text: str, name: str = "a", published: date | None = None, language: str | None = "en") -> Hit:
    spans = tuple(sentence_spans(text, "en"))
    article = Article(name, f"{name}.txt", text, "Title", None, None, published, language)
    return Hit(Passage(name, "Title", text, Span(0, len(text)), spans), article, 0.8, 0.0)


def read(question: str | Asked, *hits: Hit, scorer: "Scorer | None" = None) -> list[Evidence]:
    asked = question if isinstance(question, Asked) else Asked(question)
    return gather(asked, hits, Models(HashEncoder(), scorer), TODAY)


class Scorer:
    """Stands in for a cross-encoder: texts with the word score 1."""

    def __init__(self, word: str) -> None:
        self._word = word

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        return np.array([self._word in text for text in texts], np.float32)


@pytest.mark.parametrize(
    ("question", "text", "best"),
    [
        (
            "What did the ferry cost?",
            "The ferry cost the town much. The ferry cost £8 million.",
            "£8 million",
        ),
        ("How many ferries sank?", "Some ferries sank there. Nine ferries sank there.", "Nine"),
        ("When did the ferry sail?", "The ferry did sail soon. The ferry did sail in May.", "in May"),
        (
            "Who sold the ferry?",
            "In the end they sold the ferry. In the end Anna Berg sold the ferry.",
            "Anna",
        ),
    ],
)
def test_the_kind_of_answer_that_is_asked_for_comes_first(question: str, text: str, best: str) -> None:
    assert best in read(question, hit(text))[0].text


def test_a_sentence_is_read_with_what_stands_before_it() -> None:
    about, other = "The harbour ferry sank in the storm.", "The weather was fine on that day in town."
    answer = "It was raised by divers."
    question = "Who raised the harbour ferry?"
    together = [e.match for e in read(question, hit(f"{about} {answer}")) if e.text == answer]
    apart = [e.match for e in read(question, hit(f"{other} {answer}")) if e.text == answer]
    earlier = [e.match for e in read(question, hit(f"{about} {other} {answer}")) if e.text == answer]
    assert together > earlier > apart


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("Who leads the harbour board now?", "new.txt"),
        ("Who leads the harbour board?", "new.txt"),
        ("Who led the harbour board in May 2023?", "old.txt"),
    ],
)
def test_of_two_that_say_the_same_the_time_decides(question: str, path: str) -> None:
    old = hit("The harbour board is led by Anna Berg.", "old", date(2023, 5, 7))
    new = hit("The harbour board is led by Karl Lund.", "new", date(2026, 2, 1))
    for hits in ((old, new), (new, old)):
        assert read(question, *hits)[0].article.path == path


def test_time_does_not_outweigh_what_is_said() -> None:
    old = hit("The harbour board is led by Anna Berg.", "old", date(2003, 5, 7))
    new = hit("It rained.", "new", date(2026, 2, 1))
    assert read("Who leads the harbour board now?", new, old)[0].article.path == "old.txt"


def test_what_a_conversation_lends_weighs_less_than_the_questions_own_words() -> None:
    text = "The harbour ferry sank near Whitehaven. Divers raised it near Maryport."
    asked = Asked("And who raised it?", carried="Where did the harbour ferry sink near Whitehaven?")
    assert read(asked, hit(text))[0].text.startswith("Divers")
    assert read(Asked(asked.text), hit(text))[0].text.startswith("The harbour")


def test_a_cross_encoder_outweighs_the_rest() -> None:
    text = "The harbour ferry sank in the storm. Nobody knows the reason. Snow fell."
    question = "Why did the harbour ferry sink?"
    assert read(question, hit(text))[0].text.startswith("The harbour")
    assert read(question, hit(text), scorer=Scorer("Snow"))[0].text == "Snow fell."


def test_only_so_many_sentences_are_read() -> None:
    hits = [hit(" ".join(f"Ferry {name} sank in harbour {i}." for i in range(9)), name) for name in "abc"]
    assert len(read("Which ferry sank?", *hits)) == LIMITS.sentences
    assert read("Which ferry sank?") == []


def test_weights_can_be_changed_for_a_measurement() -> None:
    day = hit("The harbour board is led by Karl Lund.", "new", date(2026, 2, 1))
    asked = Asked("Who led the harbour board in 2026?")
    doubled = replace(EVIDENCE, published=2 * EVIDENCE.published)
    (usual,), (more,) = (
        gather(asked, [day], Models(HashEncoder(), None), TODAY, weights) for weights in (EVIDENCE, doubled)
    )
    assert more.score - usual.score == pytest.approx(EVIDENCE.published)
    assert confidence([usual], replace(CONFIDENCE, bias=-99.0)) < 0.01 < confidence([usual])


@pytest.mark.parametrize("language", ["de", None, "tlh"])
def test_a_text_is_in_another_language_whether_or_not_that_is_told(language: str | None) -> None:
    text = "Der Richter fand Beweise gegen den Bürgermeister."
    for question, is_across in (("What did the judge find?", True), ("Was fand der Richter?", False)):
        assert read(question, hit(text, language=language))[0].is_across == is_across


def test_a_text_that_says_too_little_is_in_no_other_language() -> None:
    assert not read("What is 4711?", hit("4711 12 99", language=None))[0].is_across

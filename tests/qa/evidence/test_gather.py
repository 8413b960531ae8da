"""Hits made by hand, read with a stand-in for the encoder and the reader: what moves which sentence up."""

from collections import Counter
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
from qa.evidence.candidates import Models, candidates
from qa.evidence.gather import confidence, gather
from qa.evidence.weights import CONFIDENCE, EVIDENCE, LIMITS
from qa.sentences import MARKED
from tests.fakes import HashEncoder

TODAY = date(2026, 6, 15)


def hit(text: str, name: str = "a", published: date | None = None, start: int = 0) -> Hit:
    spans = tuple(Span(span.start + start, span.end + start) for span in sentence_spans(text, "en"))
    article = Article(name, f"{name}.txt", "", "Title", None, None, published, "en")
    whole = Span(start, start + len(text))
    return Hit(Passage(name, "Title", text, whole, spans), article, 0.8, 0.0)


def read(question: str, *hits: Hit, scorer: "Scorer | None" = None) -> list[Evidence]:
    return gather(Asked(question), hits, Models(HashEncoder(), HashEncoder(), scorer), TODAY)


class Scorer:
    """Stands in for a cross-encoder: texts with the word score 1."""

    def __init__(self, word: str) -> None:
        self._word = word

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        return np.array([self._word in text for text in texts], np.float32)


def test_a_sentence_is_read_with_the_one_before_it() -> None:
    about, other = "The harbour ferry sank in the storm.", "The weather was fine on that day in town."
    answer = "It was raised by divers."
    question = "Who raised the harbour ferry?"
    together = [e.score for e in read(question, hit(f"{about} {answer}")) if e.text == answer]
    apart = [e.score for e in read(question, hit(f"{other} {answer}")) if e.text == answer]
    assert together > apart
    # The one before may end the passage before.
    passages = hit(about), hit(answer, start=len(about) + 1)
    (parted,) = (e for e in read(question, *passages) if e.text == answer)
    assert [parted.score] == together
    assert parted.before
    assert (parted.before.start, parted.before.text) == (0, about)


def test_a_sentence_that_stands_alone_comes_without_the_one_before() -> None:
    text = "The harbour ferry sank in the storm. The harbour ferry was raised by divers. It was sold."
    found = {e.text: e.before and e.before.text for e in read("Who raised the harbour ferry?", hit(text))}
    assert found == {
        "The harbour ferry sank in the storm.": None,
        "The harbour ferry was raised by divers.": None,
        "It was sold.": "The harbour ferry was raised by divers.",
    }


def test_shares_tell_how_likely_each_sentence_is_right_and_unlikely_words_are_not_marked() -> None:
    found = read(
        "Where do the divers sleep?", hit("The divers sleep in huts. Boats are tied up. Rain falls.")
    )
    shares = [item.share for item in found]
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    ratio = np.exp((found[0].score - found[1].score) / EVIDENCE.temperature)
    assert shares[0] / shares[1] == pytest.approx(ratio)
    assert [bool(item.marked) for item in found] == [share >= MARKED for share in shares]
    assert found[0].marked
    assert not found[-1].marked


def test_the_words_that_answer_count_characters_of_the_article() -> None:
    text = "The ferry sank. The ferry was raised by divers."
    best = read("Who raised the ferry?", hit(text, start=100))[0]
    assert best.words
    assert text[best.words.start - 100 : best.words.end - 100] == "divers"
    assert best.span.start <= best.words.start < best.words.end <= best.span.end


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


def test_a_cross_encoder_outweighs_the_rest() -> None:
    text = "The harbour ferry sank in the storm. Nobody knows the reason. Snow fell."
    question = "Why did the harbour ferry sink?"
    assert read(question, hit(text))[0].text.startswith("The harbour")
    assert read(question, hit(text), scorer=Scorer("Snow fell"))[0].text == "Snow fell."


def test_only_so_many_sentences_are_read() -> None:
    hits = [hit(" ".join(f"Ferry {name} sank in harbour {i}." for i in range(9)), name) for name in "abc"]
    assert len(read("Which ferry sank?", *hits)) == LIMITS.sentences
    assert read("Which ferry sank?") == []


def test_a_second_article_is_read_beside_one_that_fits_throughout() -> None:
    first = hit(" ".join(f"The ferry sank in harbour {i}." for i in range(40)), "first")
    second, third = (hit(f"{name} said that it sank." * 2, name.casefold()) for name in ("Second", "Third"))
    found = read("Which ferry sank in the harbour?", first, second, third)
    of = Counter(evidence.article.id for evidence in found)
    assert len(found) == LIMITS.sentences
    assert of["second"] == len(second.passage.sentences) > 0
    assert of["first"] >= LIMITS.of_each


@pytest.mark.parametrize("count", [0, 1, 3, 5, 100])
def test_no_more_are_chosen_than_wanted(count: int) -> None:
    hits = [hit(" ".join(f"Ferry {i} sank." for i in range(6)), name) for name in "ab"]
    chosen = candidates("Which ferry sank?", hits, Models(HashEncoder(), HashEncoder()), count)
    assert len(chosen) == min(count, 12)
    assert len({(one.hit.article.id, one.span) for one in chosen}) == len(chosen)


def test_weights_can_be_changed_for_a_measurement() -> None:
    day = hit("The harbour board is led by Karl Lund.", "new", date(2026, 2, 1))
    asked = Asked("Who led the harbour board in 2026?")
    doubled = replace(EVIDENCE, published=2 * EVIDENCE.published)
    models = Models(HashEncoder(), HashEncoder())
    (usual,), (more,) = (gather(asked, [day], models, TODAY, weights) for weights in (EVIDENCE, doubled))
    assert more.score - usual.score == pytest.approx(EVIDENCE.published)
    assert confidence("?", [usual], replace(CONFIDENCE, bias=-99.0)) < 0.01 < confidence("?", [usual])


def test_confidence_grows_with_what_the_sentences_answer() -> None:
    (low,) = read("Who raised the ferry?", hit("It rained."))
    (high,) = read("Who raised the ferry?", hit("Divers raised the ferry who knows."))
    assert confidence("?", []) == 0.0
    assert confidence("?", [low]) < confidence("?", [low, low]) < confidence("?", [low, high]) < 1.0

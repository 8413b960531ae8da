from dataclasses import replace
from datetime import date

import pytest

from index import Article, Passage, Span
from qa import Evidence
from qa.answer import citation
from qa.evidence.gather import confidence
from qa.quote import MAX_QUOTES, NOT_FOUND, quoted, refused

TEXT = "The first one. The second one. The first one! A third sentence. And a fourth."
SPANS = [Span(0, 14), Span(15, 30), Span(31, 45), Span(46, 63), Span(64, 77)]


def evidence(
    number: int,
    score: float,
    article_id: str = "a",
    published: date | None = None,
    likeness: float = 0.1,
    match: float = 0.5,
    outlet: str = "Outlet",
) -> Evidence:
    article = Article(
        article_id, f"{article_id}.txt", "", "Title", "https://example.org/", outlet, published, "en"
    )
    passage = Passage(article_id, "Title", TEXT, Span(0, len(TEXT)), tuple(SPANS))
    return Evidence(passage, article, SPANS[number], score, likeness, match)


def test_quotes_are_cited_verbatim_in_order_of_their_score() -> None:
    answer = quoted("Q?", [evidence(1, 0.9), evidence(0, 0.89)], 0.8)
    assert answer.found
    assert [c.quote for c in answer.citations] == ["The second one.", "The first one."]
    assert [c.number for c in answer.citations] == [1, 2]
    assert [s.citations for s in answer.sentences] == [(1,), (2,)]
    assert answer.text == "The second one. [1]\nThe first one. [2]"
    for made in answer.citations:
        assert TEXT[made.start : made.end] == made.quote


def test_a_wording_is_quoted_once_and_weak_quotes_are_left_out() -> None:
    answer = quoted("Q?", [evidence(0, 0.9), evidence(2, 0.9), evidence(3, 0.89), evidence(4, 0.5)], 0.8)
    assert [c.quote for c in answer.citations] == ["The first one.", "A third sentence."]


def test_quotes_are_few() -> None:
    assert len(quoted("Q?", [evidence(i, 0.9) for i in (0, 1, 3, 4)], 0.8).citations) == MAX_QUOTES


def test_sources_are_of_several_stories_and_outlets_where_they_say_it_alike() -> None:
    same = [evidence(i, score) for i, score in ((0, 0.9), (1, 0.899), (3, 0.898))]
    other = evidence(4, 0.893, "b", outlet="Other")
    assert [c.article_id for c in quoted("Q?", [*same, other], 0.8).citations] == ["a", "b", "a"]
    # Another article of the same outlet comes before the same article, and after another outlet.
    items = [same[0], same[1], evidence(3, 0.895, "c"), other]
    assert [c.article_id for c in quoted("Q?", items, 0.8).citations] == ["a", "b", "c"]


def test_much_better_quotes_of_one_article_come_before_another_article() -> None:
    items = [evidence(0, 0.9), evidence(1, 0.9), evidence(3, 0.886, "b", outlet="Other")]
    assert [c.article_id for c in quoted("Q?", items, 0.8).citations] == ["a", "a", "b"]


def test_a_refusal_is_a_value_that_names_the_nearest_articles() -> None:
    answer = refused("Q?", [evidence(0, 0.6), evidence(1, 0.5), evidence(0, 0.4, "b")], 0.1)
    assert (answer.found, answer.text, answer.sentences) == (False, NOT_FOUND, ())
    assert [c.article_id for c in answer.citations] == ["a", "b"]


def test_a_refusal_of_nothing_has_no_sources() -> None:
    assert refused("Q?", [], 0.0).citations == ()


def test_plain_values_are_those_of_the_design() -> None:
    plain = quoted("Q?", [evidence(0, 0.91234567, published=date(2024, 5, 27))], 0.8).to_dict()
    assert plain == {
        "question": "Q?",
        "text": "The first one. [1]",
        "found": True,
        "confidence": 0.8,
        "mode": "quotes",
        "level": "found",
        "sentences": [{"text": "The first one.", "citations": [1], "supported": True}],
        "citations": [
            {
                "number": 1,
                "quote": "The first one.",
                "article_id": "a",
                "path": "a.txt",
                "title": "Title",
                "url": "https://example.org/",
                "source": "Outlet",
                "published": "2024-05-27",
                "language": "en",
                "start": 0,
                "end": 14,
                "score": 0.9123,
            }
        ],
        "timings": {"search_ms": 0.0, "evidence_ms": 0.0, "write_ms": 0.0, "total_ms": 0.0},
    }


def test_evidence_inside_a_later_passage_keeps_the_articles_offsets() -> None:
    passage = Passage("a", "T", "Second one.", Span(100, 111), (Span(100, 111),))
    made = Evidence(passage, Article("a", "a.txt", "", "T"), Span(100, 111), 0.5, 0.1, 0.5)
    assert made.text == "Second one."
    assert (citation(1, made).start, citation(1, made).end) == (100, 111)


def test_confidence_grows_with_likeness_and_match() -> None:
    assert confidence([]) == 0.0
    low, liker = (
        confidence([evidence(0, 1, likeness=0.3)]),
        confidence([evidence(0, 1, likeness=0.6, match=0.9)]),
    )
    better = confidence([evidence(0, 1, likeness=0.3, match=0.8)])
    across = confidence([replace(evidence(0, 1, likeness=0.3), is_across=True)])
    assert 0 <= low < 0.5 < liker <= 1
    assert low < better
    # In another language both are smaller where a sentence answers.
    assert low < across


@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0])
def test_confidence_is_a_share(value: float) -> None:
    assert 0 <= confidence([evidence(0, 1, likeness=value, match=value)]) <= 1

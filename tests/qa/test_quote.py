from dataclasses import replace
from datetime import date

from index import Article, Passage, Span
from qa import Evidence
from qa.answer import citation
from qa.quote import MAX_QUOTES, NOT_FOUND, quoted, refused, with_further
from qa.sentences import Lead

TEXT = "The first one. The second one. The first one! A third sentence. And a fourth."
SPANS = [Span(0, 14), Span(15, 30), Span(31, 45), Span(46, 63), Span(64, 77)]


def evidence(
    number: int,
    score: float,
    article_id: str = "a",
    published: date | None = None,
    outlet: str = "Outlet",
    share: float = 0.2,
    language: str | None = "en",
) -> Evidence:
    article = Article(
        article_id, f"{article_id}.txt", "", "Title", "https://example.org/", outlet, published, language
    )
    passage = Passage(article_id, "Title", TEXT, Span(0, len(TEXT)), tuple(SPANS))
    return Evidence(passage, article, SPANS[number], score, 0.0, 0.5, share)


def test_quotes_are_cited_verbatim_in_order_of_their_score() -> None:
    answer = quoted("Q?", [evidence(1, 9.0), evidence(0, 8.6)], 0.95)
    assert answer.found
    assert [c.quote for c in answer.citations] == ["The second one.", "The first one."]
    assert [c.number for c in answer.citations] == [1, 2]
    assert [s.citations for s in answer.sentences] == [(1,), (2,)]
    assert answer.text == "The second one. [1]\nThe first one. [2]"
    for made in answer.citations:
        assert TEXT[made.start : made.end] == made.quote


def test_a_wording_is_quoted_once_and_a_sure_answer_leaves_weak_quotes_out() -> None:
    items = [evidence(0, 9.0), evidence(2, 9.0), evidence(3, 8.6), evidence(4, 5.0, share=0.01)]
    assert [c.quote for c in quoted("Q?", items, 0.95).citations] == ["The first one.", "A third sentence."]


def test_an_unsure_answer_shows_more() -> None:
    items = [evidence(n, 9.0 - n, share=0.01) for n in (0, 2, 3, 4)]
    shown = [c.quote for c in quoted("Q?", items, 0.89).citations]
    assert shown == ["The first one.", "A third sentence.", "And a fourth."]
    assert len(quoted("Q?", items, 0.95).citations) == 1


def test_an_unsure_answer_shows_the_best_of_another_language() -> None:
    english = [evidence(i, 9.0 - i) for i in (0, 1, 3)] + [evidence(4, 4.0, name) for name in "bcde"]
    others = [evidence(0, 1.0, "f", language="de"), evidence(1, 0.5, "g", language="fr")]
    found = [*english, *others, evidence(3, 0.9, "h", language=None)]
    unsure = with_further(quoted("Q?", found, 0.5), found)
    assert [(c.article_id, c.number) for c in unsure.further] == [("b", 4), ("c", 5), ("f", 6)]
    # Where another one is shown already, nothing has to make room.
    mixed = [evidence(0, 9.0, "i", language="de"), *english, others[1]]
    assert "de" in {c.language for c in quoted("Q?", mixed, 0.5).citations}
    assert with_further(quoted("Q?", mixed, 0.5), mixed).further[-1].language == "fr"
    plain = [*english, evidence(0, 1.0, "f", language="en-GB")]
    assert [c.article_id for c in with_further(quoted("Q?", plain, 0.5), plain).further] == ["b", "c", "d"]
    assert with_further(quoted("Q?", found, 0.95), found).further == ()


def test_quotes_are_few() -> None:
    assert len(quoted("Q?", [evidence(i, 9.0) for i in (0, 1, 3, 4)], 0.95).citations) == MAX_QUOTES


def test_sources_are_of_several_stories_and_outlets_where_they_say_it_alike() -> None:
    same = [evidence(i, score) for i, score in ((0, 9.0), (1, 8.95), (3, 8.9))]
    other = evidence(4, 8.6, "b", outlet="Other")
    assert [c.article_id for c in quoted("Q?", [*same, other], 0.95).citations] == ["a", "b", "a"]
    # Another article of the same outlet comes before the same article, and after another outlet.
    items = [same[0], same[1], evidence(3, 8.75, "c"), other]
    assert [c.article_id for c in quoted("Q?", items, 0.95).citations] == ["a", "b", "c"]


def test_much_better_quotes_of_one_article_come_before_another_article() -> None:
    items = [evidence(0, 9.0), evidence(1, 9.0), evidence(3, 8.5, "b", outlet="Other")]
    assert [c.article_id for c in quoted("Q?", items, 0.95).citations] == ["a", "a", "b"]


def test_a_refusal_is_a_value_that_names_the_nearest_articles() -> None:
    answer = refused("Q?", [evidence(0, 0.6), evidence(1, 0.5), evidence(0, 0.4, "b")], 0.1)
    assert (answer.found, answer.text, answer.sentences) == (False, NOT_FOUND, ())
    assert [c.article_id for c in answer.citations] == ["a", "b"]


def test_a_refusal_of_nothing_has_no_sources() -> None:
    assert refused("Q?", [], 0.0).citations == ()


def test_plain_values_are_those_of_the_design() -> None:
    plain = quoted("Q?", [evidence(0, 0.91234567, published=date(2024, 5, 27))], 0.95).to_dict()
    assert plain == {
        "question": "Q?",
        "text": "The first one. [1]",
        "found": True,
        "confidence": 0.95,
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
    made = Evidence(passage, Article("a", "a.txt", "", "T"), Span(100, 111), 0.5, 0.0, 0.5, 0.2)
    assert made.text == "Second one."
    assert (citation(1, made).start, citation(1, made).end) == (100, 111)


def test_a_citation_carries_the_words_that_answer_and_the_sentence_before() -> None:
    made = replace(evidence(1, 0.9), words=Span(19, 25), before=Lead(0, "The first one."))
    cited = citation(1, made)
    assert TEXT[cited.words_start : cited.words_end] == "second"
    assert (cited.before_start, cited.before) == (0, "The first one.")
    plain = quoted("Q?", [made], 0.95).to_dict()["citations"][0]
    assert (plain["words_start"], plain["words_end"], plain["before"]) == (19, 25, "The first one.")

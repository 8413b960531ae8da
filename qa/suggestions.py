"""What may be asked next: the titles of articles near those that an answer quotes."""

from index.search import Index

from .answer import Answer

# As many as fit on a screen below an answer.
COUNT = 3


def follow_ups(answer: Answer, index: Index, count: int = COUNT) -> tuple[str, ...]:
    """Return up to `count` titles, the nearest first: articles on the same matter, then of the same day.

    Without a quote to start from they are those of the newest articles.
    """
    if not answer.found or not answer.citations:
        return tuple(index.titles(count))
    beside = index.beside(answer.citations[0].article_id)
    near = (*beside.alike, *beside.day) if beside else ()
    cited = {citation.article_id for citation in answer.citations}
    known = {citation.title for citation in answer.citations} | {answer.question, ""}
    titles = dict.fromkeys(other.title for other in near if other.id not in cited)
    return tuple(title for title in titles if title not in known)[:count]

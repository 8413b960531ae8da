"""Whether what a stored answer quotes is still in the index as it was."""

from collections.abc import Sequence
from dataclasses import replace

from index import Article
from index.errors import ArticleQAError
from index.search import Index
from qa import Answer, Citation
from ui.translation import _

# Stands for an article that cannot be opened at the quote any more.
GONE = "gone"


def as_it_stands(answer: Answer, index: Index) -> Answer:
    """Return a stored answer as it is shown now: its notice says which articles have changed or gone.

    Those sources have GONE as their article, since their offsets count characters of another text.
    """
    try:
        found = {cited.article_id: index.article(cited.article_id) for cited in answer.citations}
    except ArticleQAError as error:
        return replace(answer, notice=_joined([answer.notice, str(error)]))
    standing = [(cited, _standing(cited, found[cited.article_id])) for cited in answer.citations]
    changed = [cited.number for cited, state in standing if state == "changed"]
    gone = [cited.number for cited, state in standing if state == "gone"]
    if not changed and not gone:
        return answer
    notes = [answer.notice]
    if changed:
        said = _("the article of {sources} has changed since, and may say something else now")
        notes.append(said.format(sources=_numbers(changed)))
    if gone:
        said = _("the article of {sources} is no longer in the index")
        notes.append(said.format(sources=_numbers(gone)))
    citations = tuple(
        cited if state == "same" else replace(cited, article_id=GONE) for cited, state in standing
    )
    return replace(answer, citations=citations, notice=_joined(notes))


def _standing(cited: Citation, article: Article | None) -> str:
    if article is None:
        return "gone"
    is_same = article.text[cited.start : cited.end] == cited.quote and (
        cited.before is None
        or cited.before_start is None
        or article.text.startswith(cited.before, cited.before_start)
    )
    return "same" if is_same else "changed"


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in numbers)


def _joined(notes: Sequence[str | None]) -> str:
    return "; ".join(filter(None, notes))

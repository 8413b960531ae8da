"""An article as the panel shows it."""

from index import Article
from ui.wording import RECOGNISED

from .text import language_name, long_date, web_address


def article_view(article: Article, start: int, end: int) -> dict[str, object]:
    """Return an article as plain values, with the characters from `start` up to `end` marked.

    A paragraph is a list of pieces. Joining the texts of the pieces, and the paragraphs by two line ends,
    gives `article.text`, character by character.
    """
    return {
        "title": article.title,
        "source": article.source,
        "published": long_date(article.published.isoformat() if article.published else None),
        "url": web_address(article.url),
        "language": language_name(article.language),
        "lang": article.language,
        "recognised": RECOGNISED if article.recognised else None,
        "paragraphs": _paragraphs(article.text, start, end),
    }


def _paragraphs(text: str, start: int, end: int) -> list[list[dict[str, object]]]:
    paragraphs, begin = [], 0
    for paragraph in text.split("\n\n"):
        stop = begin + len(paragraph)
        cuts = [begin, *(min(max(cut, begin), stop) for cut in (start, end)), stop]
        pieces = zip(cuts, cuts[1:], (False, True, False), strict=False)
        paragraphs.append([{"text": text[a:b], "marked": marked} for a, b, marked in pieces if a < b])
        begin = stop + len("\n\n")
    return paragraphs

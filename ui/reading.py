"""An article to be read: its text with quotes marked, and what is known and near about it, as plain values.

The page's scripts put them into the page as text only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError

from index import Article, Span
from index.errors import ArticleQAError
from index.store.beside import Beside, Neighbour
from qa import Engine

from .blocks import Part, blocks_of
from .remarks import translated
from .render import language_name, long_date, web_address
from .translation import _, decimal, ngettext
from .wording import RECOGNISED

# Where the original of an article is offered: `ui/originals.py`.
ORIGINAL = "/original/"


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote in an article; `words` are those of it that answer, where they are known."""

    span: Span
    words: Span | None = None


def article_view(article: Article, marks: Sequence[Mark]) -> dict[str, object]:
    """Return an article as plain values. The first of `marks` is the quote in view.

    Each block of the text has lines, each line cells, each cell pieces. Joining the texts of all pieces, each
    line with its `gap` after it, gives `article.text`, character by character. `quotes` of a piece are the
    numbers of the marks it is in; a `sign` is there for the eye only.
    """
    return {
        "id": article.id,
        "title": article.title,
        "about": _about(article.source, article.published, article.language, article.recognised),
        "authors": ", ".join(article.authors),
        "url": web_address(article.url),
        "lang": article.language,
        "direction": direction_of(article.language),
        "path": article.path,
        "original": f"{ORIGINAL}{quote(article.id, safe='')}",
        "blocks": _blocks(article.text, marks),
    }


def beside_view(found: Beside) -> dict[str, object]:
    """Return what else there is of an article's story and day as plain values, in lists with headings."""
    more = found.on_day - len(found.day)
    groups = (
        (_("The same story"), found.places, 0),
        (_("On the same matter"), found.alike, 0),
        (_("From the same day"), found.day, more if found.day else 0),
    )
    return {
        "groups": [
            {
                "heading": heading,
                "entries": [_entry(other) for other in others],
                "more": ngettext("and {n} more", "and {n} more", left).format(n=decimal(left))
                if left > 0
                else None,
            }
            for heading, others, left in groups
            if others
        ]
    }


def reader(engine: Engine) -> tuple[Callable[[Any], dict[str, object]], Callable[[Any], dict[str, object]]]:
    """Return what the panel calls: `article`, and `beside` for what else there is."""

    def article(place: Any) -> dict[str, object]:
        """Return what the panel shows for `place`, [id, start, end, marks].

        `marks` are the answer's quotes in that article, [start, end, words' start, words' end] each.
        """
        try:
            match place:
                case [str(article_id), int(start), int(end), list(others)]:
                    found = engine.index.article(article_id)
                    # From nowhere to nowhere: the article, but no quote in it.
                    if found and start == end == 0:
                        return article_view(found, _marks(None, others, len(found.text)))
                    if found and 0 <= start < end <= len(found.text):
                        return article_view(found, _marks(Span(start, end), others, len(found.text)))
        except ArticleQAError as error:
            return {"error": translated(str(error))}
        return {"error": _("This passage is no longer in the index. Ask again to find where it is now.")}

    def beside(place: Any) -> dict[str, object]:
        """Return what else there is of the story and the day of `place`, [id]."""
        try:
            match place:
                case [str(article_id)]:
                    found = engine.index.beside(article_id)
                    return beside_view(found) if found else {"groups": []}
        except ArticleQAError as error:
            return {"error": translated(str(error))}
        return {"groups": []}

    return article, beside


def direction_of(language: str | None) -> str:
    """Return which way a language is written, `auto` if that is not known."""
    try:
        found = Locale.parse(language.replace("-", "_")) if language else None
    except (ValueError, UnknownLocaleError):
        return "auto"
    if not found:
        return "auto"
    return "rtl" if found.character_order == "right-to-left" else "ltr"


def _marks(current: Span | None, others: Iterable[object], length: int) -> list[Mark]:
    """Return the marks with the one in view first; places that are not in the text are left out."""
    found: dict[Span, Mark] = {current: Mark(current)} if current else {}
    for other in others:
        match other:
            case [int(start), int(end), int(first), int(last)] if 0 <= start <= first < last <= end <= length:
                found[Span(start, end)] = Mark(Span(start, end), Span(first, last))
            case [int(start), int(end), *_] if 0 <= start < end <= length:
                found.setdefault(Span(start, end), Mark(Span(start, end)))
    return list(found.values())


def _blocks(text: str, marks: Sequence[Mark]) -> list[dict[str, object]]:
    spans = [span for mark in marks for span in (mark.span, mark.words) if span]
    places = sorted({place for span in spans for place in (span.start, span.end)})
    return [
        {
            "kind": block.kind,
            "level": block.level,
            "own": block.own,
            "lines": [
                {
                    "cells": [
                        [piece for part in cell for piece in _pieces(text, marks, places, part)]
                        for cell in line.cells
                    ],
                    "gap": text[line.end : line.next],
                }
                for line in block.lines
            ],
        }
        for block in blocks_of(text)
    ]


def _pieces(
    text: str, marks: Sequence[Mark], places: Sequence[int], part: Part
) -> Iterator[dict[str, object]]:
    inside = places[bisect_right(places, part.start) : bisect_left(places, part.end)]
    for start, end in pairwise((part.start, *inside, part.end)):
        if start < end:
            quotes = [number for number, mark in enumerate(marks) if _holds(mark.span, start)]
            answers = any(mark.words and _holds(mark.words, start) for mark in marks)
            yield {"text": text[start:end], "quotes": quotes, "words": answers, "sign": part.is_sign}


def _holds(span: Span, place: int) -> bool:
    return span.start <= place < span.end


def _about(
    source: str | None, published: date | None, language: str | None, recognised: bool = False
) -> list[str]:
    day = long_date(published.isoformat() if published else None)
    return list(filter(None, [source, day, language_name(language), _(RECOGNISED) if recognised else None]))


def _entry(other: Neighbour) -> dict[str, object]:
    about = _about(other.source, other.published, other.language)
    title = other.title or other.path
    return {"id": other.id, "title": title, "lang": other.language, "about": about, "path": other.path}

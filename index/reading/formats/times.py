"""The day of a page's article out of its `<time>` tags: no teaser's, and an update's only for want of one."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import regex

from index.lexicon import whole_words, words

from .metadata import as_date

# One that means nothing in any language takes milliseconds.
_MAX_TIMES = 20
_MAX_SCANNED = 500
_ELSEWHERE = {"aside", "nav", "footer", "template", "noscript"}
# How sites name what stands beside the article.
_BESIDE_NAMES = (
    "teaser", "related", "sidebar", "recommend", "promo", "popular", "most-?read", "read-?more", "more-?news",
    "more-?stories", "comment", "breaking", "ticker",
)  # fmt: skip
_BESIDE = re.compile("|".join(_BESIDE_NAMES), re.IGNORECASE)
# Characters before a time, and of all that is said about it.
_NEAR, _MOST = 60, 500


def published_time(tree: Any) -> date | None:
    """Return the day on which the article of a page was published, as its `<time>` tags say."""
    stated = list(islice(_stated(tree), _MAX_TIMES))
    updated = [_is_update(time) for time in stated]
    for update in (False, True):
        for time, is_update in zip(stated, updated, strict=True):
            value = time.get("datetime") or time.get("content") or "".join(time.itertext())
            if is_update is update and (day := as_date(value)):
                return day
    return None


def _stated(tree: Any) -> Iterator[Any]:
    yield from tree.iterfind(".//*[@itemprop='datePublished']")
    heading = next(tree.iter("h1"), None)
    places = [] if heading is None else [*heading.iterancestors("article"), *heading.iterancestors("main")]
    if not places:
        # The longest article is the page's own, where no heading tells.
        articles = sorted(islice(tree.iter("article"), _MAX_TIMES), key=_length, reverse=True)
        places = [*islice(tree.iter("main"), 1), *articles]
    for place in places[:_MAX_TIMES]:
        yield from (time for time in islice(place.iter("time"), _MAX_SCANNED) if _belongs(time, place))


def _length(element: Any) -> int:
    return sum(map(len, element.itertext()))


def _belongs(time: Any, place: Any) -> bool:
    """Return whether nothing between a time and the article says that it is another's."""
    for element in islice(time.iterancestors(), 100):
        if element is place:
            return True
        named = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
        # An article in the article is a teaser, or a comment.
        if element.tag in _ELSEWHERE or element.tag == "article" or _BESIDE.search(named):
            return False
    return False


def _is_update(time: Any) -> bool:
    """Return whether a time is of a later change, by what is said in it or right before it."""
    before, parent = time.getprevious(), time.getparent()
    said = (before.tail if before is not None else parent.text) or ""
    around = ""
    if said.strip():
        around = said[-_NEAR:]
    elif before is None:
        around = _marks(parent)
    elif before.tag != "time":
        around = "".join(before.itertext())[-_NEAR:]
    return bool(_updated().search(f"{_marks(time)} {time.text or ''} {around}"[:_MOST]))


def _marks(element: Any) -> str:
    return " ".join(element.get(key) or "" for key in ("class", "itemprop", "id", "aria-label", "title"))


@cache
def _updated() -> "regex.Pattern[str]":
    return whole_words(words(lambda language: language.pages.updated))

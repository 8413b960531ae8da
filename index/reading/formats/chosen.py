"""Which lines of a page are the article: those that trafilatura takes, held against what was there."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress

import regex

from index.lexicon import Words, any_of, compiled, words
from index.lexicon.entries import Furniture
from index.text.wrapping import is_sentence

from .lines import Line

# What is shorter may stand in the article by chance: it counts only right where the text before it ended.
_TELLING = 24
_WINDOW = 20_000
# Characters that may be looked through for lines that stand elsewhere in what was taken.
_MAX_LOOKED_THROUGH = 200_000_000
_LEAST_COVERED = 0.97
_LEAST_PROSE = 80
_MAX_HEADING = 300
_LONGEST_OFFER = 600
# So much longer than what is shown is what a page states for machines: else both are the same.
FULLER = 1.15


def taken(lines: Sequence[Line], found: str) -> list[bool] | None:
    """Return which lines are in the text `found`, or None if that has text that no line is.

    `found` holds the article's characters without blanks, nearly in the order of the lines.
    """
    own = [False] * len(lines)
    at = 0
    for number, line in enumerate(lines):
        size = len(line.bare)
        if found.startswith(line.bare, at) and (
            size >= _TELLING or _goes_on(lines, number, found, at + size)
        ):
            at += size
        elif size < _TELLING:
            continue
        elif (place := found.find(line.bare, max(0, at - _TELLING), at + size + _WINDOW)) >= 0:
            # In a table of contents stands each heading once more.
            if place > at and not _goes_on(lines, number, found, place + size):
                continue
            _fill(lines, own, number, found, at, place)
            at = place + size
        else:
            continue
        own[number] = True
    _fill(lines, own, len(lines), found, at, len(found))
    covered = sum(len(line.bare) for line in compress(lines, own))
    left = _MAX_LOOKED_THROUGH
    for number, line in enumerate(lines):
        if covered >= len(found) * _LEAST_COVERED or left < 0:
            break
        if not own[number] and len(line.bare) >= _TELLING:
            left -= len(found)
            if line.bare in found:
                own[number] = True
                covered += len(line.bare)
    return own if covered >= len(found) * _LEAST_COVERED else None


def _fill(lines: Sequence[Line], own: list[bool], number: int, found: str, begin: int, end: int) -> None:
    """Take the lines right before `number` that end where it begins, back to what was found before."""
    for before in range(number - 1, -1, -1):
        bare = lines[before].bare
        if own[before] or end - len(bare) < begin or not found.endswith(bare, begin, end):
            break
        own[before] = True
        end -= len(bare)


def _goes_on(lines: Sequence[Line], number: int, found: str, at: int) -> bool:
    """Return whether one of the next lines goes on at `at`: a short line alone may be there by chance."""
    if at >= len(found):
        return True
    return any(
        found.startswith(line.bare[:_TELLING], at) for line in lines[number + 1 : number + 40] if line.bare
    )


def with_headings(lines: Sequence[Line], own: list[bool]) -> list[bool]:
    """Return `own` with the headings and times that stand right above a line of the article.

    A time counts only where several do: in a running report each post has one, in an article its byline.
    """
    made = list(own)
    times: list[int] = []
    below: Line | None = None
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if own[number]:
            below = line
        elif (
            below is not None
            and line.zone == below.zone
            and len(line.text) <= _MAX_HEADING
            and line.linked < 0.9
        ):
            if line.kind == "heading":
                made[number] = True
            elif line.kind == "time" and re.search(r"\d", line.text):
                times.append(number)
            elif line.kind != "time":
                below = None
        else:
            below = None
    if len(times) > 1:
        for number in times:
            made[number] = True
    return made


def with_lost_prose(lines: Sequence[Line], own: list[bool]) -> list[bool]:
    """Return `own`, or all the prose of the page where that is more than twice as much."""
    lost = [not is_own and _is_prose(line) for line, is_own in zip(lines, own, strict=True)]
    size = sum(len(line.bare) for line, is_own in zip(lines, own, strict=True) if is_own)
    if sum(len(line.bare) for line, is_lost in zip(lines, lost, strict=True) if is_lost) <= size:
        return own
    return [is_own or is_lost for is_own, is_lost in zip(own, lost, strict=True)]


def _is_prose(line: Line) -> bool:
    return len(line.text) >= _LEAST_PROSE and is_said(line)


def is_said(line: Line) -> bool:
    """Return whether a line is a sentence, of no part around the article, that asks for nothing."""
    return (
        not line.zone and line.kind == "text" and line.linked < 0.3
        and is_sentence(line.text) and not is_consent(line) and not is_offer(line)
        and _consent_signs(line) < 2
    )  # fmt: skip


def without_furniture(lines: Sequence[Line], own: list[bool]) -> list[bool]:
    """Return `own` without what asks for consent or for money."""
    asks: list[bool] = []
    for line, is_own in zip(lines, own, strict=True):
        # The rest of what is asked need not speak of cookies.
        asks.append(is_own and (is_consent(line) or (bool(asks) and asks[-1] and _consent_signs(line) > 1)))
    sells = [is_own and is_offer(line) for line, is_own in zip(lines, own, strict=True)]
    says = [
        number
        for number, (line, is_own) in enumerate(zip(lines, own, strict=True))
        if is_own and not asks[number] and not sells[number] and line.kind in ("text", "item", "row")
    ]
    # Between two paragraphs of the article a sentence about cookies is the article's.
    inner = range(says[0], says[-1]) if says else range(0)
    return [
        is_own
        and not sells[number]
        and not (asks[number] and (number not in inner or line.zone == "consent"))
        for number, (line, is_own) in enumerate(zip(lines, own, strict=True))
    ]


def is_consent(line: Line) -> bool:
    """Return whether a line asks for consent: it speaks of cookies and of the page, or stands in a banner."""
    speaks = bool(_notices().cookies.search(line.text))
    if not speaks and line.zone != "consent":
        return False
    # Outside of a banner it has to ask, or to say much of it.
    least = 1 if speaks and (line.zone == "consent" or _notices().consent.match(line.text)) else 2
    return _consent_signs(line) >= least


def _consent_signs(line: Line) -> int:
    return _count(_notices().consent_signs, line)


def _count(signs: "regex.Pattern[str]", line: Line) -> int:
    """Return how many different signs a line has."""
    return len({sign.lower() for sign in signs.findall(line.text)})


def is_offer(line: Line) -> bool:
    """Return whether a line offers a subscription instead of going on with the article."""
    begins = len(line.text) < _LONGEST_OFFER and bool(_notices().offer.match(line.text))
    if not begins and line.zone != "offer":
        return False
    return _count(_notices().offer_signs, line) >= (1 if begins and line.zone == "offer" else 2)


def is_fuller(stated: str, shown: Sequence[str], least: float) -> bool:
    """Return whether what a page states for machines is the article that it shows a part of.

    `shown` are the lines that it shows, without blanks; of their length it has to be `least` times.
    """
    bare = "".join(stated.split())
    size = sum(map(len, shown))
    if len(bare) < least * size or len(bare) < 200:
        return False
    in_it = sum(len(line) for line in shown if line in bare) if len(shown) < 1000 else 0
    return in_it >= 0.9 * size or (size < len(bare) / 2 and (in_it >= size / 3 or size < 200))


@dataclass(frozen=True, slots=True)
class _Notices:
    """Patterns of what asks for consent or for money, by the names of their lists."""

    consent: "regex.Pattern[str]"
    cookies: "regex.Pattern[str]"
    consent_signs: "regex.Pattern[str]"
    offer: "regex.Pattern[str]"
    offer_signs: "regex.Pattern[str]"


@functools.cache
def _notices() -> _Notices:
    def pattern(pick: Callable[[Furniture], Words]) -> "regex.Pattern[str]":
        return compiled(any_of(words(lambda language: pick(language.furniture))))

    return _Notices(
        consent=pattern(lambda furniture: furniture.consent),
        cookies=pattern(lambda furniture: furniture.cookies),
        consent_signs=pattern(lambda furniture: furniture.consent_signs),
        offer=pattern(lambda furniture: furniture.offer),
        offer_signs=pattern(lambda furniture: furniture.offer_signs),
    )

"""An answer's sources on a line of time, the earliest first; for screen readers an ordered list."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby, pairwise

from qa import Answer, Citation
from ui.translation import _, decimal, ngettext

from .links import isolated, link, numbered
from .text import escaped, long_date

# From so many days on, the line between two days is drawn longer by a step.
_GAPS = (2, 8, 32, 366)


def timeline_html(answer: Answer) -> str:
    """Return the sources of an answer by their day, nothing if they were all published on one."""
    # What the answer does not cite, but shows as another side, is a source too.
    others = {
        (side.article_id, side.start): side
        for one in answer.disagreements
        for side in one.sides
        if not side.number
    }
    sources = [*answer.citations, *others.values()]
    dated = sorted((c for c in sources if c.published), key=lambda c: c.published or "")
    days = [(day, list(cited)) for day, cited in groupby(dated, key=lambda c: c.published or "")]
    if len(days) < 2:
        return ""
    passed = [0, *((_day(later) - _day(day)).days for (day, _), (later, _) in pairwise(days))]
    items = "".join(_item(day, cited, gap) for (day, cited), gap in zip(days, passed, strict=True))
    heading = escaped(_("When the sources were published"))
    return (
        f'<div class="aq-timeline" role="group" aria-label="{heading}"><p class="aq-label">{heading}</p>'
        f"<ol>{items}</ol>{_undated(len(sources) - len(dated))}</div>"
    )


def _item(day: str, cited: Iterable[Citation], gap: int) -> str:
    """Return a day of the line, `gap` days after the one before it."""
    length = sum(gap >= least for least in _GAPS)
    later = ngettext("{n} day later", "{n} days later", gap).format(n=decimal(gap))
    passed = f'<span class="aq-passed">{escaped(later)}</span>' if gap else ""
    links = ", ".join(map(_link, cited))
    return (
        f'<li class="aq-gap-{length}">{passed}<span class="aq-day">{escaped(long_date(day) or day)}</span>'
        f' <span class="aq-that-day">{links}</span></li>'
    )


def _link(cited: Citation) -> str:
    number = f"{numbered(cited)} " if cited.number else ""
    return link(cited, "aq-when", f"{number}{isolated(cited.source or cited.title or cited.path)}")


def _undated(count: int) -> str:
    if not count:
        return ""
    said = ngettext("{n} source states no date.", "{n} sources state no date.", count)
    return f'<p class="aq-about">{escaped(said.format(n=decimal(count)))}</p>'


def _day(day: str) -> date:
    return date.fromisoformat(day)

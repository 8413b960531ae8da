"""What an answer was limited to, in words and as HTML."""

from index import Filters
from index.store.filters import KINDS
from ui.translation import _

from .text import escaped, language_name, long_date

DAYS = ("since", "until")


def pairs(filters: Filters) -> tuple[tuple[str, str], ...]:
    """Return filters as names and values, as a link has them."""
    days = [(name, day.isoformat()) for name in DAYS if (day := getattr(filters, name))]
    return (*days, *((kind, value) for kind, value, _alone in filters.values()))


def kind_name(name: str) -> str:
    """Return what the values of a limit are, for one."""
    return {
        "since": _("From"),
        "until": _("Until"),
        "source": _("Outlet"),
        "language": _("Language"),
        "path": _("Folder"),
        "tag": _("Tag"),
    }[name]


def value_name(name: str, value: str) -> str:
    """Return a value of a limit as people write it."""
    if name in DAYS:
        return long_date(value) or value
    return (language_name(value) or value) if name == "language" else value


def phrases(filters: Filters) -> list[str]:
    """Return each limit in words, the values of one kind together."""
    found = []
    for name in (*DAYS, *KINDS):
        values = [value_name(each, value) for each, value in pairs(filters) if each == name]
        if values:
            found.append(f"{kind_name(name)}: {', '.join(values)}")
    return found


def limits_html(filters: Filters, *, refused: bool = False) -> str:
    """Return what stands with an answer that was looked for in some articles only.

    A refusal offers to search all. filters.js does that.
    """
    if not filters:
        return ""
    limits = " · ".join(
        f'<span class="aq-limit" dir="auto">{escaped(phrase)}</span>' for phrase in phrases(filters)
    )
    said = escaped(_("Only these articles were searched") if refused else _("Searched only"))
    everything = escaped(_("Search all articles"))
    button = f' <button type="button" class="aq-all">{everything}</button>' if refused else ""
    return f'<p class="aq-limits"><span class="aq-limits-said">{said}</span> {limits}{button}</p>'

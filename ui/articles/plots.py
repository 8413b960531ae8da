"""What the index holds, at a glance: articles over time, by outlet, by language.

Each plot is a table whose rows have bars, so that everybody reads the same figures. What many small ones add
up to has no bar: it would be longer than all others.
"""

from collections.abc import Sequence

from index.store.listing import Overview
from ui.render import escaped
from ui.translation import _, decimal

from . import wording

# Months of more years than these are added up to years, and years to the last of these many bars.
_MONTHS, _YEARS = 36, 60
_OUTLETS, _LANGUAGES = 10, 12


def plots_html(overview: Overview) -> str:
    """Return the plots; nothing for an empty index."""
    if not overview.languages:
        return ""
    undated = sum(number for value, number in overview.months if value is None)
    dated = [(value, number) for value, number in overview.months if value is not None]
    times, earlier = _times(dated)
    named = [(wording.outlet(value), number) for value, number in overview.sources]
    spoken = [(wording.language(value) or _("Unknown"), number) for value, number in overview.languages]
    notes = [f"{_('Earlier')}: {decimal(earlier)}"] if earlier else []
    if undated:
        notes.append(_("{articles} without a date").format(articles=wording.articles(undated)))
    return (
        _columns_html(_("Articles over time"), times, notes)
        + _rows_html(_("Articles by outlet"), named, _OUTLETS)
        + _rows_html(_("Articles by language"), spoken, _LANGUAGES)
    )


def _times(dated: Sequence[tuple[int, int]]) -> tuple[list[tuple[str, int]], int]:
    """Return numbers by month, or by year if there are many months, without gaps, and what was earlier."""
    if not dated:
        return [], 0
    first, last = dated[0][0], dated[-1][0]
    numbers, earlier = dict[int, int](), 0
    if _since(last) - _since(first) < _MONTHS:
        numbers = dict(dated)
        span = [at // 12 * 100 + at % 12 + 1 for at in range(_since(first), _since(last) + 1)]
    else:
        for value, number in dated:
            numbers[value // 100] = numbers.get(value // 100, 0) + number
        span = list(range(first // 100, last // 100 + 1))
        if len(span) > _YEARS:
            early = [year for year in numbers if year < span[-_YEARS]]
            earlier = sum(numbers[year] for year in early)
            span = span[-_YEARS:]
    return [(wording.month(value), numbers.get(value, 0)) for value in span], earlier


def _since(month: int) -> int:
    """Return the number of a month (yyyymm), counted from the year 0."""
    return month // 100 * 12 + month % 100 - 1


def _columns_html(title: str, counted: Sequence[tuple[str, int]], notes: Sequence[str]) -> str:
    """Return a plot with a bar for each month or year, and under it the first, the last and the notes."""
    if not counted:
        return (
            f'<figure class="aq-plot"><h3>{escaped(title)}</h3><p>{escaped(" · ".join(notes))}</p></figure>'
        )
    ends = f"<span>{escaped(counted[0][0])}</span><span>{escaped(counted[-1][0])}</span>"
    most = max(counted, key=lambda pair: pair[1])
    said = [_("Most: {n} in {time}").format(n=decimal(most[1]), time=most[0]), *notes]
    more = f"<p>{escaped(' · '.join(said))}</p>"
    return (
        f'<figure class="aq-plot aq-columns-plot"><h3>{escaped(title)}</h3>'
        f'{_table(title, counted, [])}<p class="aq-ends" aria-hidden="true">{ends}</p>{more}</figure>'
    )


def _rows_html(title: str, counted: Sequence[tuple[str, int]], limit: int) -> str:
    """Return a plot with a bar for each of the first, and a row for what the others add up to."""
    rest = counted[limit:]
    others = [(_("{n} others").format(n=decimal(len(rest))), sum(number for _name, number in rest))]
    table = _table(title, counted[:limit], others if rest else [])
    return f'<figure class="aq-plot aq-rows-plot"><h3>{escaped(title)}</h3>{table}</figure>'


def _table(title: str, counted: Sequence[tuple[str, int]], sums: Sequence[tuple[str, int]]) -> str:
    most = max(number for _name, number in counted) or 1
    bars = [_bar(name, number, number / most) for name, number in counted]
    rows = "".join([*bars, *(_bar(name, number, 0) for name, number in sums)])
    return (
        f'<table role="table"><caption class="aq-heard">{escaped(title)}</caption>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _bar(name: str, number: int, share: float) -> str:
    shown, count = escaped(name), escaped(decimal(number))
    return (
        f'<tr role="row" title="{shown}: {count}" style="--share: {share:.4f}">'
        f'<th scope="row" role="rowheader" dir="auto">{shown}</th>'
        f'<td role="cell">{count}</td></tr>'
    )

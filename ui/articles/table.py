"""The list of articles and the list of what was skipped, as HTML."""

from index.store.listing import PAGE, Listed, Order, Page, Skips, Wanted
from ui.render import escaped
from ui.translation import _, decimal

from . import wording
from .reasons import reason


def found_text(page: Page, wanted: Wanted) -> str:
    """Return how many articles were found, and which of them are shown."""
    if not page.found:
        return _("No article has these words.") if wanted.text.strip() else _("There are no articles yet.")
    first = page.page * PAGE + 1
    shown = _("{first} to {last} of {articles}")
    return shown.format(
        first=decimal(first), last=decimal(first + len(page.rows) - 1), articles=wording.articles(page.found)
    )


def table_html(page: Page, wanted: Wanted) -> str:
    """Return a page of the list. Its heads are buttons that sort; a title is a link to its article."""
    if not page.rows:
        return ""
    heads = "".join(_head(order, name, wanted) for order, name in _columns())
    rows = "".join(_row(row) for row in page.rows)
    caption = escaped(_("Articles"))
    return (
        f'<table class="aq-list" role="table"><caption class="aq-heard">{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _columns() -> tuple[tuple[Order, str], ...]:
    return (
        ("title", _("Title")),
        ("source", _("Outlet")),
        ("published", _("Date")),
        ("language", _("Language")),
        ("words", _("Words")),
        ("places", _("Places")),
        ("path", _("Path")),
    )


def _head(order: Order, name: str, wanted: Wanted) -> str:
    is_sorted = order == wanted.order
    way = ("descending" if wanted.descending else "ascending") if is_sorted else "none"
    return (
        f'<th scope="col" role="columnheader" aria-sort="{way}" class="aq-of-{order}">'
        f'<button type="button" data-order="{order}">{escaped(name)}</button></th>'
    )


def _row(row: Listed) -> str:
    link = f'<a class="aq-source" href="./#aq-{escaped(row.id)}-0-0">{escaped(row.title) or "–"}</a>'
    cells: tuple[tuple[Order, str], ...] = (
        ("source", escaped(row.source or "")),
        ("published", escaped(wording.day(row.published))),
        ("language", escaped(wording.language(row.language))),
        ("words", escaped(decimal(row.words))),
        ("places", escaped(decimal(row.places)) if row.places > 1 else ""),
        ("path", escaped(row.path)),
    )
    names = dict(_columns())
    made = "".join(
        f'<td role="cell" dir="auto" class="aq-of-{order}" data-name="{escaped(names[order])}">{text}</td>'
        for order, text in cells
    )
    head = f'<th scope="row" role="rowheader" dir="auto" class="aq-of-title">{link}</th>'
    return f'<tr role="row">{head}{made}</tr>'


def skipped_html(skips: Skips) -> str:
    """Return why files were skipped, how often for which reason, and a page of their paths."""
    if not skips.found:
        return f"<p>{escaped(_('Nothing was skipped by the last build.'))}</p>"
    reasons = "".join(
        f"<li><bdi>{escaped(reason(said))}</bdi> "
        f'<span class="aq-number">{escaped(decimal(number))}</span></li>'
        for said, number in skips.reasons[:10]
    )
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{escaped(path)}</th><td dir="auto">{escaped(reason(said))}</td></tr>'
        for path, said in skips.rows
    )
    heads = "".join(f'<th scope="col">{escaped(name)}</th>' for name in (_("Path"), _("Reason")))
    caption = escaped(_("Files that were skipped"))
    return (
        f'<ul class="aq-reasons">{reasons}</ul><table class="aq-skips"><caption class="aq-heard">{caption}'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def pager_html(page: int, pages: int, name: str) -> str:
    """Return buttons that turn pages, nothing for a single page; `name` says of what."""
    if pages < 2:
        return ""
    turns = (
        (0, _("First page"), page > 0),
        (page - 1, _("Previous page"), page > 0),
        (page + 1, _("Next page"), page < pages - 1),
        (pages - 1, _("Last page"), page < pages - 1),
    )
    made = [
        f'<button type="button" data-page="{max(0, number)}"{off}>{escaped(text)}</button>'
        for number, text, possible in turns
        for off in ("" if possible else " disabled",)
    ]
    where = escaped(_("Page {page} of {pages}").format(page=decimal(page + 1), pages=decimal(pages)))
    made.insert(2, f"<span>{where}</span>")
    return f'<nav class="aq-pager" aria-label="{escaped(name)}">{"".join(made)}</nav>'

"""The whole tab as HTML: what the index holds, what was skipped, how it is, and how more is added."""

from pathlib import Path

from babel.numbers import format_percent
from babel.units import format_unit

from index import Progress, Status, Summary
from index.building.apart import State
from index.reading.files import MAX_FILE_BYTES
from index.reading.registry import READERS
from index.reading.uploads import FOLDER
from index.store.integrity import Checked
from index.store.listing import Overview
from ui.render import escaped
from ui.terminal import one_line
from ui.translation import _, decimal, locale, ngettext

from . import wording
from .plots import plots_html
from .reasons import reason, reasons


def frame_html(overview: Overview, status: Status, folder: Path | None, *, may_change: bool) -> str:
    """Return the tab without the lists, which the script fetches."""
    plots = plots_html(overview) or f"<p>{escaped(_('There are no articles yet.'))}</p>"
    return (
        _section("aq-add", _("Add articles"), _add_html(folder, may_change=may_change))
        + _section("aq-plots", _("At a glance"), f'<div class="aq-plot-row">{plots}</div>')
        + _section("aq-all", _("All articles"), _search_html())
        + _section("aq-skipped", _("What was skipped, and why"), '<div class="aq-skipped-list"></div>')
        + _section("aq-health", _("How the index is"), health_html(status, may_change=may_change))
    )


def _section(name: str, title: str, content: str) -> str:
    head = f'<h2 id="{name}-title">{escaped(title)}</h2>'
    return f'<section id="{name}" aria-labelledby="{name}-title">{head}{content}</section>'


def _search_html() -> str:
    name = escaped(_("Search titles, outlets and paths"))
    return (
        f'<form role="search" class="aq-seek"><label for="aq-seek-box">{name}</label>'
        '<input id="aq-seek-box" type="search" maxlength="200" autocomplete="off" spellcheck="false"></form>'
        '<p class="aq-found" role="status"></p><div class="aq-listed"></div>'
    )


def _add_html(folder: Path | None, *, may_change: bool) -> str:
    if folder is None:
        text = _("The index does not say which folder it was made from: start the page with --folder FOLDER.")
        return f"<p>{escaped(text)}</p>"
    if not folder.is_dir():
        text = _("The folder {folder} is not there: start the page with --folder FOLDER.")
        return f"<p>{escaped(text.format(folder=folder))}</p>"
    if not may_change:
        text = _(
            "Articles are added on the machine that serves this page,"
            " unless it was started with --allow-upload."
        )
        return f"<p>{escaped(text)}</p>{_progress_html(can_stop=False)}"
    where = _("Files are stored in {folder}, up to {size} each, and never replace another file.")
    size = f"{MAX_FILE_BYTES // 1_000_000} MB"
    stored = escaped(where.format(folder=folder / FOLDER, size=size))
    kinds = ",".join(READERS)
    builds = "".join(
        f'<button type="button" data-build="{what}">{escaped(name)}</button>'
        for what, name in (
            ("changes", _("Read what is new in the folder")),
            ("everything", _("Rebuild everything")),
        )
    )
    return (
        f'<div class="aq-drop" data-most="{MAX_FILE_BYTES}"><p>{escaped(_("Drop files here, or"))} '
        f'<label class="aq-choose">{escaped(_("choose files"))}'
        f'<input type="file" class="aq-heard" multiple accept="{escaped(kinds)}"></label></p>'
        f'<p class="aq-where" dir="auto">{stored}</p></div><div role="status"><ul class="aq-sent"></ul></div>'
        f'<p class="aq-builds">{builds}</p>' + _progress_html(can_stop=True)
    )


def _progress_html(*, can_stop: bool) -> str:
    stop = f'<button type="button" data-build="stop">{escaped(_("Stop"))}</button>' if can_stop else ""
    name = escaped(_("Progress of the build"))
    return (
        f'<div class="aq-building" hidden><progress aria-label="{name}" max="1"></progress>'
        f'<p class="aq-steps"><span class="aq-how-far"></span> <bdi class="aq-at"></bdi></p>{stop}</div>'
        f'<p class="aq-built" role="status"></p>'
    )


def health_html(status: Status, *, may_change: bool) -> str:
    """Return how the index was made and whether it is sound."""
    counts = status.counts
    facts = (
        (_("Health"), _("No damage found") if status.health == "ok" else reasons(status.health)),
        (_("Articles"), decimal(counts.articles)),
        (_("Stories"), decimal(counts.stories)),
        (_("Passages"), decimal(counts.passages)),
        (_("Size"), _size(status.bytes)),
        (_("Builds"), decimal(status.build)),
        (_("Last change"), wording.moment(status.built)),
        (_("Encoder"), status.encoder),
        (_("Index"), str(status.index)),
        (_("Folder"), status.folder or "–"),
        (_("Articles that keep little of their files"), decimal(len(status.kept_little))),
    )
    rows = "".join(
        f'<div><dt>{escaped(name)}</dt><dd dir="auto">{escaped(value)}</dd></div>' for name, value in facts
    )
    check = _("Compare everything with its digests")
    button = f'<button type="button" data-check>{escaped(check)}</button>' if may_change else ""
    return f'<dl class="aq-facts">{rows}</dl>{button}<div class="aq-checked" role="status"></div>'


def checked_html(checked: Checked) -> str:
    """Return what a full comparison found."""
    said = _("{articles} compared in {seconds} s.").format(
        articles=wording.articles(checked.articles), seconds=decimal(round(checked.seconds, 1))
    )
    result = "" if checked.problems else " " + _("No damage found.")
    items = "".join(
        f'<li dir="auto">{escaped(line)}</li>' for line in (*map(reason, checked.problems), *checked.paths)
    )
    return f"<p>{escaped(said + result)}</p>" + (f"<ul>{items}</ul>" if items else "")


def state_of(state: State) -> dict[str, object]:
    """Return how the builds stand, as the script shows it; `share` is None if it is not known."""
    progress = state.progress
    return {
        "running": state.running,
        "ended": state.ended,
        "share": _share(progress) if progress else None,
        "text": _("Stopping…") if state.stopping else _progress_text(progress),
        # Apart from the text, so that its writing direction moves nothing.
        "path": one_line(progress.path[-60:]) if progress else "",
        "result": _result(state),
        "failed": state.error is not None,
    }


def _progress_text(progress: Progress | None) -> str:
    if progress is None:
        return _("Starting…")
    if progress.step == "loading":
        return _("Loading the model that finds answers…")
    if progress.step == "reading":
        files = _("{n} of {all} files").format(n=decimal(progress.files), all=decimal(progress.files_total))
        parts = [_("Reading"), files]
    else:
        share = str(format_percent(_share(progress) or 0, locale=locale()))
        parts = [_("Encoding"), share]
        passages = ngettext("{n} passage", "{n} passages", progress.passages)
        parts.append(passages.format(n=decimal(progress.passages)))
    if progress.tokens_per_second:
        parts.append(_("{n} tokens/s").format(n=decimal(round(progress.tokens_per_second))))
    if progress.seconds_left is not None:
        parts.append(_("{time} left").format(time=_duration(progress.seconds_left)))
    return " · ".join(parts)


def _share(progress: Progress) -> float | None:
    if progress.share is not None:
        return progress.share
    return progress.files / progress.files_total if progress.files_total else None


def _duration(seconds: float) -> str:
    unit, number = ("second", seconds) if seconds < 90 else ("minute", seconds / 60)
    return str(format_unit(round(number), f"duration-{unit}", "short", locale=locale()))


def _result(state: State) -> str:
    if state.running or not state.ended:
        return ""
    if state.error:
        return reason(state.error)
    return _summary(state.summary) if state.summary else _("Stopped. The index answers as before.")


def _summary(summary: Summary) -> str:
    said = _("{added} added, {replaced} replaced, {removed} removed, {skipped} skipped.").format(
        added=decimal(summary.added),
        replaced=decimal(summary.replaced),
        removed=decimal(summary.removed),
        skipped=decimal(len(summary.skipped)),
    )
    return f"{said} {_('The index holds {articles}.').format(articles=wording.articles(summary.articles))}"


def _size(number: int) -> str:
    unit, size = ("megabyte", number / 1e6) if number < 1e9 else ("gigabyte", number / 1e9)
    return str(format_unit(round(size, 1), f"digital-{unit}", "short", locale=locale()))

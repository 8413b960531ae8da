"""`article-qa index`: build an index, and follow a folder."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ui.output import out, out_json, tell
from ui.terminal import one_line, progress_line, summary_lines

from .command import OF_INDEX, Commands, settings_of, with_index

if TYPE_CHECKING:
    from tqdm import tqdm

    from index import Progress, Settings, Summary
    from index.building.progress import Report

# Seconds between two updates of the bar.
_REFRESH = 0.1


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "index", run, "build or update the index of a folder of articles")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that holds the articles")
    parser.add_argument(
        "--rebuild", action="store_true", help="rebuild everything; the old index answers until then"
    )
    parser.add_argument("--watch", action="store_true", help="keep running and follow the folder's changes")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def run(given: argparse.Namespace) -> None:
    """Build the index, and with --watch again whenever the folder changes."""
    settings = settings_of(given, OF_INDEX)
    _tell_of(_build(given, settings), given)
    if not given.watch:
        return
    watching = f"watching {one_line(str(given.folder))}; press Ctrl+C to stop"
    # A program that reads JSON could not read this line.
    (tell if given.json else out)(watching)
    _follow(given, settings)


def _follow(given: argparse.Namespace, settings: "Settings") -> None:
    """Build again after each change, until Ctrl+C is pressed: that is how watching ends.

    Raises KeyboardInterrupt if it is pressed in the middle of a build.
    """
    from index.building.watch import changes
    from index.errors import ArticleQAError

    is_building = False
    try:
        for _ in changes(given.folder, settings.index):
            is_building = True
            try:
                summary = _build(given, settings)
            except ArticleQAError as error:
                is_building = False
                # It may be mended while we watch; until then the index stays as it was.
                tell(str(error))
            else:
                is_building = False
                _tell_of(summary, given)
    except KeyboardInterrupt:
        if is_building:
            raise


def _build(given: argparse.Namespace, settings: "Settings") -> "Summary":
    from tqdm import tqdm

    from index import build

    # The bar is for terminals: in a log file it would be thousands of lines.
    hidden = True if sys.stderr is None else None
    with tqdm(unit=" files", disable=hidden, dynamic_ncols=True, leave=False) as bar:
        summary = build(given.folder, settings, rebuild=given.rebuild, progress=_shown_on(bar))
    # A watched folder is rebuilt only once.
    given.rebuild = False
    return summary


def _tell_of(summary: "Summary", given: argparse.Namespace) -> None:
    if given.json:
        out_json(summary.to_dict())
    else:
        out("\n".join(summary_lines(summary)))


def _shown_on(bar: "tqdm[NoReturn]") -> "Report":
    """Return what shows a build's progress on a bar."""
    step, shown = "", 0.0

    def show(progress: "Progress") -> None:
        nonlocal step, shown
        # Small files are read faster than anyone can see.
        if bar.disable or (progress.step == step and time.monotonic() - shown < _REFRESH):
            return
        if progress.step != step:
            bar.reset(progress.files_total)
        step, shown = progress.step, time.monotonic()
        # Articles are committed many at a time: what is encoded says more.
        bar.n = progress.files if progress.share is None else int(progress.share * progress.files_total)
        bar.set_description_str(step, refresh=False)
        bar.set_postfix_str(progress_line(progress))

    return show

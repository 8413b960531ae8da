"""A build in a process of its own tells how far it is, can be stopped, and is alone."""

import json
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index import Settings, open_index
from index.building.apart import Apart, State
from index.building.beginning import begin
from index.building.build import lock
from index.errors import SourceError
from index.store.catalog import FILE_NAME, Catalog
from tests.conftest import CORPUS

# A bound that only a hang can miss.
PATIENCE = 300


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


def until(builds: Apart, reached: Callable[[State], bool]) -> State:
    end = time.monotonic() + PATIENCE
    while not reached(builds.state()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return builds.state()


def test_an_index_can_begin_empty_and_grow(
    folder: Path, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    assert begin(folder, settings) == folder.resolve()
    builds = Apart(folder, settings)
    with open_index(settings=settings) as index:
        assert index.counts().articles == 0
        builds.start()
        assert builds.state().running
        nothing = until(builds, lambda state: not state.running)
        assert nothing.error
        assert nothing.error.startswith("no articles in")
        assert "\n" not in nothing.error
        shutil.copy(CORPUS / "derwent-marathon-record.md", folder)
        builds.start()
        # What comes while one is running is read by another.
        builds.start()
        done = until(builds, lambda state: not state.running and state.ended == 3)
        assert (done.error, done.summary and done.summary.articles) == (None, 1)
        assert index.counts().articles == 1
        # To read everything again is not forgotten, whatever is asked for after it.
        for rebuild in (False, True, False):
            builds.start(rebuild=rebuild)
        again = until(builds, lambda state: not state.running and state.ended == 5)
        assert again.summary
        assert (again.summary.added, again.summary.unchanged) == (1, 0)
    # Nothing was interrupted.
    assert "Traceback" not in capfd.readouterr().err
    # Another beginning leaves it as it is.
    assert begin(folder, settings) == folder.resolve()
    with closing(Catalog.open(settings.index / FILE_NAME)) as catalog:
        assert catalog.counts().articles == 1
    (folder.parent / "other").mkdir()
    with pytest.raises(SourceError, match="holds the articles of"):
        begin(folder.parent / "other", settings)


def test_a_build_that_is_stopped_leaves_the_last_state(folder: Path, settings: Settings) -> None:
    begin(folder, settings)
    rows = [
        {"title": f"Note {n}", "text": f"Number {n} of the notes says {n * 7}. " * 20} for n in range(3000)
    ]
    for part in range(30):
        (folder / f"{part}.jsonl").write_text("\n".join(map(json.dumps, rows[part::30])))
    builds = Apart(folder, settings)
    builds.start()
    seen = until(builds, lambda state: state.progress is not None)
    assert seen.progress
    assert seen.progress.files_total == 30
    builds.stop()
    stopped = until(builds, lambda state: not state.running)
    assert (stopped.summary, stopped.error) == (None, None)
    with open_index(settings=settings) as index:
        assert index.counts().articles == 0
    # Nobody holds the lock any more.
    with lock(settings.index):
        builds.start()
        busy = until(builds, lambda state: not state.running)
    assert busy.error
    assert "is writing to" in busy.error

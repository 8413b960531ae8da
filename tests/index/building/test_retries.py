"""Files that could not be read for a passing reason are tried again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import index.building.retries
from index.article import Article
from index.building.build import build
from index.building.retries import Attempt
from index.reading import sandbox
from index.reading.document import NO_OCR, PassingError, ReadError, Skipped
from index.reading.prepare import Prepared
from index.search import open_index
from index.settings import Settings
from tests.fakes import HashEncoder
from tests.index.reading.formats.making import html, scanned

TEXT = "The bridge number {} opens in spring, said the board, and the ferry goes on until then."


class Tries:
    """Notes which files are read, and lets reading `failing` ones fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failing: set[str]) -> None:
        self.read: list[str] = []
        self.failing = failing
        whole = sandbox.Reading.articles

        def articles(
            reading: sandbox.Reading, root: Path, path: str, following: Iterable[str] = ()
        ) -> Iterator[Prepared | Skipped]:
            self.read.append(path)
            if path in self.failing:
                raise PassingError("reading it failed: it is damaged or needs more than 4 GB of memory")
            yield from whole(reading, root, path, following)

        monkeypatch.setattr("index.building.intake.Reading.articles", articles)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    for number in range(3):
        (path / f"{number}.txt").write_text(TEXT.format(number))
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


def test_a_file_that_failed_in_passing_is_read_by_the_next_build(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = Tries(monkeypatch, {"0.txt"})
    first = build(folder, settings, encoder=HashEncoder())
    assert list(first.skipped) == ["0.txt"]
    tries.failing.clear()
    tries.read.clear()
    second = build(folder, settings, encoder=HashEncoder())
    assert (second.added, second.skipped, second.articles) == (1, {}, 3)
    assert tries.read == ["0.txt"]
    assert build(folder, settings, encoder=HashEncoder()).unchanged == 3
    assert tries.read == ["0.txt"]


def test_what_fails_again_and_again_is_tried_ever_more_seldom_and_last(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = Tries(monkeypatch, {"0.txt"})
    tried = []
    for number in range(18):
        tries.read.clear()
        summary = build(folder, settings, encoder=HashEncoder())
        assert list(summary.skipped) == ["0.txt"]
        if "0.txt" in tries.read:
            tried.append(number)
    assert tried == [0, 1, 2, 4, 8, 16]
    (folder / "3.txt").write_text(TEXT.format(3))
    (folder / "0.txt").write_text("Other bytes.")
    tries.read.clear()
    build(folder, settings, encoder=HashEncoder())
    assert set(tries.read) == {"0.txt", "3.txt"}


def test_a_file_that_is_no_article_is_read_once(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.pdf").write_bytes(b"no")
    tries = Tries(monkeypatch, set())
    for _ in range(3):
        assert build(folder, settings, encoder=HashEncoder()).skipped == {"a.pdf": "not a PDF"}
    assert tries.read.count("a.pdf") == 1


def test_a_scanned_file_is_tried_again_as_soon_as_it_can_be_recognised(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.pdf").write_bytes(scanned([["A line of it."]]))
    whole = sandbox.Reading.articles

    def articles(
        reading: sandbox.Reading, root: Path, path: str, following: Iterable[str] = ()
    ) -> Iterator[Prepared | Skipped]:
        if path == "a.pdf":
            raise ReadError(NO_OCR)
        yield from whole(reading, root, path, following)

    with monkeypatch.context() as patched:
        patched.setattr("index.building.intake.Reading.articles", articles)
        patched.setattr(index.building.retries, "can_recognise", lambda: False)
        assert build(folder, settings, encoder=HashEncoder()).skipped == {"a.pdf": NO_OCR}
    tries = Tries(monkeypatch, set())
    monkeypatch.setattr(index.building.retries, "can_recognise", lambda: False)
    build(folder, settings, encoder=HashEncoder())
    assert tries.read == []
    monkeypatch.setattr(index.building.retries, "can_recognise", lambda: True)
    build(folder, settings, encoder=HashEncoder())
    assert tries.read == ["a.pdf"]


@pytest.mark.parametrize(
    "stored", ["ab12", "ab12 failed 3", "ab12 unequipped", "123 bytes", "123 bytes failed 1", "damaged"]
)
def test_an_attempt_is_stored_and_read_as_it_was(stored: str) -> None:
    assert str(Attempt.of(stored)) == stored


def test_how_much_of_each_file_is_kept_is_told(folder: Path, settings: Settings) -> None:
    prose = [
        f"The harbour board said on day {n} that the old bridge would open again in the autumn."
        for n in range(40)
    ]
    hidden = "".join(f"<aside><p>{text}</p></aside>" for text in prose)
    page = html([prose[0], prose[1]]).decode().replace("</body>", f"{hidden}</body>")
    (folder / "page.html").write_text(page)
    summary = build(folder, settings, encoder=HashEncoder())
    how = summary.kept_little["page.html"]
    assert list(summary.kept_little) == ["page.html"]
    assert how.startswith("kept ")
    # It is told again without reading the file.
    assert build(folder, settings, encoder=HashEncoder()).kept_little == summary.kept_little
    with open_index(settings=settings) as opened:
        status = opened.status().to_dict()
    assert status["kept_little"] == {"page.html": how}
    counted = status["kept"]
    assert isinstance(counted, dict)
    assert 0 < counted["words"] < counted["words_seen"]
    assert counted["characters"] < counted["characters_seen"]


def test_a_recognised_article_stays_marked_in_the_index(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sandbox.Reading.articles

    def articles(
        reading: sandbox.Reading, root: Path, path: str, following: Iterable[str] = ()
    ) -> Iterator[Prepared | Skipped]:
        for found in whole(reading, root, path, following):
            assert isinstance(found, Prepared)
            yield replace(found, article=replace(found.article, recognised=path == "1.txt"))

    monkeypatch.setattr("index.building.intake.Reading.articles", articles)
    build(folder, settings, encoder=HashEncoder())
    with open_index(settings=settings) as opened:
        marked: dict[str, Article] = {}
        for hit in opened.search("bridge", HashEncoder().encode(["bridge"], question=True)[0]):
            marked[hit.article.path] = hit.article
        assert {path for path, article in marked.items() if article.recognised} == {"1.txt"}
        whole_article = opened.article(marked["1.txt"].id)
        assert whole_article
        assert whole_article.recognised
        assert opened.status().health == "ok"

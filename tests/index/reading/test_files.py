import os
import socket
from pathlib import Path

import pytest

from index.errors import SourceError
from index.reading.files import find_files


def test_files_are_found_below_and_others_have_a_reason(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    index = folder / ".article-qa"
    (folder / "index").mkdir()
    for name in (
        "b.txt",
        "A.MD",
        "deep/er/c.markdown",
        ".hidden/x.txt",
        ".y.txt",
        "picture.png",
        "noending",
        "index/z.txt",
    ):
        (folder / name).write_text("text")
    (folder / "link.txt").symlink_to("/etc/hostname")
    (folder / "elsewhere").symlink_to("/etc")
    os.mkfifo(folder / "pipe.txt")
    files = find_files(folder, folder / "index")
    assert files.paths == ("A.MD", "b.txt", "deep/er/c.markdown")
    assert files.skipped == {
        "picture.png": ".png: not a kind of file that is read",
        "noending": "no ending: not a kind of file that is read",
        "link.txt": "a symbolic link",
        "elsewhere": "a symbolic link",
        "pipe.txt": "not a regular file",
    }
    assert index.exists() is False


def test_a_socket_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.txt"))
        assert find_files(tmp_path, tmp_path / "index").skipped == {"s.txt": "not a regular file"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "there is no folder"),
        ("file.txt", "is not a folder"),
        ("empty", "no articles in .*article-qa reads .txt"),
    ],
)
def test_a_folder_that_cannot_be_used_names_the_remedy(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file.txt").write_text("text")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=message):
        find_files(tmp_path / name, tmp_path / "index")


@pytest.mark.parametrize(
    "folder", ["The mill_files", "The mill-Dateien", "The mill_fichiers", "The mill.files"]
)
def test_what_was_saved_with_a_page_is_no_article(tmp_path: Path, folder: str) -> None:
    (tmp_path / "in" / folder / "deep").mkdir(parents=True)
    (tmp_path / "in" / "The mill.html").write_text("x")
    (tmp_path / "in" / folder / "frame.html").write_text("x")
    (tmp_path / "in" / folder / "deep" / "a.txt").write_text("x")
    # Named alike, but with no page beside it.
    (tmp_path / "in" / "tax_files").mkdir()
    (tmp_path / "in" / "tax_files" / "2023.txt").write_text("x")
    found = find_files(tmp_path, tmp_path / ".index")
    assert found.paths == ("in/The mill.html", "in/tax_files/2023.txt")
    assert found.skipped == {f"in/{folder}": "what belongs to the saved page The mill.html"}


@pytest.mark.parametrize("made", ["a.zip", "a.tar.gz"])
def test_in_an_archive_neither(made: str) -> None:
    from index.reading.registry import read
    from tests.index.reading.formats import making

    members = {
        "The mill_files/frame.html": making.html(),
        "The mill.html": making.html(),
        "tax_files/a.txt": b"A text.",
    }
    data = making.zipped({**members}) if made == "a.zip" else making.tarred(members)
    assert [found.name for found in read(made, data)] == ["The mill.html", "tax_files/a.txt"]


def test_what_cannot_be_read_now_is_not_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "locked" / "b.txt").write_text("text")
    real = os.scandir

    def scandir(folder: Path) -> object:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    files = find_files(tmp_path, tmp_path / "index")
    assert (files.paths, files.unread) == (("a.txt",), {"locked": "Permission denied"})
    assert [files.is_unread(path) for path in ("locked/b.txt", "locked", "a.txt")] == [True, True, False]
    with pytest.raises(SourceError, match=r"cannot read .*locked \(Permission denied\): make it readable"):
        find_files(tmp_path / "locked", tmp_path / "index")

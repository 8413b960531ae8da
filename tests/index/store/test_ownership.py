"""Whatever lies in an index folder or a cache and is not article-qa's stays as it is."""

import shutil
import sqlite3
from pathlib import Path

import chromadb
import numpy as np
import pytest

from index import Settings, build, open_index
from index.errors import ArticleQAError, SourceError
from index.marks import MARK
from index.model.bundled import FOLDER_NAME, model_folder
from tests.fakes import HashEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    (path / "one.txt").write_text("The harbour bridge reopened on Monday. It had been shut for a year.")
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def users_database(project: Path) -> None:
    client = chromadb.PersistentClient(str(project / "chroma"))
    collection = client.create_collection("mine", embedding_function=None)
    collection.add(ids=["1"], embeddings=np.eye(1, 2, dtype=np.float32), documents=["keep me"])
    client.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_project_with_a_chroma_database_is_refused_and_left_alone(
    folder: Path, tmp_path: Path, rebuild: bool
) -> None:
    project = tmp_path / "project"
    users_database(project)
    before = tree(project)
    with pytest.raises(SourceError, match="not empty and holds no index of article-qa: choose"):
        build(folder, Settings(index=project), rebuild=rebuild, encoder=HashEncoder())
    assert tree(project) == before


def someones_catalog(path: Path) -> None:
    connection = sqlite3.connect(path / "catalog.sqlite")
    connection.execute("CREATE TABLE books (title TEXT)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "fill",
    [
        someones_catalog,
        lambda path: (path / "catalog.sqlite").write_text("not SQLite"),
        lambda path: (path / "notes.txt").write_text("mine"),
        lambda path: (path / ".hidden").write_text("mine"),
        lambda path: (path / "chroma").mkdir(),
        lambda path: (path / MARK).write_text('{"made by": "somebody else"}'),
    ],
)
def test_a_folder_that_holds_anything_else_is_refused(folder: Path, tmp_path: Path, fill: object) -> None:
    other = tmp_path / "other"
    other.mkdir()
    fill(other)  # type: ignore[operator]
    before = tree(other)
    with pytest.raises(SourceError, match="choose a new or empty folder"):
        build(folder, Settings(index=other), encoder=HashEncoder())
    assert tree(other) == before


def test_the_folder_of_articles_is_no_place_for_the_index(folder: Path) -> None:
    before = tree(folder)
    with pytest.raises(SourceError, match="not empty"):
        build(folder, Settings(index=folder), encoder=HashEncoder())
    assert tree(folder) == before


def test_what_others_put_into_an_index_folder_stays(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(folder, Settings(index=index), encoder=HashEncoder())
    (segment,) = (index / "chroma").iterdir()
    # A copy of ours under another name is the user's, and so is a link to a folder elsewhere.
    shutil.copytree(segment, index / "chroma" / "backup")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(segment, elsewhere)
    (index / "chroma" / "linked").symlink_to(elsewhere, target_is_directory=True)
    users_database(index)
    (index / "notes.txt").write_text("mine")
    kept = {"notes.txt", "chroma/chroma.sqlite3"} | {
        name for name in tree(index) if name.startswith("chroma/backup")
    }
    for rebuild in (False, True, True):
        build(folder, Settings(index=index), rebuild=rebuild, encoder=HashEncoder())
    assert kept <= tree(index).keys()
    assert (index / "chroma" / "linked").is_symlink()
    assert tree(elsewhere)
    client = chromadb.PersistentClient(str(index / "chroma"))
    assert client.get_collection("mine", embedding_function=None).count() == 1
    client.close()  # type: ignore[attr-defined]
    # Ours that are out of use go: two rebuilds leave the last one and the one before it.
    assert sum(1 for path in (index / "chroma").glob(f"*/{MARK}")) <= 4


def test_segments_without_marks_are_marked_and_swept_when_they_are_out_of_use(
    folder: Path, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index")
    build(folder, settings, encoder=HashEncoder())
    (segment,) = (settings.index / "chroma").iterdir()
    (segment / MARK).unlink()
    (settings.index / MARK).unlink()
    build(folder, settings, encoder=HashEncoder())
    assert (segment / MARK).is_file()
    for _ in range(2):
        build(folder, settings, rebuild=True, encoder=HashEncoder())
    assert not segment.exists()


@pytest.mark.parametrize("mine", ["", "mine.txt"])
def test_a_first_build_that_fails_removes_only_what_it_made(folder: Path, tmp_path: Path, mine: str) -> None:
    index = tmp_path / "index"

    class Meddling(HashEncoder):
        def encode(self, texts: object, *, question: bool = False) -> object:  # type: ignore[override]
            if mine:
                (index / mine).write_text("put here while the build was running")
            raise ArticleQAError("no encoder today")

    with pytest.raises(ArticleQAError, match="no encoder today"):
        build(folder, Settings(index=index), encoder=Meddling())  # type: ignore[arg-type]
    assert (tree(index) if index.exists() else {}).keys() == ({mine} if mine else set())


def test_a_first_build_that_was_killed_early_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (index / "writer.lock").touch()
    sqlite3.connect(index / "catalog.sqlite").close()
    (index / "catalog.sqlite").touch()
    assert build(folder, Settings(index=index), encoder=HashEncoder()).added == 1
    with open_index(settings=Settings(index=index)) as opened:
        assert opened.counts().articles == 1


def test_a_model_of_the_users_own_in_the_cache_stays(tmp_path: Path) -> None:
    own = tmp_path / FOLDER_NAME
    own.mkdir()
    (own / "model.safetensors").write_bytes(b"fine-tuned for months")
    before = tree(own)
    made = model_folder(tmp_path)
    assert tree(own) == before
    assert made != own
    assert model_folder(tmp_path) == made
    # One that is ours and damaged is made anew.
    (made / "config.json").write_text("{}")
    assert model_folder(tmp_path) == made
    assert (made / "config.json").read_text() != "{}"


@pytest.mark.parametrize(
    "content", ["my notes", '{"process": 1}', '{"process": 1, "since": "x", "mine": 1}', "[1]"]
)
@pytest.mark.parametrize("name", ["writer.json", "writer.lock"])
@pytest.mark.parametrize("marked", [False, True])
def test_files_of_the_users_with_names_of_ours_stay(
    folder: Path, tmp_path: Path, name: str, content: str, marked: bool
) -> None:
    index = tmp_path / "index"
    if marked:
        build(folder, Settings(index=index), encoder=HashEncoder())
    index.mkdir(exist_ok=True)
    (index / name).write_text(content)
    before = tree(index)
    with pytest.raises(SourceError, match="choose a new or empty folder"):
        build(folder, Settings(index=index), encoder=HashEncoder())
    assert tree(index) == before


@pytest.mark.parametrize("name", ["writer.json", "writer.lock", "catalog.sqlite", MARK])
@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("content", ["", '{"process": 1, "since": "x"}'])
def test_nothing_is_written_or_read_through_a_link(
    folder: Path, tmp_path: Path, name: str, marked: bool, content: str
) -> None:
    index = tmp_path / "index"
    if marked:
        build(folder, Settings(index=index), encoder=HashEncoder())
    index.mkdir(exist_ok=True)
    elsewhere = tmp_path / "precious"
    elsewhere.write_text(content)
    (index / name).unlink(missing_ok=True)
    (index / name).symlink_to(elsewhere)
    if marked and name == MARK:
        # An index of a time before there were marks is marked anew.
        build(folder, Settings(index=index), encoder=HashEncoder())
        assert not (index / name).is_symlink()
    else:
        with pytest.raises(SourceError, match="choose a new or empty folder"):
            build(folder, Settings(index=index), encoder=HashEncoder())
        assert (index / name).is_symlink()
    assert elsewhere.read_text() == content


@pytest.mark.parametrize("rebuild", [False, True])
def test_somebody_elses_tables_are_refused_in_a_marked_folder_too(
    folder: Path, tmp_path: Path, rebuild: bool
) -> None:
    index = tmp_path / "index"
    build(folder, Settings(index=index), encoder=HashEncoder())
    (index / "catalog.sqlite").unlink()
    someones_catalog(index)
    before = tree(index)
    with pytest.raises(SourceError, match="choose a new or empty folder"):
        build(folder, Settings(index=index), rebuild=rebuild, encoder=HashEncoder())
    assert tree(index) == before


def test_a_first_build_killed_while_it_marked_its_folder_is_gone_on_with(
    folder: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (index / f"{MARK}.77-0").write_text('{"made by": "art')
    assert build(folder, Settings(index=index), encoder=HashEncoder()).added == 1
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / f"{MARK}.77-0").write_text("mine")
    with pytest.raises(SourceError):
        build(folder, Settings(index=tmp_path / "other"), encoder=HashEncoder())

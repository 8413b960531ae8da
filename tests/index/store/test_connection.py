"""What SQLite says, as our own errors; nothing is read as if no one were writing while someone is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index import Settings, build
from index.errors import IndexBusyError, IndexDamagedError, StorageError
from index.store import connection
from index.store.catalog import FILE_NAME, Catalog
from tests.fakes import HashEncoder


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge opens in spring.")
    build(folder, Settings(index=tmp_path / "index"), encoder=HashEncoder())
    return tmp_path / "index" / FILE_NAME


def test_a_catalog_that_another_program_holds_is_busy_and_not_read_without_its_log(
    catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05, raising=False)
    with closing(sqlite3.connect(catalog, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("UPDATE state SET value = '7' WHERE key = 'build'")
        with pytest.raises(IndexBusyError, match="locked by another program"):
            Catalog.open(catalog)
    with closing(Catalog.open(catalog)) as opened:
        assert opened.number("build") == 7


def test_a_log_that_cannot_be_read_is_not_left_out(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that may not be written SQLite reads no log; tests run as root, so its word is given here."""

    class Refusing(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorname = "SQLITE_CANTOPEN"
            raise error

    real = sqlite3.connect

    def connect(path: object, **how: object) -> sqlite3.Connection:
        return real(path, **how, **({} if "immutable" in str(path) else {"factory": Refusing}))  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", connect)
    with closing(Catalog.open(catalog)) as opened:
        assert opened.counts()
    catalog.with_name(f"{FILE_NAME}-wal").write_bytes(b"changes")
    with pytest.raises(StorageError, match="make it writable"):
        Catalog.open(catalog)


def test_only_damage_is_called_damage(tmp_path: Path) -> None:
    def error(name: str | None) -> sqlite3.DatabaseError:
        made = sqlite3.DatabaseError("said")
        if name:
            made.sqlite_errorname = name
        return made

    for name, expected in {
        "SQLITE_CORRUPT_VTAB": IndexDamagedError,
        "SQLITE_NOTADB": IndexDamagedError,
        "SQLITE_BUSY_SNAPSHOT": IndexBusyError,
        "SQLITE_CONSTRAINT_UNIQUE": StorageError,
        "SQLITE_IOERR_READ": StorageError,
        "SQLITE_FULL": StorageError,
        None: StorageError,
    }.items():
        with pytest.raises(expected), connection.storage_errors(tmp_path / FILE_NAME):
            raise error(name)


@pytest.mark.parametrize(("begin", "end"), [("BEGIN", "ROLLBACK"), ("BEGIN IMMEDIATE", "COMMIT")])
def test_a_transaction_that_is_over_hides_no_error(begin: str, end: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        with pytest.raises(KeyError, match="first"):
            _fail_in_transaction(db, begin, end)
        assert not db.in_transaction


def _fail_in_transaction(db: sqlite3.Connection, begin: str, end: str) -> None:
    with connection.transaction(db, begin, end):
        # As SQLite does by itself when the disk is full.
        db.execute("ROLLBACK")
        raise KeyError("first")

"""Conversations in one SQLite file, for several threads, pages and programs at once."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.store.connection import FileId, file_id, transaction
from qa import Answer

from . import erasure, rows
from .conversation import Conversation, Listing, Rating, StoredTurn
from .file import connected, storage_errors

PAGE = 50


class Store:
    """The file at `path`, which is made when something is first stored.

    Every method raises ConversationsError if the file is damaged, newer or not ours, and StorageError if it
    cannot be written. What a method has stored is on the disk when it returns. `is_left` says whether the log
    still has words of something deleted, since another program reads it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._file: FileId | None = None
        self.is_left = False

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._db:
                self._db.close()
            self._db = None

    def ask(
        self, reader: str, conversation: str, question: str, filters: str = "", dropped: Sequence[int] = ()
    ) -> rows.Asked:
        """Store a question.

        It continues `conversation` if that is the reader's. A conversation of another reader is copied first;
        otherwise a new one begins, also if that conversation has been deleted. `dropped` are the turns whose
        place it takes.
        """
        with self._writing() as db:
            return rows.ask(db, reader, conversation, question, filters, dropped)

    def answer(self, turn: int, answer: Answer) -> None:
        """Store the answer of a turn; nothing if the turn was deleted meanwhile."""
        with self._writing() as db:
            rows.answer(db, turn, answer)

    def listing(self, reader: str, search: str = "", older: str = "", count: int = PAGE) -> Listing:
        """Return the reader's conversations that hold all words of `search`, newest first.

        `older` is what the page before said.
        """
        with self._reading() as db:
            return rows.listing(db, reader, search, older, count) if db else Listing(())

    def conversation(self, name: str) -> Conversation | None:
        """Return a conversation, whoever's it is; None if there is none of this name."""
        with self._reading() as db:
            return rows.conversation(db, name) if db else None

    def rated(self) -> Iterator[tuple[Conversation, StoredTurn]]:
        """Yield every turn that was rated, of all readers, with its conversation, oldest first."""
        with self._reading() as db:
            names = rows.rated(db) if db else []
        for name in names:
            if found := self.conversation(name):
                yield from ((found, turn) for turn in found.turns if turn.rating)

    def rename(self, reader: str, name: str, title: str) -> bool:
        """Give a conversation of the reader another title; return whether there is one."""
        with self._writing() as db:
            return rows.rename(db, reader, name, title)

    def rate(self, reader: str, turn: int, rating: Rating | None) -> bool:
        """Store what the reader thinks of an answer of theirs, or forget it; return whether there is one."""
        with self._writing() as db:
            return rows.rate(db, reader, turn, rating)

    def answer_given(self, reader: str, turn: int) -> Answer | None:
        """Return the answer of a turn of the reader's, None if there is none."""
        with self._reading() as db:
            return rows.answer_given(db, reader, turn) if db else None

    def delete(self, reader: str, names: Sequence[str] | None = None) -> int:
        """Delete these conversations of the reader, or all, and return how many there were.

        None of their words is in the file afterwards, nor in its log. If another program keeps the
        log just now, `is_left` is true, and they go at the next change after it lets go.
        """
        with self._writing() as db:
            deleted = rows.delete(db, reader, names)
            if deleted:
                erasure.want(db)
        if deleted:
            with self._open() as db:
                self.is_left = not erasure.erase(db)
        return deleted

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            if self.is_left:
                self.is_left = not erasure.cut(db)
            with transaction(db, "BEGIN IMMEDIATE", "COMMIT"):
                yield db

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """Hold one state of the file, or None while there is no file."""
        if file_id(self.path) is None:
            yield None
            return
        with self._open() as db, transaction(db, "BEGIN", "COMMIT"):
            yield db

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Hold the file that is at the path now, which may have replaced the one that was opened."""
        with self._lock, storage_errors(self.path):
            try:
                yield self._connection()
            except sqlite3.DatabaseError:
                # The next call looks at the file again before anything is written to it.
                self.close()
                raise

    def _connection(self) -> sqlite3.Connection:
        found = file_id(self.path)
        if self._db and not (found and found.is_same_file(self._file)):
            self.close()
        if self._db is None:
            self._db = connected(self.path)
            self._file = file_id(self.path)
            self.is_left = False
            if erasure.is_wanted(self._db):
                self.is_left = not erasure.erase(self._db)
        return self._db

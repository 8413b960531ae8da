"""Reading and writing the rows of conversations; each function is part of a transaction."""

import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.text.words import all_words, index_words
from qa import Answer

from .conversation import (
    Conversation,
    Listed,
    Listing,
    Rating,
    StoredTurn,
    answer_json,
    answer_of,
    said,
    title_of,
)

_MOST_WORDS = 16
# A conversation is found by the words of any of its turns and of its title.
_HOLDING = (
    "SELECT coalesce(turn.conversation, -words.rowid) FROM words"
    " LEFT JOIN turn ON turn.key = words.rowid WHERE words MATCH ?"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a question was stored. `moved` are the new keys of turns that were copied, by their old ones.

    `is_anew`: the conversation that it continues is gone, so it begins another.
    """

    conversation: str
    turn: int
    moved: Mapping[int, int]
    is_anew: bool = False


def ask(
    db: sqlite3.Connection,
    reader: str,
    conversation: str,
    question: str,
    filters: str,
    dropped: Sequence[int],
) -> Asked:
    """Add a question to a conversation of the reader, to a copy of another reader's, or to a new one."""
    now, moved = _now(), dict[int, int]()
    key = _own(db, reader, conversation)
    is_anew = bool(conversation) and key is None and not _is_there(db, conversation)
    if key is None:
        made = db.execute(
            "INSERT INTO conversation (id, reader, title, created, changed) VALUES (?, ?, '', ?, ?)",
            (secrets.token_urlsafe(16), reader, now, now),
        )
        key = int(made.lastrowid or 0)
        moved = _copied(db, conversation, key, dropped)
    _forget(db, [turn for turn in dropped if _is_in(db, turn, key)])
    made = db.execute(
        "INSERT INTO turn (conversation, question, asked, filters) VALUES (?, ?, ?, ?)",
        (key, question, now, filters),
    )
    turn = int(made.lastrowid or 0)
    _find_by(db, turn, question)
    db.execute("UPDATE conversation SET changed = ?, filters = ? WHERE key = ?", (now, filters, key))
    name, is_named = db.execute("SELECT id, named FROM conversation WHERE key = ?", [key]).fetchone()
    first = db.execute("SELECT question FROM turn WHERE conversation = ? ORDER BY key", [key]).fetchone()
    if not is_named:
        _entitle(db, key, title_of(first[0]))
    return Asked(name, turn, moved, is_anew)


def answer(db: sqlite3.Connection, turn: int, found: Answer) -> None:
    """Add the answer of a turn, if the turn is still there."""
    row = db.execute("SELECT conversation, question FROM turn WHERE key = ?", [turn]).fetchone()
    if row:
        db.execute("UPDATE turn SET answer = ? WHERE key = ?", (answer_json(found), turn))
        db.execute("UPDATE conversation SET changed = ? WHERE key = ?", (_now(), row[0]))
        _find_by(db, turn, said(row[1], found))


def listing(db: sqlite3.Connection, reader: str, search: str, older: str, count: int) -> Listing:
    """Return a page of the reader's conversations, newest first."""
    condition, values = "reader = ?", list[object]([reader])
    words = all_words(index_words(search))[:_MOST_WORDS]
    condition += f" AND key IN ({_HOLDING})" * len(words)
    # Readers type the beginnings of words.
    values += [f'"{word}"*' for word in words]
    changed, _, key = older.rpartition(" ")
    if changed and key.isdecimal():
        condition += " AND (changed, key) < (?, ?)"
        values += [changed, int(key)]
    found = db.execute(
        "SELECT key, id, title, changed, filters,"
        " (SELECT COUNT(*) FROM turn WHERE turn.conversation = conversation.key) FROM conversation"
        f" WHERE {condition} ORDER BY changed DESC, key DESC LIMIT ?",
        [*values, count + 1],
    ).fetchall()
    shown = found[:count]
    more = f"{shown[-1][3]} {shown[-1][0]}" if len(found) > count else None
    return Listing(tuple(Listed(*row[1:]) for row in shown), more)


def conversation(db: sqlite3.Connection, name: str) -> Conversation | None:
    """Return the conversation of this name."""
    found = db.execute(
        "SELECT id, reader, title, created, changed, filters, key FROM conversation WHERE id = ?", [name]
    ).fetchone()
    if not found:
        return None
    own_name, reader, title, created, changed, filters, key = found
    turns = db.execute(
        "SELECT turn.key, question, asked, turn.filters, answer, good, reason, right_answer"
        " FROM turn LEFT JOIN rating ON rating.turn = turn.key WHERE conversation = ? ORDER BY turn.key",
        [key],
    )
    shown = tuple(_turn(*row) for row in turns)
    return Conversation(own_name, reader, title, created, changed, filters, shown)


def rated(db: sqlite3.Connection) -> list[str]:
    """Return the names of conversations with a rating, oldest first."""
    names = db.execute(
        "SELECT id FROM conversation WHERE key IN"
        " (SELECT conversation FROM turn JOIN rating ON rating.turn = turn.key) ORDER BY key"
    )
    return [name for (name,) in names]


def rename(db: sqlite3.Connection, reader: str, name: str, title: str) -> bool:
    """Give a conversation of the reader a title that stays."""
    key = _own(db, reader, name)
    if key is None:
        return False
    _entitle(db, key, title)
    db.execute("UPDATE conversation SET named = 1 WHERE key = ?", [key])
    return True


def rate(db: sqlite3.Connection, reader: str, turn: int, rating: Rating | None) -> bool:
    """Set or remove the rating of an answer of the reader's."""
    own = db.execute(
        "SELECT 1 FROM turn JOIN conversation ON conversation.key = turn.conversation"
        " WHERE turn.key = ? AND reader = ? AND answer IS NOT NULL",
        (turn, reader),
    ).fetchone()
    if own:
        db.execute("DELETE FROM rating WHERE turn = ?", [turn])
    if own and rating:
        db.execute(
            "INSERT INTO rating VALUES (?, ?, ?, ?, ?)",
            (turn, rating.good, rating.reason, rating.right_answer, _now()),
        )
    return bool(own)


def answer_given(db: sqlite3.Connection, reader: str, turn: int) -> Answer | None:
    """Return the answer of a turn of the reader's."""
    row = db.execute(
        "SELECT answer FROM turn JOIN conversation ON conversation.key = turn.conversation"
        " WHERE turn.key = ? AND reader = ?",
        (turn, reader),
    ).fetchone()
    return answer_of(row[0]) if row else None


def delete(db: sqlite3.Connection, reader: str, names: Sequence[str] | None) -> int:
    """Delete these conversations of the reader, or all, and return how many there were."""
    found = db.execute("SELECT id FROM conversation WHERE reader = ?", [reader]) if names is None else ()
    keys = [_own(db, reader, name) for name in (names or [name for (name,) in found])]
    own = {key for key in keys if key is not None}
    for key in own:
        turns = db.execute("SELECT key FROM turn WHERE conversation = ?", [key]).fetchall()
        _forget(db, [turn for (turn,) in turns])
        db.execute("DELETE FROM words WHERE rowid = ?", [-key])
        db.execute("DELETE FROM conversation WHERE key = ?", [key])
    return len(own)


def _turn(
    key: int,
    question: str,
    asked: str,
    filters: str,
    stored: str | None,
    good: int | None,
    reason: str | None,
    right_answer: str | None,
) -> StoredTurn:
    rating = Rating(bool(good), reason or "", right_answer) if good is not None else None
    read = answer_of(stored)
    return StoredTurn(
        key, question, asked, filters, read, rating, is_unreadable=bool(stored) and read is None
    )


def _own(db: sqlite3.Connection, reader: str, name: str) -> int | None:
    row = db.execute("SELECT key FROM conversation WHERE id = ? AND reader = ?", (name, reader)).fetchone()
    return int(row[0]) if row else None


def _is_there(db: sqlite3.Connection, name: str) -> bool:
    return db.execute("SELECT 1 FROM conversation WHERE id = ?", [name]).fetchone() is not None


def _is_in(db: sqlite3.Connection, turn: int, key: int) -> bool:
    row = db.execute("SELECT conversation FROM turn WHERE key = ?", [turn]).fetchone()
    return bool(row and row[0] == key)


def _copied(db: sqlite3.Connection, name: str, key: int, dropped: Sequence[int]) -> dict[int, int]:
    """Copy the turns of a conversation, without their ratings, and return their new keys by the old ones."""
    source = conversation(db, name)
    moved = {}
    for turn in source.turns if source else ():
        if turn.key in dropped:
            continue
        made = db.execute(
            "INSERT INTO turn (conversation, question, asked, filters, answer)"
            " SELECT ?, question, asked, filters, answer FROM turn WHERE key = ?",
            (key, turn.key),
        )
        moved[turn.key] = int(made.lastrowid or 0)
        _find_by(db, moved[turn.key], said(turn.question, turn.answer))
    return moved


def _forget(db: sqlite3.Connection, turns: Sequence[int]) -> None:
    for turn in turns:
        db.execute("DELETE FROM rating WHERE turn = ?", [turn])
        db.execute("DELETE FROM words WHERE rowid = ?", [turn])
        db.execute("DELETE FROM turn WHERE key = ?", [turn])


def _entitle(db: sqlite3.Connection, key: int, title: str) -> None:
    db.execute("UPDATE conversation SET title = ? WHERE key = ?", (title, key))
    _find_by(db, -key, title)


def _find_by(db: sqlite3.Connection, row: int, text: str) -> None:
    db.execute("DELETE FROM words WHERE rowid = ?", [row])
    db.execute("INSERT INTO words (rowid, said) VALUES (?, ?)", (row, index_words(text)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")

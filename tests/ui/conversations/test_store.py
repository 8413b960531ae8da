"""The file of conversations: what is stored comes back, and what is deleted is gone."""

import multiprocessing
import os
import signal
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ConversationsError, StorageError
from qa import Answer, Citation
from qa.answer import AlsoIn, Disagreement, Sentence, Timings
from ui.conversations import file
from ui.conversations.conversation import Rating, answer_json, answer_of, title_of
from ui.conversations.file import place
from ui.conversations.markdown import markdown
from ui.conversations.schema import APPLICATION, FORMAT
from ui.conversations.store import Store

ME, OTHER = "", "someone else"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "talk.sqlite")
    yield made
    made.close()


def answer(quote: str = "The bridge cost 4 million.", found: bool = True) -> Answer:
    cited = Citation(
        number=1,
        quote=quote,
        article_id="ab12",
        path="bridge.md",
        title="The bridge",
        url="https://example.org/bridge",
        source="Elbwarte",
        published="2024-05-27",
        language="en",
        start=10,
        end=10 + len(quote),
        score=0.5,
        recognised=True,
        also_in=(AlsoIn("other.md", "Bridge", None, "Tageblatt", None),),
        words_start=12,
        words_end=15,
        before="It opened in May.",
        before_start=0,
    )
    return Answer(
        question="?",
        text=quote,
        found=found,
        confidence=0.93,
        sentences=(Sentence(quote, (1,), supported=True),),
        citations=(cited,),
        timings=Timings(1.0, 2.0, 0.0, 3.0),
        searched="the bridge ?",
        notice="Something is missing.",
    )


def asked(
    store: Store,
    question: str,
    conversation: str = "",
    reader: str = ME,
    filters: str = "",
    dropped: tuple[int, ...] = (),
) -> tuple[str, int]:
    stored = store.ask(reader, conversation, question, filters, dropped)
    store.answer(stored.turn, answer(f"This answers {question}"))
    return stored.conversation, stored.turn


def titles(store: Store, search: str = "", reader: str = ME) -> list[str]:
    return [item.title for item in store.listing(reader, search).conversations]


def on_disk(store: Store) -> bytes:
    """Return every byte of the file, its log and whatever else lies beside it."""
    return b"".join(path.read_bytes() for path in store.path.parent.iterdir())


def test_a_conversation_comes_back_exactly_after_the_file_was_closed(store: Store) -> None:
    first = store.ask(ME, "", "What did the bridge cost?", "?f=source%3AElbwarte")
    store.answer(first.turn, answer())
    second = store.ask(ME, first.conversation, "And who paid?\nReally?")
    store.close()
    found = store.conversation(first.conversation)
    assert found
    assert [(turn.question, turn.answer) for turn in found.turns] == [
        ("What did the bridge cost?", answer()),
        ("And who paid?\nReally?", None),
    ]
    assert (found.turns[0].filters, found.turns[1].key) == ("?f=source%3AElbwarte", second.turn)
    (listed,) = store.listing(ME).conversations
    assert (listed.title, listed.questions) == ("What did the bridge cost?", 2)
    assert len(first.conversation) == 22


def test_nothing_is_made_before_something_is_stored(store: Store) -> None:
    assert store.listing(ME).conversations == ()
    assert store.conversation("x" * 22) is None
    assert list(store.rated()) == []
    assert not store.path.exists()
    asked(store, "Why?")
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_disagreement_is_read_back_as_it_was_stored() -> None:
    made = answer()
    apart = replace(made.citations[0], number=0, words_start=0, words_end=3)
    differing = replace(made, disagreements=(Disagreement("number", (made.citations[0], apart)),))
    assert answer_of(answer_json(differing)) == differing


def test_the_list_is_newest_first_and_comes_in_pages(store: Store) -> None:
    names = [asked(store, f"Question {number}?")[0] for number in range(7)]
    asked(store, "Once more?", names[2])
    page = store.listing(ME, count=3)
    assert [item.title for item in page.conversations] == ["Question 2?", "Question 6?", "Question 5?"]
    assert page.older
    # What is asked meanwhile neither repeats nor hides what follows.
    asked(store, "Meanwhile?")
    rest = store.listing(ME, older=page.older, count=9)
    assert [item.title for item in rest.conversations] == [f"Question {n}?" for n in (4, 3, 1, 0)]
    assert rest.older is None


def test_search_finds_questions_answers_and_titles_in_any_script(store: Store) -> None:
    one, _ = asked(store, "Was kostet die Überfahrt?")
    asked(store, "東京タワーの高さは?")
    asked(store, "Сколько стоил мост?")
    assert titles(store, "uberf") == ["Was kostet die Überfahrt?"]
    assert titles(store, "ANSWERS kostet") == ["Was kostet die Überfahrt?"]
    assert titles(store, "東京") == titles(store, "タワー") == ["東京タワーの高さは?"]
    assert titles(store, "мос") == ["Сколько стоил мост?"]
    assert titles(store, "answers zebra") == []
    for odd in ('"', "a OR b", "NEAR(x", "*", "said:x", "-", "\ud83d"):
        assert store.listing(ME, odd) is not None
    store.rename(ME, one, "Zebra")
    assert titles(store, "zeb") == ["Zebra"]
    # Words of different turns count together.
    asked(store, "And the anchor?", one)
    assert titles(store, "anchor uberfahrt") == ["Zebra"]


def test_a_title_is_the_first_question_until_the_reader_gives_another(store: Store) -> None:
    name, turn = asked(store, "First?")
    asked(store, "Second?", name)
    assert titles(store) == ["First?"]
    asked(store, "First, put better?", name, dropped=(turn,))
    assert titles(store) == ["Second?"]
    assert store.rename(ME, name, "Mine")
    asked(store, "Third?", name)
    assert titles(store) == ["Mine"]
    assert title_of("word " * 40) == "word " * 15 + "word…"
    assert title_of("x" * 200) == "x" * 80 + "…"
    assert title_of(" a\n b ") == "a b"


def test_nobody_sees_or_changes_what_is_somebody_elses(store: Store) -> None:
    name, turn = asked(store, "Secret?")
    assert titles(store, reader=OTHER) == titles(store, "secret", reader=OTHER) == []
    assert not store.rename(OTHER, name, "Taken")
    assert not store.rate(OTHER, turn, Rating(False))
    assert store.delete(OTHER, [name]) == store.delete(OTHER) == 0
    assert titles(store) == ["Secret?"]


def test_who_continues_somebody_elses_conversation_gets_a_copy(store: Store) -> None:
    name, first = asked(store, "Theirs?")
    _, second = asked(store, "Dropped?", name)
    copied = store.ask(OTHER, name, "Mine?", dropped=(second,))
    assert copied.conversation != name
    mine, theirs = store.conversation(copied.conversation), store.conversation(name)
    assert mine
    assert theirs
    assert [turn.question for turn in mine.turns] == ["Theirs?", "Mine?"]
    assert [turn.question for turn in theirs.turns] == ["Theirs?", "Dropped?"]
    assert copied.moved == {first: mine.turns[0].key}
    assert mine.turns[0].answer == theirs.turns[0].answer


def test_who_continues_what_was_deleted_begins_anew(store: Store) -> None:
    name, first = asked(store, "A?")
    theirs, _turn = asked(store, "Theirs?", reader=OTHER)
    store.delete(ME)
    again = store.ask(ME, name, "B?", dropped=[first])
    assert again.is_anew
    assert again.conversation != name
    found = store.conversation(again.conversation)
    assert found
    assert [turn.question for turn in found.turns] == ["B?"]
    for follows in (again.conversation, theirs, ""):
        assert not store.ask(ME, follows, "C?").is_anew


def test_what_one_page_asks_leaves_what_another_asked(store: Store) -> None:
    name, first = asked(store, "One?")
    # Two pages that both show only the first question.
    asked(store, "From the left?", name)
    asked(store, "From the right?", name, dropped=(first,))
    found = store.conversation(name)
    assert found
    assert [turn.question for turn in found.turns] == ["From the left?", "From the right?"]


@pytest.mark.parametrize("closed", [False, True], ids=["open", "opened again"])
def test_what_is_deleted_is_in_no_byte_of_the_file(store: Store, closed: bool) -> None:
    kept, _ = asked(store, "What stays, quokka?")
    name, turn = asked(store, "Where is the zanzibarine xylophone?", filters="?f=tag%3Aflibbertigibbet")
    store.rate(ME, turn, Rating(False, "murkyreason", "plumworthy"))
    for number in range(40):
        asked(store, f"filler{number} " * 200, name)
    store.rename(ME, name, "Oldwombat")
    store.rename(ME, name, "Newwombat")
    # What takes another's place may leave traces too.
    asked(store, "Instead?", name, dropped=(turn,))
    words = (b"zanzibarine", b"xylophone", b"murkyreason", b"plumworthy", b"wombat", b"gibbet", b"filler7")
    assert words[1] in on_disk(store)
    if closed:
        store.close()
    assert store.delete(ME, [name]) == 1
    left = on_disk(store).lower()
    assert [word for word in words if word in left] == []
    assert b"quokka" in left
    assert store.conversation(name) is None
    assert titles(store) == ["What stays, quokka?"]
    assert titles(store, "quokka") == ["What stays, quokka?"]
    assert titles(store, "xylophone") == []
    store.answer(turn, answer("xylophone"))
    assert b"xylophone" not in on_disk(store)
    assert store.delete(ME) == 1
    assert b"quokka" not in on_disk(store)
    assert kept


def test_a_kill_between_deleting_and_cleaning_up_is_made_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _ = asked(store, "Where is the xylophone?")

    def killed(db: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("ui.conversations.erasure.erase", killed)
        with pytest.raises(KeyboardInterrupt):
            store.delete(ME, [name])
    store.close()
    assert titles(store) == []
    assert b"xylophone" not in on_disk(store).lower()


def test_words_that_another_program_keeps_go_at_the_next_change(store: Store) -> None:
    name, _ = asked(store, "Where is the xylophone?")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM turn").fetchall()
        assert store.delete(ME, [name]) == 1
        assert store.is_left
        asked(store, "While it reads?")
        assert store.is_left
        assert b"xylophone" in on_disk(store).lower()
    asked(store, "Afterwards?")
    assert not store.is_left
    assert b"xylophone" not in on_disk(store).lower()


def test_an_answer_that_cannot_be_read_is_told_from_one_that_was_stopped(store: Store) -> None:
    name, turn = asked(store, "Where is the xylophone?")
    asked(store, "Stopped?", name)
    store.close()
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("UPDATE turn SET answer = '{}' WHERE key = ?", [turn])
    found = store.conversation(name)
    assert found
    assert found.turns[0].is_unreadable
    assert "cannot be read" in markdown(found)


def _write_until_killed(path: Path, ready: object) -> None:
    store = Store(path)
    for number in range(100_000):
        stored = store.ask(ME, "", f"Question {number}?")
        store.answer(stored.turn, answer(f"Answer {number}."))
        ready.send(number)  # type: ignore[attr-defined]


def test_what_was_stored_survives_a_kill(store: Store) -> None:
    context = multiprocessing.get_context("fork")
    for round_ in range(3):
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_write_until_killed, args=(store.path, there))
        child.start()
        known = -1
        while known < 5 + round_:
            known = here.recv()
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        while here.poll():
            known = here.recv()
        found = {item.title for item in store.listing(ME, count=10_000).conversations}
        assert {f"Question {number}?" for number in range(known + 1)} <= found
        store.close()


def test_threads_and_other_programs_write_at_the_same_time(store: Store) -> None:
    other = Store(store.path)
    failures = []

    def write(which: Store, reader: str) -> None:
        try:
            for number in range(15):
                name, _ = asked(which, f"{reader} {number}?", reader=reader)
                if number % 5 == 4:
                    which.delete(reader, [name])
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [
        threading.Thread(target=write, args=(which, f"{which is other}{number}"))
        for which in (store, other)
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert failures == []
    assert [len(titles(store, reader=f"{which}{n}")) for which in (True, False) for n in range(3)] == [12] * 6
    with closing(sqlite3.connect(store.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_was_removed_or_replaced_is_followed(store: Store, tmp_path: Path) -> None:
    asked(store, "Before?")
    for path in tmp_path.iterdir():
        path.unlink()
    assert titles(store) == []
    asked(store, "After?")
    assert titles(store) == ["After?"]


def broken(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 8000] = b"\xff" * 8000
    path.write_bytes(raw)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {FORMAT + 1}")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes (name)")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (broken, "is damaged"),
        (lambda path: path.write_bytes(b"no database at all " * 500), "is damaged"),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), "is damaged"),
        (newer, f"has format {FORMAT + 1}, this version reads {FORMAT}: update article-qa"),
        (foreign, "is not article-qa's file of conversations"),
    ],
    ids=["broken pages", "no database", "cut short", "newer", "another program's"],
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(store: Store, spoil: object, said: str) -> None:
    for number in range(30):
        asked(store, f"Question {number}?")
    store.close()
    spoil(store.path)  # type: ignore[operator]
    before = store.path.read_bytes()
    for attempt in (
        lambda: store.ask(ME, "", "More?"),
        lambda: store.listing(ME),
        lambda: store.delete(ME),
        lambda: list(store.rated()),
    ):
        with pytest.raises(ConversationsError, match=said) as caught:
            attempt()
        assert "\n" not in str(caught.value)
    assert store.path.read_bytes() == before


def test_damage_that_is_met_later_stops_writing(store: Store) -> None:
    for number in range(60):
        asked(store, f"Question {number}? " * 30)
    store.close()
    titles(store)
    broken(store.path)
    before = store.path.read_bytes()
    with pytest.raises(ConversationsError, match="is damaged"):
        store.delete(ME)
    with pytest.raises(ConversationsError, match="is damaged"):
        store.ask(ME, "", "More?")
    assert len(store.path.read_bytes()) == len(before)


def test_a_link_in_the_files_place_is_not_followed(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"")
    store.path.symlink_to(target)
    with pytest.raises(ConversationsError, match="is not article-qa's file"):
        store.ask(ME, "", "Why?")
    assert target.read_bytes() == b""


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "talk.sqlite")
    with pytest.raises(StorageError, match=r"conversations cannot be stored in .*--no-history"):
        store.ask(ME, "", "Why?")


def test_a_full_file_takes_no_more_and_loses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MOST_BYTES", 400_000)

    def fill() -> None:
        for number in range(1000):
            asked(store, f"Question {number}? " * 100)

    with pytest.raises(StorageError, match="full"):
        fill()
    assert len(titles(store)) > 10


def test_the_file_is_beside_the_index_and_hidden(tmp_path: Path) -> None:
    assert place(tmp_path / "idx") == tmp_path / ".idx-conversations.sqlite"
    assert place(tmp_path / ".article-qa") == tmp_path / ".article-qa-conversations.sqlite"
    (tmp_path / "link").symlink_to(tmp_path / "idx")
    assert place(tmp_path / "link") == tmp_path / ".idx-conversations.sqlite"


def test_the_file_says_what_it_is(store: Store) -> None:
    asked(store, "Why?")
    with closing(sqlite3.connect(store.path)) as db:
        facts = [
            db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode")
        ]
    assert facts == [APPLICATION, FORMAT, "wal"]

import threading
from contextlib import ExitStack

import pytest

from qa.llm.queue import PATIENCE, FairQueue


def test_places_in_the_queue() -> None:
    queue = FairQueue()
    with ExitStack() as stack:
        tickets = [stack.enter_context(queue.joined()) for _ in range(3)]
        assert [ticket.ahead for ticket in tickets] == [0, 1, 2]
        assert tickets[0].wait(0)
        assert not tickets[1].wait(0)


def test_leaving_moves_the_others_up() -> None:
    queue = FairQueue()
    with ExitStack() as stack:
        first, second = ExitStack(), ExitStack()
        stack.enter_context(first)
        stack.enter_context(second)
        first.enter_context(queue.joined())
        second.enter_context(queue.joined())
        third = stack.enter_context(queue.joined())
        # One in the middle leaves as well.
        second.close()
        assert third.ahead == 1
        first.close()
        assert third.ahead == 0
        assert third.wait(0)


def test_a_wide_queue_lets_several_through_at_once() -> None:
    queue = FairQueue(2)
    with queue.joined() as first, queue.joined() as second, queue.joined() as third:
        assert [ticket.ahead for ticket in (first, second, third)] == [0, 0, 1]


def test_whoever_waits_is_woken() -> None:
    queue = FairQueue()
    turns: list[str] = []
    waiting = threading.Event()

    def wait() -> None:
        with queue.joined() as ticket:
            waiting.set()
            while not ticket.wait(0.05):
                pass
            turns.append("second")

    with queue.joined():
        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(120)
        turns.append("first")
    thread.join(120)
    assert turns == ["first", "second"]


def test_an_error_leaves_the_queue() -> None:
    queue = FairQueue()
    try:
        with queue.joined():
            raise RuntimeError
    except RuntimeError:
        pass
    with queue.joined() as ticket:
        assert ticket.ahead == 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until a test sets it forward."""
    now = [0.0]
    monkeypatch.setattr("qa.llm.queue.monotonic", lambda: now[0])
    return now


def test_an_abandoned_ticket_holds_up_nobody(clock: list[float]) -> None:
    queue = FairQueue()
    with queue.joined() as abandoned, queue.joined() as first, queue.joined() as second:
        assert abandoned.wait(0)
        clock[0] = PATIENCE
        assert [first.ahead, second.ahead] == [1, 2]
        clock[0] += 1
        assert first.wait(0)
        assert second.ahead == 1
        # It comes back as the last, and waits while another has the turn.
        assert not abandoned.wait(0)
        assert [second.ahead, abandoned.ahead] == [1, 2]
    assert_empty(queue)


def test_a_ticket_that_is_kept_keeps_its_turn(clock: list[float]) -> None:
    queue = FairQueue()
    with queue.joined() as reading, queue.joined() as waiting:
        for _ in range(5):
            clock[0] += PATIENCE / 2
            reading.keep()
            assert not waiting.wait(0)
    assert_empty(queue)


def assert_empty(queue: FairQueue) -> None:
    with queue.joined() as ticket:
        assert ticket.ahead == 0

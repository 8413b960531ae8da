import threading
from contextlib import ExitStack

from qa.llm.queue import Line


def test_places_in_line() -> None:
    line = Line()
    with ExitStack() as stack:
        tickets = [stack.enter_context(line.joined()) for _ in range(3)]
        assert [ticket.ahead for ticket in tickets] == [0, 1, 2]
        assert tickets[0].wait(0)
        assert not tickets[1].wait(0)


def test_who_leaves_moves_the_others_up() -> None:
    line = Line()
    with ExitStack() as stack:
        first, second = ExitStack(), ExitStack()
        stack.enter_context(first)
        stack.enter_context(second)
        first.enter_context(line.joined())
        second.enter_context(line.joined())
        third = stack.enter_context(line.joined())
        # One in the middle goes away too.
        second.close()
        assert third.ahead == 1
        first.close()
        assert third.ahead == 0
        assert third.wait(0)


def test_several_go_at_once_where_it_is_wide() -> None:
    line = Line(2)
    with line.joined() as first, line.joined() as second, line.joined() as third:
        assert [ticket.ahead for ticket in (first, second, third)] == [0, 0, 1]


def test_who_waits_is_woken() -> None:
    line = Line()
    turns: list[str] = []
    waiting = threading.Event()

    def wait() -> None:
        with line.joined() as ticket:
            waiting.set()
            while not ticket.wait(0.05):
                pass
            turns.append("second")

    with line.joined():
        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(5)
        turns.append("first")
    thread.join(5)
    assert turns == ["first", "second"]


def test_an_error_leaves_the_line() -> None:
    line = Line()
    try:
        with line.joined():
            raise RuntimeError
    except RuntimeError:
        pass
    with line.joined() as ticket:
        assert ticket.ahead == 0

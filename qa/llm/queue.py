"""A line in which questions wait for a model, first come, first served."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """Lets `width` at a time through; safe for any number of threads."""

    def __init__(self, width: int = 1) -> None:
        self._width = width
        self._tickets: list[Ticket] = []
        self._moved = threading.Condition()

    @contextmanager
    def joined(self) -> Iterator["Ticket"]:
        """Stand in line for as long as the block lasts."""
        ticket = Ticket(self)
        with self._moved:
            self._tickets.append(ticket)
        try:
            yield ticket
        finally:
            with self._moved:
                self._tickets.remove(ticket)
                self._moved.notify_all()

    def ahead(self, ticket: "Ticket") -> int:
        """Return how many have to finish before it is this one's turn."""
        with self._moved:
            return self._ahead(ticket)

    def wait(self, ticket: "Ticket", seconds: float) -> bool:
        """Wait up to `seconds` and return whether it is this one's turn."""
        with self._moved:
            return self._moved.wait_for(lambda: not self._ahead(ticket), seconds)

    def _ahead(self, ticket: "Ticket") -> int:
        return max(0, self._tickets.index(ticket) - self._width + 1)


class Ticket:
    """One place in a line."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def ahead(self) -> int:
        """Return how many have to finish first."""
        return self._line.ahead(self)

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds` and return whether it is this one's turn."""
        return self._line.wait(self, seconds)

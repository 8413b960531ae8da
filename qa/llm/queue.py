"""The queue in which questions wait for a language model."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

# A ticket that has been silent for this many seconds is abandoned. Whoever waits or reads an answer is heard
# from ten times a second; only the check of a sentence takes longer, up to seconds on a busy machine.
PATIENCE = 30.0


class FairQueue:
    """Lets `width` through at a time, first come, first served. Safe for any number of threads.

    Whoever stops asking for their turn loses it, so that an abandoned question holds up nobody.
    """

    def __init__(self, width: int = 1) -> None:
        self._width = width
        # When each ticket was last heard from, in the order of their turns.
        self._heard: dict[Ticket, float] = {}
        self._moved = threading.Condition()

    @contextmanager
    def joined(self) -> Iterator["Ticket"]:
        """Stay in the queue for as long as the block lasts."""
        ticket = Ticket(self)
        ticket.keep()
        try:
            yield ticket
        finally:
            with self._moved:
                self._heard.pop(ticket, None)
                self._moved.notify_all()

    def ahead(self, ticket: "Ticket") -> int:
        """Return how many have to finish before it is this ticket's turn."""
        with self._moved:
            return self._ahead(ticket)

    def wait(self, ticket: "Ticket", seconds: float) -> bool:
        """Wait up to `seconds` and return whether it is this ticket's turn."""
        with self._moved:
            return self._moved.wait_for(lambda: not self._ahead(ticket), seconds)

    def _ahead(self, ticket: "Ticket") -> int:
        now = monotonic()
        # A ticket that was dropped meanwhile goes to the end.
        self._heard[ticket] = now
        for other in [other for other, heard in self._heard.items() if now - heard > PATIENCE]:
            del self._heard[other]
        return max(0, list(self._heard).index(ticket) - self._width + 1)


class Ticket:
    """One place in a queue."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    @property
    def ahead(self) -> int:
        """Return how many have to finish first."""
        return self._queue.ahead(self)

    def keep(self) -> None:
        """Show that somebody still wants this place."""
        self._queue.ahead(self)

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds` and return whether it is this ticket's turn."""
        return self._queue.wait(self, seconds)

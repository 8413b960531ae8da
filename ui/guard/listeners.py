"""Who listens for answers: how many questions may wait, and what happens to those nobody waits for."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from ui.translation import _

from .access import client_of

# A closed connection is noticed a moment later: look this many times, with this many seconds between.
_LOOKS, _PAUSE = 20, 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is accepted at the same time."""

    # Questions that wait or are being answered: in all, from one address, from one open page.
    questions: int = 64
    questions_of_client: int = 16
    questions_of_session: int = 4
    # Open connections on which the server sends. A page has one, and two while it waits for an answer.
    streams: int = 512
    streams_of_client: int = 64
    # A question that nobody has listened for is dropped after this many seconds.
    unheard: float = 5
    # Questions being answered. Those that wait in the queue for the language model count, and must not keep
    # others from their quotes. Each may hold one of the 40 threads that Gradio has for everything: the rest
    # fetch articles and files.
    answers: int = 32


class Listeners:
    """Limits Gradio's queue to questions that somebody is waiting for, and to a fair number of them."""

    def __init__(self, queue: Callable[[], Any], bounds: Bounds) -> None:
        self._queue = queue
        self._bounds = bounds
        # Questions on their way into the queue, by session and client.
        self._coming: list[tuple[str, str]] = []
        # The clients whose programs wait for an answer. These answers have no queue.
        self._programs: list[str] = []
        self._streams: Counter[str] = Counter()
        self._heard: Counter[str] = Counter()
        self._checks: dict[str, asyncio.TimerHandle] = {}
        self._drops: set[asyncio.Task[None]] = set()

    @contextmanager
    def asking(self, session: str, client: str) -> Iterator[None]:
        """Take a question into the queue if there is room. Raises HTTPException."""
        if sum(session == which for which, _client in self._asked()) >= self._bounds.questions_of_session:
            raise _full(
                _("This page already has several questions in progress: wait for an answer, then ask again.")
            )
        self._check_room(client)
        self._coming.append((session, client))
        try:
            yield
        finally:
            self._coming.remove((session, client))
            self._await(session)

    @contextmanager
    def answering(self, client: str) -> Iterator[None]:
        """Answer a program if there is room. Raises HTTPException."""
        self._check_room(client)
        self._programs.append(client)
        try:
            yield
        finally:
            self._programs.remove(client)

    def _asked(self) -> list[tuple[str, str]]:
        """Return the session and the client of each question in progress."""
        events = self._queue().event_ids_to_events.values()
        queued = [(event.session_hash, client_of(event.request.scope)) for event in events]
        return [*self._coming, *queued, *(("", client) for client in self._programs)]

    def _check_room(self, client: str) -> None:
        asked = self._asked()
        of_client = sum(client == who for _, who in asked)
        if len(asked) >= self._bounds.questions or of_client >= self._bounds.questions_of_client:
            raise _full(_("Too many questions are waiting right now: ask again in a minute."))

    @contextmanager
    def streaming(self, client: str) -> Iterator[None]:
        """Hold a connection open. Raises HTTPException."""
        of_client = self._streams[client]
        if of_client >= self._bounds.streams_of_client or self._streams.total() >= self._bounds.streams:
            raise _full(_("Too many pages are open right now: close some."))
        self._streams[client] += 1
        try:
            yield
        finally:
            self._streams[client] -= 1
            self._streams += Counter()

    async def alone(self, session: str) -> None:
        """Wait until nobody else listens for a session. Raises HTTPException if somebody still does.

        Two listeners would take each other's messages, and the first to leave would end both.
        """
        for _look in range(_LOOKS):
            if session not in self._heard:
                return
            await asyncio.sleep(_PAUSE)
        raise HTTPException(409, "This page is already listening.")

    @contextmanager
    def listening(self, session: str) -> Iterator[None]:
        """Listen for a session's answers. Raises HTTPException if it has asked nothing."""
        if session not in self._queue().pending_messages_per_session:
            raise HTTPException(404, "This page has asked nothing.")
        self._heard[session] += 1
        if check := self._checks.pop(session, None):
            check.cancel()
        try:
            yield
        finally:
            self._heard[session] -= 1
            self._heard += Counter()
            # The page opens a new connection for its next question, which may already be here.
            self._await(session)

    def _await(self, session: str) -> None:
        """Give up a session's questions unless somebody listens soon."""
        if session not in self._heard and session not in self._checks:
            loop = asyncio.get_running_loop()
            self._checks[session] = loop.call_later(self._bounds.unheard, self._give_up, session)

    def _give_up(self, session: str) -> None:
        del self._checks[session]
        task = asyncio.get_running_loop().create_task(self._drop(session))
        self._drops.add(task)
        task.add_done_callback(self._drops.discard)

    async def _drop(self, session: str) -> None:
        queue = self._queue()
        # Waiting questions are taken out; those in progress end with their next word.
        await queue.clean_events(session_hash=session)
        if session not in self._heard:
            queue.pending_event_ids_session.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)


def _full(text: str) -> HTTPException:
    return HTTPException(429, text, {"Retry-After": "60"})

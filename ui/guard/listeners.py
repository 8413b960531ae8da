"""Who listens for answers: how many questions may wait, and what becomes of those that nobody waits for."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from .access import client_of

# A connection that the page has let go of is noticed a moment later: how often and in what seconds to look.
_LOOKS, _PAUSE = 20, 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is taken on at the same time."""

    # Questions that wait or are being answered: in all, from one address, from one open page.
    questions: int = 64
    questions_of_client: int = 16
    questions_of_session: int = 4
    # Open connections on which the server speaks. A page has one, and two while it waits for an answer.
    streams: int = 512
    streams_of_client: int = 64
    # Seconds for which a question waits for somebody to listen.
    unheard: float = 5


class Listeners:
    """Keeps Gradio's queue to questions of which somebody awaits the answer, and to as many as are fair."""

    def __init__(self, queue: Callable[[], Any], bounds: Bounds) -> None:
        self._queue = queue
        self._bounds = bounds
        # Questions that are on their way into the queue: session and client.
        self._coming: list[tuple[str, str]] = []
        self._streams: Counter[str] = Counter()
        self._heard: Counter[str] = Counter()
        self._checks: dict[str, asyncio.TimerHandle] = {}
        self._drops: set[asyncio.Task[None]] = set()

    @contextmanager
    def asking(self, session: str, client: str) -> Iterator[None]:
        """Take a question into the queue if there is room. Raises HTTPException."""
        events = self._queue().event_ids_to_events.values()
        asked = [*self._coming, *((e.session_hash, client_of(e.request.scope)) for e in events)]
        of_client = sum(client == who for _, who in asked)
        if sum(session == which for which, _ in asked) >= self._bounds.questions_of_session:
            raise _full("This page has several questions under way: wait for an answer, then ask again.")
        if len(asked) >= self._bounds.questions or of_client >= self._bounds.questions_of_client:
            raise _full("Too many questions are waiting for answers just now: ask again in a minute.")
        self._coming.append((session, client))
        try:
            yield
        finally:
            self._coming.remove((session, client))
            self._await(session)

    @contextmanager
    def streaming(self, client: str) -> Iterator[None]:
        """Hold a connection open. Raises HTTPException."""
        of_client = self._streams[client]
        if of_client >= self._bounds.streams_of_client or self._streams.total() >= self._bounds.streams:
            raise _full("Too many pages are open just now: close some.")
        self._streams[client] += 1
        try:
            yield
        finally:
            self._streams[client] -= 1
            self._streams += Counter()

    async def alone(self, session: str) -> None:
        """Wait until nobody else listens for a session. Raises HTTPException if somebody goes on.

        Two would take each other's messages, and the first to leave would take all from the other.
        """
        for _ in range(_LOOKS):
            if session not in self._heard:
                return
            await asyncio.sleep(_PAUSE)
        raise HTTPException(409, "This page listens already.")

    @contextmanager
    def listening(self, session: str) -> Iterator[None]:
        """Listen for a session's answers. Raises HTTPException if it has asked nothing."""
        if session not in self._queue().pending_messages_per_session:
            raise HTTPException(404, "Nothing was asked here.")
        self._heard[session] += 1
        if check := self._checks.pop(session, None):
            check.cancel()
        try:
            yield
        finally:
            self._heard[session] -= 1
            self._heard += Counter()
            # The page opens a new connection for its next question, which may be here already.
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
        # Those that wait are taken out; those under way end with their next word.
        await queue.clean_events(session_hash=session)
        if session not in self._heard:
            queue.pending_event_ids_session.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)


def _full(text: str) -> HTTPException:
    return HTTPException(429, text, {"Retry-After": "60"})

"""Serves a program over standard input and output, from the first moment, while the models still load."""

import os
import select
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from anyio import CapacityLimiter

from index import Settings
from qa import Engine

from .server import serve_stdio
from .tools import Tools

# Calls answered at the same time.
_THREADS = 8


async def serve(settings: Settings) -> None:
    """Serve until the program closes our standard input, or the other end of our standard output."""
    threading.Thread(target=_leave_with, args=(os.dup(1),), daemon=True).start()
    with ThreadPoolExecutor(1) as loader:
        engine = loader.submit(_loaded, settings)
        try:
            await serve_stdio(Tools(engine.result, CapacityLimiter(_THREADS)))
        finally:
            engine.result().close()


def _leave_with(output: int) -> None:
    """End this process once nobody can read its output any more.

    Reading a line from standard input cannot be interrupted, and none comes if another program has kept the
    other end open. There is nothing to be saved.
    """
    # Windows has no poll.
    with suppress(AttributeError):
        watched = select.poll()
        # Only what is always reported: that the other end is closed.
        watched.register(output, 0)
        watched.poll()
        os._exit(0)


def _loaded(settings: Settings) -> Engine:
    engine = Engine(settings=settings)
    engine.warm()
    return engine

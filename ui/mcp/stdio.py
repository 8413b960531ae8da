"""Serves a program over standard input and output, from the first moment, while the models still load."""

from concurrent.futures import ThreadPoolExecutor

from anyio import CapacityLimiter

from index import Settings
from qa import Engine

from .server import serve_stdio
from .tools import Tools

# Calls answered at the same time.
_THREADS = 8


async def serve(settings: Settings) -> None:
    """Serve until the program closes our standard input."""
    with ThreadPoolExecutor(1) as loader:
        engine = loader.submit(_loaded, settings)
        try:
            await serve_stdio(Tools(engine.result, CapacityLimiter(_THREADS)))
        finally:
            engine.result().close()


def _loaded(settings: Settings) -> Engine:
    engine = Engine(settings=settings)
    engine.warm()
    return engine

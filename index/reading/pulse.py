"""How a reader says that it is still at work, when a file takes long to give its first article."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_pulse: ContextVar[Callable[[], None] | None] = ContextVar("pulse", default=None)


@contextmanager
def pulse(beat: Callable[[], None]) -> Iterator[None]:
    """Call `beat` whenever a reader inside is still working."""
    token = _pulse.set(beat)
    try:
        yield
    finally:
        _pulse.reset(token)


def still_working() -> None:
    """Say that the file being read makes progress."""
    beat = _pulse.get()
    if beat:
        beat()

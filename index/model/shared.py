"""Models shared within a process. Each is loaded once, which takes seconds and half a gigabyte."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from index.settings import BUNDLED_ENCODER, Settings

from .encoder import PairScorer, SentenceEncoder, fingerprint, load_cross_encoder, load_encoder

_Model = TypeVar("_Model")


class Shared(Generic[_Model]):
    """Loads each model once, whichever thread asks first, and keeps it while it is in use.

    The last one asked for is always kept, since a program may open one index after another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_use: WeakValueDictionary[tuple[str, ...], _Model] = WeakValueDictionary()
        self._last: _Model | None = None

    def get(self, key: tuple[str, ...], load: Callable[[], _Model]) -> _Model:
        """Return the model of this key, loaded by `load` if it isn't there."""
        # Held while a model loads: a second thread waits for it instead of loading it again.
        with self._lock:
            model = self._in_use.get(key)
            if model is None:
                model = self._in_use[key] = load()
            self._last = model
            return model


_encoders: Shared[SentenceEncoder] = Shared()
_cross_encoders: Shared[PairScorer] = Shared()


def shared_encoder(settings: Settings) -> SentenceEncoder:
    """Return the encoder of `settings`, one for all indexes that were made with it.

    Raises WeightsError or StorageError if it cannot be had.
    """
    key = (settings.encoder, fingerprint(settings), str(settings.cache))
    return _encoders.get(key, lambda: load_encoder(settings))


def shared_reader(settings: Settings) -> SentenceEncoder:
    """Return what reads a question and a sentence together: the bundled encoder, whichever one searches.

    Raises WeightsError or StorageError if it cannot be had.
    """
    return shared_encoder(settings.replaced(encoder=BUNDLED_ENCODER))


def shared_cross_encoder(name: str | None) -> PairScorer | None:
    """Return the cross-encoder of this name, or None for none. Raises WeightsError if it cannot be had."""
    return _cross_encoders.get((name,), lambda: load_cross_encoder(name)) if name else None

"""A language model's words as they come, from a thread that can be abandoned: models fail and hang."""

import queue
import threading
from collections.abc import Generator, Sequence
from time import monotonic

from index.errors import ArticleQAError, ModelError
from index.redaction import scrubbed

from .delta import Delta
from .model import Model
from .queue import PATIENCE

# While no word comes, the reader gets an empty one every BEAT seconds, so that it can stop or leave.
BEAT = 0.1
# The name of the thread in which a model is at work.
WORKER = "language-model"


def loaded(model: Model) -> None:
    """Load a model. Raises ModelError if that fails."""
    failed = None
    try:
        model.load()
    except Exception as error:  # noqa: BLE001 - as below: it may be anything
        failed = error
    if failed:
        raise _as_error(failed, model) from _cause(failed, model)
    model.trouble = None


def generated(model: Model, messages: Sequence[tuple[str, str]], seconds: float) -> Generator[Delta]:
    """Yield the model's words; an empty one whenever BEAT has passed without any.

    Close the iterator to stop the model at its next word; it also stops if nobody takes its words.
    Raises ModelError if the model fails, or has not finished after `seconds`.
    """
    late = ModelError(f"the language model took longer than {seconds:g} seconds ({model.name})")
    deadline = monotonic() + seconds
    relay = _Relay()
    threading.Thread(target=_write, args=(model, messages, relay), daemon=True, name=WORKER).start()
    silent = True
    try:
        while (word := relay.next() if monotonic() <= deadline else late) is not None:
            if isinstance(word, Exception):
                told = _as_error(word, model)
                # A model that fails in the middle of an answer is still there.
                model.trouble = str(told) if silent else None
                raise told from _cause(word, model)
            if word.text:
                silent, model.trouble = False, None
            yield word
        model.trouble = None
    finally:
        relay.close()


class _Relay:
    """Hands a model's words from its thread to their reader."""

    def __init__(self) -> None:
        self._words: queue.SimpleQueue[Delta | Exception | None] = queue.SimpleQueue()
        self._is_closed = False
        self._asked = monotonic()

    def put(self, word: Delta) -> bool:
        """Hand over a word; return whether more are wanted."""
        # The reader gets enough empty ones from `next`.
        if word.text or word.logprobs:
            self._words.put(word)
        return not (self._is_closed or self._is_abandoned())

    def end(self, error: Exception | None = None) -> None:
        """Say that no more words come, and why if the model failed."""
        self._words.put(error)

    def next(self) -> Delta | Exception | None:
        """Return the next word, an empty one if none comes; an error or None at the end."""
        self._asked = monotonic()
        try:
            return self._words.get(timeout=BEAT)
        except queue.Empty:
            return Delta("")

    def close(self) -> None:
        """Take no more words."""
        self._is_closed = True

    def _is_abandoned(self) -> bool:
        return monotonic() - self._asked > PATIENCE


def _write(model: Model, messages: Sequence[tuple[str, str]], relay: _Relay) -> None:
    wanted = True

    def take(word: Delta) -> bool:
        nonlocal wanted
        wanted = relay.put(word)
        return wanted

    try:
        model.load().write(messages, take)
        relay.end(None if wanted else ModelError("the answer was not read to the end: ask again"))
    except Exception as error:  # noqa: BLE001 - a model is other people's code: whatever it is, the quotes stand
        relay.end(error)


def _as_error(error: Exception, model: Model) -> ArticleQAError:
    if isinstance(error, ArticleQAError):
        return error
    said = " ".join(scrubbed(str(error), model.secrets).split())[:200] or type(error).__name__
    return ModelError(f"the language model failed ({model.name}): {said}")


def _cause(error: Exception, model: Model) -> Exception | None:
    """Return what may be shown as the cause of an error: none that holds secrets, and no error its own."""
    return None if model.secrets or isinstance(error, ArticleQAError) else error

"""The words of a language model as they come, from a thread that can be left: models fail and hang."""

import contextlib
import queue
import threading
import time
from collections.abc import Generator, Sequence

from index.errors import ArticleQAError, ModelError
from index.redaction import scrubbed

from .delta import Delta
from .model import Model

# How often a reader hears from here while no word comes, in seconds: so often it can stop or go away.
BEAT = 0.1


def loaded(model: Model) -> None:
    """Load a model. Raises ModelError if it cannot be had."""
    failed = None
    try:
        model.load()
    except Exception as error:  # noqa: BLE001 - as below: it may be anything
        failed = error
    if failed:
        raise _as_error(failed, model) from (None if model.secrets else failed)


def generated(model: Model, messages: Sequence[tuple[str, str]], seconds: float) -> Generator[Delta]:
    """Yield the model's words; an empty one whenever BEAT has passed without any.

    Closing the iterator stops the model at its next word. Raises ModelError if it fails, or if it has not
    finished after `seconds`.
    """
    words: queue.SimpleQueue[Delta | Exception | None] = queue.SimpleQueue()
    stopped = threading.Event()
    worker = threading.Thread(target=_generate, args=(model, messages, words, stopped), daemon=True)
    worker.start()
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                word = words.get(timeout=BEAT)
            except queue.Empty:
                word = Delta("")
            if word is None:
                return
            if isinstance(word, Exception):
                raise _as_error(word, model) from (None if model.secrets else word)
            yield word
            if time.monotonic() > deadline:
                raise ModelError(f"the language model took longer than {seconds:g} seconds ({model.name})")
    finally:
        stopped.set()


def _generate(
    model: Model,
    messages: Sequence[tuple[str, str]],
    words: "queue.SimpleQueue[Delta | Exception | None]",
    stopped: threading.Event,
) -> None:
    try:
        with contextlib.closing(model.words(messages)) as stream:
            for word in stream:
                if stopped.is_set():
                    return
                # A reader is told that nothing came as often as it has use for.
                if word.text or word.logprobs:
                    words.put(word)
        words.put(None)
    except Exception as error:  # noqa: BLE001 - a model is other people's code: whatever it is, the quotes stand
        words.put(error)


def _as_error(error: Exception, model: Model) -> ArticleQAError:
    if isinstance(error, ArticleQAError):
        return error
    said = " ".join(scrubbed(str(error), model.secrets).split())[:200] or type(error).__name__
    return ModelError(f"the language model failed ({model.name}): {said}")

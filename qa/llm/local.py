"""The local model: llama.cpp in this process, by `xllamacpp`."""

import os
import secrets
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from index.errors import ModelError

from .delta import Delta, Take
from .local_file import REMEDY

CONTEXT = 2048
MAX_TOKENS = 160
# Tokens read at once. A request that is given up ends only after the batch that follows the current one.
_BATCH = 32
# Such a batch takes most of a second. So the prompt is read by requests that ask for no word, each this many
# bytes longer than the last: between two of them there is nothing to interrupt. Reading then takes a third
# longer (bench.written).
_PIECE = 60


class LocalModel:
    """A model file that writes in this process, for one caller at a time; others wait.

    Raises ModelError if the file cannot be loaded or `xllamacpp` is missing.
    """

    def __init__(self, path: Path, context: int = CONTEXT) -> None:
        self._server = serve(path, secrets.token_urlsafe(32), context)
        # What the model has read last, and so has in its cache.
        self._read = ""

    @property
    def address(self) -> str:
        """Return where llama.cpp's own server listens on this machine, with a key that nobody is told."""
        return str(self._server.listening_address)

    def read(self, messages: Sequence[tuple[str, str]]) -> None:
        """Read what later prompts begin with, so that they need not wait for it."""
        for _ in self._pieces_read(messages):
            pass

    def write(self, messages: Sequence[tuple[str, str]], take: Take) -> None:
        """Answer messages of (role, text): give `take` word by word until it returns False.

        While the prompt is being read the words are empty. Raises ModelError if the model fails.
        """
        failed: list[ModelError] = []

        def on_chunk(chunk: Any) -> bool:
            """Take one event of the stream, or a list of them; return whether the model is to stop."""
            for event in chunk if isinstance(chunk, list) else [chunk]:
                if error := event.get("error"):
                    failed.append(
                        ModelError(f"the local language model failed: {error.get('message', error)}")
                    )
                elif not take(_word(event)):
                    return True
            return bool(failed)

        for _ in self._pieces_read(messages):
            if not take(Delta("")):
                return
        self._server.handle_chat_completions(_request(messages), on_chunk)
        if failed:
            raise failed[0]

    def _pieces_read(self, messages: Sequence[tuple[str, str]]) -> Iterator[None]:
        """Have the model read, piece by piece, what its cache lacks of a prompt."""
        prompt = _as_text(messages)
        same = takewhile(lambda pair: pair[0] == pair[1], zip(self._read, prompt, strict=False))
        done = sum(1 for _ in same)
        while prompt_left := prompt[done:].encode():
            piece = prompt_left[:_PIECE].decode(errors="ignore")
            done += len(piece)
            self._read = prompt[:done]
            asked = {"prompt": self._read, "n_predict": 0, "cache_prompt": True, "temperature": 0.0}
            # If this fails, so does the request for words, which reports it.
            self._server.handle_completions(asked, lambda _: False)
            yield


def serve(path: Path, key: str, context: int = CONTEXT) -> Any:
    """Load a model file into llama.cpp's server, which listens on loopback too and wants `key` there.

    Raises ModelError if the file cannot be loaded or `xllamacpp` is missing.
    """
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError(f"the local language model is not installed ({error}): {REMEDY}") from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.api_keys = [key]
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.n_batch = parameters.n_ubatch = _BATCH
    # More threads than cores make it several times slower.
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.verbosity = -1
    try:
        return xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise ModelError(f"the language model {path} cannot be loaded: {REMEDY}") from error


def _as_text(messages: Sequence[tuple[str, str]]) -> str:
    """Return messages as the model's template writes them; in another form they would be read twice."""
    said = (f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in messages)
    return f"{''.join(said)}<|im_start|>assistant\n"


def _request(messages: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "messages": [{"role": role, "content": text} for role, text in messages],
        "max_tokens": MAX_TOKENS,
        "temperature": 0.0,
        "cache_prompt": True,
        "stream": True,
        # Makes llama.cpp report between batches, the only moments at which it can be told to stop.
        "return_progress": True,
        "logprobs": True,
    }


def _word(event: dict[str, Any]) -> Delta:
    choice = (event.get("choices") or [{}])[0]
    tokens = (choice.get("logprobs") or {}).get("content") or []
    return Delta(
        (choice.get("delta") or {}).get("content") or "", tuple(token["logprob"] for token in tokens)
    )

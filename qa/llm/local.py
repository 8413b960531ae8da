"""The local model as a LlamaIndex LLM: llama.cpp in this process, by `xllamacpp`."""

import os
import queue
import secrets
import threading
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    LogProb,
    MessageRole,
)
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import CustomLLM
from pydantic import PrivateAttr

from index.errors import ModelError

from .delta import Delta
from .local_file import NAME, REMEDY

CONTEXT = 2048
MAX_TOKENS = 160
# Tokens read at once. A request is given up only after the batch that follows the one that is being read.
_BATCH = 32
# That is most of a second. So a prompt is read by requests for no word, each with so many bytes more than the
# last: between two of them nothing has to be given up. It takes a third longer (bench.written).
_PIECE = 60
# So often, in seconds, who reads a stream hears from it while no word comes, and can close it.
_BEAT = 0.02
# The thread in which the model is at work.
WORKER = "local-llm"


class LocalLLM(CustomLLM):
    """A model file that writes in this process; its words come as they are made.

    It reads and writes for one caller at a time; others wait. Closing a stream stops the model.
    Raises ModelError if the file cannot be loaded or `xllamacpp` is missing.
    """

    _server: Any = PrivateAttr()
    # What the model has read last, and so has in its cache.
    _read: str = PrivateAttr(default="")

    def __init__(self, path: Path, context: int = CONTEXT) -> None:
        # A manager of its own: without one LlamaIndex reaches for its global settings.
        super().__init__(callback_manager=CallbackManager([]))
        self._server = serve(path, secrets.token_urlsafe(32), context)

    @property
    def metadata(self) -> LLMMetadata:
        """Say what LlamaIndex wants to know of a model."""
        return LLMMetadata(context_window=CONTEXT, num_output=MAX_TOKENS, is_chat_model=True, model_name=NAME)

    def read(self, messages: Sequence[ChatMessage]) -> None:
        """Read what later prompts begin with, so that these need not wait for it."""
        for _ in self._pieces_read(_request(messages, {})["messages"]):
            pass

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Answer at once."""
        *_, last = self.stream_chat(messages, **kwargs)
        return last

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """Answer word by word; while the prompt is being read the words are empty."""
        content = ""
        for word in self._words(_request(messages, kwargs)):
            content += word.text
            message = ChatMessage(role=MessageRole.ASSISTANT, content=content)
            likely = [LogProb(token="", logprob=logprob, bytes=[]) for logprob in word.logprobs]
            yield ChatResponse(message=message, delta=word.text, logprobs=[likely])

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """Answer a single message at once."""
        *_, last = self.stream_complete(prompt, formatted, **kwargs)
        return last

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """Answer a single message word by word."""
        for response in self.stream_chat([ChatMessage(content=prompt)], **kwargs):
            yield CompletionResponse(text=response.message.content or "", delta=response.delta)

    def _words(self, request: dict[str, Any]) -> Iterator[Delta]:
        words: queue.SimpleQueue[Delta | Exception | None] = queue.SimpleQueue()
        stopped = threading.Event()

        def on_chunk(chunk: Any) -> bool:
            # A chunk is one event of the stream, or a list of them.
            for event in chunk if isinstance(chunk, list) else [chunk]:
                words.put(_word(event))
            return stopped.is_set()

        def generate() -> None:
            try:
                for _ in self._pieces_read(request["messages"]):
                    if stopped.is_set():
                        return
                self._server.handle_chat_completions(request, on_chunk)
                words.put(None)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is for the reader of the stream
                words.put(error)

        threading.Thread(target=generate, daemon=True, name=WORKER).start()
        try:
            while (word := _next(words)) is not None:
                if isinstance(word, Exception):
                    raise word
                yield word
        finally:
            stopped.set()

    def _pieces_read(self, messages: Sequence[dict[str, str]]) -> Iterator[None]:
        """Have the model read a prompt piece by piece, as far as it is not in its cache."""
        prompt = _as_text(messages)
        same = takewhile(lambda pair: pair[0] == pair[1], zip(self._read, prompt, strict=False))
        done = sum(1 for _ in same)
        while prompt_left := prompt[done:].encode():
            piece = prompt_left[:_PIECE].decode(errors="ignore")
            done += len(piece)
            self._read = prompt[:done]
            asked = {"prompt": self._read, "n_predict": 0, "cache_prompt": True, "temperature": 0.0}
            # If it fails so does the request for words, which is heard.
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


def _next(words: "queue.SimpleQueue[Delta | Exception | None]") -> Delta | Exception | None:
    try:
        return words.get(timeout=_BEAT)
    except queue.Empty:
        return Delta("")


def _as_text(messages: Sequence[dict[str, str]]) -> str:
    """Return messages as the model's template writes them; if it were another, they would be read twice."""
    said = (f"<|im_start|>{message['role']}\n{message['content']}<|im_end|>\n" for message in messages)
    return f"{''.join(said)}<|im_start|>assistant\n"


def _request(messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> dict[str, Any]:
    said = [{"role": message.role.value, "content": message.content or ""} for message in messages]
    given = {"max_tokens": MAX_TOKENS, "temperature": 0.0, "cache_prompt": True, **kwargs}
    # Progress makes llama.cpp say something between batches, and only then can it be told to stop.
    return {**given, "messages": said, "stream": True, "return_progress": True, "logprobs": True}


def _word(event: dict[str, Any]) -> Delta | Exception:
    if error := event.get("error"):
        return ModelError(f"the local language model failed: {error.get('message', error)}")
    choice = (event.get("choices") or [{}])[0]
    tokens = (choice.get("logprobs") or {}).get("content") or []
    return Delta(
        (choice.get("delta") or {}).get("content") or "", tuple(token["logprob"] for token in tokens)
    )

"""Deterministic stand-ins for models, computing from the text. Nothing else is faked."""

import re
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import CustomLLM
from pydantic import PrivateAttr

from index.model.arrays import Vectors
from index.model.glance import Found, Glanced
from index.model.reader.judge import Judged, Searched
from index.model.reader.rows import Row
from index.model.token_vectors import Tokens

_WORD = re.compile(r"\w+")


class HashEncoder:
    """Encodes a text as the counts of its letter triples, hashed to 64 columns: like texts, like vectors."""

    dimension = 64
    is_taught = False

    def __init__(self, fail_after: int | None = None) -> None:
        self.encoded: list[str] = []
        self._fail_after = fail_after

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        if self._fail_after is not None and len(self.encoded) + len(texts) > self._fail_after:
            raise KeyboardInterrupt
        self.encoded += texts
        return np.stack([_vector(text) for text in texts]) if texts else np.zeros((0, 64), np.float32)

    def point(self, questions: Sequence[str]) -> Vectors:
        return self.encode(questions, question=True)

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        return [_tokens(text) for text in texts]

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        """Promise as much as a row's passage is like the question, and a little for each of its words."""
        asked = {*_words(question)}
        matches = np.array([len(asked & {*_words(row.text)}) / (len(asked) or 1) for row in rows], np.float32)
        search = np.array([like + 0.15 * full for like, full in found], np.float32)
        return Glanced(search + 0.1 * matches, matches)

    def judge(self, question: str, rows: Sequence[Row], searched: Sequence[Searched]) -> list[Judged]:
        """Say that a row answers as far as it has the question's words; half as far if they are in its lead."""
        asked = set(_words(question))
        found = []
        for row in rows:
            own, before = asked & {*_words(row.text)}, asked & {*_words(row.before)}
            value = float(len(own) + 0.5 * len(before - own)) - 0.5 * len(asked)
            last = list(_WORD.finditer(row.text))[-1:]
            start, end = last[0].span() if last else (0, 0)
            found.append(Judged(value, value, start, end, 1.0))
        return found


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _tokens(text: str) -> Tokens:
    found = list(_WORD.finditer(text))
    words = [match.group() for match in found]
    vectors = np.stack([_vector(word) for word in words]) if words else np.zeros((0, 64), np.float32)
    spans = np.array([match.span() for match in found], np.int64).reshape(-1, 2)
    return Tokens(vectors, np.array([len(word) for word in words], np.float32), spans)


def _vector(text: str) -> Vectors:
    vector = np.full(64, 1e-3, np.float32)
    low = text.casefold()
    for i in range(max(1, len(low) - 2)):
        vector[zlib.crc32(low[i : i + 3].encode()) % 64] += 1
    return vector / np.float32(np.linalg.norm(vector))


_EXCERPT = re.compile(r"^\[(\d+)\] (?:[^\n]*?\): |[^:\n]*: )?(.*)$", re.MULTILINE)


def excerpts(prompt: str) -> list[tuple[int, str]]:
    """Return the numbered excerpts of a prompt, each without its title."""
    return [(int(number), text) for number, text in _EXCERPT.findall(prompt)]


def first_excerpt(prompt: str) -> str:
    """Answer with the first excerpt, word for word."""
    found = excerpts(prompt)
    return f"{found[0][1]} [{found[0][0]}]" if found else "There are no excerpts."


class EchoLLM(CustomLLM):
    """A language model that writes what `answer` makes of its prompt, by default its first excerpt.

    Its words come `pause` seconds apart. `started` is set as it begins, `stopped` when its stream is closed;
    `prompts` holds what it was told.
    """

    _answer: Callable[[str], str] = PrivateAttr()
    _pause: float = PrivateAttr()
    _prompts: list[str] = PrivateAttr(default_factory=list)
    _started: threading.Event = PrivateAttr(default_factory=threading.Event)
    _stopped: threading.Event = PrivateAttr(default_factory=threading.Event)

    def __init__(self, answer: Callable[[str], str] = first_excerpt, pause: float = 0.0) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._answer, self._pause = answer, pause

    @property
    def prompts(self) -> list[str]:
        return self._prompts

    @property
    def started(self) -> threading.Event:
        return self._started

    @property
    def stopped(self) -> threading.Event:
        return self._stopped

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_chat_model=True, model_name="echo")

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        *_, last = self.stream_chat(messages)
        return last

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        prompt = "\n".join(message.content or "" for message in messages)
        self._prompts.append(prompt)
        self._started.set()
        written = ""
        try:
            for word in re.findall(r"\s*\S+", self._answer(prompt)):
                time.sleep(self._pause)
                written += word
                yield ChatResponse(
                    message=ChatMessage(role=MessageRole.ASSISTANT, content=written), delta=word
                )
        finally:
            self._stopped.set()

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self._answer(prompt))

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield self.complete(prompt)

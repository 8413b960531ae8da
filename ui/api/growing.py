"""Answers that grow, for asynchronous servers: whoever leaves stops the language model."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request

from qa import Answer, Engine
from qa.answer import Timings

from .requests import Question

# Send an answer again after this many seconds without a change.
_PULSE = 15

_Made = TypeVar("_Made")


async def growing(engine: Engine, asked: Question, threads: CapacityLimiter) -> AsyncGenerator[Answer]:
    """Yield the answer whenever it has grown; close the iterator to stop the language model.

    Now and then it is the same again, so that nothing in between takes the connection for dead.
    Raises ArticleQAError as `Engine.stream` does.
    """
    answers = engine.stream(asked.question, asked.turns(), **asked.limits())
    # We may be made to leave while a thread is at the next answer.
    at_work = threading.Lock()

    def following() -> Answer | None:
        with at_work:
            return next(answers, None)

    def close() -> None:
        with at_work:
            answers.close()

    shown, since = None, 0.0
    try:
        while answer := await to_thread.run_sync(following, limiter=threads):
            # It comes ten times a second, mostly unchanged, so that we may leave at any time.
            untimed = replace(answer, timings=Timings())
            if untimed != shown or monotonic() - since >= _PULSE:
                shown, since = untimed, monotonic()
                yield answer
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(close, limiter=threads)


async def whole(answers: AsyncGenerator[Answer]) -> Answer:
    """Return an answer when it is complete."""
    async with aclosing(answers):
        async for answer in answers:
            last = answer
    return last


async def while_listening(request: Request, work: Coroutine[Any, Any, _Made]) -> _Made:
    """Return what `work` makes, unless the program that asked for it leaves.

    Raises ClientDisconnect then; `work` is cancelled.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        # The language model has stopped when `work` has ended.
        await asyncio.wait({working, leaving})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

"""An answer as a stream, one event or line whenever it has grown."""

import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from index.errors import ArticleQAError
from qa import Answer

from .problems import FAILED, problem, status_of

EVENTS, LINES = "text/event-stream", "application/x-ndjson"

_logger = logging.getLogger(__name__)


class AnswerStream(StreamingResponse):
    """Sends an answer as it grows. When the program that asked leaves, the language model stops."""

    def __init__(self, first: Answer, answers: AsyncGenerator[Answer], kind: str) -> None:
        self._answers = answers
        super().__init__(_sent(first, answers, _FORMS[kind]), media_type=kind)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        async with aclosing(self._answers):
            await super().__call__(scope, receive, send)


def _event(name: str, value: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"


def _line(name: str, value: dict[str, Any]) -> str:
    return f"{json.dumps(value, ensure_ascii=False)}\n"


_Form = Callable[[str, dict[str, Any]], str]
_FORMS: dict[str, _Form] = {EVENTS: _event, LINES: _line}


async def _sent(first: Answer, answers: AsyncGenerator[Answer], form: _Form) -> AsyncGenerator[str]:
    yield form("answer", first.to_dict())
    try:
        async for answer in answers:
            yield form("answer", answer.to_dict())
    except ArticleQAError as error:
        yield form("problem", problem(status_of(error), str(error)))
    except Exception:
        # The status was sent long ago: say it here.
        _logger.exception("an answer failed")
        yield form("problem", problem(500, FAILED))

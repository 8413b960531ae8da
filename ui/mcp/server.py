"""The server: the protocol's messages to calls of the tools, over HTTP and over standard input and output."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from index.errors import ArticleQAError
from ui.api.problems import FAILED, field_line
from ui.terminal import json_text

from .tools import FRAME, KINDS, Tools

PATH = "/mcp"
_INSTRUCTIONS = (
    "Answers questions from a folder of articles, with verbatim quotes and their sources. Use ask for a "
    "question, search for more passages, read_article for the text around a quote. "
    f"{FRAME.format('that the tools return')}"
)

_logger = logging.getLogger(__name__)
_Context = ServerRequestContext[Any, Any]


def create_server(tools: Tools) -> Server[Any]:
    """Return the server of these tools."""

    async def listed(context: _Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[kind.listed() for kind in KINDS.values()])

    async def called(context: _Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in KINDS:
            raise MCPError(
                INVALID_PARAMS, f"there is no tool {params.name!r}: choose among {', '.join(KINDS)}"
            )
        try:
            result = await tools.call(params.name, params.arguments or {}, context)
        except ValidationError as error:
            return _failed(field_line(list(error.errors())))
        except ArticleQAError as error:
            return _failed(str(error))
        except Exception:
            # The client is owed an answer, and the reason may be the reader's own business.
            _logger.exception("a tool failed")
            return _failed(FAILED)
        # For clients that read text only: JSON in which nothing is invisible, and no quote can end early.
        return CallToolResult(content=[_text(json_text(result))], structured_content=result)

    return Server(
        "article-qa",
        version=version("article-qa"),
        title="Articles",
        instructions=_INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def _failed(line: str) -> CallToolResult:
    return CallToolResult(content=[_text(line)], is_error=True)


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


class HttpServer:
    """Serves the tools over streamable HTTP, each request by itself: an ASGI application without sessions."""

    def __init__(self, tools: Tools, most: int) -> None:
        self._manager = StreamableHTTPSessionManager(
            create_server(tools), stateless=True, max_request_body_size=most
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts; once only."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._manager.handle_request(scope, receive, send)


async def serve_stdio(tools: Tools) -> None:
    """Serve over standard input and output until the client closes them.

    Whatever else is written to standard output goes to standard error meanwhile.
    """
    server = create_server(tools)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())

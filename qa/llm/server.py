"""A language model on a server with OpenAI's interface, which is sent only what is meant for it."""

from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import LLM
from llama_index.llms.openai_like import OpenAILike

from index.redaction import Address

# OpenAI's client adds other headers, even from environment variables: an organisation, a project, anything.
_SENT = ("accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent")


class Direct(httpx.HTTPTransport):
    """Completes requests at the last moment, so that no log, error or client holds a secret before."""

    def __init__(self, address: Address, authorization: str) -> None:
        parts = address.parts
        proxies: Mapping[str, str] = getproxies()
        away = proxy_bypass(parts.hostname or "")
        super().__init__(proxy=None if away else proxies.get(parts.scheme) or proxies.get("all"))
        self._query, self._authorization = parts.query, authorization

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with the query of the address and only the headers that are needed."""
        url = httpx.URL(f"{request.url}?{self._query}") if self._query else request.url
        headers = [(name, value) for name, value in request.headers.items() if name in _SENT]
        headers.append(("authorization", self._authorization))
        sent = httpx.Request(
            request.method, url, headers=headers, stream=request.stream, extensions=request.extensions
        )
        return super().handle_request(sent)


def served(name: str, address: Address, base: str, key: str | None, seconds: float) -> LLM:
    """Return the model `name` of the server at `address`, whose interface is at `base`."""
    # This server may redirect to one that nobody named. Nothing is sent there.
    client = httpx.Client(
        transport=Direct(address, address.authorization or f"Bearer {key or 'none'}"), follow_redirects=False
    )
    given: dict[str, Any] = {"model": name, "api_base": base, "api_key": "none", "is_chat_model": True}
    return OpenAILike(
        **given,
        temperature=0.0,
        # A second try would come long after the reader has read the quotes.
        max_retries=0,
        timeout=seconds,
        http_client=client,
        callback_manager=CallbackManager([]),
    )

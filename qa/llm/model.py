"""Settings to a language model with LlamaIndex's face: the local file, Ollama, an OpenAI-compatible server.

Nothing is global: who wants a model passes it on. No server is asked that the settings do not name, save
Ollama's on this machine.
"""

import logging
import math
import threading
from collections.abc import Callable, Collection, Generator, Sequence
from typing import TYPE_CHECKING

from pydantic import SecretStr

from index import Settings
from index.errors import ModelError, SettingsError
from index.redaction import Address

from .delta import Delta
from .local_file import NAME, model_path
from .queue import Line
from .rules import RULES

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OLLAMA_URL = "http://127.0.0.1:11434"
# Tokens of evidence. A model on two cores reads 40 a second, and the reader waits for it (bench.written);
# one on a server reads thousands.
LOCAL_BUDGET = 140
SERVED_BUDGET = 1000
# How sure of its words the local model has to be, as the mean of their logarithmic likelihoods: where it
# guesses it is less so. Fitted on bench/data/bbc_questions.jsonl; servers are not asked for theirs.
LOCAL_SURENESS = -0.22
# Servers do several requests at once; a model in this process one.
_SERVED_AT_ONCE = 4

_logger = logging.getLogger(__name__)


class Model:
    """A language model, loaded when it is first needed, and the line of those who wait for it.

    `budget` is how many tokens of evidence it is shown. A sentence of which it is less sure than `sureness`
    is not shown, if it tells how sure it is. `secrets` are in no error that is shown.
    """

    def __init__(
        self,
        name: str,
        load: "Callable[[], LLM]",
        *,
        width: int = 1,
        budget: int = SERVED_BUDGET,
        sureness: float = -math.inf,
        secrets: Collection[str] = (),
    ) -> None:
        self.name = name
        self.budget = budget
        self.secrets = secrets
        self.sureness = sureness
        self.line = Line(width)
        self._make = load
        self._llm: LLM | None = None
        self._loading = threading.Lock()

    def load(self) -> "LLM":
        """Return the model, loading it first if nobody has yet.

        Raises ModelError if it cannot be had.
        """
        with self._loading:
            if self._llm is None:
                self._llm = self._make()
            return self._llm

    def words(self, messages: Sequence[tuple[str, str]]) -> Generator[Delta]:
        """Yield what the model answers to messages of (role, text); closing it stops the model.

        Raises ModelError if it cannot be had, and whatever else it may raise.
        """
        from llama_index.core.base.llms.types import ChatMessage

        said = [ChatMessage(role=role, content=text) for role, text in messages]
        stream = self.load().stream_chat(said)
        try:
            for response in stream:
                tokens = [token.logprob for choice in response.logprobs or [] for token in choice]
                yield Delta(response.delta or "", tuple(tokens))
        finally:
            # Some are plain iterators, which cannot be closed.
            getattr(stream, "close", lambda: None)()


_models: dict[tuple[object, ...], Model] = {}
_choosing = threading.Lock()


def model_for(settings: Settings) -> Model | None:
    """Return the model that `settings` name, None for none; the same one to all who ask for it.

    Raises SettingsError if they name it wrongly.
    """
    if settings.llm == "none":
        return None
    kind, _, name = settings.llm.partition("/")
    key = (settings.llm, settings.llm_url, settings.llm_key, settings.cache)
    with _choosing:
        if key not in _models:
            if kind == "local":
                _models[key] = Model(
                    f"{NAME} on this machine",
                    lambda: _local(settings),
                    budget=LOCAL_BUDGET,
                    sureness=LOCAL_SURENESS,
                )
            else:
                address = _server(kind, settings)
                _models[key] = Model(
                    f"{name} at {address}",
                    lambda: _served(name, address, settings),
                    width=_SERVED_AT_ONCE,
                    secrets=address.secrets | _plain(settings.llm_key),
                )
        return _models[key]


def passed_in(llm: "LLM") -> Model:
    """Return a LlamaIndex LLM of the caller's as a model."""
    key, base = getattr(llm, "api_key", None), getattr(llm, "api_base", None)
    secrets = _plain(key) | (Address(base).secrets if isinstance(base, str) else frozenset())
    return Model(llm.metadata.model_name, lambda: llm, secrets=secrets)


def _plain(key: object) -> frozenset[str]:
    value = key.get_secret_value() if isinstance(key, SecretStr) else key
    return frozenset({value}) if isinstance(value, str) and value else frozenset()


def _local(settings: Settings) -> "LLM":
    from llama_index.core.base.llms.types import ChatMessage

    from .local import LocalLLM

    llm = LocalLLM(model_path(settings.cache))
    llm.read([ChatMessage(role="system", content=RULES)])
    return llm


def _server(kind: str, settings: Settings) -> Address:
    if kind == "ollama":
        return settings.llm_url or Address(OLLAMA_URL)
    if settings.llm_url is None:
        raise SettingsError(
            f"llm = {settings.llm} names no server: set ARTICLE_QA_LLM_URL to its address, such as "
            "http://127.0.0.1:8080/v1"
        )
    return settings.llm_url


def _served(name: str, address: Address, settings: Settings) -> "LLM":
    from .server import served

    # Ollama has OpenAI's interface below /v1.
    is_ollamas = settings.llm.startswith("ollama/") and "/v1" not in address.parts.path
    base = f"{address.base.rstrip('/')}/v1" if is_ollamas else address.base
    return served(name, address, base, _key(address, settings), settings.llm_seconds)


def _key(address: Address, settings: Settings) -> str | None:
    """Return the key for the server at `address`, None if there is none for it."""
    if not settings.llm_key:
        return None
    if settings.llm_url is None:
        _logger.warning("the llm_key is not sent to %s: name that server with llm_url", address)
        return None
    if address.authorization:
        _logger.warning("the llm_key is not sent to %s: its user and password are; leave them out", address)
        return None
    return settings.llm_key.get_secret_value()


__all__ = ["Model", "ModelError", "model_for", "passed_in"]

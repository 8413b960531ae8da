"""Settings to a language model: the local file, Ollama, an OpenAI-compatible server, or a LlamaIndex LLM.

Nothing is global: whoever wants a model passes it on. The only server that is asked without being named in
the settings is Ollama's on this machine.
"""

import logging
import math
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import SecretStr

from index import Settings
from index.errors import SettingsError
from index.redaction import Address

from .delta import Delta, Take
from .local_file import NAME, model_path
from .queue import FairQueue
from .rules import RULES

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OLLAMA_URL = "http://127.0.0.1:11434"


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """How much a model is shown, and how sure it has to be of what it writes."""

    budget: int
    """Tokens of evidence. The local model reads some 40 a second on two cores while the reader waits
    (`python -m bench.written ask`); a server reads thousands."""

    sureness: float = -math.inf
    """The least mean log probability of a sentence's tokens: where the local model guesses, it is less sure.
    Fitted in November 2026 by `python -m bench.written scan` on bench/data/bbc_questions.jsonl. Servers are
    not asked for theirs."""


LOCAL = ModelLimits(budget=140, sureness=-0.22)
SERVED = ModelLimits(budget=1000)
# Servers do several requests at once; a model in this process does one.
_SERVED_AT_ONCE = 4

_logger = logging.getLogger(__name__)


class Writes(Protocol):
    """A language model that is loaded."""

    def write(self, messages: Sequence[tuple[str, str]], take: Take) -> None:
        """Answer messages of (role, text): give `take` word by word until it returns False.

        May raise anything.
        """


class Model:
    """A language model, loaded when it is first needed, and the queue of those who wait for it.

    No error that is shown holds any of `secrets`. `trouble` says why the model was not available when it was
    last needed, None if it was.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], Writes],
        *,
        width: int = 1,
        limits: ModelLimits = SERVED,
        secrets: Collection[str] = (),
    ) -> None:
        self.name = name
        self.limits = limits
        self.secrets = secrets
        self.queue = FairQueue(width)
        self.trouble: str | None = None
        self._make = load
        self._loaded: Writes | None = None
        self._loading = threading.Lock()

    def load(self) -> Writes:
        """Return the model, loading it first if nobody has yet.

        Raises ModelError if it is not available.
        """
        with self._loading:
            if self._loaded is None:
                self._loaded = self._make()
            return self._loaded


@dataclass(frozen=True, slots=True)
class _LlamaIndexModel:
    """A LlamaIndex LLM as a model that writes."""

    llm: "LLM"

    def write(self, messages: Sequence[tuple[str, str]], take: Take) -> None:
        from llama_index.core.base.llms.types import ChatMessage

        stream = self.llm.stream_chat([ChatMessage(role=role, content=text) for role, text in messages])
        try:
            for response in stream:
                tokens = [token.logprob for choice in response.logprobs or [] for token in choice]
                if not take(Delta(response.delta or "", tuple(tokens))):
                    return
        finally:
            # Some are plain iterators, which cannot be closed.
            getattr(stream, "close", lambda: None)()


@dataclass(frozen=True, slots=True)
class _Local:
    """All that makes the local model what it is."""

    cache: Path

    def model(self) -> Model:
        return Model(f"{NAME} on this machine", self._load, limits=LOCAL)

    def _load(self) -> Writes:
        from .local import LocalModel

        llm = LocalModel(model_path(self.cache))
        llm.read([("system", RULES)])
        return llm


@dataclass(frozen=True, slots=True)
class _Served:
    """All that makes a server's model what it is."""

    kind: str
    name: str
    url: Address | None
    key: SecretStr | None
    seconds: float

    def model(self) -> Model:
        address = self._address()
        return Model(
            f"{self.name} at {address}",
            lambda: self._load(address),
            width=_SERVED_AT_ONCE,
            secrets=address.secrets | _plain(self.key),
        )

    def _address(self) -> Address:
        if self.kind == "ollama":
            return self.url or Address(OLLAMA_URL)
        if self.url is None:
            raise SettingsError(
                f"llm = {self.kind}/{self.name} names no server: set ARTICLE_QA_LLM_URL to its address, such "
                "as http://127.0.0.1:8080/v1"
            )
        return self.url

    def _load(self, address: Address) -> Writes:
        from .server import served

        # Ollama has OpenAI's interface below /v1.
        is_ollamas = self.kind == "ollama" and "/v1" not in address.parts.path
        base = f"{address.base.rstrip('/')}/v1" if is_ollamas else address.base
        return _LlamaIndexModel(served(self.name, address, base, self._sent_key(address), self.seconds))

    def _sent_key(self, address: Address) -> str | None:
        """Return the key for the server at `address`, None if there is none for it."""
        if not self.key:
            return None
        if self.url is None:
            _logger.warning(
                "the llm_key is not sent to %s: set llm_url to that address if the key is for it", address
            )
            return None
        if address.authorization:
            _logger.warning(
                "the llm_key is not sent to %s, whose address holds a user and password: use either",
                address,
            )
            return None
        return self.key.get_secret_value()


_shared: dict[_Local | _Served, Model] = {}
_sharing = threading.Lock()


def model_for(settings: Settings) -> Model | None:
    """Return the model that `settings` name, None for none; all who ask for the same one share it.

    Raises SettingsError if they name it wrongly.
    """
    if settings.llm == "none":
        return None
    kind, _, name = settings.llm.partition("/")
    chosen: _Local | _Served
    if kind == "local":
        chosen = _Local(settings.cache)
    else:
        chosen = _Served(kind, name, settings.llm_url, settings.llm_key, settings.llm_seconds)
    with _sharing:
        if chosen not in _shared:
            _shared[chosen] = chosen.model()
        return _shared[chosen]


def passed_in(llm: "LLM") -> Model:
    """Return a LlamaIndex LLM of the caller's as a model."""
    key, base = getattr(llm, "api_key", None), getattr(llm, "api_base", None)
    secrets = _plain(key) | (Address(base).secrets if isinstance(base, str) else frozenset())
    return Model(llm.metadata.model_name, lambda: _LlamaIndexModel(llm), secrets=secrets)


def _plain(key: object) -> frozenset[str]:
    value = key.get_secret_value() if isinstance(key, SecretStr) else key
    return frozenset({value}) if isinstance(value, str) and value else frozenset()

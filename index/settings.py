"""One frozen settings object, read from two files `article-qa.toml` and `ARTICLE_QA_*` variables."""

import difflib
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from .article import is_utf8
from .errors import SettingsError
from .redaction import HIDDEN, Address, shown
from .trust import FILE_NAME, SettingsFile, Trusted, read_file, store, trusted, user_file

PREFIX = "ARTICLE_QA_"
BUNDLED_ENCODER = "multilingual-e5-small"
# Settings that a file among articles may change without being trusted. The others send text elsewhere, load a
# model, write to a folder, or open the page to others; assume the same of new ones.
HARMLESS = frozenset({"port", "llm_seconds", "examples"})
# Errors repeat what was typed for these if it is a number; anything else may be a misplaced secret.
_NUMBERS, _NUMBER = frozenset({"port", "llm_seconds"}), re.compile(r"[+-]?\d{1,8}(?:[.,]\d{1,8})?")
# No model's name contains these, though some contain a colon or an @.
_ADDRESS = re.compile(r"://|:[^/]*@|\?")
_NAME = re.compile(r"[A-Za-z_-]{1,40}")
_ENVIRONMENT, _CALL = "the environment", "the call"

_logger = logging.getLogger(__name__)


class Settings(BaseModel):
    """All settings; `docs/configuration.md` explains each."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    index: Path = Path(".article-qa")
    encoder: str = Field(BUNDLED_ENCODER, min_length=1)
    cross_encoder: str | None = Field(None, min_length=1)
    cache: Path = Field(default_factory=lambda: platformdirs.user_cache_path("article-qa"))
    chroma: Address | None = None
    llm: str = "none"
    llm_url: Address | None = None
    llm_key: SecretStr | None = None
    llm_seconds: float = Field(60, gt=0, le=3600)
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(7860, ge=1, le=65535)
    examples: tuple[str, ...] = ()
    history: bool = True
    hosts: tuple[str, ...] = ()
    password: SecretStr | None = Field(None, min_length=1)

    @field_validator("index", "cache")
    @classmethod
    def _named(cls, folder: Path) -> Path:
        # Chroma accepts no other names.
        if not is_utf8(str(folder)):
            raise ValueError("choose a folder whose name is valid UTF-8")
        return folder

    @field_validator("llm")
    @classmethod
    def _known(cls, name: str) -> str:
        if not re.fullmatch(r"none|local|(?:ollama|openai)/\S+", name) or _ADDRESS.search(name):
            raise ValueError("write none, local, ollama/NAME or openai/NAME; an address is set as llm_url")
        return name

    @field_validator("chroma")
    @classmethod
    def _server(cls, address: Address | None) -> Address | None:
        # Chroma's client takes host, port and headers.
        if address and (address.parts.path.strip("/") or address.parts.query or address.parts.fragment):
            raise ValueError("write http://host:port, without a path or a query")
        return address

    @field_validator("llm_key")
    @classmethod
    def _header(cls, key: SecretStr | None) -> SecretStr | None:
        if key and not re.fullmatch(r"[!-~]*", key.get_secret_value()):
            raise ValueError("a key has no blanks, line ends or letters beyond ASCII")
        return key

    @property
    def is_served(self) -> bool:
        """Return whether the language model is a server's."""
        return self.llm.startswith(("ollama/", "openai/"))

    @field_validator("hosts", mode="before")
    @classmethod
    def _listed(cls, names: object) -> object:
        return names.replace(",", " ").split() if isinstance(names, str) else names

    def replaced(self, **changes: object) -> "Settings":
        """Return a copy with those of the given settings that are not None, checked like all others.

        A new `llm_url` drops the key, which belongs to the server it was given with.
        """
        given = {name: value for name, value in changes.items() if value is not None}
        made = _checked({**self.model_dump(), **given})
        if not made.llm_key or "llm_key" in given or made.llm_url == self.llm_url:
            return made
        _logger.warning("the llm_key is not sent to %s: give it together with that llm_url", made.llm_url)
        return _checked({**made.model_dump(), "llm_key": None})


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and where they come from.

    `file` is the settings file of the current folder, and `guarded` are the settings in it that need trust.
    `held_back` says in one line why a key is not sent.
    """

    settings: Settings
    file: Path | None = None
    guarded: tuple[str, ...] = ()
    held_back: str | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    values: Mapping[str, Any]


def load(
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: Mapping[str, object] | None = None,
) -> Settings:
    """Read the settings as `read` does, and log if a key is held back."""
    loaded = read(folder, environment, given)
    if loaded.held_back:
        _logger.warning(loaded.held_back)
    return loaded.settings


def read(
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: Mapping[str, object] | None = None,
) -> Loaded:
    """Read all settings, and where they come from.

    Later sources win: the user's `article-qa.toml`, the one in `folder` (default: the current folder), the
    environment, and what is `given` and not None.
    Raises SettingsError if a setting is unknown, naming the nearest known one, or out of bounds, or if the
    file in `folder` needs the user's trust and doesn't have it.
    """
    own = read_file(user_file())
    here = read_file((folder or Path.cwd()) / FILE_NAME)
    if here and own and here.path == own.path:
        here = None
    sources = [_Source(str(file.path), file.values) for file in (own, here) if file]
    for source in sources:
        _refuse_unknown(source.values, source.name, "")
    variables = os.environ if environment is None else environment
    named = {k.removeprefix(PREFIX).lower(): v for k, v in variables.items() if k.startswith(PREFIX)}
    _refuse_unknown(named, _ENVIRONMENT, PREFIX)
    # Shells and service files say "not set" with an empty variable.
    sources.append(_Source(_ENVIRONMENT, {k: v for k, v in named.items() if v}))
    sources.append(_Source(_CALL, {k: v for k, v in (given or {}).items() if v is not None}))
    guarded = _guarded(here, sources[-2:]) if here else ()
    if here and guarded:
        _refuse_untrusted(here, guarded, trusted())
    merged = {name: value for source in sources for name, value in source.values.items()}
    key, held_back = _key(sources)
    settings = _checked({**merged, "llm_key": key})
    # An openai/NAME without a server is refused later; Ollama has a default one.
    is_asked = settings.is_served and (settings.llm_url or settings.llm.startswith("ollama/"))
    return Loaded(settings, here.path if here else None, guarded, held_back if is_asked else None)


def describe(file: SettingsFile) -> dict[str, str]:
    """Return a file's settings as they may be shown. Raises SettingsError if one is not valid."""
    _refuse_unknown(file.values, str(file.path), "")
    settings = _checked(file.values)
    return {name: _as_shown(name, getattr(settings, name)) for name in file.values}


def _as_shown(name: str, value: object) -> str:
    if name == "hosts":
        return str(tuple(map(shown, value))) if isinstance(value, tuple) else HIDDEN
    return shown(str(value)) if name in ("encoder", "cross_encoder", "host") else str(value)


def _guarded(file: SettingsFile, stronger: list[_Source]) -> tuple[str, ...]:
    """Return the settings that take effect from a file and need trust."""
    overridden = {name for source in stronger for name in source.values}
    return tuple(name for name in file.values if name not in HARMLESS | overridden)


def _refuse_untrusted(file: SettingsFile, names: tuple[str, ...], known: Trusted) -> None:
    if known.holds(file):
        return
    damaged = f" ({store()} is damaged, so no file is trusted now)" if known.is_damaged else ""
    raise SettingsError(
        f"{file.path} sets {', '.join(names)} and is not trusted{damaged}: run article-qa trust if you wrote "
        "it; if not, remove them from it or work in another folder"
    )


def _key(sources: list[_Source]) -> tuple[object, str | None]:
    """Return the key that was named in one place with its server, and the line that says which was not."""
    by_place = [(s.name, s.values.get("llm_url"), s.values.get("llm_key")) for s in reversed(sources)]
    place, url = next(((name, url) for name, url, _ in by_place if url), (None, None))
    keys = [(name, its_url, key) for name, its_url, key in by_place if key]
    if not keys:
        return None, None
    # Another place may name the same server.
    sent = next((found for found in keys if url and (found[0] == place or found[1] == url)), None)
    if sent == keys[0]:
        return sent[2], None
    other = f"the llm_url that {place} names" if place else "a server that no llm_url names"
    held_back = (
        f"the llm_key of {keys[0][0]} is not sent to {other}: name the key and its server in the same place"
    )
    # A malformed key is still an error.
    return sent[2] if sent else None, held_back


def _refuse_unknown(values: Mapping[str, Any], place: str, prefix: str) -> None:
    for name in values:
        if name in Settings.model_fields:
            continue
        near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=0.5)

        def spelt(key: str) -> str:
            return f"{prefix}{key.upper()}" if prefix else key

        known = ", ".join(spelt(k) for k in Settings.model_fields)
        advice = f"did you mean {spelt(near[0])}?" if near else f"known are {known}"
        # A misplaced paste may put a value where a name should be.
        named = f" {spelt(name)}" if _NAME.fullmatch(name) else ""
        raise SettingsError(f"unknown setting{named} in {place}: {advice}")


def _checked(values: Mapping[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    # Raised outside the handler, or Python would attach pydantic's error, which holds what was typed.
    name = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    raise SettingsError(f"setting {name}{_typed(name, first['input'])} is not valid: {reason}")


def _typed(name: str, value: object) -> str:
    """Return what was typed for a setting, or nothing if it may be a secret."""
    if name in ("chroma", "llm_url") and isinstance(value, str):
        address = Address(value).shown
        return "" if address == HIDDEN else f" = {address}"
    is_number = name in _NUMBERS and isinstance(value, int | float | str) and _NUMBER.fullmatch(str(value))
    return f" = {value!r}" if is_number else ""

"""One frozen settings object, read from `article-qa.toml` and `ARTICLE_QA_*` variables."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from .errors import SettingsError

PREFIX = "ARTICLE_QA_"
FILE_NAME = "article-qa.toml"
BUNDLED_ENCODER = "multilingual-e5-small"


class Settings(BaseModel):
    """What can be set; `docs/configuration.md` says what each is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: Path = Path(".article-qa")
    encoder: str = Field(BUNDLED_ENCODER, min_length=1)
    cross_encoder: str | None = Field(None, min_length=1)
    cache: Path = Field(default_factory=lambda: platformdirs.user_cache_path("article-qa"))
    chroma: str | None = Field(None, pattern=r"^https?://[^\s/]+/?$")
    llm: str = "none"
    llm_url: str | None = Field(None, pattern=r"^https?://[^\s/]+(/\S*)?$")
    llm_key: SecretStr | None = None
    llm_seconds: float = Field(60, gt=0, le=3600)
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(7860, ge=1, le=65535)
    examples: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    password: SecretStr | None = Field(None, min_length=1)

    @field_validator("llm")
    @classmethod
    def _known(cls, name: str) -> str:
        if not re.fullmatch(r"none|local|(?:ollama|openai)/\S+", name):
            raise ValueError("write none, local, ollama/NAME or openai/NAME")
        return name

    @field_validator("hosts", mode="before")
    @classmethod
    def _listed(cls, names: object) -> object:
        return names.replace(",", " ").split() if isinstance(names, str) else names

    def replaced(self, **changes: object) -> "Settings":
        """Return a copy with the given settings that are not None, checked like all others."""
        given = {name: value for name, value in changes.items() if value is not None}
        return _checked({**self.model_dump(), **given})


def load(folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read `article-qa.toml` in `folder` (default: the current one), then the environment over it.

    Raises SettingsError, naming the nearest known setting, if one is unknown or out of bounds.
    """
    values: dict[str, Any] = {}
    path = (folder or Path.cwd()) / FILE_NAME
    try:
        if path.is_file():
            values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    _refuse_unknown(values, str(path), "")
    variables = os.environ if environment is None else environment
    named = {k.removeprefix(PREFIX).lower(): v for k, v in variables.items() if k.startswith(PREFIX)}
    _refuse_unknown(named, "the environment", PREFIX)
    # An empty variable is how shells and service files say "not set".
    return _checked({**values, **{k: v for k, v in named.items() if v}})


def _refuse_unknown(values: Mapping[str, Any], place: str, prefix: str) -> None:
    for name in values:
        if name in Settings.model_fields:
            continue
        near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=0.5)

        def shown(key: str) -> str:
            return f"{prefix}{key.upper()}" if prefix else key

        known = ", ".join(shown(k) for k in Settings.model_fields)
        advice = f"did you mean {shown(near[0])}?" if near else f"known are {known}"
        raise SettingsError(f"unknown setting {shown(name)} in {place}: {advice}")


def _checked(values: Mapping[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        message = f"setting {name} = {first['input']!r} is not valid: {reason}"
        raise SettingsError(message) from error

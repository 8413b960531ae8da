"""Settings files, and which of those found among articles the user trusts."""

import hashlib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from .errors import SettingsError, StorageError

FILE_NAME = "article-qa.toml"
_STORE, _LOCK = "trusted.json", "trusted.lock"
_KEY = "trusted"
_PLACE = re.compile(r"\(at ([^()]*)\)$")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file, read once: `digest` is of the same bytes as `values`.

    `path` has its links resolved.
    """

    path: Path
    digest: str
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trusted:
    """The SHA-256 of each trusted file, by path; none if the list of them is damaged."""

    digests: Mapping[str, str]
    is_damaged: bool = False

    def holds(self, file: SettingsFile) -> bool:
        """Return whether the user trusts this file with its present content."""
        return self.digests.get(str(file.path)) == file.digest


def config_folder() -> Path:
    """Return the folder of the user's settings."""
    return platformdirs.user_config_path("article-qa")


def user_file() -> Path:
    """Return the user's settings file."""
    return config_folder() / FILE_NAME


def store() -> Path:
    """Return the file that lists trusted ones."""
    return config_folder() / _STORE


def read_file(path: Path) -> SettingsFile | None:
    """Read a settings file, or return None if there is none.

    Raises SettingsError if it cannot be read or is not TOML; the message says where, but quotes nothing.
    """
    wrong = None
    try:
        if not path.is_file():
            return None
        resolved = path.resolve()
        content = path.read_bytes()
        values = tomllib.loads(content.decode("utf-8"))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        wrong = f"{path} is not valid TOML{f', {place[1]}' if place else ''}: mend it there"
    except (UnicodeDecodeError, RecursionError):
        wrong = f"{path} is not valid TOML: correct it, and save it as UTF-8"
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "its links lead nowhere"
        wrong = f"cannot read {path} ({reason}): make it readable, or remove it"
    if wrong:
        # Raised outside the handler, or Python would attach the parser's error, which holds the text.
        raise SettingsError(wrong)
    return SettingsFile(resolved, hashlib.sha256(content).hexdigest(), values)


def trusted() -> Trusted:
    """Return the files that the user has trusted."""
    try:
        kept = json.loads(store().read_text("utf-8"))[_KEY]
        if all(isinstance(value, str) for value in kept.values()):
            return Trusted(kept)
    except FileNotFoundError:
        return Trusted({})
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return Trusted({}, is_damaged=True)


def trust(file: SettingsFile) -> None:
    """Trust a file with its present content. Raises StorageError if that cannot be saved."""
    _change({str(file.path): file.digest})


def distrust(path: Path) -> bool:
    """Stop trusting the file at `path`, which may be gone, and return whether it was trusted.

    Raises StorageError if that cannot be saved.
    """
    name = str(path.resolve())
    if name not in trusted().digests:
        return False
    _change({name: None})
    return True


def _change(changes: Mapping[str, str | None]) -> None:
    folder = config_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, mode=0o600):
            merged = {**trusted().digests, **changes}
            _write({name: digest for name, digest in merged.items() if digest})
    except OSError as error:
        raise StorageError(f"cannot write to {folder} ({error.strerror}): make it writable") from error


def _write(digests: Mapping[str, str]) -> None:
    # mkstemp makes a file that only its owner can read.
    number, name = tempfile.mkstemp(dir=config_folder(), prefix=_STORE)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump({_KEY: digests}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(store())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

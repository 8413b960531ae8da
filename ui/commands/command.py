"""What several commands share: how they are declared, and the settings that they use."""

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ui.output import tell

if TYPE_CHECKING:
    from index import Settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace], None]

# The settings that a command uses; the page uses all.
OF_INDEX = frozenset({"index", "encoder", "cache", "chroma"})
_OF_SERVER = frozenset({"llm_url", "llm_key"})
OF_ANSWERS = OF_INDEX | _OF_SERVER | {"cross_encoder", "llm"}


def declared(commands: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    """Declare a command that works without an index."""
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(command=run)
    return parser


def with_index(commands: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    """Declare a command that works with an index."""
    parser = declared(commands, name, run, text)
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index's folder (default: .article-qa)")
    return parser


def add_model(parser: argparse.ArgumentParser) -> None:
    """Let a command choose the language model."""
    parser.add_argument(
        "--llm",
        metavar="MODEL",
        help="the language model that writes answers: none (quotes only), local, ollama/NAME or openai/NAME",
    )


def settings_of(given: argparse.Namespace, used: Collection[str]) -> "Settings":
    """Return the settings, and tell which of the `used` ones come from the current folder's file."""
    from index.settings import read

    loaded = read(given={name: getattr(given, name, None) for name in ("index", "llm", "host", "port")})
    settings = loaded.settings
    told = set(used) if settings.is_served else set(used) - _OF_SERVER
    if named := [name for name in loaded.guarded if name in told]:
        tell(f"using {', '.join(named)} from {loaded.file}")
    if loaded.held_back and _OF_SERVER & told:
        tell(loaded.held_back)
    return settings

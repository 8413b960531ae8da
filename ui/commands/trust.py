"""`article-qa trust`: trust a folder's settings file."""

import argparse
from pathlib import Path

from ui.output import out, tell
from ui.terminal import one_line, status_lines

from .command import Commands, declared


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = declared(commands, "trust", run, "trust a folder's settings file as it is now")
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the file (default: ./article-qa.toml)"
    )
    parser.add_argument("--remove", action="store_true", help="stop trusting it")


def run(given: argparse.Namespace) -> None:
    """Trust the file and print what it sets, or stop trusting it."""
    from index.errors import SettingsError
    from index.settings import describe
    from index.trust import FILE_NAME, distrust, read_file, store, trust, trusted

    path = given.file or Path(FILE_NAME)
    path = path / FILE_NAME if path.is_dir() else path
    if given.remove:
        was = distrust(path)
        out(f"{one_line(str(path))} {'is no longer trusted' if was else 'was not trusted'}")
        return
    file = read_file(path)
    if file is None:
        raise SettingsError(f"there is no file {path}: give the settings file to trust")
    facts = describe(file)
    if trusted().is_damaged:
        tell(f"{store()} was damaged and will be replaced: trust your other files again")
    trust(file)
    out("\n".join([*status_lines(facts), f"{one_line(str(file.path))} is trusted until it changes"]))

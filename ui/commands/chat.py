"""`article-qa chat`: serve the page."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .command import Commands, add_model, settings_of, with_index

if TYPE_CHECKING:
    from qa import Engine


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "chat", run, "serve the chat page for your browser")
    add_model(parser)
    parser.add_argument("--host", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to listen on (default: 7860)")
    parser.add_argument(
        "--allow-host",
        action="append",
        metavar="NAME",
        help="another name under which browsers reach the page, such as a proxy's; may be repeated",
    )
    parser.add_argument(
        "--no-history",
        action="store_true",
        help="store no conversations; those that are stored stay in their file",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="the folder of the articles, if the index does not exist yet or does not say which it is",
    )
    parser.add_argument(
        "--allow-upload",
        action="store_true",
        help="let everybody who may read add articles and have the index built; else only this machine may",
    )
    parser.add_argument(
        "--open",
        action="store_true",
        help="let everybody who can reach the page read without a password",
    )


def run(given: argparse.Namespace) -> None:
    """Serve the page until interrupted."""
    from index import Settings, open_index

    settings = settings_of(given, Settings.model_fields)
    settings = settings.replaced(hosts=(*settings.hosts, *(given.allow_host or ())))
    if given.no_history:
        settings = settings.replaced(history=False)
    folder = None
    if given.folder:
        from index.building.beginning import begin

        folder = begin(given.folder, settings)
    # Nobody is sent to a page that will not come.
    open_index(settings=settings).close()
    from ui.server import serve

    def engine() -> "Engine":
        from qa import Engine

        return Engine(settings=settings)

    serve(engine, settings, everybody=given.open, uploads=given.allow_upload, folder=folder)

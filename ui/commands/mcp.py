"""`article-qa mcp`: serve the articles to a program that speaks MCP."""

import argparse
from contextlib import suppress

from .command import OF_ANSWERS, Commands, add_model, settings_of, with_index


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = with_index(commands, "mcp", run, "serve a program that speaks MCP, on standard input and output")
    add_model(parser)


def run(given: argparse.Namespace) -> None:
    """Serve until the program leaves."""
    from index import open_index

    settings = settings_of(given, OF_ANSWERS)
    # Whatever is wrong with the index is said at once; the models load while the program says hello.
    open_index(settings=settings).close()
    import anyio

    from ui.mcp.stdio import serve

    with suppress(KeyboardInterrupt):
        anyio.run(serve, settings)

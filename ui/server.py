"""The page's server, and what it says when it starts."""

import logging
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType

import uvicorn

from index.errors import ArticleQAError, SettingsError
from index.redaction import shown
from index.settings import Settings
from qa import Engine

from .app import create_app
from .guard.access import address_of, granted
from .output import out
from .terminal import one_line
from .waiting import MAKING, READING, WRITING, waiting

# Give open pages this many seconds to close their connections when the server is stopped.
_GRACE = 1


class _Server(uvicorn.Server):
    """A server that stops silently when interrupted: open pages are no errors to report."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        super().handle_exit(sig, frame)


def serve(
    make: Callable[[], Engine],
    settings: Settings,
    *,
    everybody: bool = False,
    uploads: bool = False,
    folder: Path | None = None,
) -> None:
    """Serve the page of the engine that `make` makes, until interrupted; say where it is and who can read it.

    Meanwhile browsers see what they wait for. `everybody` lets in all who can reach the machine, without a
    password; `uploads` lets all who may read add articles to `folder`, or to the one that the index was made
    from. Raises SettingsError if the address cannot be listened on, or it is unclear who may read.
    """
    host, port = settings.host, settings.port
    with _listen(host, port) as listener, ExitStack() as held:
        access = granted(settings, listener.getsockname()[0], everybody=everybody, uploads=uploads)
        url = f"http://{_shown(host)}:{port}"
        _say(f"open {url} in a browser; press Ctrl+C to stop")
        for line in access.lines(url):
            _say(line)
        with suppress(KeyboardInterrupt):
            with waiting(listener, access) as wait_for:
                engine = held.enter_context(make())
                wait_for(WRITING if engine.writer else READING)
                engine.warm()
                wait_for(MAKING)
                # A second in a large index, for which nobody should wait who opens the filters.
                with suppress(ArticleQAError):
                    engine.index.facets()
                app = create_app(engine, access, folder=folder)
            if engine.notice or engine.written_by:
                _say(engine.notice or f"answers are written by {engine.written_by}")
            config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_GRACE)
            _Server(config).run(sockets=[listener])


def _shown(host: str) -> str:
    """Return the address listened on as a browser names it."""
    address = address_of(host)
    if address and address.is_unspecified:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    out(f"article-qa: {one_line(line)}")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, ValueError, TypeError) as error:
        # Python appends the address, which is named here anyway; a name can be none at all.
        reason = str(getattr(error, "strerror", error)).split(" (while")[0].lower()
        message = (
            f"cannot serve on {shown(host)}, port {port}: {reason}; choose another with --port or --host"
        )
        raise SettingsError(message) from error

"""The file that an article was read from, as a download by the article's id; never shown, never run."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from index.errors import ArticleQAError, OriginalChangedError, OriginalGoneError
from qa import Engine

from .reading import ORIGINAL
from .remarks import translated
from .translation import _

# What a browser is told of a file: nothing that it would open by itself.
_KIND = "application/octet-stream"


def add_originals(app: FastAPI, engine: Engine) -> None:
    """Let `app` serve the files of the articles of an index."""

    # FastAPI runs it in a thread, since it reads the whole file to compare it.
    def original(article_id: str, request: Request) -> Response:
        return _download(engine, article_id, whole=request.method == "GET")

    app.add_api_route(f"{ORIGINAL}{{article_id}}", original, methods=["GET", "HEAD"], include_in_schema=False)


def _download(engine: Engine, article_id: str, *, whole: bool) -> Response:
    """Return a file, or only what a download of it would say."""
    try:
        found = engine.index.original(article_id)
    except OriginalGoneError as error:
        return PlainTextResponse(translated(str(error)), 410)
    except OriginalChangedError as error:
        return PlainTextResponse(translated(str(error)), 409)
    except ArticleQAError as error:
        return PlainTextResponse(translated(str(error)), 503)
    if found is None:
        return PlainTextResponse(_("There is no such article in the index."), 404)
    headers = {
        "content-disposition": disposition(found.name),
        "content-length": str(found.size),
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }
    if not whole:
        found.file.close()
        return Response(media_type=_KIND, headers=headers)
    return StreamingResponse(found.chunks(), media_type=_KIND, headers=headers)


def disposition(name: str) -> str:
    """Return the header that makes a browser save a file under `name`, whatever characters that has.

    A name cannot hide its ending behind a mark of direction, nor be hidden by a dot at its beginning.
    """
    shown = "".join(c if c.isprintable() and c not in '/\\"' else "_" for c in name).strip(" .") or "article"
    plain = shown.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"

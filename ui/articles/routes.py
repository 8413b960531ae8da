"""What the tab of articles calls on the server: lists, builds, and files that are added."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from index.building.apart import Apart
from index.errors import ArticleQAError
from index.reading.uploads import Upload
from index.store.catalog import FILE_NAME
from index.store.integrity import check
from index.store.listing import Listing, Wanted
from qa import Engine
from ui.guard.access import MAY_CHANGE
from ui.guard.calls import NAME_HEADER, Building, Leafing, Nothing, Turning
from ui.translation import _

from .frame import checked_html, frame_html, state_of
from .reasons import reason
from .table import found_text, pager_html, skipped_html, table_html
from .wording import languages

# Store this many bytes at a time.
_CHUNK = 1 << 20
# The next bytes of an upload have to arrive within so many seconds, and all of them within so many.
_PAUSE, _IN_ALL = 30.0, 900.0
# So many files arrive at the same time; the others wait as long as their bytes may.
_AT_ONCE = 3


class Routes:
    """Answers the tab of articles of one engine; `folder` is where its articles are, if it is known."""

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        self._engine = engine
        self._given = folder
        self._builds: Apart | None = None
        self._checking, self._making = threading.Lock(), threading.Lock()
        self._arriving = asyncio.Semaphore(_AT_ONCE)

    def router(self) -> APIRouter:
        """Return the routes for an application."""
        router = APIRouter(prefix="/articles")
        for answer in (
            self.holdings,
            self.listing,
            self.skipped,
            self.progress,
            self.check,
            self.build,
            self.stop,
            self.upload,
        ):
            router.add_api_route(f"/{answer.__name__}", answer, methods=["POST"], response_model=None)
        return router

    def holdings(self, asked: Nothing, request: Request) -> dict[str, Any]:
        """Return the tab."""
        may_change = bool(request.scope[MAY_CHANGE])
        with _told(), closing(self._open()) as listing:
            overview = listing.overview()
            built = listing.stated_build()
            status = self._engine.index.status()
        html = frame_html(overview, status, self._folder(), may_change=may_change)
        return {"html": html, "built": built, **self._state()}

    def listing(self, asked: Turning) -> dict[str, Any]:
        """Return a page of the list of articles."""
        wanted = Wanted(asked.text, asked.order, asked.descending, asked.page, languages())
        with _told(), closing(self._open()) as listing:
            page = listing.page(wanted)
        pager = pager_html(page.page, page.pages, _("Pages of articles"))
        return {"html": table_html(page, wanted) + pager, "found": found_text(page, wanted)}

    def skipped(self, asked: Leafing) -> dict[str, Any]:
        """Return a page of what was skipped."""
        with _told(), closing(self._open()) as listing:
            skips = listing.skips(asked.page)
        pager = pager_html(skips.page, skips.pages, _("Pages of skipped files"))
        return {"html": skipped_html(skips) + pager}

    def progress(self, asked: Nothing) -> dict[str, Any]:
        """Return how far a build is, how the last one went, and which the index is of."""
        with _told(), closing(self._open()) as listing:
            built = listing.stated_build()
        return {"built": built, **self._state()}

    def check(self, asked: Nothing) -> dict[str, Any]:
        """Compare the whole index with its digests, which may take minutes."""
        if not self._checking.acquire(blocking=False):
            raise HTTPException(409, _("The index is being compared already: wait for the result."))
        try:
            with _told():
                return {"html": checked_html(check(self._engine.settings))}
        finally:
            self._checking.release()

    def build(self, asked: Building) -> dict[str, Any]:
        """Start a build. One that is running is followed by another."""
        self._builder().start(rebuild=asked.everything)
        return self._state()

    def stop(self, asked: Nothing) -> dict[str, Any]:
        """Stop a build."""
        if self._builds:
            self._builds.stop()
        return self._state()

    async def upload(self, request: Request) -> dict[str, str]:
        """Store a file in the folder of articles, under a safe name; or say why it is not taken."""
        folder = await run_in_threadpool(self._known_folder)
        name = unquote(request.headers[NAME_HEADER], errors="replace")
        size = int(request.headers["content-length"])
        try:
            async with asyncio.timeout(_IN_ALL), self._arriving:
                return {"path": await self._stored(request, folder, name, size)}
        except TimeoutError:
            raise HTTPException(408, _("The file took too long to arrive.")) from None
        except ClientDisconnect:
            raise HTTPException(400, _("The file did not arrive whole.")) from None
        except ArticleQAError as error:
            return {"error": reason(str(error))}

    async def _stored(self, request: Request, folder: Path, name: str, size: int) -> str:
        upload = await run_in_threadpool(Upload, folder, name, size)
        waiting = bytearray()
        try:
            stream = request.stream()
            while True:
                async with asyncio.timeout(_PAUSE):
                    chunk = await anext(stream, None)
                if chunk is None:
                    break
                waiting += chunk
                if len(waiting) >= _CHUNK:
                    await run_in_threadpool(upload.write, bytes(waiting))
                    waiting.clear()
            await run_in_threadpool(upload.write, bytes(waiting))
            return await run_in_threadpool(upload.finish)
        finally:
            await run_in_threadpool(upload.close)

    def _state(self) -> dict[str, Any]:
        return (
            state_of(self._builds.state()) if self._builds else {"running": False, "ended": 0, "result": ""}
        )

    def _open(self) -> Listing:
        return Listing.open(self._engine.settings.index / FILE_NAME)

    def _folder(self) -> Path | None:
        if self._given:
            return self._given
        with closing(self._open()) as listing:
            stated = listing.fact_or_none("folder")
        return Path(stated) if stated else None

    def _known_folder(self) -> Path:
        with _told():
            folder = self._folder()
        if folder is None or not folder.is_dir():
            raise HTTPException(
                409, _("The folder of the articles is not known: start the page with --folder FOLDER.")
            )
        return folder

    def _builder(self) -> Apart:
        folder = self._known_folder()
        with self._making:
            builds = self._builds
            if builds is None or (builds.folder != folder and not builds.state().running):
                builds = self._builds = Apart(folder, self._engine.settings)
            return builds

    def close(self) -> None:
        """Stop what is running."""
        if self._builds:
            self._builds.stop()


@contextmanager
def _told() -> Iterator[None]:
    """Tell the page what is wrong with the index. Raises HTTPException."""
    try:
        yield
    except ArticleQAError as error:
        raise HTTPException(503, reason(str(error))) from error

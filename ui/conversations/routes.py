"""What the page's list of conversations calls on the server, and the files that it offers."""

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response

from index.errors import ArticleQAError
from ui.guard.calls import Deleting, Listing, Looking, Rating, Renaming
from ui.links import Link
from ui.remarks import translated
from ui.translation import _, language

from . import conversation as kept
from .keeper import Keeper
from .markdown import markdown
from .page import html_page

_T = TypeVar("_T")
# What some file system does not take in a name.
_UNNAMABLE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


class Routes:
    """Answers the list of conversations. What changes something changes only what is the reader's own."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self._store, self._readers = keeper, keeper.store, keeper.readers

    def router(self) -> APIRouter:
        """Return the routes for an application."""
        router = APIRouter(prefix="/conversations")
        for answer in (self.listing, self.about, self.rename, self.delete, self.rate):
            router.add_api_route(f"/{answer.__name__}", answer, methods=["POST"], response_model=None)
        router.add_api_route("/{name}/{form}", self.export, methods=["GET"], response_model=None)
        return router

    def listing(self, asked: Listing, request: Request, response: Response) -> dict[str, Any]:
        """Return a part of the list, newest first."""
        reader = self._readers.welcome(request, response)
        found = _tried(lambda: self._store.listing(reader, asked.search, asked.older))
        items = [{**asdict(item), "link": _link(item.id, item.filters)} for item in found.conversations]
        return {"conversations": items, "older": found.older}

    def about(self, asked: Looking, request: Request, response: Response) -> dict[str, Any]:
        """Return what the page needs to know of the conversation that it shows."""
        reader = self._readers.welcome(request, response)
        found = self._conversation(asked.id)
        own = found.reader == reader
        return {
            "title": found.title,
            "own": own,
            "link": _link(found.id, found.filters),
            "rateable": [turn.key for turn in found.turns if turn.answer and own],
            "ratings": {turn.key: asdict(turn.rating) for turn in found.turns if turn.rating and own},
        }

    def rename(self, asked: Renaming, request: Request, response: Response) -> dict[str, Any]:
        """Give a conversation another title."""
        reader = self._readers.welcome(request, response)
        title = kept.title_of(asked.title)
        _refuse_unless(_tried(lambda: self._store.rename(reader, asked.id, title)))
        return {"title": title}

    def delete(self, asked: Deleting, request: Request, response: Response) -> dict[str, Any]:
        """Delete conversations for good."""
        reader = self._readers.welcome(request, response)
        deleted = _tried(lambda: self._store.delete(reader, asked.ids))
        if not self._store.is_left:
            return {"deleted": deleted}
        left = _("Deleted, but another program is reading {file}: the words are removed once it lets go.")
        return {"deleted": deleted, "trouble": left.format(file=self._store.path)}

    def rate(self, asked: Rating, request: Request, response: Response) -> dict[str, Any]:
        """Store what the reader thinks of an answer, unless the right words are in no article."""
        reader = self._readers.welcome(request, response)
        rating = None
        if asked.good is not None:
            right = self._right_words(reader, asked)
            if asked.right_answer and right is None:
                told = _("These words were not found in an article: copy them from it exactly.")
                return {"trouble": told}
            rating = kept.Rating(asked.good, asked.reason.strip(), right)
        _refuse_unless(_tried(lambda: self._store.rate(reader, asked.turn, rating)))
        return asdict(rating) if rating else {}

    def _right_words(self, reader: str, asked: Rating) -> str | None:
        """Return the words that would have answered as an article has them, None if none has them."""
        words = asked.right_answer
        if not words or not words.strip():
            return words
        answer = _tried(lambda: self._store.answer_given(reader, asked.turn))
        return _tried(lambda: self._keeper.right_words(answer, words)) if answer else words

    def export(self, name: str, form: str) -> Response:
        """Return a conversation as a file, or as a page to print."""
        found = self._conversation(name)
        turns = (
            replace(turn, answer=turn.answer and self._keeper.as_it_stands(turn.answer))
            for turn in found.turns
        )
        current = replace(found, turns=tuple(turns))
        headers = {"Cache-Control": "no-store"}
        if form != "print":
            file = f"{_UNNAMABLE.sub(' ', found.title).strip(' .…')[:60] or 'conversation'}.{form}"
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file, safe='')}"
        if form == "md":
            return Response(markdown(current), headers=headers, media_type="text/markdown")
        return Response(html_page(current, language()), headers=headers, media_type="text/html")

    def _conversation(self, name: str) -> kept.Conversation:
        found = _tried(lambda: self._store.conversation(name))
        if found is None:
            raise HTTPException(404, _("There is no such conversation."))
        return found


def _tried(act: Callable[[], _T]) -> _T:
    """Return what `act` does. Raises HTTPException, which the page shows, if the file cannot be used."""
    try:
        return act()
    except ArticleQAError as error:
        raise HTTPException(503, translated(str(error))) from error


def _refuse_unless(done: bool) -> None:
    if not done:
        raise HTTPException(404, _("There is no such conversation, or it is somebody else's."))


def _link(name: str, filters: str) -> str:
    return str(replace(Link.read(filters), conversation=name))

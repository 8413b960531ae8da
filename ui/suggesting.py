"""Questions that may be asked next, in the reader's language; each is tried before it is shown."""

import threading
from functools import lru_cache

from fastapi import FastAPI, HTTPException

from index import Filters
from index.errors import ArticleQAError
from qa import Engine
from qa.suggestions import Topic, first_topics, next_topics

from .filters import Limited
from .guard.calls import Suggesting
from .remarks import translated
from .translation import _

# Try up to so many questions for one request: the page asks again for what comes after them.
_TRIED = 2
# Remember what was found of so many.
_KEPT = 2000


def add_suggestions(app: FastAPI, engine: Engine) -> None:
    """Answer the page when it asks what may be asked next."""
    suggester = Suggester(engine)

    def suggestions(asked: Suggesting) -> dict[str, object]:
        try:
            return suggester.suggested(asked)
        except ArticleQAError as error:
            raise HTTPException(503, translated(str(error))) from error

    app.add_api_route("/suggestions", suggestions, methods=["POST"], response_model=None)


class Suggester:
    """Finds questions that the index answers. One is tried at a time; who comes meanwhile asks again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._topics = lru_cache(_KEPT)(self._topics_of)
        self._is_answered = lru_cache(_KEPT)(self._tried)

    def suggested(self, asked: Suggesting) -> dict[str, object]:
        """Return the next question from a place in the list of topics on, and the place after it.

        There is no question if none of those that were tried has an answer, and no place at the list's end.
        """
        filters = Limited.read(asked.filters).filters
        build = self._engine.index.build()
        topics = self._topics(build, asked.question, tuple(asked.articles), asked.found, filters)
        for place, topic in enumerate(topics[asked.place : asked.place + _TRIED], asked.place):
            question = worded(topic)
            # Whoever waited here would keep a thread from all others.
            if not self._lock.acquire(blocking=False):
                return {"question": None, "next": place}
            try:
                is_answered = self._is_answered(build, question, topic, filters)
            finally:
                self._lock.release()
            if is_answered:
                return {"question": question, "next": _place(place + 1, topics)}
        return {"question": None, "next": _place(asked.place + _TRIED, topics)}

    def _topics_of(
        self, build: str, question: str, articles: tuple[str, ...], found: bool, filters: Filters
    ) -> tuple[Topic, ...]:
        index = self._engine.index
        if not question:
            return first_topics(index, filters)
        return next_topics(index, question, articles, found=found, filters=filters)

    def _tried(self, build: str, question: str, topic: Topic, filters: Filters) -> bool:
        return topic.is_answered(self._engine.read(question, filters=filters))


def worded(topic: Topic) -> str:
    """Return a question about a topic."""
    if topic.is_name:
        return _("What is reported about {name}?").format(name=topic.text)
    return _("What is reported about “{headline}”?").format(headline=topic.text)


def _place(place: int, topics: tuple[Topic, ...]) -> int | None:
    return place if place < len(topics) else None

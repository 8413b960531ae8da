"""What an open page and the stored conversations have to do with each other."""

import logging
from dataclasses import dataclass, replace

from starlette.types import Scope

from index.errors import ArticleQAError, QuestionError
from index.search import Index
from index.text.words import place_of
from qa import Answer, Engine
from qa.engine import checked_question
from ui.filters import Limited
from ui.guard.readers import Readers
from ui.remarks import translated
from ui.render import Turn, answered, notice_html, question_html
from ui.translation import _

from . import file
from .conversation import StoredTurn
from .exported import unanswered
from .standing import as_it_stands
from .store import Store

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """The stored conversation that a page shows: its name, and the key of each turn, None if it isn't stored.

    `trouble` says why nothing could be stored. When it was opened, `filters` is what its newest
    question was limited to. `is_anew`: the page showed one that is gone, and nothing of that stays.
    """

    conversation: str = ""
    turns: tuple[int | None, ...] = ()
    trouble: str = ""
    filters: str = ""
    is_anew: bool = False


class Keeper:
    """Stores what pages ask, and brings back what they asked. No question waits for it in vain."""

    def __init__(self, store: Store, readers: Readers, index: Index) -> None:
        self.store, self.readers, self._index = store, readers, index

    @classmethod
    def of(cls, engine: Engine, readers: Readers) -> "Keeper | None":
        """Return the keeper of the conversations about the engine's index; None if none are to be stored."""
        if not engine.settings.history:
            return None
        return cls(Store(file.place(engine.settings.index)), readers, engine.index)

    def asked(self, scope: Scope, kept: Kept, question: str, place: int, filters: str = "") -> Kept:
        """Store a question that stands at `place` in its page, where it may take the place of others."""
        reader = self.readers.of(scope)
        earlier = [*kept.turns[:place], *[None] * (place - len(kept.turns))]
        unstored = replace(kept, turns=(*earlier, None), trouble="", is_anew=False)
        if reader is None:
            return replace(unstored, trouble=_("This browser keeps no cookies, so nothing is stored."))
        try:
            checked_question(question)
            dropped = [key for key in kept.turns[place:] if key is not None]
            asked = self.store.ask(reader, kept.conversation, question, filters, dropped)
        except QuestionError:
            # It comes back to be changed.
            return unstored
        except ArticleQAError as error:
            _logger.warning("%s", error)
            return replace(unstored, trouble=translated(str(error)))
        if asked.is_anew:
            gone = _("This conversation has since been deleted, so your question starts a new one.")
            return Kept(asked.conversation, (asked.turn,), gone, is_anew=True)
        moved = tuple(key if key is None else asked.moved.get(key, key) for key in earlier)
        return Kept(asked.conversation, (*moved, asked.turn))

    def answered(self, kept: Kept, answer: Answer | None) -> str:
        """Store the answer of the newest turn, and return why that was not possible, if it wasn't."""
        turn = kept.turns[-1] if kept.turns else None
        if turn is None or answer is None:
            return kept.trouble
        try:
            self.store.answer(turn, answer)
        except ArticleQAError as error:
            _logger.warning("%s", error)
            return translated(str(error))
        return ""

    def right_words(self, answer: Answer, words: str) -> str | None:
        """Return words that would have answered as an article has them; None if no article is found to.

        The sources of the answer come first. Raises ArticleQAError if the index cannot be read.
        """
        for name in dict.fromkeys(cited.article_id for cited in (*answer.citations, *answer.further)):
            article = self._index.article(name)
            if article and (place := place_of(words, article.text)):
                return place.of(article.text)
        found = self._index.saying(words)
        return found[1].of(found[0].text) if found else None

    def opened(self, name: str) -> tuple[list[Turn], Kept]:
        """Return a stored conversation as a page shows it, with what has happened to its sources since."""
        try:
            found = self.store.conversation(name)
        except ArticleQAError as error:
            return _said(translated(str(error)))
        if found is None:
            return _said(_("There is no such conversation: it was deleted, or the link is not whole."))
        turns = [self._turn(turn) for turn in found.turns]
        return turns, Kept(found.id, tuple(turn.key for turn in found.turns), filters=found.filters)

    def _turn(self, turn: StoredTurn) -> Turn:
        asked, answer = question_html(turn.question), turn.answer
        if answer is None:
            return Turn(asked, notice_html(unanswered(turn)))
        return answered(asked, self.as_it_stands(answer), Limited.read(turn.filters).filters)

    def as_it_stands(self, answer: Answer) -> Answer:
        """Return a stored answer with what has happened to its sources since."""
        return as_it_stands(answer, self._index)


def _said(message: str) -> tuple[list[Turn], Kept]:
    return [Turn("", notice_html(message, question=False))], Kept()

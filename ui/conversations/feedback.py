"""What readers thought of answers, as questions with known answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa import Answer, Citation
from ui.terminal import one_line

from .conversation import Conversation, Rating, StoredTurn


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated answer, with its question, those before it, and what the question was limited to."""

    question: str
    history: tuple[str, ...]
    filters: str
    answer: Answer
    rating: Rating

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON; what was not said is left out."""
        said = {"reason": self.rating.reason or None, "right_answer": self.rating.right_answer}
        return {
            "question": self.question,
            "good": self.rating.good,
            **{name: value for name, value in said.items() if value is not None},
            "history": list(self.history),
            "filters": self.filters,
            "answer": self.answer.to_dict(),
        }

    def lines(self) -> Iterator[str]:
        """Yield what the terminal shows of it."""
        yield f"{'good' if self.rating.good else 'bad'}: {one_line(self.question)}"
        for said in self.answer.text.splitlines():
            yield f"  {one_line(said)}"
        if self.rating.reason:
            yield f"  because: {one_line(self.rating.reason)}"
        if self.rating.right_answer is not None:
            right = one_line(self.rating.right_answer) or "it is not in the articles"
            yield f"  right would be: {right}"


def rated(conversation: Conversation, turn: StoredTurn) -> Rated | None:
    """Return a turn with what was thought of it; None if its answer can no longer be read."""
    if turn.answer is None or turn.rating is None:
        return None
    before = tuple(other.question for other in conversation.turns if other.key < turn.key)
    return Rated(turn.question, before, turn.filters, turn.answer, turn.rating)


def line(found: Rated, holds: Callable[[str], bool]) -> dict[str, object] | None:
    """Return a line for `article-qa eval`, or None if what was thought does not say what is right.

    `holds` says whether the index has an article, by its id. `eval` cannot limit a question, so one that was
    limited has no line.
    """
    answers = _right(found)
    if answers is None or found.filters:
        return None
    known: dict[str, object] = {"question": found.question, "answers": answers}
    first = found.answer.citations[:1]
    if found.rating.good and found.answer.found and holds(first[0].article_id):
        known["file"] = first[0].path
    if found.history:
        known["history"] = list(found.history)
    return known


def _right(found: Rated) -> list[str] | None:
    """Return the words that answer the question, none if the articles don't, None if it isn't known."""
    rating, answer = found.rating, found.answer
    if rating.right_answer is not None:
        return [rating.right_answer] if rating.right_answer.strip() else []
    if not rating.good:
        return None
    if not answer.found:
        return []
    # All quotes of the article that is named first; the others may say the same elsewhere.
    first = answer.citations[0].article_id
    return [_words(cited) for cited in answer.citations if cited.article_id == first]


def _words(cited: Citation) -> str:
    if cited.words_start is None or cited.words_end is None:
        return cited.quote
    return cited.quote[cited.words_start - cited.start : cited.words_end - cited.start] or cited.quote

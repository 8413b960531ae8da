"""What is kept of a conversation."""

import json
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from qa import Answer

# A title is the beginning of the first question, cut between words.
MOST_TITLE = 80
_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader thought of an answer.

    `right_answer` holds the words that would have answered, "" if the question has no answer in the articles,
    and is None if the reader didn't say.
    """

    good: bool
    reason: str = ""
    right_answer: str | None = None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and its answer, which is None if it was stopped or failed before there was one.

    It is None, too, if what is stored `is_unreadable`.
    `asked` is a time in UTC, ISO 8601. `filters` is what the question was limited to, as a link has it.
    """

    key: int
    question: str
    asked: str
    filters: str = ""
    answer: Answer | None = None
    rating: Rating | None = None
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is stored; `reader` is whose it is."""

    id: str
    reader: str
    title: str
    created: str
    changed: str
    filters: str
    turns: tuple[StoredTurn, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as the list shows it."""

    id: str
    title: str
    changed: str
    filters: str
    questions: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list, newest first; `older` asks for the next page, None if this is the last."""

    conversations: tuple[Listed, ...]
    older: str | None = None


def title_of(question: str) -> str:
    """Return the title of a conversation that begins with this question."""
    line = " ".join(question.split())
    if len(line) <= MOST_TITLE:
        return line
    cut = line[:MOST_TITLE]
    whole = cut.rpartition(" ")[0]
    # Scripts without blanks, and one endless word, are cut anywhere.
    return f"{whole if len(whole) > MOST_TITLE // 2 else cut}…"


def answer_json(answer: Answer) -> str:
    """Return an answer as it is stored."""
    return json.dumps(answer.to_dict(), ensure_ascii=False, separators=(",", ":"))


def answer_of(stored: str | None) -> Answer | None:
    """Return the answer that was stored; None if there was none, or if it cannot be read any more."""
    try:
        return _ANSWER.validate_json(stored) if stored else None
    except ValidationError:
        return None


def said(question: str, answer: Answer | None) -> str:
    """Return all words of a turn that can be searched."""
    if answer is None or not answer.found:
        return question
    parts = [question, *(sentence.text for sentence in answer.sentences)]
    for cited in answer.citations:
        parts += [cited.quote, cited.title, cited.source or ""]
    return "\n".join(parts)

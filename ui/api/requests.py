"""What programs send: questions, with their limits and bounds."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from index import Limits

# A question that is too long still gets here, and comes back to be shortened.
_LONG, _SHORT, _TURNS, _VALUES = 100_000, 1000, 50, 50
_COUNT, _MOST = 10, 50
# The most characters of an article that are read at once, and how many a language model is given.
_WHOLE, _SOME = 10_000_000, 20_000


def _whole(value: object) -> object:
    """Replace lone surrogates, which JSON may hold and no text that leaves here may."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(max_length=_LONG), BeforeValidator(_whole)]
_Value = Annotated[str, StringConstraints(max_length=_SHORT), BeforeValidator(_whole)]
_Values = _Value | Annotated[tuple[_Value, ...], Field(max_length=_VALUES)] | None


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limited(_Sent):
    """What a question may be limited to. Of several values of one kind, one is enough."""

    since: _Value | None = Field(None, description="only articles published on or after this day, yyyy-mm-dd")
    until: _Value | None = Field(
        None, description="only articles published on or before this day, yyyy-mm-dd"
    )
    source: _Values = Field(None, description="only articles from this outlet, or one of these")
    language: _Values = Field(None, description="only articles in this language, or one of these: de, en, fr")
    path: _Values = Field(
        None, description="only this file or folder, or paths that match a pattern with *, or one of these"
    )
    tag: _Values = Field(None, description="only articles with this tag, or one of these")

    def limits(self) -> Limits:
        """Return them as the engine takes them."""
        return {
            "since": self.since,
            "until": self.until,
            "source": self.source,
            "language": self.language,
            "path": self.path,
            "tag": self.tag,
        }


class Turn(_Sent):
    """An earlier question of the conversation, with the text of its answer."""

    question: Text
    answer: Text


class Question(Limited):
    """A question for the articles."""

    question: Text = Field(description="in any language: the articles may be in another one")
    history: tuple[Turn, ...] = Field(
        (), max_length=_TURNS, description="the conversation so far, oldest first, for follow-up questions"
    )

    def turns(self) -> list[tuple[str, str]]:
        """Return the conversation as the engine takes it."""
        return [(turn.question, turn.answer) for turn in self.history]


class Search(Limited):
    """A search for passages."""

    question: Text = Field(description="a question or a few words, in any language")
    count: int = Field(_COUNT, ge=1, le=_MOST, description="how many passages to return")


class Part(_Sent):
    """Which part of an article's text to read, in characters."""

    start: int = Field(0, ge=0, le=2**53, description="the first character")
    length: int = Field(_WHOLE, ge=1, le=_WHOLE, description="the number of characters")


class Reading(Part):
    """An article to read, or a part of it."""

    length: int = Field(_SOME, ge=1, le=_WHOLE, description="the number of characters")
    article_id: Annotated[str, BeforeValidator(_whole)] = Field(
        max_length=200, description="the article_id of a citation or a passage"
    )

"""What programs send: questions, with their limits and bounds."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from index import Limits

# A question that is too long still gets here, and comes back to be shortened.
_LONG, _SHORT, _TURNS, _VALUES = 100_000, 1000, 50, 50
_COUNT, _MOST = 10, 50
ARTICLE_ID = "The `article_id` of a citation or a passage."
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

    since: _Value | None = Field(
        None,
        description="Only articles published on or after this day, yyyy-mm-dd.",
        examples=["2024-01-01"],
    )
    until: _Value | None = Field(
        None,
        description="Only articles published on or before this day, yyyy-mm-dd.",
        examples=["2024-12-31"],
    )
    source: _Values = Field(
        None, description="Only articles from this outlet, or one of these.", examples=["Elbwarte"]
    )
    language: _Values = Field(
        None,
        description="Only articles in this language, or one of these, by their ISO 639-1 codes.",
        examples=[["de", "en"]],
    )
    path: _Values = Field(
        None,
        description="Only this file or folder, as seen from the folder of the articles; or paths that match "
        "a pattern with `*`; or one of these.",
        examples=["2024", "*.md"],
    )
    tag: _Values = Field(None, description="Only articles with this tag, or one of these.")

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

    question: Text = Field(description="What was asked.")
    answer: Text = Field(description="The `text` of its answer.")


class Question(Limited):
    """A question for the articles."""

    question: Text = Field(
        description="The question, of at most 2,000 characters, in any language, whatever the articles' is."
    )
    history: tuple[Turn, ...] = Field(
        (),
        max_length=_TURNS,
        description="The conversation so far, oldest first: a follow-up takes from it what it lacks.",
    )

    def turns(self) -> list[tuple[str, str]]:
        """Return the conversation as the engine takes it."""
        return [(turn.question, turn.answer) for turn in self.history]


class Search(Limited):
    """A search for passages."""

    question: Text = Field(
        description="A question or a few words, of at most 2,000 characters, in any language."
    )
    count: int = Field(_COUNT, ge=1, le=_MOST, description="How many passages to return.")


class Part(_Sent):
    """Which part of an article's text to read, in characters."""

    start: int = Field(0, ge=0, le=2**53, description="The first character to read, counted from 0.")
    length: int = Field(_WHOLE, ge=1, le=_WHOLE, description="How many characters to read.")


class Reading(Part):
    """An article to read, or a part of it."""

    length: int = Field(_SOME, ge=1, le=_WHOLE, description="How many characters to read.")
    article_id: Annotated[str, BeforeValidator(_whole)] = Field(max_length=200, description=ARTICLE_ID)

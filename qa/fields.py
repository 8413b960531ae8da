"""Kinds of fields that several values share, with what programs are told of them."""

from typing import Annotated

from pydantic import ConfigDict, Field

# Programs are told the text below a field, unless its kind says more.
DESCRIBED = ConfigDict(use_attribute_docstrings=True)

ArticleId = Annotated[
    str,
    Field(description="The article, for as long as its file has its path.", examples=["9f2c4e8a01b7d356"]),
]
Path = Annotated[
    str,
    Field(
        description="The article's file in its folder; what follows a # is the article in a file of several.",
        examples=["2024/austin.md", "feed.xml#3"],
    ),
]
Title = Annotated[str, Field(description="The headline, or the file's name if it states none.")]
Url = Annotated[str | None, Field(description="Where the article was published on the web, if it says so.")]
Source = Annotated[str | None, Field(description="The outlet, if it is known.", examples=["Elbwarte"])]
Published = Annotated[
    str | None,
    Field(description="The day of publication, yyyy-mm-dd, if it is known.", examples=["2024-05-27"]),
]
Language = Annotated[
    str | None, Field(description="The language, by its ISO 639-1 code, if it is known.", examples=["de"])
]
Recognised = Annotated[
    bool,
    Field(
        description="Whether some of the article's text was recognised from images, "
        "and may differ from what they show."
    ),
]
Start = Annotated[
    int,
    Field(
        ge=0,
        description="Its first character, counted from 0 in the article's text, by Unicode code points.",
    ),
]
End = Annotated[int, Field(ge=0, description="The character after its last one.")]
Score = Annotated[
    float,
    Field(description="Ranks it among the others: more is better. It has no bounds and is no probability."),
]
Count = Annotated[int, Field(ge=0)]
Milliseconds = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]

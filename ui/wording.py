"""Wording that the page and the terminal share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .translation import _, decimal, ngettext

if TYPE_CHECKING:
    from qa import Answer, Beyond, Citation
    from qa.answer import Disagreement

# Said of a source whose letters a program has read off images, and perhaps misread.
RECOGNISED = "text recognised from images"
# Other places of a story that are named beside a source.
_ALSO_NAMED = 4


def counted(number: int, thing: str, things: str | None = None) -> str:
    """Return a number with its noun, whose plural ends in s unless it is given: `1,234 passages`."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def capitalized(message: str) -> str:
    """Return a message with a capital at its beginning."""
    return f"{message[:1].upper()}{message[1:]}"


def also_in(citation: "Citation", shown: Callable[[str], str] = str) -> str | None:
    """Return where else the story of a source is told, each name as `shown` makes it; None for nowhere."""
    names = list(dict.fromkeys(place.name for place in citation.also_in))
    if not names:
        return None
    named = ", ".join(map(shown, names[:_ALSO_NAMED]))
    if more := max(len(names) - _ALSO_NAMED, 0):
        return ngettext("also in {names} and {n} more", "also in {names} and {n} more", more).format(
            names=named, n=decimal(more)
        )
    return _("also in {names}").format(names=named)


def verdict(answer: "Answer") -> str:
    """Return how far to trust an answer."""
    absent = _("No quote answers this.") if answer.beyond else _("That is not in these articles.")
    said = {"found": _("Found"), "unsure": _("Unsure: check the sources"), "not found": absent}
    return said[answer.level]


def differing(found: "Disagreement") -> str:
    """Return what the sources of an answer say differently."""
    said = {
        "number": _("The sources give different numbers"),
        "date": _("The sources give different dates"),
        "name": _("The sources give different names"),
    }
    return said[found.about]


def beyond_quotes(beyond: "Beyond") -> str:
    """Return what a reader is told who asks for what no quote can give."""
    if beyond.kind == "count":
        held = ngettext("There is {n} article.", "There are {n} articles.", beyond.articles)
        told = ngettext("It tells {n} story.", "They tell {n} stories.", beyond.stories)
        counted = f"{held.format(n=decimal(beyond.articles))} {told.format(n=decimal(beyond.stories))}"
        ways = _(
            "No quote can say how many articles mention something. The filters show counts by date, outlet,"
            " language, folder and tag; the Articles tab finds articles by a word in the title, outlet or"
            " path."
        )
        return f"{counted} {ways}" if beyond.named else counted
    said = {
        "summary": _("Answers here are quotes, and no quote sums up many articles."),
        "catalogue": _("Answers here are quotes; the tab Articles lists what there is."),
        "task": _("Answers here are quotes from the articles, word for word."),
    }
    ask = _("Ask for one thing that an article says: who, when, where, how much, why.")
    return f"{said[beyond.kind]} {ask}"

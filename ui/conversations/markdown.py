"""A conversation as Markdown. Other people's text stays text, in CommonMark and in GitHub's kind."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from qa import Answer, Citation
from qa.answer import Disagreement
from ui.render import web_address
from ui.translation import _
from ui.wording import beyond_quotes, differing, verdict

from .conversation import Conversation, StoredTurn
from .exported import about, asked_line, pieces, remarks, unanswered

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff]")
_SPECIAL = re.compile(r"[\\`*_\[\]<>&#~|$!@^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What makes a list, a heading or a rule of a line that begins with it.
_BEGINNING = re.compile(r"^(\d{1,9})(?=[.)])|^(?=[-+=:])")


def markdown(conversation: Conversation) -> str:
    """Return a conversation as Markdown."""
    parts = [f"# {line(conversation.title)}"]
    for turn in conversation.turns:
        parts += _turn(turn)
    return "\n\n".join(parts) + "\n"


def text(shown: str) -> list[str]:
    """Return the lines of a text so that they are shown literally."""
    return [_literal(each.strip()) for each in _CONTROL.sub("\ufffd", shown).splitlines() if each.strip()]


def line(shown: str) -> str:
    """Return a text on one line so that it is shown literally."""
    return " ".join(text(shown))


def _literal(shown: str) -> str:
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", shown)
    return _BEGINNING.sub(lambda found: f"{found[0]}\\", escaped)


def _turn(turn: StoredTurn) -> Iterator[str]:
    yield f"## {line(turn.question)}"
    yield f"*{line(asked_line(turn))}*"
    if turn.answer is None:
        yield line(unanswered(turn))
    else:
        yield from _answer(turn.answer)


def _answer(answer: Answer) -> Iterator[str]:
    yield f"**{line(verdict(answer))}**"
    if answer.beyond:
        yield line(beyond_quotes(answer.beyond))
    if answer.mode == "written":
        said = (f"{line(each.text)} {''.join(map(_mark, each.citations))}" for each in answer.sentences)
        yield " ".join(said)
    if answer.citations and not answer.found and not answer.beyond:
        yield line(_("Closest passages"))
    for cited in () if answer.beyond and not answer.found else answer.citations:
        yield _quoted(cited)
    for found in answer.disagreements:
        yield from _differing(found)
    if answer.further:
        yield line(_("Further passages"))
        for cited in answer.further:
            yield _quoted(cited)
    for remark in remarks(answer):
        yield line(remark)


def _differing(found: Disagreement) -> Iterator[str]:
    yield f"**{line(differing(found))}**"
    for side in found.sides:
        if words := line(pieces(side)[1]):
            yield f"**{words}**"
        yield _quoted(side)


def _quoted(cited: Citation) -> str:
    lines = text(cited.before) if cited.before else []
    lines += text(cited.quote)
    shown = "\\\n> ".join(lines)
    facts = " · ".join([_named(cited), *(line(_isolated(fact)) for fact in about(cited))])
    return f"> {shown}\n>\n> {facts}"


def _isolated(fact: str) -> str:
    """Return a text so that it moves nothing beside it if it is written from right to left."""
    is_reversed = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in fact)
    return f"\u2068{fact}\u2069" if is_reversed else fact


def _named(cited: Citation) -> str:
    """Return a source with its number, if the answer cites it."""
    return f"{_mark(cited.number)} {_title(cited)}" if cited.number else _title(cited)


def _title(cited: Citation) -> str:
    shown = line(_isolated(cited.title or cited.path))
    address = web_address(cited.url)
    if not address:
        return shown
    safe = quote(address, safe="%/:=&?#+,;@()*[]!'~$").replace("&", "\\&")
    return f"[{shown}](<{safe}>)"


def _mark(number: int) -> str:
    return f"\\[{number}\\]"

"""A conversation as Markdown. Other people's text stays text, in CommonMark and in GitHub's kind."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from qa import Answer, Citation
from ui.render import web_address
from ui.translation import _

from .conversation import Conversation, StoredTurn
from .exported import about, asked_line, level, remarks, unanswered

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
        yield line(unanswered())
    else:
        yield from _answer(turn.answer)


def _answer(answer: Answer) -> Iterator[str]:
    if answer.mode == "written":
        said = (f"{line(each.text)} {''.join(map(_mark, each.citations))}" for each in answer.sentences)
        yield " ".join(said)
    if not answer.found:
        yield f"**{line(level(answer))}**"
        if answer.citations:
            yield line(_("Closest passages"))
    for cited in answer.citations:
        yield _quoted(cited)
    for remark in remarks(answer):
        yield line(remark)


def _quoted(cited: Citation) -> str:
    lines = text(cited.before) if cited.before else []
    lines += text(cited.quote)
    shown = "\\\n> ".join(lines)
    return f"> {shown}\n>\n> {_mark(cited.number)} {_title(cited)} · {line(about(cited))}"


def _title(cited: Citation) -> str:
    shown = line(cited.title or cited.path)
    address = web_address(cited.url)
    if not address:
        return shown
    safe = quote(address, safe="%/:=&?#+,;@()*[]!'~$").replace("&", "\\&")
    return f"[{shown}](<{safe}>)"


def _mark(number: int) -> str:
    return f"\\[{number}\\]"

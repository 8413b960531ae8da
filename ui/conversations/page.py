"""A conversation as a page of its own: it needs no other file, runs no script, and prints well."""

from collections.abc import Iterator
from html import escape

from qa import Answer, Citation
from qa.answer import Disagreement
from ui.assets import asset
from ui.render import escaped, spoken, web_address
from ui.translation import _, locale
from ui.wording import beyond_quotes, differing, verdict

from .conversation import Conversation, StoredTurn
from .exported import about, asked_line, pieces, remarks, unanswered


def html_page(conversation: Conversation, language: str = "en") -> str:
    """Return a conversation as a whole HTML page; `language` is that of its labels."""
    body = [f'<h1 dir="auto">{escaped(conversation.title)}</h1>']
    for turn in conversation.turns:
        body += ["<section>", *_turn(turn), "</section>"]
    page = asset("export.html").replace("{language}", language)
    # No brace is left in an escaped title, so it cannot take the place of the body.
    return page.replace("{title}", escaped(conversation.title)).replace("{body}", "\n".join(body))


def _turn(turn: StoredTurn) -> Iterator[str]:
    yield f'<h2 dir="auto">{_lines(turn.question)}</h2>'
    yield f'<p class="small" dir="auto">{escaped(asked_line(turn))}</p>'
    if turn.answer is None:
        yield f"<p>{escaped(unanswered(turn))}</p>"
    else:
        yield from _answer(turn.answer)


def _answer(answer: Answer) -> Iterator[str]:
    yield f'<p class="level">{escaped(verdict(answer))}</p>'
    if answer.beyond:
        yield f"<p>{escaped(beyond_quotes(answer.beyond))}</p>"
    if answer.mode == "written":
        said = (f"{escaped(each.text)} {''.join(map(_mark, each.citations))}" for each in answer.sentences)
        yield f'<p dir="auto">{" ".join(said)}</p>'
    if answer.citations and not answer.found and not answer.beyond:
        yield f"<p>{escaped(_('Closest passages'))}</p>"
    yield from map(_quoted, () if answer.beyond and not answer.found else answer.citations)
    for found in answer.disagreements:
        yield from _differing(found)
    if answer.further:
        yield f"<p>{escaped(_('Further passages'))}</p>"
        yield from map(_quoted, answer.further)
    if below := remarks(answer):
        yield f'<p class="small">{" · ".join(map(_isolated, below))}</p>'


def _differing(found: Disagreement) -> Iterator[str]:
    yield f'<p class="level">{escaped(differing(found))}</p>'
    yield from map(_quoted, found.sides)


def _quoted(cited: Citation) -> str:
    before, words, after = map(_lines, pieces(cited))
    marked = f"<mark>{words}</mark>" if words else ""
    lead = f'<span class="before">{_lines(cited.before)}</span> ' if cited.before else ""
    number = f"{_mark(cited.number)} " if cited.number else ""
    title = _isolated(cited.title or cited.path)
    if address := web_address(cited.url):
        title = f'<a href="{escape(address)}" rel="noopener noreferrer">{title}</a>'
    # The page's own languages are all written from left to right.
    facts = " · ".join([title, *map(_isolated, about(cited))])
    return (
        f'<blockquote dir="auto"{spoken(cited.language)}>{lead}{before}{marked}{after}'
        f'<cite dir="ltr"{spoken(locale().language)}>{number}{facts}</cite></blockquote>'
    )


def _lines(text: str) -> str:
    """Return a text, which may be a piece of another, with its lines and the blanks at their ends."""
    return "<br>".join(map(_line, text.split("\n")))


def _line(text: str) -> str:
    shown = escaped(text)
    lead, tail = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if lead and shown else ''}{shown}{' ' if tail else ''}"


def _isolated(text: str) -> str:
    return f"<bdi>{escaped(text)}</bdi>"


def _mark(number: int) -> str:
    return f"&#91;{number}&#93;"

"""What an answer's sources say differently, side by side: neither is taken for the right one."""

from qa import Answer, Citation
from qa.answer import Disagreement
from ui.wording import differing

from .links import isolated, link, numbered
from .text import escaped, long_date, spoken


def disagreements_html(answer: Answer) -> str:
    """Return the disagreements of an answer, nothing if there are none."""
    return "".join(map(_disagreement, answer.disagreements))


def _disagreement(found: Disagreement) -> str:
    said = differing(found)
    sides = "".join(map(_side, found.sides))
    return (
        f'<div class="aq-differ" role="group" aria-label="{escaped(said)}">'
        f'<p class="aq-label">{escaped(said)}</p><ul class="aq-sides">{sides}</ul></div>'
    )


def _side(cited: Citation) -> str:
    first = (cited.words_start or cited.start) - cited.start
    last = (cited.words_end or cited.end) - cited.start
    words = cited.quote[first:last]
    before, after = _kept(cited.quote[:first]), _kept(cited.quote[last:])
    about = [cited.source or cited.title or cited.path, long_date(cited.published)]
    shown = " · ".join(map(isolated, filter(None, about)))
    number = f"{numbered(cited)} " if cited.number else ""
    tongue = spoken(cited.language)
    return (
        f'<li><p class="aq-value" dir="auto"{tongue}>{escaped(words)}</p>'
        f'<p class="aq-side" dir="auto"{tongue}>{before}<strong>{escaped(words)}</strong>{after}</p>'
        f'<p class="aq-about">{link(cited, "aq-differs", f"{number}{shown}")}</p></li>'
    )


def _kept(text: str) -> str:
    """Return a part of a sentence with the blank that stands at its edge."""
    start, end = " " * (text[:1].isspace()), " " * (text[-1:].isspace() and bool(text.strip()))
    return f"{start}{escaped(text)}{end}"

"""What an exported conversation says, in whatever form."""

from qa import Answer, Citation
from ui.conversations.conversation import StoredTurn
from ui.filters import Limited
from ui.remarks import translated
from ui.render import language_name, long_date, phrases
from ui.translation import _
from ui.wording import RECOGNISED, also_in, capitalized


def moment(asked: str) -> str:
    """Return a stored time: `27 May 2024, 18:05 UTC`."""
    return f"{long_date(asked[:10])}, {asked[11:16]} UTC"


def asked_line(turn: StoredTurn) -> str:
    """Return when a question was asked, and what it was limited to."""
    limits = ", ".join(phrases(Limited.read(turn.filters).filters))
    limited = _("limited to {filters}").format(filters=limits) if limits else ""
    return " · ".join(filter(None, [moment(turn.asked), limited]))


def about(cited: Citation) -> list[str]:
    """Return what is known of a source besides its title, each in whatever direction it is written."""
    recognised = _(RECOGNISED) if cited.recognised else None
    facts = (cited.source, long_date(cited.published), language_name(cited.language), recognised)
    return list(filter(None, [*facts, cited.path, also_in(cited)]))


def remarks(answer: Answer) -> list[str]:
    """Return what stands below an answer."""
    said: list[str] = []
    if answer.mode == "written" and answer.sentences:
        said.append(_("Written by a language model; every sentence was checked against its sources"))
    if answer.searched and (answer.found or not answer.beyond):
        said.append(_("Searched for: {question}").format(question=answer.searched))
    return [*said, *([capitalized(translated(answer.notice))] if answer.notice else [])]


def unanswered(turn: StoredTurn) -> str:
    """Return what stands in the place of an answer that is not there."""
    if turn.is_unreadable:
        return _("This answer is stored, but cannot be read: ask again.")
    return _("This question got no answer.")


def pieces(cited: Citation) -> tuple[str, str, str]:
    """Return a quote before, within and after the words that answer; all before if these are not known."""
    if cited.words_start is None or cited.words_end is None:
        return cited.quote, "", ""
    start, end = cited.words_start - cited.start, cited.words_end - cited.start
    if not 0 <= start < end <= len(cited.quote):
        return cited.quote, "", ""
    return cited.quote[:start], cited.quote[start:end], cited.quote[end:]

"""What stands beside the chat before the first question: what the articles are, and how to ask them."""

from index.store.catalog import Counts
from ui.translation import _, decimal, ngettext

from .text import escaped, language_name, long_date

# Name this many languages; the others are in the tab of articles.
_LANGUAGES = 8


def look_html(counts: Counts | None) -> str:
    """Return it. Without `counts` it is not known what there is."""
    held = f"<h2>{escaped(_('The articles'))}</h2>{_held(counts)}" if counts else ""
    ways = "".join(f"<li>{escaped(way)}</li>" for way in _ways())
    return f'<div class="aq-look">{held}<h2>{escaped(_("How to ask"))}</h2><ul>{ways}</ul></div>'


def articles_button(said: str, sought: str = "") -> str:
    """Return a button that leads to the tab of articles, and there searches for what is `sought`."""
    return f'<button type="button" class="aq-door" data-sought="{escaped(sought)}">{escaped(said)}</button>'


def _held(counts: Counts) -> str:
    if not counts.articles:
        return f"<p>{escaped(_('There are no articles yet.'))}</p>"
    articles = ngettext("{n} article", "{n} articles", counts.articles).format(n=decimal(counts.articles))
    stories = ngettext("{n} story", "{n} stories", counts.stories).format(n=decimal(counts.stories))
    facts = ((_("Articles"), f"{articles} · {stories}"), (_("Published"), _days(counts)))
    rows = "".join(
        f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>" for name, value in facts if value
    )
    languages = [
        f"<li>{escaped(language_name(code) or code)} <span>{escaped(decimal(number))}</span></li>"
        for code, number in counts.languages.items()
        if code != "unknown"
    ]
    if languages:
        listed = f'<ul class="aq-tongues">{"".join(languages[:_LANGUAGES])}</ul>'
        rows += f"<div><dt>{escaped(_('Languages'))}</dt><dd>{listed}</dd></div>"
    return f"<dl>{rows}</dl>{articles_button(_('See all articles'))}"


def _days(counts: Counts) -> str:
    days = [day.isoformat() for day in (counts.first_published, counts.last_published) if day]
    return " – ".join(dict.fromkeys(long_date(day) or day for day in days))


def _ways() -> tuple[str, ...]:
    return (
        _("Ask for one thing that an article says: who, when, where, how much, why."),
        _("Choose a source in an answer: its article opens here with the quote highlighted."),
        _("Filters limit a question to dates, outlets, languages, folders or tags."),
        _("Press / to go to the question, the up arrow to go to the sources, Esc to stop an answer."),
    )

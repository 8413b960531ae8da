"""What the page says, in the reader's language."""

import gettext
import io
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages import Catalog

# The languages of the page. The code speaks the first; `locale/` has a catalogue of each other one.
LANGUAGES = ("en", "de", "fr", "es", "ru", "tr")
# The catalogue of the request that is being answered. English needs none.
CATALOGUE: ContextVar[gettext.NullTranslations] = ContextVar("catalogue")
# How the reader writes dates and numbers: a language of ours, perhaps with a country.
LOCALE: ContextVar[str] = ContextVar("locale", default="en-GB")
_ENGLISH = gettext.NullTranslations()
# No browser sends more.
_LONGEST_HEADER, _MOST_LANGUAGES = 1000, 30
# They enclose a message that is part of the page itself, until the page is sent. No text holds them.
OPENING, CLOSING = "\U0010f721", "\U0010f722"

# How Babel reads scripts; by itself it overlooks messages within `${...}`.
SCRIPTS = {"parse_template_string": True}


def _(message: str) -> str:
    """Return a message of the page in the reader's language."""
    return CATALOGUE.get(_ENGLISH).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the one of two messages that suits `count`, in the reader's language."""
    return CATALOGUE.get(_ENGLISH).ngettext(one, many, count)


def label(message: str) -> str:
    """Return a message for what is made before anybody reads it: a label, a hint, a part of a template.

    It is translated when the page is sent, in `interpreter.py`. What is sent later needs `_`.
    """
    return f"{OPENING}{message}{CLOSING}"


def plain(text: str) -> str:
    """Return what `label` was given."""
    return text.replace(OPENING, "").replace(CLOSING, "")


def locale() -> "Locale":
    """Return how the reader writes dates and numbers."""
    from babel import Locale

    return Locale.parse(LOCALE.get(), sep="-")


def decimal(number: float) -> str:
    """Return a number as the reader writes it: `1,234.5`."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=locale()))


def speak(accepted: str) -> None:
    """Use the first of our languages that a browser's Accept-Language header asks for, from here on."""
    tag = preferred(accepted)
    LOCALE.set(tag)
    CATALOGUE.set(catalogue(tag.partition("-")[0]))


def language() -> str:
    """Return the language that the page speaks now."""
    return LOCALE.get().partition("-")[0]


def preferred(accepted: str) -> str:
    """Return what an Accept-Language header asks for, as far as we speak it: `de`, or `de-AT`."""
    wanted = []
    for item in accepted[:_LONGEST_HEADER].split(",")[:_MOST_LANGUAGES]:
        tag, _, weight = item.strip().partition(";")
        try:
            share = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag.split("-")[0].lower() in LANGUAGES and 0 < share <= 1:
            wanted.append((share, tag))
    # Of equals, the first.
    return _known(max(wanted, key=lambda pair: pair[0])[1]) if wanted else "en"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the messages of one of our languages."""
    stored = _stored(language)
    if stored is None:
        return _ENGLISH
    from babel.messages.mofile import write_mo

    # Catalogues are kept as translators edit them. To compile one takes some milliseconds, once.
    compiled = io.BytesIO()
    write_mo(compiled, stored)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _stored(language: str) -> "Catalog | None":
    if language == LANGUAGES[0]:
        return None
    from babel.messages.pofile import read_po

    file = files("ui").joinpath("locale", language, "LC_MESSAGES", "messages.po")
    return read_po(io.BytesIO(file.read_bytes()), locale=language)


def messages_for_js() -> tuple[dict[str, object], str]:
    """Return what `assets/messages.js` needs to speak the reader's language.

    First the language, and the translation of each message of a script or its plural forms; then the
    expression of `n` that chooses one of these.
    """
    stored = _stored(language())
    messages = {}
    for forms in _script_messages():
        kept = stored.get(forms[0]) if stored else None
        translated = kept.string if kept and kept.string else forms
        messages[forms[0]] = translated if isinstance(translated, str) or len(forms) > 1 else translated[0]
    spoken: dict[str, object] = {"language": LOCALE.get(), "messages": messages}
    return spoken, stored.plural_expr if stored else "(n != 1)"


@cache
def _script_messages() -> tuple[tuple[str, ...], ...]:
    """Return the messages of the page's scripts: one form each, or one and many."""
    from babel.messages.extract import extract

    found: dict[tuple[str, ...], None] = {}
    for script in sorted(files("ui.assets").iterdir(), key=lambda file: file.name):
        if script.name.endswith(".js"):
            for _line, message, _comments, _context in extract(
                "javascript", io.BytesIO(script.read_bytes()), options=SCRIPTS
            ):
                found[(message,) if isinstance(message, str) else tuple(message)] = None
    return tuple(found)


def _known(tag: str) -> str:
    """Return a language tag without what Babel does not know, in one spelling."""
    from babel import Locale, UnknownLocaleError

    base = tag.split("-", maxsplit=1)[0].lower()
    try:
        parsed = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return base
    return f"{base}-{parsed.territory}" if parsed.territory else base

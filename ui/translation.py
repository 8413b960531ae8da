"""What the page says, in the reader's language."""

import gettext
from contextvars import ContextVar

# The catalogue of the request that is being answered. English needs none.
CATALOGUE: ContextVar[gettext.NullTranslations] = ContextVar("catalogue")
_ENGLISH = gettext.NullTranslations()


def _(message: str) -> str:
    """Return a message of the page in the reader's language."""
    return CATALOGUE.get(_ENGLISH).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the one of two messages that suits `count`, in the reader's language."""
    return CATALOGUE.get(_ENGLISH).ngettext(one, many, count)

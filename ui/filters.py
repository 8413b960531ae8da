"""What a question is limited to, as links, answers and the page's chips say it."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from index import Filters
from index.errors import QuestionError
from index.search import Index
from index.store.filters import KINDS
from index.text.language import known_code

from .links import Link
from .render import DAYS, kind_name, pairs
from .translation import _

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limited:
    """The filters of a link, and what is said about parts of it that were left out."""

    filters: Filters = field(default_factory=Filters)
    ignored: tuple[str, ...] = ()

    @classmethod
    def read(cls, link: str) -> "Limited":
        """Read `?f=NAME:VALUE&...`. What is no filter is left out, and said to be."""
        given: dict[str, list[str]] = {}
        ignored = []
        for name, value in Link.read(link).filters:
            if name not in (*DAYS, *KINDS):
                ignored.append(_("There is no filter “{name}”, so it is left out.").format(name=name))
            elif name in DAYS and (given.get(name) or not _is_day(value)):
                ignored.append(_("“{value}” is not a day, so it is left out.").format(value=value))
            else:
                given.setdefault(name, []).append(_plain(name, value))
        days = {name: given.pop(name)[0] for name in DAYS if name in given}
        kinds: dict[str, Any] = {**given}
        try:
            return cls(Filters.of(since=days.get("since"), until=days.get("until"), **kinds), tuple(ignored))
        except QuestionError:
            ignored.append(_("The first day is after the last, so both are left out."))
            return cls(Filters(**kinds), tuple(ignored))

    @property
    def link(self) -> str:
        """Return the filters as a link has them; nothing if there are none."""
        return str(Link(filters=pairs(self.filters)))

    def known(self, index: Index) -> "Limited":
        """Return the same without values that no article has, saying so. Raises ArticleQAError."""
        unknown = [
            (kind, value) for kind, value, alone in self.filters.values() if not index.facets(alone).articles
        ]
        kept: dict[str, Any] = {
            kind: [value for value in self.filters.of_kind(kind) if (kind, value) not in unknown]
            for kind in KINDS
        }
        said = [
            _("No article has “{value}” ({kind}), so it is left out.").format(
                value=value, kind=kind_name(kind)
            )
            for kind, value in unknown
        ]
        return Limited(replace(self.filters, **kept), (*self.ignored, *said))


def _plain(name: str, value: str) -> str:
    """Return a value as the chips have it, so that one chosen there and one in a link are the same."""
    if name == "language":
        return known_code(value)
    return value.removeprefix("./").rstrip("/") or value if name == "path" else value


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False

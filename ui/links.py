"""Links into the page: to a question, to a conversation, and what either is limited to."""

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

# The name of a conversation is as long as chance has to make it: nobody can guess one.
CONVERSATION = re.compile("[A-Za-z0-9_-]{22}")
_FILTER = re.compile(r"([a-z]{1,20}):(.{1,300})", re.DOTALL)
_TAB = re.compile("[a-z]{1,20}")
_MOST_FIELDS, _MOST_FILTERS, _MOST_CHARACTERS = 100, 50, 20_000


@dataclass(frozen=True, slots=True)
class Link:
    """What follows the page's address.

    `?q=` has a question that the page asks, `?draft=` one that it only fills in, `?c=` a conversation,
    `?tab=` the tab that is open if that is not the chat. Each `f=NAME:VALUE` is a filter; one name may come
    several times.
    """

    question: str = ""
    draft: str = ""
    conversation: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    tab: str = ""

    @classmethod
    def read(cls, query: str) -> "Link":
        """Read the part of an address from `?` on; what the page doesn't know or couldn't be is left out."""
        try:
            fields = parse_qsl(query[:_MOST_CHARACTERS].removeprefix("?"), max_num_fields=_MOST_FIELDS)
        except ValueError:
            return cls()
        named = dict(reversed(fields))
        conversation = named.get("c", "")
        filters = [_FILTER.fullmatch(value) for name, value in fields if name == "f"]
        return cls(
            question=named.get("q", ""),
            draft=named.get("draft", ""),
            conversation=conversation if CONVERSATION.fullmatch(conversation) else "",
            filters=tuple((found[1], found[2]) for found in filters if found)[:_MOST_FILTERS],
            tab=tab if _TAB.fullmatch(tab := named.get("tab", "")) else "",
        )

    def unasked(self) -> "Link":
        """Return it with its question only filled in: for a reader who may not know where it comes from."""
        return replace(self, question="", draft=self.question or self.draft)

    def __str__(self) -> str:
        """Return it as an address has it; nothing for the page as it begins."""
        named = [("q", self.question), ("draft", self.draft), ("c", self.conversation), ("tab", self.tab)]
        fields = [(name, value) for name, value in named if value]
        fields += [("f", f"{name}:{value}") for name, value in self.filters]
        return f"?{urlencode(fields)}" if fields else ""

"""The stored conversations: a list beside the chat, and what of the chat is stored."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from ui.assets import asset
from ui.conversations.keeper import Keeper, Kept
from ui.filters import Limited
from ui.links import Link
from ui.render import Turn, messages

from .asking import Sent

CONVERSATIONS = "aq-talks"

Shown = tuple[Any, list[Turn]]
Ask = Callable[[str, str | None, list[Turn], gr.Request], Iterator[Shown]]


class Conversations:
    """The part of the chat that stores it and brings it back."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.kept = gr.State(Kept())
        # Its value is an address that the reader opens, and then what the page shows.
        self.list = gr.HTML(
            elem_id=CONVERSATIONS,
            apply_default_css=False,
            value="",
            html_template="<!-- conversations.js fills it -->",
            js_on_load=asset("conversations.js"),
        )

    def stored(self, ask: Ask) -> Callable[..., Iterator[tuple[Any, ...]]]:
        """Return `ask` so that it stores what is asked and answered, even if it is called off."""

        def stored(
            sent: str, limits: str | None, turns: list[Turn], kept: Kept, request: gr.Request
        ) -> Iterator[tuple[Any, ...]]:
            question = Sent.read(sent).question
            filters = Limited.read(limits or "").link
            now = self._keeper.asked(request.request.scope, kept, question, len(turns), filters)
            if now.is_anew:
                turns = []
            newest, is_stored, trouble, told = None, False, now.trouble, _told(now)
            try:
                for chat, shown in ask(sent, limits, turns, request):
                    newest = shown[-1]
                    # What a page shows as complete is on the disk.
                    if not is_stored and newest.answer and newest.answer.writing is None:
                        is_stored, trouble = True, self._keeper.answered(now, newest.answer)
                    yield chat, shown, now, told
                    told = gr.skip()
            finally:
                if not is_stored and newest:
                    trouble = self._keeper.answered(now, newest.stopped().answer)
            yield gr.skip(), gr.skip(), gr.skip(), _told(now, trouble, answered=True)

        return stored

    def opened(self, address: str) -> tuple[Any, list[Turn], str, Kept, str]:
        """Return what the page shows at an address: a stored conversation or none, and its filters.

        An address without filters has those of its conversation.
        """
        link = Link.read(address)
        turns, kept = self._keeper.opened(link.conversation) if link.conversation else ([], Kept())
        filters = str(Link(filters=link.filters or Link.read(kept.filters).filters)) or "?"
        # What is only said, such as that the conversation is gone, is no turn of one.
        return (
            messages(turns),
            [turn for turn in turns if turn.question],
            filters,
            kept,
            _told(kept, opened=address),
        )

    def begun(self) -> tuple[Kept, str]:
        """Return what stands for a conversation before its first question."""
        return Kept(), _told(Kept())


def _told(kept: Kept, trouble: str = "", *, answered: bool = False, opened: str | None = None) -> str:
    """Return what the list's script needs to know of what the page shows.

    `opened` is the address that it asked for, if it did.
    """
    told: dict[str, object] = {
        "conversation": kept.conversation,
        "turns": [key or 0 for key in kept.turns],
        "answered": answered,
        "trouble": trouble or kept.trouble,
    }
    return json.dumps(told if opened is None else {**told, "opened": opened})

"""The stored conversations: a list beside the chat, and what of the chat is stored."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from ui.assets import asset
from ui.conversations.keeper import Keeper, Kept
from ui.links import Link
from ui.render import Turn, messages

CONVERSATIONS = "aq-talks"

Shown = tuple[Any, list[Turn]]
Ask = Callable[[str, list[Turn], gr.Request], Iterator[Shown]]


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
            html_template='<div class="aq-talks"></div>',
            js_on_load=asset("conversations.js"),
        )

    def stored(self, ask: Ask) -> Callable[..., Iterator[tuple[Any, ...]]]:
        """Return `ask` so that it stores what is asked and answered, even if it is called off."""

        def stored(
            question: str, turns: list[Turn], kept: Kept, request: gr.Request
        ) -> Iterator[tuple[Any, ...]]:
            # A browser's string may hold half a character, which no file may.
            whole = question.encode("utf-8", "replace").decode()
            now = self._keeper.asked(request.scope, kept, whole, len(turns))
            newest, trouble, told = None, now.trouble, _told(now)
            try:
                for chat, shown in ask(question, turns, request):
                    newest = shown[-1]
                    yield chat, shown, now, told
                    told = gr.skip()
            finally:
                answer = newest.stopped().answer if newest else None
                trouble = self._keeper.answered(now, answer)
            yield gr.skip(), gr.skip(), gr.skip(), _told(now, trouble, answered=True)

        return stored

    def opened(self, address: str) -> tuple[Any, list[Turn], Kept, str]:
        """Return what the page shows at an address: a stored conversation, or none."""
        link = Link.read(address)
        turns, kept = self._keeper.opened(link.conversation) if link.conversation else ([], Kept())
        # What is only said, such as that the conversation is gone, is no turn of one.
        return messages(turns), [turn for turn in turns if turn.question], kept, _told(kept)

    def begun(self) -> tuple[Kept, str]:
        """Return what stands for a conversation before its first question."""
        return Kept(), _told(Kept())


def _told(kept: Kept, trouble: str = "", *, answered: bool = False) -> str:
    """Return what the list's script needs to know of what the page shows."""
    told = {
        "conversation": kept.conversation,
        "turns": [key or 0 for key in kept.turns],
        "answered": answered,
        "trouble": trouble or kept.trouble,
    }
    return json.dumps(told)

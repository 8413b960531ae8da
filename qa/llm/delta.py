"""What a language model adds to its text in one step."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delta:
    """What a model adds to its text, with the log probability of each token if the model tells it.

    An empty text is a sign of life.
    """

    text: str
    logprobs: tuple[float, ...] = ()


# Takes what a model adds, and returns whether the model may go on.
Take = Callable[[Delta], bool]

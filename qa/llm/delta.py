"""What a language model adds to its text at a time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delta:
    """What a model adds to its text; for each of its tokens the logarithm of how likely it was, if told."""

    text: str
    logprobs: tuple[float, ...] = ()

"""How much of the answer a sentence holds, judged by which words of the evidence answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.names import WORD, is_among, words

from .numerals import numbers


@dataclass(frozen=True, slots=True)
class Located:
    """The words of a text that answer a question, and how likely they do, 0 to 1."""

    text: str
    likelihood: float


def share_held(question: str, sentence: str, located: Sequence[Located]) -> float:
    """Return how much of the answer to `question` that was located is also in `sentence`, 0 to 1.

    Words of the question do not count. Words that answer count with how likely they do.
    """
    asked, said = words(question), words(sentence)
    counted = [number.values for number in numbers(sentence)]
    total = held = 0.0
    for found in located:
        telling, taken = (np.zeros(len(found.text), bool) for _ in range(2))
        for match in WORD.finditer(found.text):
            telling[match.start() : match.end()] = not is_among(match.group(), asked)
            taken[match.start() : match.end()] = is_among(match.group(), said)
        for number in numbers(found.text):
            if any(number.values & values for values in counted):
                taken[number.start : number.end] = True
        total += found.likelihood
        held += found.likelihood * float((telling & taken).sum() / max(1, telling.sum()))
    return held / max(total, 1e-9)

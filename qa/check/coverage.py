"""How much of the answer a sentence holds, judged by where an encoder locates the answer in the evidence."""

from collections.abc import Sequence

import numpy as np

from index.model.answer_spans import Located

from .names import WORD, is_among, words
from .numerals import numbers

# Tokens less than half as likely as the likeliest are not part of the answer. Not tuned: the usual width of a
# peak at half its height.
_PEAK = 0.5


def share_held(question: str, sentence: str, texts: Sequence[str], located: Sequence[Located]) -> float:
    """Return how much of the answer to `question` that is in `texts` is also in `sentence`, 0 to 1.

    Words of the question do not count. A text counts with the square of how likely it is to have an answer.
    """
    asked, said = words(question), words(sentence)
    counted = [number.values for number in numbers(sentence)]
    total = held = 0.0
    for text, found in zip(texts, located, strict=True):
        least = _PEAK * found.likelihood.max(initial=0.0)
        likely = np.where(found.likelihood >= least, found.likelihood, 0.0)
        taken = np.zeros(len(likely), bool)
        for match in WORD.finditer(text):
            inside = found.within(match.start(), match.end())
            if not likely[inside].any():
                continue
            if is_among(match.group(), asked):
                likely[inside] = 0.0
            if is_among(match.group(), said):
                taken |= inside
        for number in numbers(text):
            if any(number.values & values for values in counted):
                taken |= found.within(number.start, number.end)
        weight = (1.0 - found.nowhere) ** 2
        total += weight
        held += weight * float(likely[taken].sum() / max(float(likely.sum()), 1e-9))
    return held / max(total, 1e-9)

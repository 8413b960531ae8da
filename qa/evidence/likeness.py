"""How similar an encoder finds a question and its answer, on the scale of the bundled one.

What counts as a high cosine differs from encoder to encoder: the published multilingual-e5-small gives 0.74
to a text about something else, the bundled encoder 0.44. The confidence is fitted on the bundled one. Another
encoder is measured on the same questions and texts, and its cosines are moved to that scale.
"""

import functools
import json
import weakref
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import Encoder
from index.model.arrays import Vectors

PAIRS = Path(__file__).with_name("likeness.json")
# An encoder that finds no difference says nothing; its cosines are not blown up to look as if it did.
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Scale:
    """The mean cosine of questions to texts about something else, and to those that answer them."""

    unrelated: float
    related: float


def scale(questions: Vectors, texts: Vectors) -> Scale:
    """Return the scale of unit vectors; each row belongs to a question and its text."""
    cosines = questions @ texts.T
    own = float(np.trace(cosines))
    count = len(cosines)
    return Scale((float(cosines.sum()) - own) / (count * (count - 1)), own / count)


def on_our_scale(cosine: float, encoder: Encoder) -> float:
    """Return a cosine of `encoder` as the bundled encoder would have it."""
    if encoder.is_taught:
        return cosine
    ours, theirs = _pairs()[0], _measured(encoder)
    width = max(theirs.related - theirs.unrelated, _LEAST)
    return ours.unrelated + (cosine - theirs.unrelated) * (ours.related - ours.unrelated) / width


@functools.cache
def _pairs() -> tuple[Scale, list[str], list[str]]:
    said = json.loads(PAIRS.read_text("utf-8"))
    questions, texts = zip(*said["pairs"], strict=True)
    return Scale(said["unrelated"], said["related"]), list(questions), list(texts)


_scales: "weakref.WeakKeyDictionary[Encoder, Scale]" = weakref.WeakKeyDictionary()


def _measured(encoder: Encoder) -> Scale:
    """Return the scale of an encoder, measured the first time."""
    if encoder not in _scales:
        _, questions, texts = _pairs()
        _scales[encoder] = scale(encoder.point(questions), encoder.encode(texts))
    return _scales[encoder]

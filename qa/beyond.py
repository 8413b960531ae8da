"""Questions that no quote answers: how many articles there are, what they say in sum, a task.

A question is compared with the examples in `index/lexicon/`, by the encoder and not by words, so that it may
be put in other words and in other languages.
"""

import functools
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import regex

from index import Encoder
from index.lexicon import words
from index.model.arrays import Vectors
from index.text.words import unmarked

from .answer import BeyondKind

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*")
# The longest name that is searched for.
_LONGEST = 200
_KINDS: tuple[BeyondKind, ...] = ("count", "summary", "catalogue", "task")


@dataclass(frozen=True, slots=True)
class BeyondMargin:
    """When a question counts as one that no quote answers."""

    nearer: float = 0.08
    """So much nearer, in cosine, is it to an example of these than to one of ordinary questions.

    Fitted in November 2026 by `python -m bench.beyond fit`, which prints what each value does.
    """


MARGIN = BeyondMargin()


class BeyondQuotes:
    """Tells what a question asks for that no quote can give; safe for several threads.

    Only the bundled encoder does, since the margin is one of its cosines.
    """

    def __init__(self, encoder: Encoder, margin: BeyondMargin = MARGIN) -> None:
        self._encoder, self._margin = encoder, margin
        self._lock = threading.Lock()

    def kind(self, question: str) -> BeyondKind | None:
        """Return the kind of such a question, None for an ordinary one."""
        if not self._encoder.is_taught:
            return None
        ((kind, nearer),) = self.nearest([question])
        return kind if nearer >= self._margin.nearer else None

    def nearest(self, questions: Sequence[str]) -> list[tuple[BeyondKind, float]]:
        """Return each question's nearest kind, and how much nearer it is than ordinary questions."""
        with self._lock:
            middle, vectors, kinds = self._examples
        likeness = _centred(self._encoder.encode(questions, question=True), middle) @ vectors.T
        best = np.stack([likeness[:, kinds == number].max(axis=1) for number in range(len(_KINDS) + 1)])
        kind = best[:-1].argmax(axis=0)
        nearer = best[:-1].max(axis=0) - best[-1]
        return [(_KINDS[number], float(by)) for number, by in zip(kind, nearer, strict=True)]

    @functools.cached_property
    def _examples(self) -> tuple[Vectors, Vectors, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
        """Return the middle of all examples, their vectors around it, and the number of each one's kind."""
        texts = [
            words(lambda language: language.beyond.count),
            words(lambda language: language.beyond.summary),
            words(lambda language: language.beyond.catalogue),
            words(lambda language: language.beyond.task),
            words(lambda language: language.beyond.ordinary),
        ]
        kinds = np.repeat(np.arange(len(texts)), [len(listed) for listed in texts])
        vectors = self._encoder.encode([text for listed in texts for text in listed], question=True)
        middle = vectors.mean(axis=0)
        return middle, _centred(vectors, middle), kinds


def named(question: str) -> str:
    """Return what a question names that asks how many articles there are about it, or nothing.

    The examples hold the words of such questions; what is left are names and numbers, or one word. The
    question's first word has a capital whatever it is: it is a name if another follows, or if none else does.
    """
    usual, every = _usual_words(), _WORD.findall(question)
    left = [number for number, word in enumerate(every) if unmarked(word) not in usual]
    names = [number for number in left if every[number][0].isupper() or every[number][0].isdigit()]
    if len(names) > 1 and names[0] == 0 and names[1] > 1:
        del names[0]
    return " ".join(every[number] for number in names or (left if len(left) == 1 else []))[:_LONGEST]


@functools.cache
def _usual_words() -> frozenset[str]:
    examples = words(lambda language: (*language.beyond.count, *language.beyond.summary))
    return frozenset(unmarked(word) for example in examples for word in _WORD.findall(example))


def _centred(vectors: Vectors, middle: Vectors) -> Vectors:
    """Return vectors as they lie around `middle`, of unit length: those of texts are much alike."""
    apart: Vectors = vectors - middle
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-12)
    return apart

"""The tuned numbers that decide which written sentences are shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WritingThresholds:
    """What a written sentence needs besides support by its evidence.

    Set in November 2026 on what the local model wrote for bench/data/bbc_questions.jsonl. `python -m
    bench.written scan OUT.jsonl` shows what each number is worth: how many answers would be right, wrong and
    none with a smaller and with a greater one. How sure the model has to be belongs to the model
    (`LOCAL` in qa/llm/model.py).
    """

    speaks_to: float = 0.6
    """How well a sentence has to match the words of the question. A worse match answers another question."""

    held: float = 0.4
    """How much less sure the model may be of a sentence that holds all of the located answer than of one that
    holds none, as a mean of logarithms."""

    held_usual: float = 0.3
    """The share of the located answer at which `held` changes nothing."""

    common: float = 10.5
    """A word whose tokens all weigh less is a common one, and says nothing new."""


WRITING = WritingThresholds()

"""The tuned numbers of the support check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SupportWeights:
    """How a claim is judged to follow from its evidence, by its words.

    All of it rests on the groups of bench/data/support_pairs.jsonl with even numbers, and was set in November
    2026. `python -m bench.support fit` fits the logistic curve; a fit on 27 November came within a sixth of
    each number and judged every half the same. `python -m bench.support scan` shows what each of the other
    numbers is worth: what smaller and greater ones would catch and keep.
    """

    worst: float = 4.85
    """Curve: how well the worst matched of the new words are matched, at most `there`."""

    strange: float = 13.15
    """Curve: how well the worst matched of the new names is matched, at most `named`."""

    exchange: float = 23.3
    """Curve: how much better the claim fits than with two names exchanged, at most `most_exchange`."""

    denied: float = -1.18
    """Curve: whether one of claim and evidence denies what the other says."""

    opposed: float = -1.8
    """Curve: whether claim and evidence have the two sides of a pair of opposites."""

    added: float = -0.34
    """Curve: how many new words are matched worse than `not_there`, at most `most_added`."""

    bias: float = -10.58
    """Curve: its constant."""

    supported: float = 0.45
    """A claim follows if the curve has at least this value."""

    stranger: float = 0.56
    """A new name that is matched worse is somebody else's, whatever the curve says."""

    verbatim: float = 0.7
    """From this `worst` on, all of the claim's words are taken from the evidence ..."""

    turned: float = -0.01
    """... and then a negation, or an `exchange` below this, is what the claim changed."""

    worst_of: int = 3
    """How many new words `worst` is the mean of."""

    there: float = 0.75
    """A new word that is matched this well is in the evidence, in another language. Better matches say no
    more."""

    named: float = 0.62
    """The same for a name, which is translated less literally."""

    not_there: float = 0.46
    """A new word that is matched worse is not in the evidence in any language."""

    most_added: int = 3
    """More added words make a claim no less likely."""

    most_exchange: float = 0.03
    """A greater `exchange` says no more. A claim without two names has this one."""


SUPPORT = SupportWeights()

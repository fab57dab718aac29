"""How good a matcher is, in figures that anybody can compute again from its first guesses.

Shares are 0 to 1. A question whose right answer is `OUT_OF_SCOPE` has none: answering it is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

OUT_OF_SCOPE = "__oos__"


@dataclass(frozen=True, slots=True)
class Guess:
    """What became of one question: what was right, what was found, and whether it was said."""

    right: str
    found: tuple[str, ...]  # best first
    score: float  # of the first; 0 when nothing was found
    answered: bool
    belonging: float  # how much the question seems to have an answer at all

    @property
    def inside(self) -> bool:
        """Whether some answer was right."""
        return self.right != OUT_OF_SCOPE

    @property
    def correct(self) -> bool:
        """Whether the first answer found is the right one."""
        return self.found[:1] == (self.right,)


def top(guesses: Sequence[Guess], most: int) -> float | None:
    """The share of questions in scope whose answer is among the first `most` found."""
    return _share([one.right in one.found[:most] for one in guesses if one.inside])


def precision(guesses: Sequence[Guess]) -> float | None:
    """The share of answers given that were right; None when none was given."""
    return _share([one.correct for one in guesses if one.answered])


def coverage(guesses: Sequence[Guess]) -> float | None:
    """The share of questions in scope that were answered, rightly or not."""
    return _share([one.answered for one in guesses if one.inside])


def refused(guesses: Sequence[Guess]) -> float | None:
    """The share of questions out of scope that were not answered; None when there are none."""
    return _share([not one.answered for one in guesses if not one.inside])


def auroc(guesses: Sequence[Guess]) -> float | None:
    """How often a question in scope belongs more than one out of scope; ties count half."""
    inside = np.array([one.belonging for one in guesses if one.inside])
    outside = np.sort([one.belonging for one in guesses if not one.inside])
    if not len(inside) or not len(outside):
        return None
    below = np.searchsorted(outside, inside, "left") + np.searchsorted(outside, inside, "right")
    return float(below.mean() / 2 / len(outside))


def oracle_coverage(guesses: Sequence[Guess], wanted: float) -> float | None:
    """The largest coverage any threshold gives with at least this precision, known afterwards."""
    if not any(one.inside for one in guesses):
        return None
    ordered = sorted(guesses, key=lambda one: -one.score)
    scores = np.array([one.score for one in ordered])
    correct = np.cumsum([one.correct for one in ordered])
    inside = np.cumsum([one.inside for one in ordered])
    # A threshold stands between two scores, never between two equal ones.
    last = np.append(scores[1:] < scores[:-1], True) & (scores > 0)
    fits = last & (correct >= wanted * np.arange(1, len(ordered) + 1))
    return float(inside[fits].max(initial=0) / inside[-1])


def _share(facts: Sequence[bool]) -> float | None:
    return sum(facts) / len(facts) if facts else None

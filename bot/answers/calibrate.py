"""What a score is worth, learned from the examples alone: how likely the first answer is right.

Every example is asked as if it were not there, which shows what right answers look like, and again
as if its whole answer were not there, which shows what questions look like that nobody has
answered yet. Pure: no random numbers, the same cases give the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STRANGE_SHARE = 0.08  # of the questions that come, taken to have no answer, though near to one
ENOUGH_CASES = 60  # below, what was measured on other content counts alone
_PRIOR_CASES = 100.0  # how many cases what was measured elsewhere is worth
_STEPS = 12
# "Giá vàng hôm nay" is like "hôm nay có gì", but asks for more: the examples of an answer have to
# speak of half of the question. What speaks of less is not answered, so it counts for no threshold.
ANSWER_COVERED = 0.5
_ELSEWHERE = 1 / 3  # of it may speak of what other answers are about
NEVER = 1.0  # no score reaches what is wanted: only an example typed word for word is answered


class Signals(NamedTuple):
    """What speaks for the first answer being the right one."""

    score: float  # what the regression says for it
    lead: float  # over the second
    nearest: float  # likeness of its nearest example
    agreeing: float  # mean likeness of its three nearest examples
    covered: float  # the share of the question its examples speak of
    known: float  # the share of the question any example speaks of
    length: float  # logarithm of the number of words

    def belonging(self, explained: float) -> float:
        """How much the question is of this content at all, whichever answer is the right one.

        Without the lead, which tells answers apart. `explained` is what all near answers together
        say for it. A plain sum does better than fitted weights, on every set that was tried.
        """
        of_it = self.score + self.nearest + self.covered / 2
        return of_it + explained / 3 + self.length / 10

    @staticmethod
    def measured(words: int) -> float:
        """The length of a question of so many words."""
        return log(1 + words)


class Case(NamedTuple):
    """An example asked as a question: what was seen, whether the first answer was the right one."""

    signals: Signals
    right: bool
    strange: bool  # its answer was left out


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns signals into how likely the first answer is right, and says when that is enough."""

    start: float
    weights: tuple[float, ...]
    threshold: float  # from here the share of right answers is the one wanted
    careful: float  # the same for sensitive answers, where more is wanted
    cases: int = 0  # of this content; 0 when only other content was measured

    def likely(self, signals: Signals) -> float:
        """0 to 1."""
        weighed = self.start + sum(w * s for w, s in zip(self.weights, signals, strict=True))
        return 1 / (1 + exp(-max(-30.0, min(weighed, 30.0))))


# Fitted over the sets of docs/answers.md together, each set weighing the same.
MEASURED = Scale(
    start=-2.5,
    weights=(0.8, 5.2, 1.6, 0.5, 1.9, -1.3, 0.35),
    threshold=0.8,
    careful=0.9,
)


def calibrated(cases: Sequence[Case], wanted: float, careful: float) -> Scale:
    """The scale of this content, for the shares of right answers wanted, ordinary and sensitive."""
    inside = sum(not case.strange for case in cases)
    if inside < ENOUGH_CASES:
        return MEASURED
    seen = np.array([(1.0, *case.signals) for case in cases])
    right = np.array([case.right for case in cases], dtype=np.float64)
    counts = counted(cases)
    weights = fitted(seen, right, counts, np.array([MEASURED.start, *MEASURED.weights]))
    likely = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
    given = np.array([is_enough(case.signals.covered, case.signals.known) for case in cases])
    likely, right, counts = likely[given], right[given], counts[given]
    return Scale(
        start=float(weights[0]),
        weights=tuple(weights[1:].tolist()),
        threshold=reached(likely, right, counts, wanted),
        careful=reached(likely, right, counts, careful),
        cases=inside,
    )


def is_enough(covered: float, known: float) -> bool:
    """Whether an answer speaks of enough of a question to be its answer.

    Words that only other answers speak of count more against it than words that none does.
    """
    return covered >= max(ANSWER_COVERED, known - _ELSEWHERE)


def counted(cases: Sequence[Case]) -> NDArray[np.float64]:
    """How much each case counts, so that strange ones are the share they are expected to be."""
    strange = np.array([case.strange for case in cases])
    ratio = STRANGE_SHARE / (1 - STRANGE_SHARE) * (~strange).sum() / max(strange.sum(), 1)
    return np.where(strange, ratio, 1.0)


def fitted(
    seen: NDArray[np.float64],
    right: NDArray[np.float64],
    counts: NDArray[np.float64],
    prior: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Logistic regression by Newton's steps, held back towards weights measured elsewhere."""
    hold = _PRIOR_CASES * 0.25 * np.diag(seen.var(axis=0) + 0.01)
    weights = prior.copy()
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        slope = seen.T @ (counts * (right - likely)) - hold @ (weights - prior)
        curve = (seen * (counts * likely * (1 - likely))[:, None]).T @ seen + hold
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def reached(
    likely: NDArray[np.float64],
    right: NDArray[np.float64],
    counts: NDArray[np.float64],
    wanted: float,
) -> float:
    """The least score from which the share of right answers is the one wanted, or NEVER.

    What was seen and what the regression expects count alike, and half a wrong answer is added, so
    that a lucky run at the top is not taken for a rule.
    """
    order = np.argsort(-likely, kind="stable")
    scores = likely[order]
    good = np.cumsum(((right + likely) / 2 * counts)[order])
    given = np.cumsum(counts[order]) + 0.5
    last = np.append(scores[1:] < scores[:-1], True)
    fits = np.flatnonzero(last & (good >= wanted * given))
    return float(scores[fits[-1]]) if len(fits) else NEVER

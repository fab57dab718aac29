"""Which answer a likeness to the examples speaks for: ridge regression among the nearest answers.

Only the eight nearest answers and their examples are weighed, in closed form, while the question
waits. Nothing is learned beforehand, so an edit is live at once, and it is as right as a softmax
over all answers (docs/answers.md). The same examples give the same scores.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.answers.features import Floats, Whole

NEAREST = 8  # answers
EACH = 12  # of their examples at most, the nearest
_LOOKED_AT = 20
_AGREEING = 3  # an answer is as near as its three nearest examples
_DAMPING = np.float32(0.3)
LEFT_OUT = -1.0  # the likeness of an example that is to be treated as if it were not there


@dataclass(frozen=True, slots=True)
class Standing:
    """The nearest answers, best first: which, how much speaks for each, how near each is."""

    answers: Whole
    scores: Floats  # about 1 when everything speaks for an answer, 0 when nothing does
    nearest: Floats  # the likeness of its nearest example
    agreeing: Floats  # the mean likeness of its three nearest examples


def stand(likeness: Floats, begin: Whole, gram: Callable[[Whole], Floats]) -> Standing:
    """Weighs the answers; the examples of answer `a` are `begin[a]` to `begin[a + 1]`.

    `gram` gives the likeness of some examples to each other.
    """
    tops = np.maximum.reduceat(likeness, begin[:-1])
    near = np.argsort(-tops, kind="stable")[:_LOOKED_AT]
    near = near[tops[near] > 0]
    agreeing = np.array([_agreeing(likeness[begin[a] : begin[a + 1]]) for a in near], np.float32)
    chosen = np.argsort(-(agreeing + tops[near]), kind="stable")[:NEAREST]
    near, agreeing = near[chosen], agreeing[chosen]
    scores = _ridge(likeness, [_examples(likeness, begin, a) for a in near], gram)
    order = np.argsort(-scores, kind="stable")
    return Standing(near[order].astype(np.int32), scores[order], tops[near][order], agreeing[order])


def _agreeing(likeness: Floats) -> float:
    left = likeness[likeness >= 0]
    best = np.sort(left)[-_AGREEING:]
    return float(best.sum()) / _AGREEING


def _examples(likeness: Floats, begin: Whole, answer: int) -> Whole:
    theirs = np.arange(begin[answer], begin[answer + 1], dtype=np.int32)
    theirs = theirs[likeness[theirs] >= 0]
    if len(theirs) > EACH:
        theirs = theirs[np.argsort(-likeness[theirs], kind="stable")[:EACH]]
    return theirs


def _ridge(likeness: Floats, some: list[Whole], gram: Callable[[Whole], Floats]) -> Floats:
    if not some:
        return np.zeros(0, dtype=np.float32)
    examples = np.concatenate(some)
    damped = gram(examples) + _DAMPING * np.eye(len(examples), dtype=np.float32)
    weights = np.linalg.solve(damped, likeness[examples])
    borders = np.cumsum([0, *map(len, some)])[:-1]
    return np.asarray(np.add.reduceat(weights, borders), dtype=np.float32)

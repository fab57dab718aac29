"""The figures of a bench, on guesses small enough to count by hand."""

import pytest

from bot.answers.measure import (
    OUT_OF_SCOPE,
    Guess,
    auroc,
    coverage,
    oracle_coverage,
    precision,
    refused,
    top,
)

GUESSES = [
    Guess("a", ("a", "b"), 0.9, answered=True, belonging=0.9),
    Guess("b", ("b",), 0.8, answered=True, belonging=0.8),
    Guess("c", ("a", "b", "c"), 0.7, answered=True, belonging=0.7),
    Guess(OUT_OF_SCOPE, ("a",), 0.7, answered=True, belonging=0.7),
    Guess("d", ("a", "b", "c", "d"), 0.2, answered=False, belonging=0.2),
    Guess(OUT_OF_SCOPE, (), 0.0, answered=False, belonging=0.0),
]


def test_the_figures_of_a_bench() -> None:
    assert [top(GUESSES, 1), top(GUESSES, 3)] == [0.5, 0.75]
    assert [precision(GUESSES), coverage(GUESSES), refused(GUESSES)] == [0.5, 0.75, 0.5]
    # Against 0.7: two above, one level, one below; against 0.0 all four above.
    assert auroc(GUESSES) == (2.5 + 4) / 8


@pytest.mark.parametrize(("wanted", "share"), [(1.0, 0.5), (0.6, 0.5), (0.5, 0.75), (0.3, 1.0)])
def test_a_threshold_stands_between_different_scores_only(wanted: float, share: float) -> None:
    assert oracle_coverage(GUESSES, wanted) == share


def test_figures_of_nothing_are_none() -> None:
    inside = [Guess("a", (), 0.0, answered=False, belonging=0.0)]
    assert [top([], 1), precision(inside), refused(inside), auroc(inside)] == [None] * 4
    assert oracle_coverage([], 0.95) is None
    assert oracle_coverage(inside, 0.95) == 0.0

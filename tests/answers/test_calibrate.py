"""What a score is worth: learned from cases, held back where there are few, never guessed."""

from dataclasses import replace

import numpy as np
import pytest

from bot.answers.calibrate import (
    ENOUGH_CASES,
    MEASURED,
    NEVER,
    STRANGE_SHARE,
    Case,
    Signals,
    calibrated,
    counted,
    is_enough,
    reached,
)


def case(score: float, *, right: bool, strange: bool = False) -> Case:
    return Case(Signals(score, score, score, score, 1.0, 1.0, 1.5), right, strange)


CLEAR = [case(0.5 + at / 400, right=True) for at in range(200)]
STRANGE = [case(at / 800, right=False, strange=True) for at in range(200)]


def test_few_cases_count_on_what_was_measured_elsewhere() -> None:
    assert calibrated(CLEAR[: ENOUGH_CASES - 1], 0.95, 0.98) == MEASURED
    assert calibrated([], 0.95, 0.98) == MEASURED


def test_a_score_tells_right_cases_from_strange_ones() -> None:
    scale = calibrated(CLEAR + STRANGE, 0.95, 0.98)
    assert scale.cases == 200
    assert scale.likely(CLEAR[-1].signals) > scale.threshold > scale.likely(STRANGE[0].signals)
    assert scale.careful >= scale.threshold


def test_cases_in_any_order_give_the_same_scale() -> None:
    one, other = (calibrated(cases, 0.95, 0.98) for cases in (CLEAR + STRANGE, STRANGE + CLEAR))
    assert one.weights == pytest.approx(other.weights)
    assert one.threshold == pytest.approx(other.threshold)


def test_where_precision_cannot_be_reached_no_score_is_enough() -> None:
    hopeless = [case(0.5, right=at % 2 == 0) for at in range(200)]
    assert calibrated(hopeless, 0.95, 0.98).threshold == NEVER


def test_strange_cases_count_as_the_share_expected() -> None:
    counts = counted([*CLEAR, *STRANGE[:50]])
    assert counts[200:].sum() / counts.sum() == pytest.approx(STRANGE_SHARE)


def test_the_threshold_is_the_least_score_that_keeps_the_precision() -> None:
    likely = np.array([0.99, 0.98, 0.97, 0.96, 0.2])
    right = np.array([1.0, 1, 1, 1, 0])
    assert reached(likely, right, np.full(5, 100.0), 0.95) == 0.96
    assert reached(likely, right, np.full(5, 100.0), 0.7) == 0.2
    assert reached(likely, right, np.full(5, 0.1), 0.95) == NEVER


def test_likely_is_a_share() -> None:
    far = replace(MEASURED, start=-1000.0)
    assert 0 < far.likely(Signals(0, 0, 0, 0, 0, 0, 0)) < 1e-9
    assert MEASURED.likely(Signals(1, 1, 1, 1, 1, 1, 1)) > 0.9


@pytest.mark.parametrize(
    ("covered", "known", "enough"),
    [(1.0, 1.0, True), (0.5, 0.5, True), (0.49, 0.5, False), (0.6, 1.0, False), (0.6, 0.9, True)],
)
def test_what_other_answers_speak_of_counts_against_this_one(
    covered: float, known: float, enough: bool
) -> None:
    assert is_enough(covered, known) == enough

"""Answers that are taken for one another are named, with what would tell them apart."""

from dataclasses import replace

import pytest

from bot.answers import Example, Matcher
from bot.answers.calibrate import NEVER
from bot.answers.confusable import confusable, reach

ROOM, BUS = "room", "bus"
PAIRS = (
    (ROOM, "tôi ở phòng nào"),
    (ROOM, "phòng của tôi số mấy"),
    (ROOM, "xe nào chở hành lý về phòng tôi"),
    (BUS, "xe nào đón tôi"),
    (BUS, "xe nào chở tôi đi họp"),
    (BUS, "xe nào chở hành lý"),
    ("lonely", "wifi"),
)
MATCHER = Matcher.build(
    [
        *(Example(answer, text, "vi") for answer, text in PAIRS),
        *(Example(answer, text, "en") for answer, text in (("a", "hello"), ("b", "bus"))),
    ],
    sensitive=["lonely"],
)


def silent(*, careful_only: bool = False) -> Matcher:
    threshold = MATCHER.scale.threshold if careful_only else NEVER
    return replace(MATCHER, scale=replace(MATCHER.scale, threshold=threshold, careful=NEVER))


def test_a_pair_names_who_is_taken_for_whom_and_words_that_only_one_has() -> None:
    (pair,) = confusable(MATCHER)
    assert (pair.language, pair.first, pair.second) == ("vi", ROOM, BUS)
    (taken,) = pair.taken
    assert (taken.answer, taken.text) == (ROOM, "xe nào chở hành lý về phòng tôi")
    assert taken.like == "xe nào chở hành lý"
    assert 0 < taken.score < 1
    assert pair.share == pytest.approx(1 / 6)
    assert pair.words_of_first[0] == "phòng"
    assert set(pair.words_of_first).isdisjoint(pair.words_of_second)


def test_the_very_same_question_under_two_answers_is_the_surest_mistake() -> None:
    examples = [one for index in MATCHER.indexes.values() for one in index.examples]
    same = Matcher.build([*examples, Example(BUS, "Tôi ở phòng nào?", "vi")])
    surest = confusable(same)[0].taken[:2]
    assert min(one.score for one in surest) > 0.5
    assert [(one.answer, one.text) for one in surest] == [
        (BUS, "Tôi ở phòng nào?"),
        (ROOM, "tôi ở phòng nào"),
    ]


def test_a_language_may_be_named() -> None:
    assert confusable(MATCHER, "en") == ()
    assert confusable(MATCHER, "vi") == confusable(MATCHER)


def test_what_reaches_its_precision_has_nothing_in_the_way() -> None:
    found = reach(MATCHER)
    assert (found.ordinary, found.sensitive, found.in_the_way) == (True, True, ())


def test_where_no_score_is_enough_the_pairs_to_separate_are_named() -> None:
    found = reach(silent())
    assert (found.ordinary, found.sensitive) == (False, False)
    assert found.in_the_way == confusable(MATCHER)
    # Only a sensitive answer is out of reach, and it is in no mistake.
    assert reach(silent(careful_only=True)).in_the_way == ()
    alarming = replace(silent(careful_only=True), sensitive=frozenset({ROOM}))
    assert [one.first for one in reach(alarming).in_the_way] == [ROOM]
    assert reach(replace(silent(careful_only=True), sensitive=frozenset())).sensitive

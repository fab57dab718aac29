"""Which examples are asked to learn what a score is worth."""

from itertools import accumulate, chain

from bot.answers.drawn import drawn

ANSWERS = [[f"question {at} of {name}" for at in range(20)] for name in range(50)]


def test_every_answer_is_asked_as_often_as_the_others() -> None:
    begin = [0, *accumulate(len(one) for one in ANSWERS)]
    answers = [at // 20 for at in drawn(list(chain(*ANSWERS)), begin, 200)]
    assert answers == sorted(list(range(50)) * 4)


def test_a_few_more_examples_leave_the_draw_nearly_as_it_was() -> None:
    before = _texts(ANSWERS)
    longer = [*ANSWERS[:7], [*(f"new {at}" for at in range(6)), *ANSWERS[7]], *ANSWERS[8:]]
    assert len(before - _texts(longer)) <= 4


def test_of_few_examples_all_are_asked() -> None:
    assert drawn(["one", "two", "three"], [0, 2, 3], 500) == [0, 1, 2]
    assert drawn([], [0], 500) == []


def _texts(answers: list[list[str]]) -> set[str]:
    texts = list(chain(*answers))
    return {texts[at] for at in drawn(texts, [0, *accumulate(map(len, answers))], 200)}

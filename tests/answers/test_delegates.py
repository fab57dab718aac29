"""The sample congress asked by hand: the right answer, or a suggestion, never a wrong answer."""

from functools import lru_cache

import pytest

from bot.answers import Example, Matcher
from tests.answers.asked import ASKED, NOT_OURS
from tests.answers.sample import examples

PARTS = 4


@lru_cache(maxsize=1)
def matcher() -> Matcher:
    return Matcher.build(examples())


@pytest.mark.parametrize(("question", "right"), ASKED)
def test_a_delegate_gets_the_right_answer_or_a_suggestion(question: str, right: str) -> None:
    verdict = matcher().ask(question, "vi")
    given = [match.answer_id for match in verdict.candidates]
    assert verdict.kind != "answer" or given[0] in right.split()


def test_most_of_these_questions_are_answered_at_once() -> None:
    kinds = [matcher().ask(question, "vi").kind for question, _ in ASKED]
    assert kinds.count("answer") >= 0.75 * len(ASKED)


@pytest.mark.parametrize("whose", ["", " của tôi", " tôi", " mình", " của bác"])
@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("phòng", "room/phong-cua-toi"),
        ("ghế", "seat/ghe-cua-toi"),
        ("xe", "bus/xe-cua-toi"),
        ("bàn ăn", "meals/bua-an-cua-toi"),
        ("khách sạn", "hotel/khach-san-cua-toi"),
        ("trưởng đoàn", "registration/truong-doan-cua-toi"),
    ],
)
def test_a_bare_word_is_about_what_is_hers(word: str, right: str, whose: str) -> None:
    verdict = matcher().ask(f"{word}{whose}", "vi")
    assert [match.answer_id for match in verdict.candidates][:1] == [right]


@pytest.mark.parametrize("question", ["Wi-Fi", "mạng wi fi", "mat khau wi-fi la gi"])
def test_wifi_in_two_pieces(question: str) -> None:
    verdict = matcher().ask(question, "vi")
    assert [match.answer_id for match in verdict.candidates][:1] == ["devices/wifi"]


@pytest.mark.parametrize("question", NOT_OURS)
@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_what_is_not_ours_is_not_answered(question: str, language: str) -> None:
    assert matcher().ask(question, language).kind != "answer"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_example_reaches_its_answer(language: str) -> None:
    mine = [example for example in examples() if example.language == language]
    lost = [
        example
        for example in mine
        if [match.answer_id for match in matcher().ask(example.text, language).candidates]
        != [example.answer_id]
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("language", "precision", "coverage"), [("vi", 0.93, 0.40), ("en", 0.92, 0.24)]
)
def test_examples_held_out(language: str, precision: float, coverage: float) -> None:
    """Every example asked of an index that has not seen it: few wrong answers, enough right."""
    answered = right = asked = 0
    for part in range(PARTS):
        seen, held = held_out(language, part)
        index = Matcher.build(seen)
        for example in held:
            verdict = index.ask(example.text, language)
            asked += 1
            if verdict.kind == "answer":
                answered += 1
                right += verdict.candidates[0].answer_id == example.answer_id
    assert right >= precision * answered
    assert answered >= coverage * asked


def held_out(language: str, part: int) -> tuple[list[Example], list[Example]]:
    """The examples of a language without every fourth of each answer, and those."""
    turns: dict[str, int] = {}
    seen: list[Example] = []
    held: list[Example] = []
    for example in examples():
        if example.language == language:
            turn = turns[example.answer_id] = turns.get(example.answer_id, -1) + 1
            (held if turn % PARTS == part else seen).append(example)
    return seen, held

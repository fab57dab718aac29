"""A greeting is no porridge: accents decide where the letters below them are the same."""

import pytest

from bot.answers import Example, Index
from bot.answers.accents import contradict, same


@pytest.mark.parametrize(
    ("question", "example", "other"),
    [
        ("chào", "cháo", True),
        ("Chào!", "cháo", True),
        ("chao", "cháo", False),  # no accents typed
        ("cháo", "chao", False),  # none written
        ("hoà", "hòa", False),  # two styles of one word
        ("sẻ", "sẽ", False),  # hỏi and ngã
        ("cháo ở dâu vậy", "cháo ở đâu vậy", False),  # one slip in four words
        ("cho xin chào", "cho xin cháo", False),
        ("đường", "dương", True),
        ("ks ở đâu", "khách sạn ở đâu", False),
        ("", "", False),
    ],
)
def test_only_other_words_contradict(question: str, example: str, other: bool) -> None:
    assert contradict(question, example) == other


def test_the_same_accents_are_the_same_whatever_the_style() -> None:
    assert same("Thuỷ", "thủy")
    assert not same("chào", "cháo")
    assert not same("chao", "chao")


GREETING, MEAL = Example("greeting", "chào", "vi"), Example("meal", "cháo", "vi")
BUS = Example("bus", "xe đón ở đâu", "vi")


def test_of_two_answers_with_the_same_letters_the_accents_choose() -> None:
    index = Index.build([GREETING, MEAL, BUS], "vi")
    found = {said: index.match(said)[0] for said in ("chào", "cháo", "chao")}
    assert [(found[one].answer_id, found[one].score) for one in ("chào", "cháo")] == [
        ("greeting", 1.0),
        ("meal", 1.0),
    ]
    assert found["chao"].score <= 0.5


def test_a_greeting_is_not_surely_the_only_answer_with_its_letters() -> None:
    index = Index.build([MEAL, BUS], "vi")
    assert index.match("chào")[0].score <= 0.5
    assert index.match("chao")[0].score == 1.0

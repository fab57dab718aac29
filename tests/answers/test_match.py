"""An index answers with the right answer, a score and a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Example, Index, Match, Reason

QUESTIONS = {
    "hotel": ("Khách sạn ở đâu?", "tôi nghỉ ở khách sạn nào", "đoàn tôi ở chỗ nào"),
    "bus": ("mấy giờ xe chạy", "xe đón ở đâu", "tôi đi xe số mấy"),
    "badge": ("tôi mất thẻ đại biểu", "làm rơi thẻ rồi", "xin cấp lại thẻ"),
}
EXAMPLES = tuple(Example(answer, text, "vi") for answer, of in QUESTIONS.items() for text in of)
INDEX = Index.build(EXAMPLES, "vi")


def first(question: str, index: Index = INDEX, **options: object) -> str:
    return index.match(question, **options)[0].answer_id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("khach san cua toi o dau", "hotel"),
        ("khasch sanj o ddaau", "hotel"),
        ("ks ở đâu z", "hotel"),
        ("mấy h xe chạy", "bus"),
        ("tui rớt mất thẻ", "badge"),
        ("cấp lại thẻ thế nào", "badge"),
    ],
)
def test_the_right_answer_comes_first(question: str, answer: str) -> None:
    assert first(question) == answer


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.text)
def test_an_example_typed_word_for_word_is_certain(example: Example) -> None:
    match = INDEX.match(example.text.upper())[0]
    assert (match.answer_id, match.score, match.reason.likeness) == (example.answer_id, 1.0, 1.0)


def test_the_reason_names_the_example_and_the_words_it_shares() -> None:
    match = INDEX.match("cho hoi khach san o cho mo")[0]
    assert match.reason == Reason(
        example="Khách sạn ở đâu?",
        words=("Khách", "sạn", "ở"),
        likeness=match.reason.likeness,
        covered=match.reason.covered,
        known=match.reason.known,
        belonging=match.reason.belonging,
    )
    assert 0.3 < match.reason.likeness < 1
    assert 0.5 < match.reason.covered <= match.reason.known <= 1


def test_words_of_another_subject_are_not_covered() -> None:
    reason = INDEX.match("khách sạn thẻ xe")[0].reason
    assert 0 < reason.covered < reason.known == 1


def test_matches_come_best_first_and_no_more_than_asked_for() -> None:
    scores = [match.score for match in INDEX.match("xe ở đâu")]
    assert scores == sorted(scores, reverse=True)
    found = [INDEX.match("xe ở đâu", most=most) for most in (1, 2, 9)]
    assert [len(matches) for matches in found] == [1, 2, 3]
    assert len({matches[0].score for matches in found}) == 1


@pytest.mark.parametrize("question", ["", "???", "qqqq wwww", "នៅឯណា"])
def test_what_is_like_nothing_matches_nothing(question: str) -> None:
    assert INDEX.match(question) == ()


def test_an_index_without_examples_is_silent() -> None:
    empty = Index.build([Example("x", "???", "vi"), Example("y", "hello", "en")], "vi")
    assert empty.match("xin chào") == ()


def test_one_answer_alone_does_not_claim_every_question() -> None:
    alone = Index.build([one for one in EXAMPLES if one.answer_id == "hotel"], "vi")
    near, far = (alone.match(text)[0].score for text in ("khách sạn tôi ở đâu", "tôi mất thẻ"))
    assert near > 0.6 > 0.3 > far


def test_a_question_two_answers_share_is_certain_for_neither() -> None:
    both = Index.build([*EXAMPLES, Example("bus", "Khách sạn ở đâu", "vi")], "vi")
    assert both.match("khách sạn ở đâu")[0].score <= 0.5


def test_the_same_examples_in_any_order_give_the_same_scores() -> None:
    turned = Index.build(reversed(EXAMPLES), "vi")
    one, other = INDEX.match("xe đón tôi mấy giờ"), turned.match("xe đón tôi mấy giờ")
    assert [match.answer_id for match in one] == [match.answer_id for match in other]
    assert [match.score for match in one] == pytest.approx([match.score for match in other])


def test_the_events_own_spellings() -> None:
    examples = [*EXAMPLES, Example("hall", "hội trường quốc tế ở đâu", "vi")]
    index = Index.build(examples, "vi")
    assert first("htqt", index, extra={"HTQT": "Hội trường Quốc tế"}) == "hall"
    assert index.match("htqt")[0].score < 0.2


def test_khmer_is_found_without_spaces() -> None:
    index = Index.build(
        [
            Example("hotel", "សណ្ឋាគារនៅឯណា", "km"),
            Example("bus", "រថយន្តចេញម៉ោងប៉ុន្មាន", "km"),
        ],
        "km",
    )
    assert [first(said, index) for said in ("តើសណ្ឋាគារ នៅឯណា", "រថយន្តម៉ោងប៉ុន្មាន")] == [
        "hotel",
        "bus",
    ]


@given(st.text(max_size=60))
def test_whatever_is_typed_scores_between_0_and_1(question: str) -> None:
    found: tuple[Match, ...] = INDEX.match(question)
    assert all(0 <= match.score <= 1 for match in found)

"""Examples typed as people type are found by those who type otherwise."""

import pytest

from bot.answers import Example, Index, Matcher
from bot.answers.normalise import NO_ABBREVIATIONS, Abbreviations, rules_for
from bot.answers.written import as_read

PLAIN = (
    "xe đón ở đâu",
    "mấy giờ ăn trưa",
    "phòng họp K ở đâu",
    "khách hàng",
    "mất thẻ phải làm gì",
)


def read(text: str, extra: Abbreviations = NO_ABBREVIATIONS) -> str:
    return " ".join(as_read([text, *PLAIN], rules_for("vi"), extra)[0])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ks o dau z", "khach san o dau vay"),
        ("may h an trua", "may gio an trua"),
        ("7h30 xe đón", "7 gio 30 xe don"),
        ("mất thẻ p305", "mat the phong 305"),
        ("dc di xe ko", "duoc di xe khong"),
        ("khachs sanj owr ddaau", "khach san o dau"),
        ("kha1ch sa5n nghi3", "khach san nghi"),
        ("hoa hong o dau", "hoa hong o dau"),
        ("Hội trường V", "hoi truong v"),
        ("đặt phòng qua oxy", "dat phong qua oxy"),
        ("zoom của BTC", "zoom cua ban to chuc"),
        ("", ""),
    ],
)
def test_an_example_is_read_as_a_question_is(written: str, said: str) -> None:
    assert read(written) == said


def test_the_events_own_spellings_count_in_examples_too() -> None:
    assert read("HTQT ở đâu", {"HTQT": "Hội trường Quốc tế"}) == "hoi truong quoc te o dau"


def test_other_languages_are_left_as_written() -> None:
    written = ["ks p305", "seats tees rooms", "seat tee"]
    read = as_read(written, rules_for("en"), NO_ABBREVIATIONS)
    assert read == [("ks", "p", "305"), ("seats", "tees", "rooms"), ("seat", "tee")]


EXAMPLES = [
    Example("hotel", "ks o dau z", "vi"),
    Example("lunch", "may h an trua", "vi"),
    Example("bus", "xe ddonss ddoanf toi", "vi"),
    Example("hall", "HTQT tầng mấy", "vi"),
]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("khách sạn ở đâu vậy", "hotel"),
        ("khachs sanj owr ddaau vaajy", "hotel"),
        ("mấy giờ ăn trưa", "lunch"),
        ("hội trường quốc tế tầng mấy", "hall"),
    ],
)
def test_an_example_in_chat_spelling_is_met_word_for_word(question: str, answer: str) -> None:
    extra = {"HTQT": "Hội trường Quốc tế"}
    index = Index.build(EXAMPLES, "vi", extra=extra)
    assert [(one.answer_id, one.score) for one in index.match(question, extra, most=1)] == [
        (answer, 1.0)
    ]
    assert Matcher.build(EXAMPLES, extra).ask(question, "vi").candidates[0].answer_id == answer

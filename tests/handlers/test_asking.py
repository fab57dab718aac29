"""Questions about days and hours, follow-ups, and two questions in one message."""

from datetime import timedelta

import pytest

from tests.handlers.chats import Chat
from tests.handlers.test_ask import guest


async def texts(chat: Chat, question: str) -> list[str]:
    return [one.text for one in await chat.say(question)]


@pytest.mark.parametrize(
    ("question", "first_line"),
    [
        ("sáng mai có gì", "Chương trình sáng Thứ Tư, ngày 20/01/2027:"),
        ("chieu thu 5 hop gi", "Chương trình chiều Thứ Năm, ngày 21/01/2027:"),
        ("chương trình ngày 3", "Chương trình Thứ Tư, ngày 20/01/2027:"),
        ("lịch thứ sáu", "Chương trình Thứ Sáu, ngày 22/01/2027:"),
        ("what is on Thursday", "Chương trình Thứ Năm, ngày 21/01/2027:"),
        ("bế mạc hôm nào", "Phiên bế mạc: Thứ Sáu, ngày 22/01/2027, 09:45, đến 11:15."),
    ],
)
async def test_a_day_in_words_leads_to_that_day(chat: Chat, question: str, first_line: str) -> None:
    await chat.linked()
    (said,) = await texts(chat, question)
    assert said.split("\n")[0] == first_line


async def test_a_day_outside_the_event_is_said_to_be_and_the_days_are_offered(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("thứ bảy có gì")
    assert said.text.startswith("Thứ Bảy, ngày 23/01/2027 không phải ngày họp của đại hội.")
    assert [one.value for one in said.choices] == [f"programme.day:{day}" for day in range(1, 6)]


async def test_an_hour_without_anything_tells_what_comes_after(chat: Chat) -> None:
    await chat.linked()
    (said,) = await texts(chat, "ngày mai 13h30 có gì")
    assert said.split("\n")[0].endswith("lúc 13:30. Tiếp theo:")


async def test_a_stranger_learns_nothing_that_is_not_public(chat: Chat) -> None:
    await guest(chat)
    for question in ("sáng mai có gì", "mấy giờ ăn trưa ngày mai", "14h thứ 4 có gì"):
        said = "\n".join(await texts(chat, question))
        assert "Ăn trưa" not in said
        assert "Báo cáo" not in said
    (empty,) = await chat.tap("programme.at:3~0,1,2,3,4")
    assert empty.choices[0].value == "welcome.link"


async def test_what_is_for_others_is_not_told_by_a_forged_place(chat: Chat) -> None:
    await chat.linked()  # of Sen Hồng
    (said,) = await chat.tap("programme.at:3~0,1,2,3,4,5")
    assert "Sông Xanh" not in said.text


@pytest.mark.parametrize("argument", ["", "x", "3.99", "3.2561", "3.dawn", "3~,", "99999", "-"])
async def test_nonsense_in_a_button_ends_in_the_programme(chat: Chat, argument: str) -> None:
    await chat.linked()
    (said,) = await chat.tap(f"programme.at:{argument}")
    assert said.choices


async def test_a_follow_up_keeps_the_topic_for_two_minutes(chat: Chat) -> None:
    await chat.linked()
    await chat.say("mấy giờ ăn trưa ngày mai")
    chat.clock.forward(timedelta(seconds=110))
    (where,) = await texts(chat, "ở đâu vậy")
    assert where.startswith("**Nhà ăn Ban Mai**")
    (when,) = await texts(chat, "còn ngày mốt?")
    assert when.startswith("Ăn trưa tại Nhà ăn Ban Mai: Thứ Năm, ngày 21/01/2027")
    chat.clock.forward(timedelta(seconds=130))
    (lost,) = await texts(chat, "ở đâu vậy")
    assert lost == "Đại biểu muốn hỏi điều nào sau đây?"


async def test_two_questions_get_two_answers_and_one_list_of_numbers(chat: Chat) -> None:
    await chat.linked()
    room, meals = await chat.say("phòng tôi ở đâu, mấy giờ ăn tối?")
    assert room.text.startswith("Phòng của đại biểu: **305**")
    assert room.choices == ()
    assert "ăn tối 18:30" in meals.text
    assert meals.choices[0].value == "ask.topic:meals"


@pytest.mark.parametrize(
    "question", ["khai mạc ở đâu và mấy giờ", "thẻ và phòng", "phòng tôi ở đâu, phòng của tôi đâu"]
)
async def test_halves_that_are_not_two_questions_are_one(chat: Chat, question: str) -> None:
    await chat.linked()
    assert len(await chat.say(question)) == 1


async def test_two_questions_of_a_stranger_ask_for_the_card_once(chat: Chat) -> None:
    await guest(chat)
    said = await texts(chat, "phòng tôi ở đâu, xe của tôi số mấy")
    assert len(said) <= 2
    assert not any("305" in one for one in said)


@pytest.mark.parametrize("question", ["giá vàng ngày mai", "thời tiết chiều nay thế nào"])
async def test_a_day_alone_makes_no_question_of_the_programme(chat: Chat, question: str) -> None:
    await chat.linked()
    (said,) = await texts(chat, question)
    assert "Chương trình" not in said

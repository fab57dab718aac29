"""Her own record: each fact, what is missing, and who is not shown it."""

from datetime import timedelta

import pytest

from bot.clock import SetClock
from tests.handlers.chats import Chat

FIELDS = ("room", "hotel", "seat", "bus", "meals", "badge", "group", "head", "all")


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ("room", "Phòng của đại biểu: **305**, **Khách sạn Sen Hồng**."),
        ("hotel", "Khách sạn của đại biểu: **Khách sạn Sen Hồng**."),
        ("seat", "Ghế của đại biểu: **12-07**, **Hội trường Lớn**."),
        ("bus", "Số xe của đại biểu: **12**."),
        ("meals", "Bàn ăn của đại biểu: **24**."),
        ("badge", "Nơi nhận thẻ của đại biểu: **Bàn hướng dẫn số 1**."),
        ("group", "Tổ thảo luận của đại biểu: **3**."),
        ("head", "Trưởng đoàn của đại biểu: Giàng A Páo."),
        ("all", "● Phòng: **305**"),
    ],
)
async def test_the_fact_comes_first_then_when_it_was_told(
    chat: Chat, field: str, fact: str
) -> None:
    await chat.linked()
    (said,) = await chat.tap(f"mine.{field}")
    lines = said.text.split("\n")
    assert lines[0] == fact
    assert "(Ban Tổ chức cập nhật 08:10 ngày 19/01)" in lines


async def test_the_hotel_comes_with_its_picture_and_its_point_on_the_map(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap("mine.hotel")
    assert [one.name for one in said.media] == ["khach-san-sen-hong.png"]
    assert said.point is not None
    assert said.point.name == "Khách sạn Sen Hồng"
    (way,) = await chat.say("2")
    assert way.text.startswith("**Khách sạn Sen Hồng**, 0900 000 110\nXe đưa đón dừng")


async def test_in_english_a_sign_stands_beside_its_name(chat: Chat) -> None:
    await chat.linked(language="2")
    (said,) = await chat.tap("mine.room")
    assert said.text.split("\n")[0] == (
        "Your room: **305**, Sen Hồng Hotel (**Khách sạn Sen Hồng**)."
    )


async def test_the_bus_says_when_it_leaves_next(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap("mine.bus")
    assert said.text.split("\n")[2] == "Chuyến tới: Thứ Ba, ngày 19/01/2027, 21:00."


async def test_meals_of_today_then_of_tomorrow(chat: Chat, clock: SetClock) -> None:
    await chat.linked()
    (said,) = await chat.tap("mine.meals")
    assert said.text.split("\n")[2:4] == [
        "Bữa ăn Thứ Ba, ngày 19/01/2027:",
        "● 06:00-06:50 Ăn sáng tại khách sạn",
    ]
    clock.forward(timedelta(hours=11, minutes=50))  # 20:00, everybody has eaten
    (said,) = await chat.tap("mine.meals")
    assert said.text.split("\n")[2] == "Bữa ăn Thứ Tư, ngày 20/01/2027:"


async def test_what_is_not_announced_is_said_to_be_so_with_a_desk(chat: Chat) -> None:
    await chat.linked("DB0002")
    said = {field: (await chat.tap(f"mine.{field}"))[0].text for field in FIELDS}
    assert said["room"] == (
        "Ban Tổ chức chưa công bố số phòng của đại biểu.\n"
        "Nơi giúp đại biểu: **Bàn hướng dẫn số 2**, 05:30-22:30, 0900 000 102."
    )
    assert said["head"].startswith("Đại biểu là trưởng đoàn.\n")
    assert said["all"].startswith("Ban Tổ chức chưa công bố phòng, xe và ghế của đại biểu.\n")
    for field in ("hotel", "seat", "bus", "meals", "badge", "group"):
        assert said[field].startswith("Ban Tổ chức chưa công bố"), field


@pytest.mark.parametrize("field", FIELDS)
async def test_a_stranger_is_led_to_her_card(chat: Chat, field: str) -> None:
    await chat.join()
    await chat.say("1")
    why, consent = await chat.tap(f"mine.{field}")
    assert why.text == "Muốn xem thông tin riêng, mời đại biểu gắn thẻ đại biểu."
    assert consent.text.startswith("Trợ lý Đồng Hành giữ ngôn ngữ")


async def test_a_correction_is_kept_once_and_confirmed_at_once(chat: Chat) -> None:
    await chat.linked()
    for _ in range(2):
        (said,) = await chat.tap("mine.wrong:room")
    assert said.text == (
        "Ban Tổ chức đã nhận yêu cầu sửa thông tin này.\n"
        "Nơi giúp đại biểu: **Bàn hướng dẫn số 2**, 05:30-22:30, 0900 000 102."
    )
    assert await chat.requests() == [("correction", "room", "room")]


@pytest.mark.parametrize("field", ["", "phone_cipher", "status", "room;drop", "__class__"])
async def test_only_known_fields_can_be_reported(chat: Chat, field: str) -> None:
    await chat.linked()
    (said,) = await chat.tap(f"mine.wrong:{field}")
    assert said.text == "Thông tin nào chưa đúng?"
    assert await chat.requests() == []


async def test_a_stranger_cannot_report_a_field(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    await chat.tap("mine.wrong:room")
    assert await chat.requests() == []

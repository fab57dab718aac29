"""What is on: by her audience, in her event's time, and honest when there is nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SetClock
from tests.handlers.chats import Chat

HA_NOI = ZoneInfo("Asia/Ho_Chi_Minh")


def at(clock: SetClock, day: int, hour: int, minute: int = 0) -> None:
    """Set the clock to a time in Hà Nội in January 2027."""
    clock.forward(datetime(2027, 1, day, hour, minute, tzinfo=HA_NOI) - clock.now())


async def test_now_next_and_near(chat: Chat, clock: SetClock) -> None:
    await chat.linked()
    (said,) = await chat.tap("programme.now")
    assert said.text.split("\n")[:2] == [
        "Đang diễn ra: Phiên khai mạc, đến 09:45.",
        "Nơi diễn ra: **Hội trường Lớn**.",
    ]
    assert said.point is not None
    at(clock, 19, 9, 30)
    (said,) = await chat.tap("programme.next")
    assert said.text.startswith(
        "Sắp tới: Nghỉ giải lao, Thứ Ba, ngày 19/01/2027, 09:45 (còn 15 phút)."
    )


async def test_between_two_items_says_so_and_what_comes(chat: Chat, clock: SetClock) -> None:
    await chat.linked()
    at(clock, 19, 13, 20)
    none, coming = await chat.tap("programme.now")
    assert none.text == "Lúc này đại biểu không có hoạt động nào."
    assert coming.text.startswith("Sắp tới: Đại biểu trình bày tham luận")


async def test_a_day_in_pages_of_four(chat: Chat) -> None:
    await chat.linked()
    (first,) = await chat.tap("programme.day:2")
    assert first.text == (
        "Chương trình Thứ Ba, ngày 19/01/2027:\n"
        "● 06:00-06:50 Ăn sáng tại khách sạn\n"
        "● 07:00-07:30 Xe đến Trung tâm Hội nghị\n"
        "● 07:30-08:00 Điểm danh vào hội trường\n"
        "● 08:00-09:45 Phiên khai mạc"
    )
    (second,) = await chat.say("5")
    assert second.text.split("\n")[1] == "● 09:45-10:15 Nghỉ giải lao"
    (item,) = await chat.say("4")
    assert item.text.startswith("Đại biểu trình bày tham luận: Thứ Ba, ngày 19/01/2027, 14:00")


async def test_today_begins_with_what_is_not_over(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap("programme.today")
    assert said.text.split("\n")[1] == "● 08:00-09:45 Phiên khai mạc"
    (said,) = await chat.tap("programme.tomorrow")
    assert said.text.split("\n")[0] == "Chương trình Thứ Tư, ngày 20/01/2027:"


async def test_five_days_are_five_digits(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap("programme.day")
    assert [one.label for one in said.choices] == [
        "Thứ Hai, 18/01",
        "Thứ Ba, 19/01",
        "Thứ Tư, 20/01",
        "Thứ Năm, 21/01",
        "Thứ Sáu, 22/01",
    ]
    (said,) = await chat.say("5")
    assert said.text.split("\n")[0] == "Chương trình Thứ Sáu, ngày 22/01/2027:"


async def test_only_what_concerns_her(chat: Chat) -> None:
    await chat.linked()
    seen = ""
    for page in ("3", "3.4", "3.8", "3.12"):
        seen += (await chat.tap(f"programme.day:{page}"))[0].text
    assert "Thảo luận tại Tổ 3" in seen
    assert "Tổ 4" not in seen
    (said, _) = await chat.tap("programme.item:thao-luan-to-4")
    assert said.text == "Hoạt động này không có trong chương trình của đại biểu."


@pytest.mark.parametrize("junk", ["", "0", "6", "99", "2.", "x", "2.999", "²", "-1", "2.1.1"])
async def test_arguments_are_checked(chat: Chat, junk: str) -> None:
    await chat.linked()
    (said,) = await chat.tap(f"programme.day:{junk}")
    assert said.text.startswith(("Đại biểu muốn xem ngày nào?", "Chương trình Thứ Ba"))


async def test_before_after_and_at_the_end(chat: Chat, clock: SetClock) -> None:
    at(clock, 10, 9)
    await chat.linked()
    not_yet = "Đại hội chưa bắt đầu. Ngày đầu tiên: Thứ Hai, ngày 18/01/2027."
    for route in ("now", "today", "tomorrow"):
        assert (await chat.tap(f"programme.{route}"))[-1].text == not_yet
    assert (await chat.tap("programme.next"))[-1].text.startswith("Sắp tới: Đón tiếp đại biểu")
    at(clock, 17, 20)
    assert "18/01/2027" in (await chat.tap("programme.tomorrow"))[-1].text
    at(clock, 25, 9)
    over = "Đại hội đã kết thúc. Ngày cuối: Thứ Sáu, ngày 22/01/2027."
    for route in ("now", "today", "next", "tomorrow"):
        assert (await chat.tap(f"programme.{route}"))[-1].text == over
    at(clock, 22, 23, 30)
    last = "Đại biểu không còn hoạt động nào trong chương trình. Ngày cuối: Thứ Sáu, "
    assert (await chat.tap("programme.next"))[-1].text == f"{last}ngày 22/01/2027."


async def test_a_stranger_sees_the_public_part(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.tap("programme.day:2")
    assert said.text.split("\n")[1:] == ["● 08:00-09:45 Phiên khai mạc"]
    (said,) = await chat.tap("programme.day:1")
    assert said.text == (
        "Thứ Hai, ngày 18/01/2027: không có hoạt động công khai. "
        "Đại biểu gắn thẻ xem được nhiều hơn."
    )
    assert said.choices[0].value == "welcome.link"
    await chat.tap("programme.item:don-tiep")


async def test_a_place_is_shown_only_to_whom_it_may(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.tap("place.show:khach-san-sen-hong")
    assert said.text == "Ban Tổ chức chưa công bố nơi này. Mời bấm 9 để gặp người hỗ trợ."
    assert (said.media, said.point) == ((), None)
    (said,) = await chat.tap("place.show:phong-y-te")
    assert said.text.startswith("**Phòng y tế**, 00:00-24:00, 0900 000 115\n")

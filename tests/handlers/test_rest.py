"""The menu, moving about, a person, danger, and her rights."""

from bot.values.incoming import Kind
from bot.values.reply import Style
from tests.handlers.chats import Chat


async def test_the_menu_of_a_delegate_and_of_a_guest(chat: Chat) -> None:
    await chat.join()
    (guest,) = await chat.say("1")
    assert [one.label for one in guest.choices] == [
        "Gắn thẻ đại biểu",
        "Xem chương trình",
        "🌐 Đổi ngôn ngữ",
        "Gặp người hỗ trợ",
        "🆘 Khẩn cấp",
        "Xem thêm",
    ]
    await chat.linked()
    (menu,) = await chat.say("MENU.")
    assert [one.label for one in menu.choices] == [
        "Xem phòng",
        "Xem xe",
        "Xem ghế",
        "Xem chương trình",
        "Hỏi đáp",
        "Xem thêm",
    ]
    (more,) = await chat.say("số 6")
    assert [one.label for one in more.choices] == [
        "Xem bữa ăn",
        "Xem tài liệu",
        "Xem tổ thảo luận",
        "🌐 Đổi ngôn ngữ",
        "🆘 Khẩn cấp",
        "Xem thêm",
    ]
    (last,) = await chat.say("6")
    assert [one.label for one in last.choices] == [
        "Xem nơi nhận thẻ",
        "Dữ liệu của tôi",
        "Nói ngắn và chậm",
        "Thêm điện thoại",
        "Thêm người",
    ]


async def test_back_and_again_find_their_way(chat: Chat) -> None:
    await chat.linked()
    await chat.say("0")
    (room,) = await chat.say("một")
    (again,) = await chat.say("7")
    assert again.text == room.text
    await chat.say("9")  # a person: no place to come back to
    (back,) = await chat.say("8")
    assert back.text == room.text
    (menu,) = await chat.say("quay lại")
    assert menu.text == "Đại biểu muốn xem gì?"


async def test_back_from_the_very_beginning_is_the_menu(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    for _ in range(12):
        said = await chat.tap("menu.back")
    assert said[-1].choices


async def test_a_person_is_one_step_away_with_desk_hours_and_phone(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("mine.room")
    (said,) = await chat.say("9")
    assert said.text == (
        "Ban Tổ chức đã nhận yêu cầu gặp người hỗ trợ.\n"
        "Mời đại biểu đến: **Bàn hướng dẫn số 2**, 05:30-22:30, 0900 000 102.\n"
        "Nếu cần ngay, mời gọi 0900 000 100."
    )
    await chat.say("gặp người")
    assert await chat.requests() == [("help", "", "room")]


async def test_where_she_is_is_answered_and_not_kept(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.send(Kind.LOCATION, latitude=21.0178, longitude=105.8018)
    assert "0900 000" in said.text
    assert chat.session is not None
    assert "21.0178" not in str(chat.session.notes)


async def test_emergency_numbers_at_once(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.say("5")
    assert said.text == (
        "● Cấp cứu: **115**\n"
        "● Công an: **113**\n"
        "● Cháy, nổ: **114** · Tìm kiếm, cứu nạn: **112**\n"
        "● **Phòng y tế**: 0900 000 115\n"
        "● Điện thoại hỗ trợ của Ban Tổ chức: 0900 000 100"
    )
    assert said.style is Style.WARNING
    assert [one.number for one in said.phones] == ["115", "114", "113", "112"]


async def test_she_sees_at_once_what_is_kept(chat: Chat) -> None:
    await chat.linked()
    who, where, chosen = await chat.say("/dulieu")
    assert "● Họ và tên: Nguyễn Thị Hạnh" in who.text
    assert "0912" not in who.text  # the phone is sealed even here
    assert "● Khách sạn, phòng: KS Sen Hồng, 305" in where.text
    assert "● Ý kiến về việc lưu dữ liệu: đồng ý" in chosen.text


async def test_a_guest_sees_that_little_is_kept(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.say("dữ liệu của tôi")
    assert said.text == (
        "● Ngôn ngữ đã chọn: Tiếng Việt\n"
        "● Ý kiến về việc lưu dữ liệu: chưa trả lời\n"
        "● Số tin gần nhất đang giữ: 2\n"
        "● Thông báo thường: đang nhận\n"
        "● Giữ đến: Thứ Hai, ngày 22/02/2027\n"
        "● Chưa gắn thẻ đại biểu."
    )


async def test_correcting_starts_from_a_list_of_fields(chat: Chat) -> None:
    await chat.linked()
    await chat.say("/sua")
    await chat.say("6")
    await chat.say("2")
    assert await chat.requests() == [("correction", "table", "meals")]


async def test_a_guest_has_nothing_to_correct(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    why, _ = await chat.say("/sua")
    assert why.text == "Muốn sửa thông tin, mời đại biểu gắn thẻ đại biểu."


async def test_keeping_the_data_asks_nothing_of_anybody(chat: Chat) -> None:
    await chat.linked()
    await chat.say("xóa dữ liệu của tôi")
    (menu,) = await chat.say("2")
    assert menu.text == "Đại biểu muốn xem gì?"
    assert await chat.requests() == []


async def test_correct_is_no_command_to_stop(chat: Chat) -> None:
    """ "Đúng" and "dừng" are one word without accents."""
    await chat.linked()
    await chat.say("đúng")
    assert await chat.requests() == []

"""Lost, ill, afraid: words lead to words and pictures; only a tap files a request, and one."""

import pytest

from bot.values.incoming import Kind
from bot.values.reply import Reply, Style
from tests.handlers.chats import Chat

WORDS = {
    "toi bi lac": "Đại biểu nhìn thấy nơi nào? Mời bấm số của nơi đó.",
    "không biết đang ở đâu": "Đại biểu nhìn thấy nơi nào? Mời bấm số của nơi đó.",
    "I am lost": "Đại biểu nhìn thấy nơi nào? Mời bấm số của nơi đó.",
    "tôi đi lạc rồi": "Đại biểu nhìn thấy nơi nào? Mời bấm số của nơi đó.",
    "toi so": "Mời đại biểu đến chỗ sáng, đông người.",
    "có người đi theo tôi": "Mời đại biểu đến chỗ sáng, đông người.",
    "đau bụng": "Mời đại biểu ngồi xuống và báo người ở gần.",
    "Khó thở!": "Mời đại biểu ngồi xuống và báo người ở gần.",
    "khẩn cấp": "● Cấp cứu: **115**",
}


def values(reply: Reply) -> list[str]:
    return [choice.value for choice in reply.choices]


@pytest.mark.parametrize("linked", [True, False])
async def test_words_lead_there_and_call_nobody(chat: Chat, linked: bool) -> None:
    if linked:
        await chat.linked()
    else:
        await chat.join()
        await chat.say("1")
    for typed, first in WORDS.items():
        (said,) = await chat.say(typed)
        assert said.text.split("\n")[0] == first, typed
    assert await chat.requests() == []


async def test_even_before_a_language_was_chosen(chat: Chat) -> None:
    await chat.join()
    (said,) = await chat.say("khó thở")
    assert said.style is Style.WARNING
    (done,) = await chat.say("1")
    assert done.text.startswith("Đã ghi yêu cầu khẩn gửi Ban Tổ chức lúc 08:10.\n")
    assert await chat.requests() == [("urgent", "medics", "health")]


async def test_a_press_rings_and_files_one_urgent_request_whatever_is_pressed_twice(
    chat: Chat,
) -> None:
    await chat.linked()
    await chat.say("9")  # an ordinary request waits longer, and still comes second
    (said,) = await chat.say("đau bụng")
    assert (said.choices[0].label, said.choices[0].phone) == ("Gọi ngay", "0900 000 115")
    (first,) = await chat.say("1")
    (second,) = await chat.tap("emergency.call:medics")
    assert (
        first.text
        == second.text
        == (
            "Đã ghi yêu cầu khẩn gửi Ban Tổ chức lúc 08:10.\n"
            "Chưa có người nhận. Mời đại biểu gọi ngay:\n"
            "● **Phòng y tế**: 0900 000 115\n"
            "● Cấp cứu: **115**"
        )
    )
    assert [(one.name, one.number) for one in first.phones] == [
        ("Phòng y tế", "0900 000 115"),
        ("Cấp cứu", "115"),
    ]
    assert await chat.requests() == [("urgent", "medics", "health"), ("help", "", "")]


async def test_security_is_a_delegates_the_organisers_phone_everybodys(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (stranger,) = await chat.say("tôi sợ")
    assert stranger.choices[0].phone == "0900 000 100"
    assert "0900 000 113" not in stranger.text
    await chat.linked()
    (said,) = await chat.say("tôi sợ")
    assert said.choices[0].phone == "0900 000 113"
    (done,) = await chat.say("1")
    assert "● **Chốt an ninh**: 0900 000 113" in done.text.split("\n")


async def test_she_picks_what_she_sees_and_hears_the_way_and_the_phone(chat: Chat) -> None:
    await chat.linked()
    (pictures,) = await chat.say("tôi bị lạc")
    captions = [one.caption for one in pictures.media]
    assert captions[2] == (
        "3. **Cây đa cổ thụ**. Cây đa lớn có rễ rủ, ở sân trước trung tâm. Mũi tên chỉ cây đa."
    )
    assert [one.label for one in pictures.choices][2:] == [
        "Cây đa cổ thụ",
        "Cửa hàng hoa tươi",
        "Không thấy, xem thêm",
    ]
    (said,) = await chat.say("3")
    assert said.text == (
        "Từ **Cây đa cổ thụ** đến bàn hướng dẫn gần nhất khoảng 70 mét: "
        "**Bàn hướng dẫn số 1**, 06:30-21:30, 0900 000 101.\n"
        "Từ cây đa, đi về phía mái xanh. Vào cửa chính, bàn hướng dẫn ở giữa sảnh."
    )
    assert said.choices[0].phone == "0900 000 101"
    (done,) = await chat.say("1")
    assert "● **Bàn hướng dẫn số 1**: 0900 000 101" in done.text
    event = chat.ground.knowledge.events()[0].id
    (one,) = await chat.store.read(lambda work: work.requests.waiting(event))
    assert (one.kind.value, one.field, one.place) == ("urgent", "desk", "Cây đa cổ thụ")


async def test_pages_of_pictures_end_in_a_phone(chat: Chat) -> None:
    await chat.linked()
    first = await chat.say("lạc đường")
    second = await chat.say("5")
    third = await chat.say("5")
    shown = [one.name for said in (*first, *second) for one in said.media]
    assert len(shown) == len(set(shown)) == 8
    assert [len(said.choices) for said in (*first, *second, *third)] == [5, 5, 5]
    assert "Điện thoại hỗ trợ của Ban Tổ chức: 0900 000 100" in third[0].text


async def test_what_strangers_may_not_know_is_not_among_the_pictures(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    shown = [*await chat.tap("lost.show"), *await chat.tap("lost.show:1")]
    names = {one.name for said in shown for one in said.media}
    assert names.isdisjoint({"cua-hang-hoa.png", "ben-thuyen.png", "chot-an-ninh.png"})
    assert len(names) == 6
    (said,) = await chat.tap("lost.seen:ben-thuyen")
    assert said.text == "Đại biểu nhìn thấy nơi nào? Mời bấm số của nơi đó."


@pytest.mark.parametrize("value", ["army", "", "medics.../x", "desk.khach-san-sen-hong"])
async def test_a_forged_call_harms_nobody(chat: Chat, value: str) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.tap(f"emergency.call:{value}")
    assert "Sen Hồng" not in said.text
    assert "115" in said.text or "0900 000 100" in said.text


async def test_a_shared_location_leads_to_the_nearest_desk(chat: Chat) -> None:
    await chat.linked()
    await chat.say("tôi bị lạc")
    (said,) = await chat.send(Kind.LOCATION, latitude=21.0413, longitude=105.8214)
    assert "**Bàn hướng dẫn số 3**" in said.text

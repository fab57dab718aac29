"""/xoa and /dung: what goes goes at once, what needs a person has a last day, safety stays on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.store import Work
from bot.values.erased import ErasedKind
from bot.values.request import Request
from tests.handlers.chats import Chat

LAST_DAY = "Thứ Tư, ngày 03/02/2027"


async def requests(chat: Chat) -> list[Request]:
    event = chat.ground.knowledge.events()[0].id
    return await chat.store.read(lambda work: work.requests.waiting(event))


async def hers(chat: Chat, code: str = "DB0001") -> Any:
    """The person behind a line of the roster."""
    event = chat.ground.knowledge.events()[0].id

    def look(work: Work) -> Any:
        record = work.roster.by_code(event, code)
        assert record is not None
        return work.people.get(record.person_id, event)

    return await chat.store.read(look)


async def test_erasing_says_what_goes_and_asks_once(chat: Chat) -> None:
    await chat.linked()
    (asked,) = await chat.say("/xoa")
    assert asked.text == (
        "Hội thoại, ngôn ngữ đã chọn và liên kết thẻ sẽ bị xóa ngay. "
        "Ban Tổ chức sẽ xóa tên đại biểu trong danh sách sau. Đại biểu có muốn xóa không?"
    )
    assert await chat.requests() == []
    (done,) = await chat.say("1")
    assert done.text == (
        "Trợ lý đã xóa hội thoại, ngôn ngữ đã chọn và liên kết thẻ. "
        f"Ban Tổ chức xóa tên trong danh sách trong 15 ngày, chậm nhất {LAST_DAY}. "
        "Muốn bắt đầu lại, mời bấm nút bên dưới."
    )
    (request,) = await requests(chat)
    assert (request.kind, request.field, request.language) == ("privacy", "erase", "vi")
    assert request.due_at is not None
    assert request.due_at.date() == datetime(2027, 2, 3, tzinfo=UTC).date()


async def test_afterwards_the_chat_is_a_strangers(chat: Chat) -> None:
    await chat.linked(language="2")
    await chat.say("phòng của tôi ở đâu, tôi mệt")
    await chat.tap("me.erase_now")
    assert chat.session is not None
    assert set(chat.session.notes) <= {"here", "shown"}
    greeting, picker = await chat.say("xin chào")
    assert greeting.text.startswith("Kính chào đại biểu.")
    assert picker.choices[0].value == "welcome.language:1"
    person = await hers(chat)
    assert (person.language, person.consented, person.linked) == (None, False, True)
    await chat.tap("welcome.language:1")
    assert [one for one in await chat.tap("mine.room") if "305" in one.text] == []


async def test_her_other_phone_forgets_her_too_and_she_may_come_back(
    another: Callable[[str], Chat],
) -> None:
    first, second = another("c1"), another("c2")
    await first.linked()
    await second.linked()
    await first.tap("me.erase_now")
    greeting, _ = await second.say("phòng của tôi")
    assert greeting.text.startswith("Kính chào đại biểu.")
    said = await first.linked()
    assert "Nguyễn Thị Hạnh" in said[0].text
    (room,) = await first.tap("mine.room")
    assert "305" in room.text


async def test_a_guest_is_forgotten_without_asking_the_organisers(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (asked,) = await chat.say("/xoa")
    assert asked.text == (
        "Hội thoại và ngôn ngữ đã chọn sẽ bị xóa ngay. Đại biểu có muốn xóa không?"
    )
    (done,) = await chat.say("1")
    assert done.text == (
        "Trợ lý đã xóa hội thoại và ngôn ngữ đã chọn. Muốn bắt đầu lại, mời bấm nút bên dưới."
    )
    assert await requests(chat) == []


async def test_forgetting_closes_what_she_asked_but_not_danger(chat: Chat) -> None:
    await chat.linked()
    await chat.say("9")
    await chat.tap("mine.wrong:room")
    assert len(await requests(chat)) == 2
    await chat.tap("me.erase_now")
    assert [one.kind for one in await requests(chat)] == ["privacy"]


async def test_forgetting_leaves_a_tombstone(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("me.erase_now")
    stones = await chat.store.read(lambda work: work.privacy.tombstones())
    assert [one.kind for one in stones] == [ErasedKind.TALK]


async def test_stopping_is_a_switch_and_safety_is_apart(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("dừng thông báo")
    assert said.text == (
        "Từ bây giờ, thông báo thường không gửi nữa. Tin khẩn vẫn được gửi để bảo đảm an toàn."
    )
    assert said.choices[0].label == "Nhận lại thông báo"
    assert await requests(chat) == []
    assert (await hers(chat)).notices_stopped_at is not None
    chosen = (await chat.say("/dulieu"))[-1]
    assert "● Thông báo thường: đã dừng, trừ tin khẩn" in chosen.text
    assert [one.value for one in chosen.choices][2] == "me.resume"
    (back,) = await chat.say("3")
    assert back.text == "Đại biểu lại nhận được mọi thông báo."
    assert (await hers(chat)).notices_stopped_at is None
    assert "● Thông báo thường: đang nhận" in (await chat.say("/dulieu"))[-1].text


async def test_a_guests_switch_becomes_hers(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    await chat.say("/dung")
    await chat.linked()
    assert (await hers(chat)).notices_stopped_at is not None


async def test_a_wrong_room_has_a_last_day_and_a_call_for_help_has_none(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("mine.wrong:room")
    await chat.say("9")
    found = {one.kind.value: one.due_at for one in await requests(chat)}
    assert found["help"] is None
    assert found["correction"] is not None
    assert (found["correction"] - chat.clock.now()).days == 9  # ten, less what passed since

"""/sua to its end: what she wrote reaches the desk with her name, and she hears when it is done."""

from collections.abc import Callable

from sqlalchemy import select

from bot.settling import settle
from bot.store import Work
from bot.store.queues import queue_lease
from bot.values.delivery import Delivery
from bot.values.event import Event
from tests.handlers.chats import Chat
from tests.handlers.conftest import another, chat, ground, house

__all__ = ["another", "chat", "ground", "house"]


def event_of(chat: Chat) -> Event:
    return chat.ground.knowledge.events()[0]


async def closed(chat: Chat) -> list[Delivery]:
    """The desk closes what waits first; what is owed to somebody for it."""
    event = event_of(chat)

    def done(work: Work) -> list[Delivery]:
        number = work.requests.waiting(event.id)[0].id
        assert settle(work, chat.house.texts, event, number, "Lan")
        assert not settle(work, chat.house.texts, event, number, "Lan")
        queues = work.conn.execute(select(queue_lease.c.id)).scalars().all()
        return [one for each in queues for one in work.deliveries.claim(each, 1, 9)]

    return await chat.store.write(done)


async def test_what_is_right_reaches_the_desk_and_she_is_told(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("mine.wrong:room")
    (asked,) = await chat.say("1")
    assert asked.text == "Mời đại biểu gõ thông tin đúng."
    (noted,) = await chat.say("Phòng 307, cùng chị Bảo")
    assert noted.text.startswith("Ban Tổ chức đã nhận lời của đại biểu.")
    (one,) = await chat.store.read(lambda work: work.requests.waiting(event_of(chat).id))
    assert (one.kind, one.field, one.last_texts[-1]) == (
        "correction",
        "room",
        "Phòng 307, cùng chị Bảo",
    )
    (told,) = await closed(chat)
    assert told.sender == "c1"
    assert told.reply.text == (
        "Kính gửi đại biểu Nguyễn Thị Hạnh, yêu cầu sửa “phòng” đã được xử lý. "
        "Mời đại biểu xem lại."
    )
    assert [one.value for one in told.reply.choices] == ["me.show"]
    assert len(told.reply.controls) == 3


async def test_typing_is_never_needed_and_what_comes_later_is_a_question(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("mine.wrong:bus")
    (menu,) = await chat.say("3")
    assert menu.text == "Đại biểu muốn xem gì?"
    (room,) = await chat.say("phòng của tôi")
    assert "305" in room.text
    (one,) = await chat.store.read(lambda work: work.requests.waiting(event_of(chat).id))
    assert "phòng của tôi" not in one.last_texts


async def test_a_request_closed_meanwhile_takes_no_more_words(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("mine.wrong:room")
    await closed(chat)
    (room,) = await chat.say("phòng của tôi")
    assert "305" in room.text


async def test_a_lost_telephone_is_not_told(another: Callable[[str], Chat]) -> None:
    lost, kept = another("c1"), another("c2")
    await lost.linked()
    await kept.linked()
    await lost.tap("mine.wrong:room")
    assert lost.session is not None
    here = [lost.session.address_id]
    await lost.store.write(lambda work: work.accounts.freeze(here))
    assert [one.sender for one in await closed(lost)] == ["c2"]


async def test_help_that_was_given_needs_no_letter(chat: Chat) -> None:
    await chat.linked()
    await chat.say("9")
    assert await closed(chat) == []

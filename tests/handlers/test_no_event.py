"""Without an event, or without content, nothing is guessed and no event is named."""

from dataclasses import replace

from bot.knowledge import Known
from bot.reception import Desk, House
from bot.router import Router
from bot.turn import Turn
from bot.values.incoming import Incoming, Kind
from bot.values.person import Person
from bot.values.session import Session
from handlers import ROUTES
from tests.conftest import MORNING
from tests.handlers.chats import Chat


async def answered(chat: Chat, house: House, known: Known | None, incoming: Incoming) -> list[str]:
    def answer(work: object) -> list[str]:
        desk = Desk(work, house, known)  # type: ignore[arg-type]  # a Work, as Store gives it
        session, person = Session(1, 1), Person(1)
        turn = Turn(incoming, session, person, known, MORNING, desk, house.texts)
        Router(ROUTES).answer(turn)
        return [reply.text for reply in turn.replies]

    return await chat.store.write(answer)


WHICH = "Mời đại biểu mở Trợ lý Đồng Hành bằng đường dẫn in trên thẻ. Hoặc gõ mã trên thẻ đại biểu."


async def test_unknown_event_asks_for_the_card_whatever_comes(chat: Chat, house: House) -> None:
    for kind in (Kind.JOINED, Kind.TEXT, Kind.MEDIA, Kind.LOCATION):
        incoming = Incoming(1, "x", "1", kind, MORNING, text="")
        assert await answered(chat, house, None, incoming) == [WHICH]
    for value in ("welcome.language:1", "mine.room", "helper.start", "menu.show", "no.such"):
        tap = Incoming(1, "x", "1", Kind.TAP, MORNING, value=value)
        assert await answered(chat, house, None, tap) == [WHICH]


async def test_leaving_is_quiet_there_too(chat: Chat, house: House) -> None:
    left = Incoming(1, "x", "1", Kind.LEFT, MORNING)
    assert await answered(chat, house, None, left) == []


async def test_an_event_without_content_says_so(chat: Chat, house: House) -> None:
    event = house.knowledge.events()[0]
    empty = replace(house.knowledge[event.id], library=None)
    joined = Incoming(1, "x", "1", Kind.JOINED, MORNING)
    assert await answered(chat, house, empty, joined) == [
        "Ban Tổ chức chưa công bố thông tin. Mời đại biểu quay lại sau."
    ]

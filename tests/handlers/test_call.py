"""Who withdrew, and a phone reported lost: a courteous sentence, a number, and no reason."""

from collections.abc import Callable

import pytest

from bot import desk
from bot.turn import FALLBACK_ZONE
from bot.values.reply import Reply
from tests.handlers.chats import PEOPLE, Chat, texts

T = texts().translator("vi", FALLBACK_ZONE)
CALL = T("Please call the organisers, who will help you: {phone}.", phone="0900 000 100")
# What only a linked person may see or do, and the ways into it.
HERS = (
    *(f"mine.{what}" for what in ("room", "hotel", "seat", "bus", "meals", "badge", "group")),
    *("mine.head", "mine.all", "mine.wrong:room", "me.correct", "welcome.link", "welcome.next"),
    *("welcome.link:other", "welcome.linked"),
)


def private(said: list[Reply]) -> list[str]:
    """What of bà Hạnh's stands in these replies."""
    shown = " ".join(reply.text for reply in said)
    own = ("Hạnh", "305", "Điện Biên", "12-07", "Páo", "Sen Hồng")
    return [value for value in own if value in shown]


async def withdraw(chat: Chat, code: str = "DB0001") -> None:
    sql = f"UPDATE record SET status = 'withdrawn' WHERE code = '{code}'"
    await chat.store.write(lambda work: work.conn.exec_driver_sql(sql))


async def freeze(chat: Chat, *, thaw: bool = False) -> None:
    event = chat.house.knowledge.events()[0].id
    act = desk.unfreeze_addresses if thaw else desk.freeze_addresses
    await chat.store.write(lambda work: act(work, desk.person(work, event, "DB0001"), "lan"))


@pytest.mark.parametrize("stop", [withdraw, freeze])
async def test_whatever_is_hers_ends_in_one_sentence(
    chat: Chat, stop: Callable[[Chat], object]
) -> None:
    await chat.linked()
    await stop(chat)  # type: ignore[misc]
    known = [one for one in chat.library.answers.values() if one.audience.terms == ("linked",)]
    answers = [f"ask.answer:{one.id}" for one in known if not one.go][:5]
    for value in (*HERS, *answers):
        said = await chat.tap(value)
        assert [reply.text for reply in said] == [CALL], value
    assert private(await chat.join()) == []
    (menu,) = await chat.tap("menu.show")
    assert "welcome.link" not in [choice.value for choice in menu.choices]


@pytest.mark.parametrize("stop", [withdraw, freeze])
async def test_what_is_public_stays_open(chat: Chat, stop: Callable[[Chat], object]) -> None:
    await chat.linked()
    await stop(chat)  # type: ignore[misc]
    said = await chat.say("số điện thoại hỗ trợ")
    assert "0900 000 100" in said[0].text
    assert said[0].text != CALL
    assert (await chat.tap("emergency.show"))[0].text.startswith("● ")


async def test_coming_back_by_the_card_is_answered_alike(chat: Chat) -> None:
    await chat.linked()
    await withdraw(chat)
    assert (await chat.join(chat.ground.cards["DB0001"].token))[-1].text == CALL


async def test_a_withdrawn_card_says_nothing_before_the_digits(chat: Chat) -> None:
    await chat.join(chat.ground.cards["DB0003"].token)
    await chat.tap("welcome.language:1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    (wrong,) = await chat.say("9999")
    assert wrong.text == T("These four digits do not match the list. Please try once more.")
    (said,) = await chat.say(PEOPLE["DB0003"]["phone"][-4:])
    assert said.text == CALL


async def test_a_frozen_phone_links_nobody_and_comes_back_when_it_is_found(chat: Chat) -> None:
    await chat.linked()
    await freeze(chat)
    await chat.join(chat.ground.cards["DB0002"].token)
    assert (await chat.say(chat.ground.cards["DB0002"].code))[-1].text == CALL
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    assert (await chat.tap("welcome.agree"))[-1].text == CALL
    assert private(await chat.say("0222")) == []
    assert private(await chat.tap("me.show")) == []
    assert chat.session is not None
    guest = chat.session.person_id
    await chat.tap("menu.show")
    assert chat.session.person_id == guest  # one guest, however often it writes
    await freeze(chat, thaw=True)
    (room,) = await chat.tap("mine.room")
    assert room.text.startswith("Phòng của đại biểu: **305**")


async def test_another_phone_of_hers_is_frozen_too_and_others_are_not(
    another: Callable[[str], Chat],
) -> None:
    first, second, other = another("a"), another("b"), another("c")
    await first.linked()
    await second.linked()
    await other.linked("DB0002")
    await freeze(first)
    assert [one.text for one in await second.tap("mine.room")] == [CALL]
    assert (await other.tap("mine.all"))[0].text != CALL

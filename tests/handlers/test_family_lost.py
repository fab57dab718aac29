"""A shared phone that is lost, a relative who withdrew or erased herself, a paused phone."""

from collections.abc import Callable

from bot import desk
from bot.access import Linked, link_at_desk
from bot.store import Work
from tests.handlers.chats import Chat
from tests.handlers.test_call import CALL, freeze, private, withdraw
from tests.handlers.test_family import HANH, PAO, Another, labels, person, tie, with_pao


def at_the_desk(code: str, chat: Chat) -> Callable[[Work], Linked]:
    """The desk links this chat to the person with this code."""

    def do(work: Work) -> Linked:
        event = chat.ground.knowledge.events()[0].id
        here = work.accounts.add_address(chat.ground.account_id, chat.sender)
        return link_at_desk(work, desk.person(work, event, code), here.id)

    return do


async def test_a_lost_phone_is_silent_for_everybody_who_shares_it(chat: Chat) -> None:
    await with_pao(chat)
    await freeze(chat)
    for value in ("mine.room", "family.whom", "family.pick:1", "family.add:yes", "me.show"):
        assert private(await chat.tap(value)) == [], value
    (said,) = await chat.tap("mine.room")
    assert said.text.endswith("0900 000 100.")
    await freeze(chat, thaw=True)
    (asked,) = await chat.tap("mine.room")
    assert labels(asked) == [HANH, PAO]
    (room,) = await chat.say("1")
    assert room.text.startswith(f"{HANH}:\nPhòng của đại biểu: **305**")


async def test_a_lost_card_of_one_silences_nobody(chat: Chat) -> None:
    await with_pao(chat)
    event = chat.ground.knowledge.events()[0].id
    await chat.store.write(
        lambda work: desk.freeze_card(work, desk.person(work, event, "DB0001"), "lan")
    )
    await chat.say("change person")
    await chat.say("1")
    (room,) = await chat.tap("mine.room")
    assert "**305**" in room.text
    await chat.say("đổi người")
    await chat.say("2")
    (all_of_his,) = await chat.tap("mine.all")
    assert all_of_his.text.startswith(f"{PAO}:\n")


async def test_who_withdrew_is_told_whom_to_call_and_the_other_goes_on(chat: Chat) -> None:
    await chat.linked()
    await tie(chat, "DB0002")
    await chat.tap("family.whom")
    await chat.say("1")
    await withdraw(chat)
    (said,) = await chat.tap("mine.room")
    assert said.text == CALL  # and no name above it
    assert "Đổi người" in labels(said)
    assert "Đổi người" in labels((await chat.tap("menu.show"))[0])
    (asked,) = await chat.tap("family.whom")
    assert labels(asked) == [PAO]


async def test_who_erases_herself_takes_nothing_from_the_other(chat: Chat) -> None:
    await with_pao(chat)
    await chat.say("change person")
    await chat.say("1")
    await chat.tap("me.erase")
    await chat.tap("me.erase_now")
    hanh, pao = await person(chat, "DB0001"), await person(chat, "DB0002")
    assert (hanh.language, hanh.consented) == (None, False)
    assert (pao.language, pao.consented) == ("en", True)
    (room,) = await chat.tap("mine.room")
    assert (private([room]), room.text.startswith(HANH)) == ([], False)
    (head,) = await chat.tap("mine.all")
    assert HANH not in head.text


async def test_the_desk_lets_a_paused_phone_begin_anew_but_not_a_lost_one(another: Another) -> None:
    first, second, third = another("one"), another("two"), another("three")
    await first.linked()
    await third.linked("DB0002")
    await second.join()
    await second.say("1")
    (shown,) = await first.tap("phone.add")
    await second.say(shown.text.split("**")[1])
    await first.say("1")  # not me
    assert private(await second.tap("mine.room")) == []
    assert await first.store.write(at_the_desk("DB0001", second)) is Linked.DONE
    assert "**305**" in (await second.tap("mine.room"))[0].text
    await freeze(first)
    assert await first.store.write(at_the_desk("DB0002", second)) is Linked.FROZEN

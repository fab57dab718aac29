"""A question without an answer: kept at her word alone, once, without what names her."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.store import Work
from bot.store.questions import Sent
from bot.values.person import Role
from tests.handlers.chats import Chat

Another = Callable[[str], Chat]
STRANGE = "thời tiết sao hỏa"


async def sent(chat: Chat) -> list[Sent]:
    event = chat.ground.knowledge.events()[0].id
    return await chat.store.read(lambda work: work.questions.waiting(event))


async def proposed(chat: Chat) -> list[tuple[str, str]]:
    event = chat.ground.knowledge.events()[0].id
    waiting = await chat.store.read(lambda work: work.proposals.waiting(event))
    return [(one.text, one.answer_id) for one in waiting]


async def button(chat: Chat, text: str = STRANGE) -> str:
    """The value of the button under "not understood"."""
    await chat.tap("menu.show")
    (sorry,) = await chat.say(text)
    if "ask.none" in [one.value for one in sorry.choices]:
        (sorry,) = await chat.tap("ask.none")
    return next(one.value for one in sorry.choices if one.value.startswith("ask.send:"))


async def test_nothing_is_kept_until_she_presses(chat: Chat) -> None:
    await chat.linked()
    value = await button(chat)
    assert await sent(chat) == []
    (said,) = await chat.tap(value)
    assert [one.text for one in await sent(chat)] == [STRANGE]
    assert [one.value.partition(":")[0] for one in said.choices] == [
        "ask.take_back",
        "helper.start",
        "menu.show",
    ]


async def test_none_of_these_offers_it_too(chat: Chat) -> None:
    await chat.linked()
    await chat.say("thẻ")
    (sorry,) = await chat.tap("ask.none")
    await chat.tap(sorry.choices[1].value)
    assert [one.text for one in await sent(chat)] == ["thẻ"]


async def test_a_button_sends_its_own_question_once(chat: Chat) -> None:
    await chat.linked()
    old = await button(chat, "lorem ipsum dolor")
    new = await button(chat)
    await chat.tap(old)
    assert await sent(chat) == []
    for _ in range(3):
        await chat.tap(new)
    assert [one.text for one in await sent(chat)] == [STRANGE]
    for junk in ("ask.send", "ask.send:x", "ask.take_back:x", "ask.take_back"):
        await chat.tap(junk)
    assert len(await sent(chat)) == 1


async def test_what_was_sent_is_not_offered_again(chat: Chat) -> None:
    await chat.linked()
    await chat.tap(await button(chat))
    (sorry,) = await chat.tap("ask.none")
    assert [one.value for one in sorry.choices if one.value.startswith("ask.send")] == []


async def test_she_may_take_it_back(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap(await button(chat))
    await chat.tap(said.choices[0].value)
    assert await sent(chat) == []
    await chat.tap(said.choices[0].value)  # pressed again: nothing breaks


async def test_five_a_day_from_one_address(chat: Chat) -> None:
    await chat.linked()
    for number in range(7):
        await chat.tap(await button(chat, f"lorem ipsum {'dolor ' * (number + 1)}"))
    assert len(await sent(chat)) == 5
    chat.clock.forward(timedelta(days=1))
    await chat.tap(await button(chat))
    assert len(await sent(chat)) == 6


async def test_what_names_or_numbers_anybody_is_blanked(chat: Chat) -> None:
    await chat.linked()
    text = "lorem Nguyen thi hanh ở 305, 0912 345 678, Giàng A Páo, DB0002, dolor"
    await chat.tap(await button(chat, text))
    (one,) = await sent(chat)
    assert one.text == "lorem … ở …, …, …, …, dolor"


async def test_a_stranger_may_send_and_it_follows_her_card(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    await chat.tap(await button(chat))
    (guest,) = await sent(chat)
    await chat.linked()
    (linked,) = await sent(chat)
    assert chat.session is not None
    assert linked.person_id == chat.session.person_id != guest.person_id


async def test_not_me_leaves_it_with_whoever_asked(chat: Chat) -> None:
    await chat.linked()
    assert chat.session is not None
    wrong = chat.session.person_id
    await chat.tap(await button(chat))
    await chat.tap("welcome.not_me")
    (one,) = await sent(chat)
    assert one.person_id == chat.session.person_id != wrong


async def test_it_is_erased_with_her_data(chat: Chat) -> None:
    await chat.linked()
    await chat.tap(await button(chat))
    await chat.tap("me.erase")
    await chat.tap("me.erase_now")

    def left(work: Work) -> list[int]:
        tables = ("question", "question_sent")
        return [
            int(work.conn.exec_driver_sql(f"SELECT count(*) FROM {one}").scalar() or 0)
            for one in tables
        ]

    assert await chat.store.read(left) == [0, 0]


async def proposals(chat: Chat) -> list[tuple[str, str, int]]:
    event = chat.ground.knowledge.events()[0].id
    kept = await chat.store.read(lambda work: work.proposals.waiting(event))
    return [(one.text, one.answer_id, one.times) for one in kept]


async def test_a_picked_suggestion_is_proposed_once_she_goes_on(chat: Chat) -> None:
    await chat.linked()
    (list_,) = await chat.say("thẻ")
    await chat.say("1")
    await chat.say("7")  # reading it again says nothing yet
    assert await proposals(chat) == []
    await chat.tap("menu.show")
    chosen = list_.choices[0].value.removeprefix("ask.answer:")
    assert await proposals(chat) == [("thẻ", chosen, 1)]
    await chat.say("thẻ")
    await chat.say("1")
    await chat.tap("menu.show")
    assert await proposals(chat) == [("thẻ", chosen, 2)]


async def test_not_the_one_is_not_proposed(chat: Chat) -> None:
    await chat.linked()
    for after in ("ask.none", "helper.start"):
        await chat.say("thẻ")
        await chat.say("1")
        await chat.tap(after)
        await chat.tap("menu.show")
    assert await proposals(chat) == []


async def test_the_last_of_two_picks_counts(chat: Chat) -> None:
    await chat.linked()
    (list_,) = await chat.say("thẻ")
    await chat.tap(list_.choices[0].value)
    await chat.tap(list_.choices[2].value)
    await chat.tap("menu.show")
    second = list_.choices[2].value.removeprefix("ask.answer:")
    assert [one[1] for one in await proposals(chat)] == [second]


async def test_words_that_name_somebody_are_not_proposed(chat: Chat) -> None:
    await chat.linked()
    await chat.say("thẻ Giàng A Páo")
    await chat.say("1")
    await chat.tap("menu.show")
    assert await proposals(chat) == []


async def test_a_pick_of_one_is_not_the_others_on_a_shared_phone(chat: Chat) -> None:
    await chat.linked()
    await chat.say("thẻ")
    await chat.say("1")
    await chat.tap("welcome.not_me")
    await chat.tap("menu.show")
    assert [one[0] for one in await proposals(chat)] == ["thẻ"]


async def test_the_organisers_people_see_groups_and_delegates_do_not(
    another: Callable[[str], Chat],
) -> None:
    asker, reader = another("asker"), another("reader")
    await asker.linked()
    for text in ("thuê xe đạp ở đâu", "thue xe dap o dau ạ", "quán karaoke gần đây"):
        await asker.tap(await button(asker, text))
    await reader.linked("DB0002")
    (topics,) = await reader.tap("waiting.show")
    assert topics.choices[0].value.startswith("ask.topic:")
    assert reader.session is not None
    event, person = reader.ground.knowledge.events()[0].id, reader.session.person_id
    await reader.store.write(lambda work: work.people.join(event, [person], Role.HELPER))
    (seen,) = await reader.say("/cauhoi")
    _, bicycle, song = seen.text.split("\n")
    assert "đạp" in bicycle or "dap" in bicycle
    assert "karaoke" in song
    assert "Hạnh" not in seen.text
    hidden, *_ = await another("stranger").tap("waiting.show")
    assert "karaoke" not in hidden.text


@pytest.mark.parametrize("no", ["không phải", "ko phai cai do", "None of these", "no"])
async def test_typing_that_it_is_none_of_these_is_as_the_button(chat: Chat, no: str) -> None:
    await chat.linked()
    await chat.say("thẻ")
    (pressed,) = await chat.tap("ask.none")
    await chat.say("thẻ")
    assert await chat.say(no) == [pressed]


async def test_what_was_answered_wrongly_can_be_sent_too(chat: Chat) -> None:
    await chat.linked()
    await chat.say("nhà vệ sinh ở đâu")
    (sorry,) = await chat.say("không phải cái đó")
    await chat.tap(sorry.choices[1].value)
    assert [one.text for one in await sent(chat)] == ["nhà vệ sinh ở đâu"]


async def test_what_the_list_says_of_her_is_corrected_instead(chat: Chat) -> None:
    await chat.linked()
    (room,) = await chat.say("phòng của tôi ở đâu")
    wrong = next(one.value for one in room.choices if one.value.startswith("mine.wrong"))
    typed = await chat.say("sai rồi")
    await chat.say("phòng của tôi ở đâu")
    assert await chat.tap(wrong) == typed
    await chat.say("phòng của tôi ở đâu")
    before = await chat.requests()
    (sorry,) = await chat.say("không phải cái này")  # it may be right and not what she asked
    assert sorry.choices[1].value.startswith("ask.send:")
    assert await chat.requests() == before


async def test_no_is_about_nothing_when_something_else_was_said_since(chat: Chat) -> None:
    await chat.linked()
    await chat.say("nhà vệ sinh ở đâu")
    await chat.tap(await button(chat, "không"))
    assert [one.text for one in await sent(chat)] == ["không"]


async def test_suggestions_of_another_day_propose_and_send_as_others_do(chat: Chat) -> None:
    await chat.linked()
    (suggested,) = await chat.say("giá vàng ngày mai")  # like "ngày mai có gì", but for the day
    assert suggested.choices[0].value == "programme.tomorrow"
    (sorry,) = await chat.tap("ask.none")
    assert sorry.choices[1].value.startswith("ask.send:")
    await chat.say("giá vàng ngày mai")
    await chat.tap("programme.tomorrow")
    await chat.tap("menu.show")
    assert await proposed(chat) == [("giá vàng ngày mai", "lich-ngay-mai")]


async def test_a_pick_that_was_not_it_is_not_proposed(chat: Chat) -> None:
    await chat.linked()
    (suggested,) = await chat.say("thẻ")
    await chat.tap(suggested.choices[0].value)
    await chat.say("không phải cái này")
    await chat.tap("menu.show")
    assert await proposed(chat) == []

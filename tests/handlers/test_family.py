"""Several people at one phone, and several phones of one person."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.access import MOST_PEOPLE
from bot.clock import SetClock
from bot.reach import address_of
from bot.store import Work
from bot.values.person import Person
from bot.values.reply import Reply
from tests.handlers.chats import PEOPLE, Chat

Another = Callable[[str], Chat]
HANH, PAO = "Nguyễn Thị Hạnh", "Giàng A Páo"


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


async def person(chat: Chat, code: str) -> Person:
    event = chat.ground.knowledge.events()[0].id

    def look(work: Work) -> Person:
        record = work.roster.by_code(event, code)
        assert record is not None
        found = work.people.get(record.person_id, event)
        assert found is not None
        return found

    return await chat.store.read(look)


async def tie(chat: Chat, *codes: str) -> None:
    """What the desk does."""
    event = chat.ground.knowledge.events()[0].id

    def do(work: Work) -> None:
        address = work.accounts.add_address(chat.ground.account_id, chat.sender)
        for code in codes:
            record = work.roster.by_code(event, code)
            assert record is not None
            work.accounts.tie(address.id, record.person_id, event, "desk")

    await chat.store.write(do)


async def with_pao(chat: Chat, language: str = "2") -> list[Reply]:
    """Mrs Hạnh's phone; Mr Páo is added with his own card, in his own language."""
    await chat.linked()
    await chat.join(chat.ground.cards["DB0002"].token)
    await chat.say("1")  # add this person
    await chat.say(language)
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    return await chat.say("0222")


async def test_a_second_card_adds_a_person_with_her_own_language_and_consent(chat: Chat) -> None:
    (hello,) = await with_pao(chat)
    assert hello.text.startswith(f"Welcome, delegate {PAO}.")
    hanh, pao = await person(chat, "DB0001"), await person(chat, "DB0002")
    assert (hanh.language, hanh.consented) == ("vi", True)
    assert (pao.language, pao.consented) == ("en", True)


async def test_a_refusal_of_the_second_touches_nothing_of_the_first(chat: Chat) -> None:
    await chat.linked()
    await chat.join(chat.ground.cards["DB0002"].token)
    await chat.say("1")
    await chat.say("2")
    (said,) = await chat.tap("welcome.refuse")
    assert "Change person" in labels(said)
    hanh, pao = await person(chat, "DB0001"), await person(chat, "DB0002")
    assert (hanh.language, hanh.consented) == ("vi", True)
    assert (pao.language, pao.consented) == (None, None)
    await chat.tap("family.whom")
    (menu,) = await chat.say("1")
    assert menu.text == "Đại biểu muốn xem gì?"
    (room,) = await chat.say("1")
    assert room.text.startswith("Phòng của đại biểu: **305**")


async def test_every_personal_answer_names_whose_it_is(chat: Chat) -> None:
    await with_pao(chat)
    await chat.say("change person")
    await chat.say("1")
    for value in (
        "mine.room",
        "mine.bus",
        "programme.today",
        "me.show",
        "ask.answer:phong-cua-toi",
    ):
        said = await chat.tap(value)
        assert {one.text.split("\n")[0] for one in said} == {f"{HANH}:"}, value
    (menu,) = await chat.say("0")
    assert menu.text == f"{HANH}:\nĐại biểu muốn xem gì?"
    assert labels(menu)[4] == "Đổi người"


async def test_who_is_alone_is_not_named(chat: Chat) -> None:
    await chat.linked()
    (room,) = await chat.tap("mine.room")
    assert room.text.startswith("Phòng của đại biểu: **305**")


async def test_for_whom_is_asked_once_and_the_choice_stays(chat: Chat) -> None:
    await chat.linked()
    await tie(chat, "DB0002")
    (asked,) = await chat.say("phòng của tôi ở đâu")
    assert asked.text == "Xem cho ai? Mời chọn một tên."
    assert labels(asked) == [HANH, PAO]
    (room,) = await chat.say("1")
    assert room.text.startswith(f"{HANH}:\nPhòng của đại biểu: **305**")
    (bus,) = await chat.tap("mine.bus")
    assert bus.text.startswith(f"{HANH}:\nSố xe của đại biểu: **12**")
    (again,) = await chat.say("Đổi người")
    assert labels(again) == [HANH, PAO]


async def test_one_without_a_language_chooses_it_before_anything_else(chat: Chat) -> None:
    await chat.linked()
    await tie(chat, "DB0002")
    await chat.tap("mine.room")
    (picker,) = await chat.say("2")
    assert "Mời đại biểu chọn ngôn ngữ." in picker.text
    said = await chat.say("2")
    assert said[0].text == (
        f"{PAO}:\nBefore your own information is shown, please read four short messages."
    )
    assert (await person(chat, "DB0001")).language == "vi"


async def test_public_answers_ask_for_nobody(chat: Chat) -> None:
    await chat.linked()
    await tie(chat, "DB0002")
    (said,) = await chat.tap("emergency.show")
    assert "115" in said.text
    (said,) = await chat.tap("ask.answer:lien-he")
    assert said.text.startswith("Điện thoại hỗ trợ")


async def test_what_one_wrote_is_not_in_the_others_request(chat: Chat) -> None:
    await with_pao(chat, "1")
    await chat.say("tôi đau đầu quá")
    await chat.say("đổi người")
    await chat.say("1")
    assert chat.session is not None
    assert "tôi đau đầu quá" not in chat.session.notes.get("recent", [])


async def test_her_own_card_at_a_shared_phone_chooses_her(chat: Chat) -> None:
    await with_pao(chat)
    (menu,) = await chat.join(chat.ground.cards["DB0001"].token)
    assert menu.text.startswith(f"{HANH}:\n")


@pytest.mark.parametrize("junk", ["", "0", "-1", "x", "99999"])
async def test_only_people_of_this_phone_can_be_chosen(chat: Chat, junk: str) -> None:
    await with_pao(chat, "1")
    (asked,) = await chat.tap(f"family.pick:{junk}")
    assert labels(asked) == [HANH, PAO]


async def test_somebody_elses_id_is_not_to_be_chosen(chat: Chat) -> None:
    await with_pao(chat, "1")
    stranger = await person(chat, "DB0004")
    (asked,) = await chat.tap(f"family.pick:{stranger.id}")
    assert labels(asked) == [HANH, PAO]


async def test_not_me_of_one_leaves_the_other(chat: Chat) -> None:
    await with_pao(chat, "1")
    await chat.tap("welcome.not_me")
    (room,) = await chat.tap("mine.room")
    assert room.text.startswith("Phòng của đại biểu: **305**")


async def test_who_was_untied_elsewhere_is_shown_nothing_more(chat: Chat) -> None:
    await chat.linked()
    hanh = await person(chat, "DB0001")

    def untie(work: Work) -> None:
        assert chat.session is not None
        work.accounts.untie(chat.session.address_id, hanh.id)

    await chat.store.write(untie)
    said = await chat.tap("mine.room")
    assert "305" not in "".join(one.text for one in said)
    assert chat.session is not None
    assert chat.session.person_id != hanh.id


async def test_nine_people_are_too_many_for_one_phone(chat: Chat) -> None:
    await chat.linked()
    event = chat.ground.knowledge.events()[0].id

    def crowd(work: Work) -> None:
        assert chat.session is not None
        for _ in range(MOST_PEOPLE - 1):
            work.accounts.tie(chat.session.address_id, work.people.add(), event, "desk")

    await chat.store.write(crowd)
    (said,) = await chat.tap("family.add")
    assert said.text.startswith("Điện thoại này đã gắn thẻ của tám đại biểu.")


async def code_of(chat: Chat) -> str:
    (said,) = await chat.tap("phone.add")
    return said.text.split("**")[1]


async def test_a_code_lets_in_the_second_phone_and_the_first_is_told(another: Another) -> None:
    first, second = another("one"), another("two")
    await first.linked()
    code = await code_of(first)
    await second.join()
    await second.say("2")
    (hello,) = await second.say(code)
    # Her language is hers, whatever was chosen on the new phone before it was known as hers.
    assert hello.text.startswith(f"Kính chào bà {HANH}.")
    (told,) = second.told
    assert told.address.sender == "one"
    assert told.reply.text.startswith(f"{HANH}: thẻ của đại biểu vừa được gắn thêm")
    assert labels(told.reply) == ["Không phải tôi", "Về menu"]
    (room,) = await second.tap("mine.room")
    assert "**305**" in room.text


async def test_not_me_pauses_the_new_phone_at_once(another: Another) -> None:
    first, second = another("one"), another("two")
    await first.linked()
    await second.join()
    await second.say("1")
    await second.say(await code_of(first))
    (said,) = await first.say("1")
    assert said.text.startswith("Điện thoại đó đã bị tạm khóa")
    assert await first.requests() == [("urgent", "phone", "registration")]
    said_there = await second.tap("mine.room")
    assert "305" not in "".join(one.text for one in said_there)
    # A paused phone is linked again only by a desk.
    await second.say("1")
    (refused,) = await second.say(await code_of(first))
    assert refused.text.startswith("Mời đại biểu gọi Ban Tổ chức để được hỗ trợ")


async def test_the_new_phone_cannot_pause_the_first(another: Another) -> None:
    first, second = another("one"), another("two")
    await first.linked()
    await second.join()
    await second.say("1")
    await second.say(await code_of(first))
    assert first.session is not None
    (said,) = await second.tap(f"phone.freeze:{first.session.address_id}")
    assert said.text == "Điện thoại đó không còn gắn với thẻ của đại biểu."
    (room,) = await first.tap("mine.room")
    assert "**305**" in room.text


@pytest.mark.parametrize("junk", ["", "x", "-1", "²", "1" * 40])
async def test_pausing_what_is_no_phone_of_hers_does_nothing(chat: Chat, junk: str) -> None:
    await chat.linked()
    (said,) = await chat.tap(f"phone.freeze:{junk}")
    assert said.text == "Điện thoại đó không còn gắn với thẻ của đại biểu."
    assert await chat.requests() == []


async def test_a_code_works_once_and_for_ten_minutes(another: Another, clock: SetClock) -> None:
    first, second, third = another("one"), another("two"), another("three")
    await first.linked()
    for chat in (second, third):
        await chat.join()
        await chat.say("1")
    code = await code_of(first)
    clock.forward(timedelta(minutes=11))
    (late,) = await second.say(code)
    assert late.text == "Chưa tìm thấy mã này. Mời đại biểu xem lại thẻ và gõ lại."
    fresh = await code_of(first)
    await second.say(fresh)
    (twice,) = await third.say(fresh)
    assert twice.text == "Chưa tìm thấy mã này. Mời đại biểu xem lại thẻ và gõ lại."


async def test_five_wrong_phone_codes_wait(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    said = [await chat.say(f"00000{number}") for number in range(5)]
    assert said[4][0].text.startswith("Đã mấy lần chưa khớp. Mời đại biểu thử lại sau 15 phút.\n")


async def test_the_code_is_kept_only_as_a_fingerprint_and_not_in_the_dialogue(chat: Chat) -> None:
    await chat.linked()
    code = (await code_of(chat)).replace(" ", "")

    def rows(work: Work) -> str:
        return str(work.conn.exec_driver_sql("SELECT * FROM phone_code").all())

    assert code not in await chat.store.read(rows)
    assert chat.session is not None
    assert code not in str(chat.session.notes)


async def test_a_guest_has_no_phone_to_add(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.tap("phone.add")
    assert said.text.startswith("Trợ lý Đồng Hành giữ ngôn ngữ")


async def test_a_letter_goes_to_the_address_she_prefers(another: Another) -> None:
    first, second = another("one"), another("two")
    await first.linked()
    await second.join()
    await second.say("1")
    await second.say(await code_of(first))
    hanh = await person(first, "DB0001")
    event = first.ground.knowledge.events()[0].id

    async def where() -> str:
        found = await first.store.read(lambda work: address_of(work, hanh.id, event))
        return found.sender if found else ""

    assert await where() == "one"
    assert second.session is not None
    there = second.session.address_id
    await first.store.write(lambda work: work.people.prefer(hanh.id, there))
    assert await where() == "two"
    await first.store.write(lambda work: work.accounts.mark_gone(there, "left"))
    assert await where() == "one"
    assert first.session is not None
    here = first.session.address_id
    await first.store.write(lambda work: work.accounts.freeze([here]))
    assert await where() == ""


async def test_the_sample_people_are_who_these_tests_think() -> None:
    assert [PEOPLE[code]["full_name"] for code in ("DB0001", "DB0002")] == [HANH, PAO]

"""Short and slow for those who asked for it, and for whoever comes to an event that speaks so."""

from dataclasses import replace
from datetime import timedelta

from bot.clock import SetClock
from bot.fit import plain, portions
from bot.store import Work
from bot.text import visible_length
from bot.values.reply import Choice, Reply, Style
from tests.handlers.chats import Chat

SHORT = "Từ giờ, câu trả lời ngắn, từng tin một, nghỉ giữa hai tin. "
SHORT += "Muốn đọc hết, mời đại biểu bấm Xem thêm."


async def test_short_mode_says_the_fact_and_one_short_line(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("nói chậm thôi")
    assert said.text == SHORT
    (room,) = await chat.tap("mine.room")
    assert room.text == "Phòng của đại biểu: **305**, **Khách sạn Sen Hồng**.\n(08:10 ngày 19/01)"
    (said,) = await chat.say("nói đầy đủ")
    assert said.text == "Từ giờ, câu trả lời sẽ đầy đủ như trước, không nghỉ giữa các tin."
    (room,) = await chat.tap("mine.room")
    assert room.text.count("\n") == 2


async def test_short_mode_uses_the_short_text_of_every_answer(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("comfort.simple")
    short = {one.id: one.by_language["vi"].short for one in chat.library.answers.values()}
    told = [one for one, text in short.items() if text and "{" not in text]
    assert told != []
    for one in told:
        (said,) = await chat.tap(f"ask.answer:{one}")
        words, source = said.text.split("\n")
        assert words == short[one]
        assert visible_length(source) <= 60


async def test_all_of_a_short_answer_is_one_tap_away(chat: Chat) -> None:
    await chat.linked()
    (whole,) = await chat.tap("ask.answer:ban-huong-dan")
    await chat.tap("comfort.simple")
    (short,) = await chat.tap("ask.answer:ban-huong-dan")
    first = short.choices[0]
    assert (first.label, first.value) == ("Xem thêm", "ask.whole:ban-huong-dan")
    assert len(short.choices) <= 5
    more = await chat.say("1")
    assert " ".join(one.text for one in more).split() == whole.text.split()
    assert more[-1].choices == whole.choices
    # "Read again" and "back" know where she is.
    assert await chat.say("7") == more
    assert await chat.say("8") == [short]


async def test_nothing_is_offered_where_the_short_is_all_there_is(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("comfort.simple")
    known = chat.library.answers.values()
    told = [one for one in known if not one.go and not one.by_language["vi"].short]
    assert told != []
    for one in told:
        values = [
            choice.value
            for reply in await chat.tap(f"ask.answer:{one.id}")
            for choice in reply.choices
        ]
        assert f"ask.whole:{one.id}" not in values


async def test_never_more_than_three_messages_without_her_word(chat: Chat) -> None:
    await chat.linked()
    in_full = await chat.tap("me.show")
    await chat.tap("comfort.simple")
    told = await chat.tap("me.show")
    assert len(told) == 3
    assert told[-1].choices[0] == Choice("Tiếp tục", "menu.rest")
    while told[-1].choices[0].value == "menu.rest":
        more = await chat.say("1")
        assert len(more) <= 3
        told += more
    assert "\n".join(one.text for one in told) == "\n".join(one.text for one in in_full)
    assert told[-1].choices == in_full[-1].choices
    # Nothing is left over, and "read again" begins at the beginning.
    (menu,) = await chat.tap("menu.rest")
    assert menu.text == "Đại biểu muốn xem gì?"
    await chat.tap("me.show")
    await chat.say("1")
    assert (await chat.say("7"))[0] == told[0]


async def test_the_rest_is_forgotten_once_she_asks_for_something_else(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("comfort.simple")
    await chat.tap("me.show")
    assert chat.session is not None
    assert "rest" in chat.session.notes
    await chat.tap("mine.room")
    assert "rest" not in chat.session.notes


async def test_whoever_left_the_list_is_not_told_the_rest(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("comfort.simple")
    await chat.tap("me.show")

    sql = "UPDATE record SET status = 'withdrawn' WHERE code = 'DB0001'"
    await chat.store.write(lambda work: work.conn.exec_driver_sql(sql))
    (menu,) = await chat.tap("menu.rest")
    assert menu.text.startswith("Đại biểu muốn xem gì?")


async def test_what_is_about_safety_is_told_whole_and_at_once(chat: Chat) -> None:
    await chat.linked()
    in_full = await chat.tap("emergency.show")
    await chat.tap("comfort.simple")
    assert await chat.tap("emergency.show") == in_full


def test_portions_lose_nothing_and_cut_no_sentence_or_sign() -> None:
    sentence = "Mời đại biểu đi thẳng rồi rẽ phải ở **cửa số 2**."
    lines = [" ".join([sentence] * 4), "● một dòng", " ".join([sentence] * 2)]
    whole = Reply("\n".join(lines), (Choice("Về menu", "menu.show"),), language="vi")
    told = portions(whole)
    assert " ".join(one.text for one in told).split() == whole.text.split()
    assert [visible_length(plain(one.text)) <= 160 for one in told] == [True] * len(told)
    assert {one.text.count("**") % 2 for one in told} == {0}
    assert [one.choices for one in told[:-1]] == [()] * (len(told) - 1)
    assert replace(told[-1], text=whole.text) == whole
    assert portions(replace(whole, style=Style.WARNING))[0].text == whole.text
    assert len(portions(Reply("x" * 500))) == 1


async def usual(chat: Chat, clock: SetClock) -> None:
    """From now on this event speaks short and slow to whoever never chose."""

    def change(work: Work) -> None:
        event = work.events.by_slug("sample")
        assert event is not None
        work.events.save(replace(event, simple=True))

    await chat.store.write(change)
    clock.forward(timedelta(seconds=1))


async def test_an_event_may_speak_short_from_the_first_word(chat: Chat, clock: SetClock) -> None:
    await usual(chat, clock)
    await chat.linked()
    (room,) = await chat.tap("mine.room")
    assert room.text.count("\n") == 1
    (page,) = await chat.tap("menu.more:3")
    assert "Nói đầy đủ" in [one.label for one in page.choices]
    await chat.tap("comfort.full")
    (room,) = await chat.tap("mine.room")
    assert room.text.count("\n") == 2


async def test_what_a_guest_chose_outlives_what_is_usual(chat: Chat, clock: SetClock) -> None:
    await usual(chat, clock)
    await chat.join()
    await chat.say("1")
    await chat.say("/daydu")
    await chat.linked()
    (room,) = await chat.tap("mine.room")
    assert room.text.count("\n") == 2


async def test_the_menu_offers_the_other_way(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("comfort.simple")
    (last,) = await chat.tap("menu.more:3")
    assert "Nói đầy đủ" in [one.label for one in last.choices]


async def test_a_guest_keeps_the_choice_when_she_is_linked(chat: Chat) -> None:
    await chat.join(chat.ground.cards["DB0001"].token)
    await chat.say("1")
    await chat.say("/ngan")
    await chat.tap("welcome.link")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    await chat.say("5678")
    (room,) = await chat.tap("mine.room")
    assert room.text.count("\n") == 1

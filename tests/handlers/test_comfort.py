"""Short answers for those who asked for them."""

from bot.text import visible_length
from tests.handlers.chats import Chat


async def test_short_mode_says_the_fact_and_one_short_line(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("nói chậm thôi")
    assert said.text == "Từ giờ, câu trả lời sẽ ngắn, từng việc một."
    (room,) = await chat.tap("mine.room")
    assert room.text == "Phòng của đại biểu: **305**, **Khách sạn Sen Hồng**.\n(08:10 ngày 19/01)"
    (said,) = await chat.say("nói đầy đủ")
    assert said.text == "Từ giờ, câu trả lời sẽ đầy đủ như trước."
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


async def test_never_more_than_three_messages_at_once(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("comfort.simple")
    for value in (
        "me.show",
        "mine.all",
        "mine.meals",
        "programme.now",
        "helper.start",
        "menu.show",
    ):
        assert len(await chat.tap(value)) <= 3, value


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

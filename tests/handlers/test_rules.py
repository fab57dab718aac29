"""The rules of how delegates are spoken to, each held by a test under its number.

What is checked: every Vietnamese text of ours, every approved answer of the sample, and everything
that digits alone can reach.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest

from bot.clock import SetClock
from bot.content import Facets, Item, style
from bot.content.words import EMOJI_ALLOWED, emoji
from bot.fit import plain
from bot.i18n.catalogue import catalogue_path, read_catalogue
from bot.paths import resource
from bot.text import sentences, syllables, visible_length
from bot.values.incoming import Kind
from bot.values.reply import Reply
from tests.handlers.chats import Chat, texts
from tests.handlers.walk import FINAL, Walk, walk

LISTS = ("welcome.language", "family.pick")  # all on one screen, however many (rule 3)


@cache
def ours() -> tuple[str, ...]:
    """Every Vietnamese text that a handler says."""
    found = []
    for message in read_catalogue(catalogue_path(resource("locales"), "vi"), "vi"):
        places = {place for place, _ in message.locations}
        said = {place for place in places if place.startswith("handlers/")}
        if message.id and said - {"handlers/__init__.py"}:
            found.append(str(message.string))
    return tuple(found)


def answers(chat: Chat) -> Iterator[tuple[str, int]]:
    """Every approved text of the sample in Vietnamese and English, with its limit."""
    for one in chat.library.answers.values():
        for code in ("vi", "en"):
            text = one.by_language.get(code)
            if text is not None:
                yield text.text, style.TEXT_LIMIT
                yield text.short, style.SHORT_LIMIT


def prose(reply: Reply) -> list[str]:
    """The whole sentences of a reply, without lists and the line of its source."""
    lines = [line for line in reply.text.split("\n") if not line.startswith(("●", "("))]
    return [one for line in lines for one in sentences(line) if one[-1] in ".?!"]


async def walked(chat: Chat, language: str = "1") -> Walk:
    await chat.linked(language=language)
    return await walk(chat)


async def test_rule_1_one_idea_one_question(chat: Chat) -> None:
    told = [*ours(), *(text for text, _ in answers(chat))]
    assert [one for one in told if one.count("?") > 1 or len(sentences(one)) > 3] == []
    said = (await walked(chat)).replies
    assert [one.text for one in said if one.text.count("?") > 1 or len(prose(one)) > 3] == []


async def test_rule_2_short(chat: Chat) -> None:
    for text, limit in answers(chat):
        assert visible_length(style.as_seen(text)) <= limit, text
    for text in ours():
        longest = max((len(syllables(one)) for one in sentences(text)), default=0)
        assert (visible_length(text) <= 320, longest <= 15) == (True, True), text
    said = (await walked(chat)).replies
    assert [one.text for one in said if visible_length(one.text) > 320] == []


async def test_rule_2_shorter_in_simple_mode(chat: Chat) -> None:
    for one in chat.library.answers.values():
        text = one.by_language["vi"]
        seen = style.as_seen(text.short or text.text)
        longest = max((len(syllables(part)) for part in sentences(seen)), default=0)
        assert (visible_length(seen) <= 160, longest <= 15) == (True, True), one.id
    await chat.linked()
    await chat.tap("comfort.simple")
    said = [one for one in (await walk(chat)).replies if not one.about_safety]
    assert [one.text for one in said if visible_length(plain(one.text)) > 160] == []
    await chat.tap("comfort.simple")  # the walk pressed everything
    for answer in chat.library.answers:
        for reply in await chat.tap(f"ask.answer:{answer}"):
            assert visible_length(plain(reply.text)) <= 160, reply.text


async def test_rule_3_two_to_five_numbered_choices_and_more(chat: Chat) -> None:
    for reply in (await walked(chat)).replies:
        values = [choice.value for choice in reply.choices]
        if values and not values[0].startswith(LISTS):
            assert len(values) <= 6, reply.text
            assert len(set(values)) == len(values), reply.text
    await chat.say("0")
    by_digit = await chat.say("2")
    for typed in ("hai", "số 2", "Số hai.", "02"[1:]):
        await chat.say("0")
        assert await chat.say(typed) == by_digit, typed
    assert await chat.tap("mine.bus") == by_digit


WANTED = {
    "room": "mine.room",
    "seat": "mine.seat",
    "bus": "mine.bus",
    "meal": "mine.meals",
    "badge": "mine.badge",
    "group": "mine.group",
    "language": "welcome.language",
    "emergency": "emergency.show",
    "help": "helper.start",
    "documents": "documents.list",
    "my data": "me.show",
    "questions": "ask.topics",
    "another phone": "phone.add",
    "short answers": "comfort.simple",
}


@pytest.mark.parametrize("language", ["1", "2"])
async def test_rule_4_never_require_typing(chat: Chat, language: str) -> None:
    seen = await walked(chat, language)
    assert {what for what, name in WANTED.items() if name not in seen.routes} == set()
    days = {f"programme.day:{day}" for day in range(1, chat.library.event.days + 1)}
    assert days - set(seen.paths) == set()
    hers = {
        f"programme.item:{item.id}" for item in chat.library.items.values() if admitted(chat, item)
    }
    assert hers - set(seen.paths) == set()
    languages = {one for one in seen.paths if one.startswith("welcome.language:")}
    assert len(languages) == len(chat.ground.knowledge.events()[0].languages)
    # The most asked for is one digit away, and nothing else is far.
    assert {seen.paths[WANTED[one]] for one in ("room", "bus", "seat")} == {"1", "2", "3"}


def admitted(chat: Chat, item: Item) -> bool:
    """Is this item part of Mrs Hạnh's programme?"""
    hanh = Facets(
        linked=True,
        delegation="Đoàn tỉnh Điện Biên",
        group="3",
        role="Đại biểu",
        hotel="KS Sen Hồng",
        bus="12",
    )
    return chat.library.admits(item, hanh)


@pytest.mark.parametrize("language", ["1", "2"])
async def test_rule_4_holds_for_a_guest(chat: Chat, language: str) -> None:
    await chat.join()
    await chat.say(language)
    seen = await walk(chat)
    wanted = {"welcome.link", "programme.day", "welcome.language", "helper.start", "emergency.show"}
    assert wanted - seen.routes == set()


async def test_rule_5_three_controls_on_every_message(chat: Chat) -> None:
    controls = {
        tuple(one.value for one in reply.controls) for reply in (await walked(chat)).replies
    }
    assert controls == {("menu.again", "menu.back", "helper.start")}
    labels = {tuple(one.label for one in reply.controls) for reply in (await walk(chat)).replies}
    assert labels == {("Đọc lại", "↩︎ Quay lại", "🙋 Gặp người hỗ trợ")}
    await chat.say("/menu")
    (desk,) = await chat.say("9")
    assert "0900 000 100" in desk.text


async def test_rule_8_nothing_is_only_a_sound_or_a_picture(chat: Chat) -> None:
    for reply in (await walked(chat)).replies:
        assert reply.text.strip() != ""
        assert [medium.name for medium in reply.media if not medium.caption.strip()] == []


@pytest.mark.parametrize("language", ["1", "2"])
async def test_rule_10_the_sign_stands_in_vietnamese_in_bold(chat: Chat, language: str) -> None:
    await chat.linked(language=language)
    for place in chat.library.places.values():
        if place.audience.terms == ("public",):
            (said,) = await chat.tap(f"place.show:{place.slug}")
            assert f"**{place.sign}**" in said.text


async def test_rule_15_never_more_than_two_misunderstandings_in_a_row(chat: Chat) -> None:
    await chat.linked()
    first, second = await chat.say("xyzzy qwrt"), await chat.say("zxwj qpvk")
    assert [one.text for one in (*first, *second)] == [
        "Xin lỗi, Trợ lý Đồng Hành chưa hiểu. Mời đại biểu bấm một số:"
    ] * 2
    third = await chat.say("plugh zzz")
    assert third[-1].text.startswith("Ban Tổ chức đã nhận yêu cầu gặp người hỗ trợ.")


async def test_rule_16_no_idioms_no_abbreviations_no_english(chat: Chat) -> None:
    remarks = {text: [*style.lint_words(text, "vi")] for text in ours()}
    assert {text: found for text, found in remarks.items() if found} == {}
    for one in chat.library.answers.values():
        text = one.by_language["vi"]
        for words in (text.title, text.text, text.short):
            assert [*style.lint_words(words, "vi")] == [], words


def test_rule_17_time_is_concrete(clock: SetClock, chat: Chat) -> None:
    t, now = texts().translator("vi", chat.library.event.zone), clock.now()
    assert t.when(now + timedelta(days=1), now) == "Thứ Tư, ngày 20/01/2027, 08:10"
    near = t.when(now + timedelta(minutes=15), now)
    assert near == "Thứ Ba, ngày 19/01/2027, 08:25 (còn 15 phút)"


async def test_rule_18_language_is_chosen_shown_and_reversible(chat: Chat) -> None:
    _, picker = await chat.join()
    assert len(picker.choices) == len(chat.ground.knowledge.events()[0].languages)
    names = "".join(choice.label for choice in picker.choices)
    assert set(emoji.findall(names)) <= EMOJI_ALLOWED  # no flags
    await chat.say("1")
    before = await stored_language(chat)
    for typed in (
        "where is my room",
        "what time is lunch",
        "តើបន្ទប់ខ្ញុំនៅឯណា",
        "kuv chav nyob qhov twg",
    ):
        await chat.say(typed)
    assert (before, await stored_language(chat)) == ("vi", "vi")
    seen = await walk(chat)
    assert "welcome.language" in seen.routes


async def stored_language(chat: Chat) -> str | None:
    assert chat.session is not None
    who, where = chat.session.person_id, chat.session.event_id
    person = await chat.store.read(lambda work: work.people.get(who, where))
    return person.language if person else None


async def test_rule_19_one_at_a_time_and_three_at_most(chat: Chat) -> None:
    # The pauses between them are the sender's: tests/journey/test_slow.py.
    await chat.linked()
    await chat.tap("comfort.simple")
    seen = await walk(chat)
    assert "menu.rest" in seen.routes
    await chat.tap("comfort.simple")  # the walk pressed everything
    for value in seen.paths:
        if not value.startswith((*FINAL, "comfort.full")):
            assert len(await chat.tap(value)) <= 3, value


async def test_rule_20_nothing_expires_on_the_delegate(chat: Chat, clock: SetClock) -> None:
    await chat.join(chat.ground.cards["DB0001"].token)
    await chat.say("1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    clock.forward(timedelta(hours=30))
    # In the middle of a question: the answer still counts, and nothing else is asked.
    (hello,) = await chat.say("5678")
    assert hello.text.startswith("Kính chào bà Nguyễn Thị Hạnh.")


async def test_rule_20_after_a_day_a_gentle_line_and_the_menu(chat: Chat, clock: SetClock) -> None:
    gentle = "Mời đại biểu tiếp tục. Mọi thông tin vẫn còn nguyên."
    with_menu = f"{gentle}\nĐại biểu muốn xem gì?"
    await chat.linked()
    await chat.tap("mine.bus")
    clock.forward(timedelta(hours=23))
    assert len(await chat.tap("mine.room")) == 1
    clock.forward(timedelta(hours=24))
    line, room = await chat.tap("mine.room")
    assert line.text == f"{gentle} Bấm 0 để xem menu."
    assert "**305**" in room.text
    (bus,) = await chat.say("1")  # the digits are those of her answer
    assert "**12**" in bus.text
    clock.forward(timedelta(days=3))
    assert [one.text for one in await chat.say("menu")] == [with_menu]
    clock.forward(timedelta(days=3))
    assert await chat.send(Kind.LEFT) == []


async def test_rule_22_missing_words_are_never_replaced_by_english(chat: Chat) -> None:
    for language in texts().languages.values():
        if language.code != "en":
            assert "en" not in language.chain, language.code
    await chat.linked(language="3")  # without reviewed words
    for one in chat.library.answers:
        for reply in await chat.tap(f"ask.answer:{one}"):
            assert reply.language != "en", one

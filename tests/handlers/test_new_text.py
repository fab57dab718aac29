"""A new consent text: everybody is asked again, no is an answer, and what was agreed stays."""

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.store import Work
from bot.store.people import consent
from bot.turn import FALLBACK_ZONE
from bot.values.consent import TEXT_VERSION
from handlers.consent import PAGES
from tests.handlers.chats import Chat, texts

# What the version in force says, in the words that are read most. Another text, another version.
PRINTS = {
    "en": "c47fb7e4fa16323d",
    "vi": "d06b85353d05d746",
}


@pytest.mark.parametrize("language", PRINTS)
def test_another_text_has_another_version(language: str) -> None:
    t = texts().translator(language, FALLBACK_ZONE)
    shown = sha256("\n".join(map(t, PAGES)).encode()).hexdigest()[:16]
    assert (TEXT_VERSION, shown) == ("2026-11-21", PRINTS[language]), (
        "the text has changed: give it a new TEXT_VERSION in bot/values/consent.py"
    )


async def agreed_long_ago(chat: Chat) -> None:
    """She linked her card when the text was another one."""
    await chat.linked()
    earlier = update(consent).values(text_version="2025-06-01")
    await chat.store.write(lambda work: work.conn.execute(earlier).rowcount)


async def kept(chat: Chat) -> list[tuple[Any, ...]]:
    def look(work: Work) -> list[tuple[Any, ...]]:
        query = select(consent.c.text_version, consent.c.agreed).order_by(consent.c.id)
        return [tuple(row) for row in work.conn.execute(query)]

    return await chat.store.read(look)


async def test_she_is_asked_again_and_told_why(chat: Chat) -> None:
    await agreed_long_ago(chat)
    changed, first = await chat.tap("mine.room")
    assert changed.text == ("Bốn tin ngắn về dữ liệu đã thay đổi. Mời đại biểu đọc lại.")
    assert first.choices[0].value == "welcome.consent:2"
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    (room,) = await chat.tap("mine.room")
    assert "305" in room.text
    assert await kept(chat) == [("2025-06-01", True), (TEXT_VERSION, True)]


async def test_who_refuses_the_new_text_still_gets_what_is_public(chat: Chat) -> None:
    await agreed_long_ago(chat)
    await chat.tap("mine.room")
    await chat.tap("welcome.refuse")
    assert await kept(chat) == [("2025-06-01", True), (TEXT_VERSION, False)]
    assert [one for one in await chat.tap("mine.room") if "305" in one.text] == []
    days = await chat.tap("programme.days")
    assert days[-1].choices[0].value == "programme.day:1"
    (emergency, *_) = await chat.tap("emergency.show")
    assert "115" in emergency.text


async def test_erasing_takes_an_earlier_yes_back_too(chat: Chat) -> None:
    await agreed_long_ago(chat)
    await chat.tap("me.erase_now")
    assert await kept(chat) == [("2025-06-01", True), ("erased", False)]

"""People who try things: whatever comes in, nothing breaks, nothing leaks, the talk goes on."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from bot.channels.telegram.writing import Writer
from bot.channels.webchat.lines import out_body
from bot.clock import SetClock
from bot.config import Settings
from bot.fit import Part
from bot.media import MediaShelf
from bot.store import Work
from bot.store.roster import COLUMNS
from bot.talking import become
from bot.values.incoming import Incoming, Kind
from handlers import ROUTES
from tests.conversations.conftest import congress, sample_file, sample_settings, sample_template
from tests.conversations.stage import Congress, Open, staged
from tests.hostile import (
    ARGUMENTS,
    HER,
    RAW,
    ROOM,
    TEXTS,
    Others,
    apologies,
    library_of,
    others,
    shown,
)

__all__ = ["congress", "sample_file", "sample_settings", "sample_template"]


def incoming(stage: Open, sender: str, kind: Kind, **values: Any) -> Incoming:
    account, now = stage.ear.account_id, stage.bot.clock.now()
    return replace(Incoming(account, sender, uuid4().hex, kind, now), **values)


async def say(stage: Open, sender: str, text: str) -> list[str]:
    """Type something; what is answered."""
    return await send(stage, sender, Kind.TEXT, text=text)


async def send(stage: Open, sender: str, kind: Kind, **values: Any) -> list[str]:
    before = len(stage.ear.by_sender[sender])
    await stage.bot.inbox.accept(incoming(stage, sender, kind, **values))
    await stage.bot.settled()
    return [shown(part) for part in stage.ear.by_sender[sender][before:]]


async def be(stage: Open, sender: str, code: str = HER) -> None:
    account, event = stage.ear.account_id, stage.event.id
    await stage.bot.store.write(lambda work: become(work, event, code, account, sender, "vi"))


async def is_usable(stage: Open, sender: str) -> bool:
    return (await say(stage, sender, "menu"))[-1].startswith("Đại biểu muốn xem gì?")


async def all_but(stage: Open, code: str) -> Others:
    vault, event = stage.bot.vault, stage.event.id
    return await stage.bot.store.read(lambda work: others(work, vault, event, code))


@pytest.fixture
async def stage(
    sample_settings: Settings, congress: Congress, clock: SetClock
) -> AsyncIterator[Open]:
    async with staged(sample_settings, congress, clock) as opened:
        yield opened


async def test_hostile_words_are_answered_and_leak_nothing(stage: Open) -> None:
    others = await all_but(stage, HER)
    for sender in ("she", "stranger", "newcomer"):
        if sender == "she":
            await be(stage, sender)
        elif sender == "stranger":
            await send(stage, sender, Kind.TAP, value="welcome.language:1")
        for text in TEXTS:
            told = await say(stage, sender, text)
            assert told != [], text[:40]
            assert apologies(told) == [], text[:40]
            assert [others.told_in(one) for one in told] == [[]] * len(told), text[:40]
            if sender != "she":
                assert others.room not in ROOM.findall("\n".join(told)), text[:40]
    assert await is_usable(stage, "she")
    assert await is_usable(stage, "stranger")


async def test_templates_in_words_are_never_filled_in(stage: Open) -> None:
    await be(stage, "she")
    for text in ("{room}", "{{7*7}}", "%s", "{0.__class__}", "${7*7}"):
        told = "\n".join(await say(stage, "she", text))
        assert (others := [hit for hit in ("305", "49", "class '", "None") if hit in told]) == [], (
            others
        )


async def test_every_route_with_one_hostile_argument(stage: Open) -> None:
    """The long way, through inbox and outbox; the sweep below is longer and takes the short one."""
    others = await all_but(stage, HER)
    arguments = itertools.cycle(ARGUMENTS)
    senders = {route.name: f"{route.name}:{next(arguments)}" for route in ROUTES}
    for sender in senders:
        await be(stage, sender)
    for sender, value in senders.items():
        await stage.bot.inbox.accept(incoming(stage, sender, Kind.TAP, value=value))
    await stage.bot.settled()
    for sender, value in senders.items():
        told = [shown(part) for part in stage.ear.by_sender[sender]]
        assert told != [] or sender == "helper.quiet", value
        assert apologies(told) == [], value
        assert [hit for one in told for hit in others.told_in(one)] == [], value
        assert apologies(await say(stage, sender, "menu")) == [], value


async def test_a_stranger_gets_no_answer_meant_for_delegates(
    stage: Open, congress: Congress
) -> None:
    library = library_of(congress)
    await send(stage, "guest", Kind.TAP, value="welcome.language:1")
    hidden = [
        one for one in library.answers.values() if one.audience.terms != ("public",) and not one.go
    ]
    assert len(hidden) > 20
    for one in hidden:
        told = "\n".join(await send(stage, "guest", Kind.TAP, value=f"ask.answer:{one.id}"))
        assert one.by_language["vi"].text.split("\n")[0] not in told, one.id


async def test_the_same_update_again_and_again_is_answered_once(stage: Open) -> None:
    await be(stage, "she")
    update = incoming(stage, "she", Kind.TEXT, text="menu")
    kept = await asyncio.gather(*(stage.bot.inbox.accept(update) for _ in range(20)))
    await stage.bot.settled()
    kept.append(await stage.bot.inbox.accept(update))
    kept.append(await stage.bot.inbox.accept(replace(update, sender="thief", text="phòng của tôi")))
    await stage.bot.settled()
    assert kept.count(True) == 1
    assert {sender: len(parts) for sender, parts in stage.ear.by_sender.items()} == {"she": 1}


async def test_two_people_at_once_never_hear_each_other(stage: Open) -> None:
    people = {"one": (HER, "305"), "two": ("DB0900", "0324")}
    for sender, (code, _) in people.items():
        await be(stage, sender, code)
    asked = itertools.product(range(25), people)
    await asyncio.gather(
        *(
            stage.bot.inbox.accept(incoming(stage, sender, Kind.TEXT, text="phòng của tôi"))
            for _, sender in asked
        )
    )
    await stage.bot.settled()
    for sender, (_, room) in people.items():
        told = [ROOM.findall(part.text) for part in stage.ear.by_sender[sender]]
        assert told == [[room]] * 25


async def test_a_flood_is_quietly_dropped_and_she_can_go_on(
    sample_settings: Settings, congress: Congress, clock: SetClock
) -> None:
    async with staged(sample_settings, congress, clock, guarded=True) as stage:
        await be(stage, "flood")
        await be(stage, "calm", "DB0900")
        for _ in range(20):
            await stage.bot.inbox.accept(incoming(stage, "flood", Kind.TEXT, text="menu"))
        assert await is_usable(stage, "calm")
        assert len(stage.ear.by_sender["flood"]) in range(8, 12)
        while not await stage.bot.inbox.accept(incoming(stage, "flood", Kind.TEXT, text="menu")):
            await asyncio.sleep(0.02)
        await stage.bot.settled()
        assert shown(stage.ear.by_sender["flood"][-1]).startswith("Đại biểu muốn xem gì?")


@pytest.mark.parametrize(
    "name", ['<b>H\'Bia & "Ông"</b>', "{room} {0.__class__} %s", "a\u0301 </a>"]
)
async def test_a_name_with_marks_in_it_is_only_a_name(stage: Open, name: str) -> None:
    def add(work: Work) -> None:
        person = work.people.add()
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"status": "active", "full_name": name}
        row |= {
            "event_id": stage.event.id,
            "person_id": person,
            "code": "X1",
            "updated_at": work.now,
        }
        work.roster.add_many(
            [row | {"delegation": "<i>Đoàn</i>", "room": "<1>", "hotel": "{hotel}&"}]
        )

    await stage.bot.store.write(add)
    await be(stage, "she", "X1")
    (hello,) = await send(stage, "she", Kind.TAP, value="welcome.linked")
    assert hello.startswith(f"Kính chào đại biểu {name}. ")
    part = stage.ear.by_sender["she"][-1]
    assert f" {name}. " in out_body(part)["text"]  # the page shows text, never markup
    assert escaped(name) in await on_telegram(stage, part)
    (room,) = await send(stage, "she", Kind.TAP, value="mine.room")
    assert room.startswith("Phòng của đại biểu: **<1>**, **{hotel}&**.\n")
    written = await on_telegram(stage, stage.ear.by_sender["she"][-1])
    assert written.startswith("Phòng của đại biểu: <b>&lt;1&gt;</b>, <b>{hotel}&amp;</b>.\n")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def on_telegram(stage: Open, part: Part) -> str:
    """The text as Telegram would get it, in its HTML."""
    sent: list[dict[str, Any]] = []

    async def call(method: str, **fields: Any) -> dict[str, Any]:
        sent.append(fields)
        return {"message_id": 1}

    writer = Writer(call, stage.ear.account_id, MediaShelf(stage.bot.store))
    await writer.say(1, replace(part, media=(), point=None))
    text: str = sent[-1]["text"]
    assert sent[-1]["parse_mode"] == "HTML"
    return text


FIELDS = {
    "text": Kind.TEXT,
    "value": Kind.TAP,
    "started_with": Kind.JOINED,
    "display_name": Kind.TEXT,
    "media_ref": Kind.MEDIA,
}


async def test_characters_no_database_keeps_cost_nobody_an_answer(stage: Open) -> None:
    await be(stage, "she")
    calm = 0
    for raw, (field, kind) in itertools.product(RAW, FIELDS.items()):
        bad = incoming(stage, "she", kind, **{field: raw})
        good = incoming(stage, "calm", Kind.TEXT, text="xin chào")
        await asyncio.gather(stage.bot.inbox.accept(bad), stage.bot.inbox.accept(good))
        await stage.bot.settled()
        calm += 2
        assert len(stage.ear.by_sender["calm"]) == calm, (raw[:9], field)
        assert apologies([shown(part) for part in stage.ear.by_sender["she"]]) == []
    assert await is_usable(stage, "she")

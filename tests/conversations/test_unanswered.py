"""The whole way of a question nobody answered: pressed, listed, approved, told to all, learnt."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.app import Bot
from bot.cli.questions import app
from bot.clock import SetClock
from bot.config import Settings
from bot.sender.pace import Pace
from bot.talking import Talk
from tests.conftest import MORNING
from tests.conversations.stage import Ear

PARKING = ("có chỗ gửi xe máy riêng của đại biểu không", "xe máy riêng của đại biểu gửi chỗ nào")
ANSWER = "Đại biểu gửi xe máy ở sân sau Trung tâm Hội nghị, từ 06:00."


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[Bot, Ear]]:
    """A bot of its own, which learns what is in force and runs its jobs when told to."""
    bot = Bot(settings, clock=SetClock(MORNING), guarded=False)
    try:
        account = await bot.store.write(lambda work: work.accounts.ensure("terminal", "loop").id)
        ear = Ear(account)
        sender = await bot.add_channel(ear)
        assert sender is not None
        sender.pace = Pace(ear.rate, ear.per_chat_rate, gap=0)
        await bot.open(ticking=False)
        yield bot, ear
    finally:
        await bot.close()


async def delegate(bot: Bot, ear: Ear, code: str) -> Talk:
    talk = Talk(bot, code)
    talk.heard = ear.heard
    await talk.be(bot.knowledge.events()[0], code, "vi")
    return talk


async def organiser(*words: object) -> str:
    """What an organiser types beside the running bot; its output."""
    done = await asyncio.to_thread(CliRunner().invoke, app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


async def ticked(bot: Bot) -> None:
    """What the schedule does every few seconds."""
    await bot.jobs.run_waiting()
    await bot.knowledge.refresh()
    bot.senders.wake_all()
    await bot.settled()


def of(settings: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("DONGHANH_DATABASE_URL", settings.database)
    patch.setenv("DONGHANH_DATA_DIR", str(settings.data_dir))
    patch.setenv("DONGHANH_SECRET_KEY", settings.secret_key)


async def test_who_asked_is_told_and_the_next_one_is_answered(
    sample_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    of(sample_settings, monkeypatch)
    async with served(sample_settings) as (bot, ear):
        for code, question in zip(("DB0001", "DB0100"), PARKING, strict=True):
            talk = await delegate(bot, ear, code)
            (sorry,) = await talk.say(question)
            if "Gửi câu hỏi" not in str(sorry.choices):
                (sorry,) = await talk.say("[Không phải]")
            (sent,) = await talk.say("[Gửi câu hỏi]")
            assert "Câu hỏi đã gửi tới Ban Tổ chức" in sent.text

        listed: dict[str, Any] = json.loads(await organiser("list", "--json"))
        (group,) = listed["groups"]
        assert (group["people"], sorted(group["examples"])) == (2, sorted(PARKING))
        new = ("--title", "Gửi xe máy", "--text", ANSWER, "--topic", "general")
        await organiser("answer", group["number"], *new, "--author", "lan")
        await ticked(bot)
        assert [*ear.by_sender["DB0001"], *ear.by_sender["DB0100"]][-1].text == sent.text
        before = {code: len(heard) for code, heard in ear.by_sender.items()}
        await organiser("approve", group["number"], "--approver", "mai", "--yes")
        await ticked(bot)
        for (code, count), question in zip(before.items(), PARKING, strict=True):
            (told,) = ear.by_sender[code][count:]
            assert question in told.text
            assert ANSWER in told.text

        ear.heard.clear()
        (answered,) = await (await delegate(bot, ear, "DB0900")).say(PARKING[0])
        assert answered.text.startswith(ANSWER)
        await ticked(bot)  # nobody is told twice
        assert [len(heard) for code, heard in ear.by_sender.items() if code in before] == [
            count + 1 for count in before.values()
        ]


async def test_what_was_picked_is_proposed_and_once_accepted_understood(
    sample_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    of(sample_settings, monkeypatch)
    async with served(sample_settings) as (bot, ear):
        talk = await delegate(bot, ear, "DB0001")
        (suggested,) = await talk.say("p của t ở đâu")
        assert suggested.choices[0].value == "mine.room"
        await talk.say("[Phòng của tôi]")
        await talk.say("menu")  # she stayed with it
        (proposal,) = json.loads(await organiser("proposals", "--json"))
        assert (proposal["text"], proposal["answer_id"]) == ("p của t ở đâu", "phong-cua-toi")
        await organiser("accept", proposal["id"])
        await ticked(bot)
        (answered,) = await talk.say("p của t ở đâu")
        assert answered.choices[0].value == "mine.bus"
        assert "**305**" in answered.text

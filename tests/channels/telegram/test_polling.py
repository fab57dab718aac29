"""Polling loses nothing, repeats nothing it kept, and outlives the network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.api import Api
from bot.channels.telegram.polling import LONGEST_PAUSE, Poller
from bot.channels.telegram.reading import read
from bot.channels.telegram.transport import NotSentError, RefusedError
from tests.channels.telegram.conftest import CHAT, SECRET, Inbox, Make
from tests.conftest import MORNING
from tests.fakes.platform import TOKEN, FakeTelegram


class Pauses:
    """Remembers how long it should have paused, and goes on at once."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self._more = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self._more.set()
        await asyncio.sleep(0)

    async def has(self, count: int) -> list[float]:
        while len(self.taken) < count:
            self._more.clear()
            await self._more.wait()
        return self.taken


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@asynccontextmanager
async def polling(fake: FakeTelegram, inbox: Inbox, pauses: Pauses) -> AsyncIterator[None]:
    api = Api(TOKEN, fake.url, 5.0)
    await api.open()
    poller = Poller(api, lambda raw: read(raw, 1, MORNING), inbox.accept, pauses)
    task = asyncio.create_task(poller.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await api.close()


async def test_updates_come_in_order_and_once(fake: FakeTelegram, make: Make, inbox: Inbox) -> None:
    channel: TelegramChannel = make(mode="polling", secret="")
    await channel.open(inbox.accept)
    fake.push(fake.start(CHAT), fake.text(CHAT, "một"))
    fake.push(fake.tap(CHAT, "mine.room"))
    await inbox.has(3)
    fake.push(fake.text(CHAT, "hai"))
    kept = await inbox.has(4)
    assert [incoming.kind.value for incoming in kept] == ["joined", "text", "tap", "text"]
    await channel.close()


async def test_what_was_not_kept_comes_again_before_anything_after_it(
    fake: FakeTelegram, inbox: Inbox, pauses: Pauses
) -> None:
    inbox.failing = 2
    fake.push(fake.text(CHAT, "một"), fake.text(CHAT, "hai"))
    with capture_logs() as logs:
        async with polling(fake, inbox, pauses):
            kept = await inbox.has(2)
    assert [incoming.text for incoming in kept] == ["một", "hai"]
    assert pauses.taken == [2.0, 4.0]
    assert [line["event"] for line in logs] == ["update not kept"] * 2


async def test_what_is_not_for_us_does_not_hold_up_the_rest(
    fake: FakeTelegram, inbox: Inbox, pauses: Pauses
) -> None:
    group = fake.text(CHAT, "…")
    group["message"]["chat"] = {"id": -5, "type": "group", "title": "Đoàn"}
    broken = fake.text(CHAT, "…")
    broken["message"]["chat"] = 5
    fake.push(group, broken, fake.text(CHAT, "một"))
    async with polling(fake, inbox, pauses):
        kept = await inbox.has(1)
    assert [incoming.text for incoming in kept] == ["một"]
    assert pauses.taken == []


async def test_a_webhook_in_the_way_is_told_with_its_cure(
    fake: FakeTelegram, inbox: Inbox, pauses: Pauses
) -> None:
    api = Api(TOKEN, fake.url)
    await api.open()
    await api.call("setWebhook", url="https://example.org/x", secret_token=SECRET)
    with capture_logs() as logs:
        async with polling(fake, inbox, pauses):
            await pauses.has(3)
            await api.call("deleteWebhook")
            fake.push(fake.text(CHAT, "một"))
            await inbox.has(1)
    await api.close()
    assert pauses.taken[:3] == [2.0, 4.0, 8.0]
    assert logs[0]["event"] == "telegram conflict"
    assert "delete-webhook" in logs[0]["cure"]


async def test_two_pollers_disturb_each_other_and_say_so(
    fake: FakeTelegram, inbox: Inbox, pauses: Pauses
) -> None:
    with capture_logs() as logs:
        async with polling(fake, inbox, pauses), polling(fake, inbox, pauses):
            await pauses.has(1)
    assert logs[0]["event"] == "telegram conflict"


async def test_a_network_that_breaks_is_waited_for(inbox: Inbox, pauses: Pauses) -> None:
    async with FakeTelegram() as fake:
        fake.push(fake.text(CHAT, "một"))
        async with polling(fake, inbox, pauses):
            await inbox.has(1)
            with capture_logs() as logs:
                await fake.__aexit__(None, None, None)
                await pauses.has(3)
    assert {line["event"] for line in logs} == {"telegram not reached"}


def test_pauses_grow_and_end(pauses: Pauses, inbox: Inbox) -> None:
    poller = Poller(Api(TOKEN, "http://127.0.0.1:1"), lambda raw: None, inbox.accept, pauses)
    lost = NotSentError("ClientConnectorError")
    assert [poller._told(lost, n) for n in (1, 2, 5, 6, 4000)] == [2.0, 4.0, 32.0, 60.0, 60.0]
    assert poller._told(RefusedError(401), 1) == LONGEST_PAUSE
    assert poller._told(RefusedError(429, "", 90.0), 1) == 90.0

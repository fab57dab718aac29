"""Rows that wait when a sender begins, and rows that nobody rang for: both leave at once."""

import asyncio
from datetime import timedelta

from bot.channels.telegram import TelegramChannel, webhook_secret
from bot.clock import SetClock
from bot.errors import Unavailable
from bot.media import MediaShelf
from bot.sender import Sender
from bot.store import Store
from bot.values.letter import Lane
from tests.crash.broadcast import a_letter, gather, owe
from tests.fakes.channel import FakeChannel
from tests.fakes.platform import TOKEN, FakeTelegram


async def test_a_row_nobody_rang_for_is_found_while_answers_flow(store: Store) -> None:
    crowd = await store.write(lambda work: gather(work, 2))
    channel = FakeChannel(1)
    sender = Sender(channel, store, crowd.queue_id, "test")
    await sender.open()
    try:
        await sender.drained()
        letter = a_letter("Viết từ tiến trình khác")
        await store.write(lambda work: owe(work, crowd.queue_id, [letter], crowd.people))
        async with asyncio.timeout(20):
            while len(channel.sent) < 2:
                sender.hand([])  # what an answer's own turn does
                await asyncio.sleep(0.01)
        await sender.drained()
    finally:
        await sender.close()


async def test_a_sender_may_begin_before_its_channel_listens(sqlite_store: Store) -> None:
    """As it does after a restart in the middle of a broadcast: no attempt is lost by that."""
    crowd = await sqlite_store.write(lambda work: gather(work, 3))
    letter = a_letter("Viết trước khi khởi động lại")
    await sqlite_store.write(lambda work: owe(work, crowd.queue_id, [letter], crowd.people))
    async with FakeTelegram(everybody=True) as fake:
        channel = TelegramChannel(
            1,
            TOKEN,
            secret=webhook_secret(TOKEN),
            api_url=fake.url,
            media=MediaShelf(sqlite_store),
            clock=sqlite_store.clock,
        )
        sender = Sender(channel, sqlite_store, crowd.queue_id, "test")
        await sender.open()
        await sender.drained()
        await sender.close()
        await channel.close()
    states = await sqlite_store.read(lambda work: work.deliveries.counts(crowd.queue_id))
    assert (states, len(fake.journal)) == ({"sent": 3}, 3)


async def test_a_reply_leaves_again_when_it_is_due(store: Store) -> None:
    """Not when the lease is renewed next, which would be minutes from now."""
    crowd = await store.write(lambda work: gather(work, 1))
    channel = FakeChannel(1)
    channel.faults = [Unavailable("network")]
    sender = Sender(channel, store, crowd.queue_id, "test", lease_seconds=600)
    assert isinstance(store.clock, SetClock)
    await sender.open()
    try:
        letter = a_letter("Gửi lại khi đến hạn", lane=Lane.REPLY)
        await store.write(lambda work: owe(work, crowd.queue_id, [letter], crowd.people))
        sender.wake()
        while (await store.read(lambda work: work.deliveries.counts(crowd.queue_id))) != {
            "retry": 1
        }:
            await asyncio.sleep(0.01)
        store.clock.forward(timedelta(seconds=2))
        async with asyncio.timeout(20):
            while not channel.sent:
                await asyncio.sleep(0.01)
    finally:
        await sender.close()

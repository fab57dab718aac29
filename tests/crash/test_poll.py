"""Rows that somebody else wrote are found by looking, however often the bell rings."""

import asyncio

from bot.sender import Sender
from bot.store import Store
from tests.crash.broadcast import a_letter, gather, owe
from tests.fakes.channel import FakeChannel


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

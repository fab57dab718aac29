"""An owner that is stopped in the middle of a transaction: who takes over need not wait for it.

Its rows stay locked on PostgreSQL until the server ends the transaction. On SQLite the file's lock
says that it died, and a stopped one holds the file as it holds everything.
"""

import asyncio
import threading
from collections.abc import Callable

import pytest

from bot.outbox import claim
from bot.sender.lease import QueueLease
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.values.delivery import State
from tests.delivery.ground import ground

Doing = Callable[[Work, int, int], None]


def settling(work: Work, row: int, epoch: int) -> None:
    work.deliveries.settle([Outcome(row, epoch, State.SENT, "1")])


def giving_back(work: Work, row: int, epoch: int) -> None:
    work.deliveries.release([row], epoch)


def looking_after(work: Work, row: int, epoch: int) -> None:
    """As a tick begins, which may then change any row of the queue."""
    work.deliveries.expire(1)
    work.deliveries.settle([Outcome(row, epoch, State.SENT, "1")])


class Stopped:
    """A process of its own, stopped after it did something and before it said that it is done."""

    def __init__(self, url: str, do: Callable[[Work], None]) -> None:
        self._url, self._do = url, do
        self.did, self.wakes = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.error: BaseException | None = None

    def _run(self) -> None:
        async def work() -> None:
            store = Store(self._url)
            try:
                await store.write(self._stand_still)
            finally:
                await store.close()

        try:
            asyncio.run(work())
        except Exception as error:
            self.error = error

    def _stand_still(self, work: Work) -> None:
        self._do(work)
        self.did.set()
        self.wakes.wait(60)


@pytest.mark.parametrize("do", [settling, giving_back, looking_after])
async def test_its_rows_are_free_soon(postgres_url: str, do: Doing) -> None:
    store = Store(postgres_url)
    try:
        place = await ground(store)
        await place.person("chat")
        await place.owe("chat", "một")
        old = QueueLease(store, place.queue_id, "old", seconds=1)
        lease = await old.take()
        assert lease is not None
        (row,) = await store.write(lambda work: claim(work, place.queue_id, lease.epoch, 5))
        stopped = Stopped(postgres_url, lambda work: do(work, row.id, lease.epoch))
        stopped.thread.start()
        try:
            assert await asyncio.to_thread(stopped.did.wait, 20)
            new = QueueLease(store, place.queue_id, "new", seconds=5)
            async with asyncio.timeout(30):
                while await new.take() is None:
                    await asyncio.sleep(0.1)
        finally:
            stopped.wakes.set()
            await asyncio.to_thread(stopped.thread.join)
        states = await store.read(lambda work: work.deliveries.counts(place.queue_id))
        assert (states, stopped.error is None) == ({"pending": 1}, False)
    finally:
        await store.close()

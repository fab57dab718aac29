"""One queue's sender: owns it, sends what leaves next, writes what became of it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from bot import metrics
from bot.channels.base import Channel
from bot.pacing import buffered, on_wire
from bot.sender.account import AccountState, now
from bot.sender.intake import POLL_SECONDS, Intake
from bot.sender.lease import LEASE_SECONDS, QueueLease
from bot.sender.pace import Pace
from bot.sender.settle import Settler
from bot.sender.trying import Tries, too_late
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.values.delivery import Delivery, State

log = structlog.get_logger()

# A routine row that waited so long goes up one lane; so many of the next ones are looked at.
MOST_WAITED = timedelta(minutes=30)
PROMOTED_AT_ONCE = 500
# Retries that fall due within such a moment go back to the line together.
LEAST_BETWEEN_RETRIES = 0.25


class Sender:
    """Sends everything owed through one channel account, as long as it holds the lease.

    `wake_queue` is told of another queue that got a row from here.
    """

    def __init__(
        self,
        channel: Channel,
        store: Store,
        queue_id: int,
        owner: str,
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self.channel = channel
        self.queue_id = queue_id
        self.wake_queue: Callable[[int], None] = lambda _: None
        self._store = store
        self._account = AccountState(channel)
        self._lease = QueueLease(store, queue_id, owner, lease_seconds)
        self._settler = Settler(store)
        self._intake = Intake(store, queue_id, buffered(channel.rate), self._ring)
        self._lanes = self._intake.lanes
        self._tries = Tries(
            channel, store, self._lease, self._account, lambda queue: self.wake_queue(queue)
        )
        self._most_on_wire = on_wire(channel.rate)
        self._bell = asyncio.Event()
        self._retries = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._looking: asyncio.Task[None] | None = None

    @property
    def epoch(self) -> int | None:
        """The epoch under which replies may be written as claimed; None when we do not own."""
        return self._lease.epoch

    @property
    def rate(self) -> float:
        """Sends a second it allows itself just now."""
        return self._account.tempo.rate

    @property
    def pace(self) -> Pace:
        """The buckets of the account."""
        return self._account.pace

    @pace.setter
    def pace(self, pace: Pace) -> None:
        self._account.pace = pace

    async def open(self) -> None:
        """Take the queue if it is free, and begin."""
        self._settler.open()
        await self._own()
        self._tasks = [
            asyncio.create_task(self._run(), name=f"send {self.channel.kind}"),
            asyncio.create_task(self._keep(), name=f"lease {self.channel.kind}"),
            asyncio.create_task(self._try_again(), name=f"retries {self.channel.kind}"),
        ]

    async def close(self) -> None:
        """Finish what is on the wire, write every result, give the rest and the queue back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._looking is not None:
            await self._looking
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self._intake.returned()
        await self._settler.close()
        await self._intake.put_back(self._lanes.drop_all())
        await self._lease.release()

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Rows that the turn's own commit already claimed for us (delivery.md, section 7)."""
        self._intake.hand(deliveries)

    def wake(self) -> None:
        """Somebody committed rows for this queue, so what is handed now may not overtake them."""
        self._intake.wake()

    async def drained(self) -> None:
        """Wait until everything in memory, or rung for, left and its result is written."""
        while (
            self._is_looking
            or len(self._lanes)
            or self._sending
            or (self._intake.waits and self.epoch is not None)
        ):
            await asyncio.gather(*self._sending, return_exceptions=True)
            await self._intake.returned()
            await asyncio.sleep(0.001)
        await self._settler.flushed()

    @property
    def _is_looking(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def _ring(self) -> None:
        self._bell.set()

    async def _own(self) -> None:
        lease = await self._lease.take()
        metrics.LEASE_OWNED.labels(self.channel.kind).set(lease is not None)
        if lease is None:
            return
        pause = lease.paused_until - self._lease.now() if lease.paused_until else timedelta(0)
        self._account.begin(lease.good_rate, pause.total_seconds())
        await self._intake.learn()

    async def _keep(self) -> None:
        """Renew the lease; when it is lost or was never ours, try to take it."""
        while True:
            owned = self.epoch is not None
            await asyncio.sleep(self._lease.renew_seconds if owned else POLL_SECONDS)
            try:
                self._account.look()
                if await self._lease.renew(self._account.tempo.rate):
                    self._drop_late()
                    await self._store.write(self.promote)
                    self._bell.set()
                else:
                    self._lanes.drop_all()
                    await self._own()
            except Exception:
                log.exception("lease not renewed", queue=self.queue_id)

    async def _try_again(self) -> None:
        """Somebody may wait for an answer that is to be tried again: when it is due, and not only
        when the lease is renewed."""
        while True:
            await self._retries.wait()
            self._retries.clear()
            try:
                while self.epoch is not None and (wait := await self._until_due()) is not None:
                    await asyncio.sleep(wait)
                    await self._store.write(self.promote)
                    self._bell.set()
            except Exception:
                log.exception("retries not looked at", queue=self.queue_id)

    async def _until_due(self) -> float | None:
        """Seconds to wait for the next retry; None when there is none."""
        due = await self._store.read(lambda work: work.deliveries.next_due(self.queue_id))
        if due is None:
            return None
        wait = (due - self._lease.now()).total_seconds()
        return min(max(wait, LEAST_BETWEEN_RETRIES), self._lease.renew_seconds)

    def promote(self, work: Work) -> None:
        """Retries whose time has come are ready; what is too late is over; what waited long goes
        up a lane. A tick's work, by the database's clock."""
        moment, epoch = self._lease.now(), self.epoch
        rows, queue = work.deliveries, self.queue_id
        rows.expire(queue, moment)
        ready = rows.promote_due(queue, moment)
        ready += rows.promote_waiting(queue, moment - MOST_WAITED, PROMOTED_AT_ONCE)
        if epoch is not None:
            # A turn that looked at the lease just before it changed hands wrote under the old one.
            ready += rows.recover(queue, epoch)
        if ready:
            self._intake.look()

    def _drop_late(self) -> None:
        """Nobody learns that late what is too late only because the platform is away."""
        moment = self._lease.now()
        late = self._lanes.take_out(
            lambda one: one.expires_at is not None and one.expires_at < moment
        )
        for delivery in late:
            self._settle(too_late(delivery))

    async def _run(self) -> None:
        while True:
            try:
                await self._step()
            except Exception:
                # The database is away: claimed rows stay ours, nothing is lost; try again soon.
                log.exception("sender stumbled", queue=self.queue_id)
                await asyncio.sleep(POLL_SECONDS)

    async def _step(self) -> None:
        self._bell.clear()
        epoch = self.epoch
        if epoch is None:
            await self._rest(POLL_SECONDS)
            return
        self._look(epoch)
        wait = self._account.wait(len(self._sending))
        if wait > 0 or len(self._sending) >= self._most_on_wire:
            await self._rest(min(wait or POLL_SECONDS, POLL_SECONDS))
            return
        delivery, wait = self._lanes.next(self._account.pace, now())
        if delivery is None:
            await self._rest(min(wait, POLL_SECONDS))
        elif delivery.epoch == self.epoch:
            self._account.pace.take(delivery, now())
            task = asyncio.create_task(self._send(delivery))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        else:
            # Handed over under a lease that ended since: whoever took the queue has the row.
            self._lanes.done(delivery)
            self._intake.wake()

    def _look(self, epoch: int) -> None:
        """Into the table, while what is here goes on leaving."""
        if self._intake.wants_more() and not self._is_looking:
            self._looking = asyncio.create_task(self._refill(epoch))

    async def _refill(self, epoch: int) -> None:
        try:
            await self._intake.refill(epoch)
        except Exception:
            # The database is away: what it has is not lost; try again soon.
            log.exception("sender could not look", queue=self.queue_id)
            await asyncio.sleep(POLL_SECONDS)
        self._bell.set()

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._bell.set()

    async def _rest(self, seconds: float) -> None:
        # Not wait_for: on Python 3.11 it may swallow a cancellation that meets the bell.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    def _settle(self, outcome: Outcome) -> asyncio.Future[None]:
        metrics.DELIVERIES.labels(self.channel.kind, outcome.state).inc()
        return self._settler.add(outcome)

    async def _send(self, delivery: Delivery) -> None:
        try:
            outcome = await self._tries.once(delivery)
            if outcome is None:
                return
            written = self._settle(outcome)
            if outcome.state is State.RETRY:
                self._intake.holds_back(delivery)
                # Until the table knows of the retry, the address counts as being on the wire.
                await written
                self._retries.set()
                await self._intake.retried(delivery)
        finally:
            self._lanes.done(delivery)

"""One queue's sender: owns it, claims from it, paces, fits, sends and settles."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from bot import metrics
from bot.channels.base import Channel
from bot.errors import Gone, SendError, Throttled
from bot.fit import Part, amended, fit
from bot.outbox import claim
from bot.sender.lanes import Lanes
from bot.sender.lease import RENEW_SECONDS, QueueLease
from bot.sender.outcomes import after_error, after_part
from bot.sender.pace import Pace
from bot.sender.settle import Settler
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.values.delivery import Act, Delivery, State

log = structlog.get_logger()

# Claimed rows waiting in memory; small, so that an urgent row never queues behind many.
BUFFER = 60
IN_FLIGHT = 16
POLL_SECONDS = 1.0
# These put nothing into a chat, so the pace of a chat does not hold them.
UNSEEN = frozenset({Act.ANSWER_TAP, Act.MENU})


class Sender:
    """Sends everything owed through one channel account, as long as it holds the lease."""

    def __init__(self, channel: Channel, store: Store, queue_id: int, owner: str) -> None:
        self.channel = channel
        self.queue_id = queue_id
        self.pace = Pace(channel.rate, channel.per_chat_rate)
        self._store = store
        self._lease = QueueLease(store, queue_id, owner)
        self._settler = Settler(store)
        self._lanes = Lanes()
        # Addresses with a row in retry, and those whose rows are on their way back to the table:
        # nothing is handed past them.
        self._behind_retry: set[int] = set()
        self._going_back: Counter[int] = Counter()
        self._late: set[int] = set()  # sent back since the last look, which may have missed them
        self._return_one_by_one = asyncio.Lock()  # a later row may not be there before an earlier
        self._rings = 0
        self._rows_wait = False  # pending rows of anybody, which nothing may be handed past
        self._bell = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._may_have_more = True
        self._looked_at = float("-inf")

    @property
    def epoch(self) -> int | None:
        """The epoch under which replies may be written as claimed; None when we do not own."""
        return self._lease.epoch

    async def open(self) -> None:
        """Take the queue if it is free, and begin."""
        self._settler.open()
        await self._own()
        self._tasks = [
            asyncio.create_task(self._run(), name=f"send {self.channel.kind}"),
            asyncio.create_task(self._keep(), name=f"lease {self.channel.kind}"),
        ]

    async def close(self) -> None:
        """Finish what is on the wire, write every result, give the rest and the queue back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self._settler.close()
        await self._put_back(self._lanes.drop_all())
        await self._lease.release()

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Rows that the turn's own commit already claimed for us (delivery.md, section 7)."""
        behind = {one.address_id for one in deliveries} if self._rows_wait else self._behind_retry
        late = [one for one in deliveries if one.address_id in behind]
        self._lanes.add(one for one in deliveries if one.address_id not in behind)
        if late:
            self._behind_retry.update(one.address_id for one in late)
            self._late.update(one.address_id for one in late)
            self._going_back.update(one.address_id for one in late)
            task = asyncio.create_task(self._return(late))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        self._bell.set()

    def wake(self) -> None:
        """Somebody committed rows for this queue, so what is handed now may not overtake them."""
        self._rows_wait = True
        self._rings += 1
        self._stir()

    def _stir(self) -> None:
        self._may_have_more = True
        self._bell.set()

    async def drained(self) -> None:
        """Wait until everything in memory, or rung for, left and its result is written."""
        while len(self._lanes) or self._sending or (self._rows_wait and self.epoch is not None):
            await asyncio.gather(*self._sending, return_exceptions=True)
            await asyncio.sleep(0.001)
        await self._settler.flushed()

    async def _own(self) -> None:
        lease = await self._lease.take()
        metrics.LEASE_OWNED.labels(self.channel.kind).set(lease is not None)
        if lease is None:
            return
        if lease.paused_until is not None:
            self._pause((lease.paused_until - self._store.clock.now()).total_seconds())
        self._behind_retry = await self._store.read(
            lambda work: work.deliveries.retrying(self.queue_id)
        )
        self.wake()

    async def _keep(self) -> None:
        """Renew the lease; when it is lost or was never ours, try to take it."""
        while True:
            await asyncio.sleep(RENEW_SECONDS if self.epoch is not None else POLL_SECONDS)
            try:
                if not await self._lease.renew():
                    self._lanes.drop_all()
                    await self._own()
                else:
                    await self._store.write(self.promote)
                    self._bell.set()
            except Exception:
                log.exception("lease not renewed", queue=self.queue_id)

    def promote(self, work: Work) -> None:
        """Retries whose time has come are ready; what is too late is over. A tick's work."""
        work.deliveries.expire(self.queue_id)
        if work.deliveries.promote_due(self.queue_id):
            self._may_have_more = True

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
        if self.epoch is None:
            await self._rest(POLL_SECONDS)
            return
        await self._refill()
        if len(self._sending) >= IN_FLIGHT:
            await self._rest(POLL_SECONDS)
            return
        delivery, wait = self._lanes.next(self._wait)
        if delivery is None:
            await self._rest(min(wait, POLL_SECONDS))
            return
        task = asyncio.create_task(self._send(delivery))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._bell.set()

    async def _rest(self, seconds: float) -> None:
        # Not wait_for: on Python 3.11 it may swallow a cancellation that meets the bell.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    async def _refill(self) -> None:
        epoch, now = self.epoch, asyncio.get_running_loop().time()
        # The poll is the truth, the bell only a hint; answers may ring it all day.
        self._may_have_more |= now - self._looked_at >= POLL_SECONDS
        if not self._may_have_more or epoch is None or self._is_full():
            return
        self._looked_at = now
        busy = self._lanes.busy()
        # What is committed and rung for while we look may not be seen by this look.
        self._may_have_more, rings = False, self._rings
        self._late = set(self._going_back)
        claimed = await self._claim(epoch, busy)
        if len(claimed) == BUFFER:
            self._may_have_more = True
        else:  # when full, more of the same addresses may wait behind these
            if self._rows_wait and rings == self._rings:
                self._rows_wait = False
                self._behind_retry |= busy  # of them, rows may still be there
            self._behind_retry -= {one.address_id for one in claimed} - self._late
        self._lanes.add(claimed)

    def _is_full(self) -> bool:
        """What only waits for slow readers takes nobody's place: an urgent row may be behind it."""
        now = asyncio.get_running_loop().time()
        return self._lanes.count(lambda one: not self.pace.rests(one, now)) >= BUFFER

    async def _claim(self, epoch: int, busy: set[int]) -> list[Delivery]:
        try:
            return await self._store.write(
                lambda work: claim(work, self.queue_id, epoch, BUFFER, busy=busy)
            )
        except Exception:
            self.wake()  # we do not know what waits there
            raise

    def _wait(self, delivery: Delivery) -> float:
        return self.pace.wait(delivery, asyncio.get_running_loop().time())

    def _pause(self, seconds: float) -> None:
        self.pace.pause(asyncio.get_running_loop().time() + max(0.0, seconds))

    async def _send(self, delivery: Delivery) -> None:
        try:
            outcome = await self._try(delivery)
            written = self._settler.add(outcome)
            metrics.DELIVERIES.labels(self.channel.kind, outcome.state).inc()
            if outcome.state is State.RETRY:
                self._behind_retry.add(delivery.address_id)
                # Until the table knows of the retry, the address counts as being on the wire.
                await written
                await self._put_back(self._lanes.take_back(delivery.address_id))
        finally:
            if delivery.act is not Act.ANSWER_TAP:
                self._lanes.on_wire.discard(delivery.address_id)

    async def _try(self, delivery: Delivery) -> Outcome:
        now = self._store.clock.now()
        if delivery.expires_at is not None and delivery.expires_at < now:
            return Outcome(delivery.id, delivery.epoch, State.EXPIRED, reason="too late")
        if delivery.accepted_at is not None:
            waited = (now - delivery.accepted_at).total_seconds()
            metrics.REPLY_SECONDS.labels(self.channel.kind).observe(waited)
        if not self._can(delivery.act):
            return Outcome(delivery.id, delivery.epoch, State.FAILED, reason="cannot")
        done, message_id = delivery.parts_done, None
        try:
            for part in self._parts(delivery)[done:]:
                if done > delivery.parts_done and self.pace.is_slow(delivery):
                    due = self._store.clock.now() + timedelta(seconds=self.pace.gap)
                    return after_part(delivery, done, message_id, due)
                self.pace.take(delivery, asyncio.get_running_loop().time())
                with metrics.SEND_SECONDS.labels(self.channel.kind).time():
                    receipt = await self.channel.send(delivery, part)
                done, message_id = done + 1, receipt.message_id or message_id
        except SendError as error:
            await self._heed(delivery, error)
            return after_error(delivery, error, done, self._store.clock.now())
        except Exception:
            log.exception("a channel broke", channel=self.channel.kind, delivery=delivery.id)
            return Outcome(delivery.id, delivery.epoch, State.FAILED, reason="bug")
        return Outcome(delivery.id, delivery.epoch, State.SENT, message_id, parts_done=done)

    def _can(self, act: Act) -> bool:
        """Whoever wrote the row may not have known which channel it goes to."""
        can = self.channel.capabilities
        return {Act.EDIT: can.edits, Act.MENU: can.menus}.get(act, True)

    def _parts(self, delivery: Delivery) -> tuple[Part, ...]:
        can = self.channel.capabilities
        if delivery.act is Act.EDIT:
            return (amended(delivery.reply, can),)
        return fit(delivery.reply, can)

    async def _heed(self, delivery: Delivery, error: SendError) -> None:
        """What an error means beyond its own delivery."""
        log.warning("not sent", delivery=delivery.id, fault=error.code, kind=type(error).__name__)
        if isinstance(error, Throttled):
            self._pause(error.wait_seconds)
            until = self._store.clock.now() + timedelta(seconds=error.wait_seconds)
            await self._store.write(lambda work: work.queues.pause(self.queue_id, until))
        if isinstance(error, Gone):
            await self._store.write(
                lambda work: work.accounts.mark_gone(delivery.address_id, error.code)
            )

    async def _return(self, late: Sequence[Delivery]) -> None:
        try:
            async with self._return_one_by_one:
                await self._put_back(late)
        finally:
            self._going_back -= Counter(one.address_id for one in late)

    async def _put_back(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            ids, epoch = [one.id for one in deliveries], deliveries[0].epoch
            await self._store.write(lambda work: work.deliveries.release(ids, epoch))
            self._stir()

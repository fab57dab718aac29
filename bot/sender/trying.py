"""One try of one delivery: fitted, put on the wire part by part, and what became of it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot import metrics
from bot.channels.base import Channel
from bot.errors import Gone, SendError, Throttled, Unavailable
from bot.fit import Part, amended, fit
from bot.sender.account import AccountState, now
from bot.sender.elsewhere import move
from bot.sender.lease import QueueLease
from bot.sender.outcomes import after_error, after_part
from bot.store import Store
from bot.store.deliveries import Outcome
from bot.values.delivery import Act, Delivery, State

log = structlog.get_logger()

# A further part that must wait longer than this does not wait on the wire, but in the table.
LONG_SECONDS = 5.0


class Tries:
    """Tries deliveries on one channel. `wake` is told of a queue that got a row from here."""

    def __init__(
        self,
        channel: Channel,
        store: Store,
        lease: QueueLease,
        account: AccountState,
        wake: Callable[[int], None],
    ) -> None:
        self._channel = channel
        self._store = store
        self._lease = lease
        self._account = account
        self._wake = wake
        self._took_seconds = metrics.SEND_SECONDS.labels(channel.kind)
        self._reply_seconds = metrics.REPLY_SECONDS.labels(channel.kind)

    async def once(self, delivery: Delivery) -> Outcome | None:
        """What became of it; None when the row is another queue's now.

        Its first part was counted by the pace already, when it was chosen.
        """
        moment = self._lease.now()
        if delivery.expires_at is not None and delivery.expires_at < moment:
            return too_late(delivery)
        if delivery.accepted_at is not None:
            waited = self._store.clock.now() - delivery.accepted_at
            self._reply_seconds.observe(waited.total_seconds())
        if not self._can(delivery.act):
            return Outcome(delivery.id, delivery.epoch, State.FAILED, reason="cannot")
        try:
            return await self._all_parts(delivery)
        except Exception:
            log.exception("a channel broke", channel=self._channel.kind, delivery=delivery.id)
            return Outcome(delivery.id, delivery.epoch, State.FAILED, reason="bug")

    async def _all_parts(self, delivery: Delivery) -> Outcome | None:
        done, message_id = delivery.parts_done, None
        try:
            for part in self._parts(delivery)[done:]:
                if done > delivery.parts_done:
                    later = await self._may_go_on(delivery)
                    if later is not None:
                        due = self._lease.now() + timedelta(seconds=later)
                        return after_part(delivery, done, message_id, due)
                    self._account.pace.take(delivery, now())
                with self._took_seconds.time():
                    receipt = await self._channel.send(delivery, part)
                self._account.took()
                done, message_id = done + 1, receipt.message_id or message_id
        except SendError as error:
            return await self._after(delivery, error, done)
        return Outcome(delivery.id, delivery.epoch, State.SENT, message_id, parts_done=done)

    async def _may_go_on(self, delivery: Delivery) -> float | None:
        """Keep the pace between two parts. Seconds when the next one should leave by another try.

        What is one message to us is several to the platform, and the lease may end between them.
        """
        pace = self._account.pace
        if pace.is_slow(delivery):
            return pace.gap
        while wait := max(pace.whole(now()), pace.alone(delivery, now())):
            if wait > LONG_SECONDS:
                return wait
            await asyncio.sleep(wait)
        return None if self._lease.epoch == delivery.epoch else 0.0

    async def _after(self, delivery: Delivery, error: SendError, done: int) -> Outcome | None:
        log.warning("not sent", delivery=delivery.id, fault=error.code, kind=type(error).__name__)
        self._account.refused(error)
        down = self._account.circuit.is_open
        try:
            if isinstance(error, Throttled):
                await self._keep_pause(error)
            if isinstance(error, Gone) and await self._moved(delivery, error):
                return None
        except Exception:
            # The database is away. A pause holds in memory; who left will have left next time too.
            log.exception("not noted", delivery=delivery.id, fault=error.code)
            if isinstance(error, Gone):
                error, down = Unavailable(error.code), True
        return after_error(delivery, error, done, self._lease.now(), down=down)

    async def _keep_pause(self, error: Throttled) -> None:
        """A new owner obeys it too."""
        until = self._lease.now() + timedelta(seconds=error.wait_seconds)
        queue, rate = self._lease.queue_id, self._account.tempo.rate
        await self._store.write(lambda work: work.queues.pause(queue, until, rate))

    async def _moved(self, delivery: Delivery, error: Gone) -> bool:
        queue_id = await self._store.write(lambda work: move(work, delivery, error.code))
        if queue_id is not None:
            log.info("goes to another address", delivery=delivery.id, queue=queue_id)
            self._wake(queue_id)
        return queue_id is not None

    def _can(self, act: Act) -> bool:
        """Whoever wrote the row may not have known which channel it goes to."""
        can = self._channel.capabilities
        needs = {
            Act.EDIT: can.edits,
            Act.MENU: can.menus,
            Act.WITHDRAW: can.withdraws,
            Act.REACT: can.reacts,
        }
        return needs.get(act, True)

    def _parts(self, delivery: Delivery) -> tuple[Part, ...]:
        can = self._channel.capabilities
        if delivery.act is Act.EDIT:
            return (amended(delivery.reply, can),)
        return fit(delivery.reply, can)


def too_late(delivery: Delivery) -> Outcome:
    """What was not sent in time is not sent late."""
    return Outcome(delivery.id, delivery.epoch, State.EXPIRED, reason="too late")

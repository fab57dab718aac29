"""Owning a queue: a lease with an epoch, renewed while we live, proven free by a lock on SQLite."""

from datetime import datetime, timedelta
from time import monotonic

import structlog

from bot.clock import SetClock
from bot.store import Store, Work
from bot.store.queues import Lease

LEASE_SECONDS = 10.0
# An owner stops sending this part of a lease before it runs out: longer than any request may take
# to be put on the wire, so that two owners never speak at once (delivery.md, invariant I3).
MARGIN = 0.3
RENEW = 0.25

log = structlog.get_logger()


class QueueLease:
    """Takes, renews and gives back the right to send for one queue, `seconds` at a time.

    On PostgreSQL the database's clock tells when a lease ends: a process whose own clock is wrong
    neither steals a queue nor holds one. A clock that a test or a demo sets counts instead.
    """

    def __init__(
        self, store: Store, queue_id: int, owner: str, seconds: float = LEASE_SECONDS
    ) -> None:
        self.queue_id = queue_id
        self.renew_seconds = seconds * RENEW
        self._store = store
        self._owner = owner
        self._seconds = seconds
        self._lock = store.owner_lock(f"queue-{queue_id}")
        self._lease: Lease | None = None
        self._safe_until = 0.0
        self._skew = timedelta(0)

    @property
    def epoch(self) -> int | None:
        """The epoch under which we may send now; None when we may not."""
        if self._lease is None or monotonic() >= self._safe_until:
            return None
        return self._lease.epoch

    def now(self) -> datetime:
        """The time by which rows fall due and expire: the database's, where it has a clock."""
        return self._store.clock.now() + self._skew

    async def take(self) -> Lease | None:
        """Own the queue, recovering what a dead owner left; None while another one lives."""
        if self._lock is not None and not self._lock.take():
            return None
        asked, began = monotonic(), self._store.clock.now()
        self._lease = await self._store.write(self._take)
        if self._lease is not None:
            self._is_ours(self._lease, asked, began)
            log.info("queue taken", queue=self.queue_id, epoch=self._lease.epoch)
        return self._lease

    def _take(self, work: Work) -> Lease | None:
        force = self._lock is not None
        lease = work.queues.take(self.queue_id, self._owner, self._until(work), force=force)
        if lease is not None:
            left = work.deliveries.recover(self.queue_id, lease.epoch)
            if left:
                log.warning("deliveries recovered", queue=self.queue_id, count=left)
        return lease

    def _until(self, work: Work) -> datetime | timedelta:
        own = self._store.embedded or isinstance(self._store.clock, SetClock)
        length = timedelta(seconds=self._seconds)
        return work.now + length if own else length

    def _is_ours(self, lease: Lease, asked: float, began: datetime) -> None:
        self._safe_until = asked + self._seconds * (1 - MARGIN)
        if lease.told_at is not None:
            self._skew = lease.told_at - began

    async def renew(self, rate: float | None = None) -> bool:
        """Keep the lease, and the rate that was good; False when somebody else owns the queue."""
        lease = self._lease
        if lease is None:
            return False
        asked, began = monotonic(), self._store.clock.now()
        kept = await self._store.write(
            lambda work: work.queues.renew(lease, self._until(work), rate)
        )
        if kept is None:
            log.error("queue lost", queue=self.queue_id, epoch=lease.epoch)
            self._lease = None
            return False
        self._is_ours(kept, asked, began)
        return True

    async def release(self) -> None:
        """Give the queue back at once."""
        lease, self._lease = self._lease, None
        if lease is not None:
            await self._store.write(lambda work: work.queues.release(lease))
        if self._lock is not None:
            self._lock.free()

"""Owning a queue: a lease with an epoch, renewed while we live, proven free by a lock on SQLite."""

from datetime import timedelta
from time import monotonic

import structlog

from bot.store import Store, Work
from bot.store.queues import Lease

LEASE_SECONDS = 10.0
# An owner stops sending this long before its lease runs out: longer than any request may take to
# be put on the wire, so that two owners never speak at once (delivery.md, invariant I3).
MARGIN_SECONDS = 3.0
RENEW_SECONDS = 2.5

log = structlog.get_logger()


class QueueLease:
    """Takes, renews and gives back the right to send for one queue."""

    def __init__(self, store: Store, queue_id: int, owner: str) -> None:
        self._store = store
        self._queue_id = queue_id
        self._owner = owner
        self._lock = store.owner_lock(f"queue-{queue_id}")
        self._lease: Lease | None = None
        self._safe_until = 0.0

    @property
    def epoch(self) -> int | None:
        """The epoch under which we may send now; None when we may not."""
        if self._lease is None or monotonic() >= self._safe_until:
            return None
        return self._lease.epoch

    async def take(self) -> Lease | None:
        """Own the queue, recovering what a dead owner left; None while another one lives."""
        if self._lock is not None and not self._lock.take():
            return None
        asked = monotonic()
        self._lease = await self._store.write(self._take)
        if self._lease is not None:
            self._safe_until = asked + LEASE_SECONDS - MARGIN_SECONDS
            log.info("queue taken", queue=self._queue_id, epoch=self._lease.epoch)
        return self._lease

    def _take(self, work: Work) -> Lease | None:
        until = work.now + timedelta(seconds=LEASE_SECONDS)
        force = self._lock is not None
        lease = work.queues.take(self._queue_id, self._owner, until, force=force)
        if lease is not None:
            left = work.deliveries.recover(self._queue_id, lease.epoch)
            if left:
                log.warning("deliveries recovered", queue=self._queue_id, count=left)
        return lease

    async def renew(self) -> bool:
        """Keep the lease; False when somebody else owns the queue now."""
        lease = self._lease
        if lease is None:
            return False
        asked = monotonic()
        kept = await self._store.write(
            lambda work: work.queues.renew(lease, work.now + timedelta(seconds=LEASE_SECONDS))
        )
        if kept:
            self._safe_until = asked + LEASE_SECONDS - MARGIN_SECONDS
        else:
            log.error("queue lost", queue=self._queue_id, epoch=lease.epoch)
            self._lease = None
        return kept

    async def release(self) -> None:
        """Give the queue back at once."""
        lease, self._lease = self._lease, None
        if lease is not None:
            await self._store.write(lambda work: work.queues.release(lease))
        if self._lock is not None:
            self._lock.free()

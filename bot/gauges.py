"""What `/metrics` says of the queues: read from the database when somebody asks for it.

Every process says the same of all queues, so that it is known even when nobody owns one; take the
largest, not the sum.
"""

from collections.abc import Mapping
from time import monotonic

import structlog

from bot import metrics
from bot.store import Store, backlog
from bot.store.health import clock_of
from bot.values.letter import Lane

log = structlog.get_logger()

LEAST_SECONDS = 2.0  # whoever asks more often gets what was read last


class QueueGauges:
    """Reads the queues, at most every two seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read_at: float | None = None

    async def read(self, rates: Mapping[int, float]) -> None:
        """Set the gauges; `rates` are the sends a second allowed to the queues we own."""
        if self._read_at is not None and monotonic() - self._read_at < LEAST_SECONDS:
            return
        self._read_at = monotonic()
        try:
            now = await self._store.read(clock_of)
            found = await self._store.read(backlog.queues)
        except Exception as error:
            log.warning("queues not read for metrics", what=type(error).__name__)
            return
        for gauge in metrics.QUEUES:
            gauge.clear()
        for one in found:
            where = one.channel, str(one.id)
            for lane in Lane:
                depth = one.lanes.get(lane, 0)
                metrics.QUEUE_DEPTH.labels(*where, lane.name.lower()).set(depth)
            metrics.QUEUE_RETRY.labels(*where).set(one.retry)
            metrics.QUEUE_CLAIMED.labels(*where).set(one.claimed)
            age = (now - one.oldest).total_seconds() if one.oldest else 0.0
            metrics.QUEUE_OLDEST.labels(*where).set(max(0.0, age))
            if one.owner and one.until is not None:
                left = (one.until - now).total_seconds()
                metrics.QUEUE_LEASE.labels(*where, one.owner).set(left)
            if one.id in rates:
                metrics.QUEUE_RATE.labels(*where).set(rates[one.id])

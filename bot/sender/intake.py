"""What of the table is in memory: rows claimed, rows handed over, and rows on their way back.

Nothing may overtake an earlier row to the same address that this process does not hold: one that
waits for another try, one that goes back to the table, one somebody else wrote.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from bot.outbox import claim
from bot.sender.lanes import Lanes
from bot.store import Store
from bot.values.delivery import Delivery
from bot.values.letter import Lane

# One statement's worth: more at once would keep the loop from everything else for too long.
MOST_CLAIMED = 200
# Rows that wait for slow readers beside those that could leave.
MOST_ASLEEP = 600
# The poll is the truth, the bell only a hint; answers may ring it all day.
POLL_SECONDS = 1.0


class Intake:
    """Fills the lanes of one queue. `ring` is called when there is something to do."""

    def __init__(self, store: Store, queue_id: int, size: int, ring: Callable[[], None]) -> None:
        self.lanes = Lanes()
        self._store = store
        self._queue_id = queue_id
        self._size = size
        self._ring = ring
        # Addresses with a row in retry, and those whose rows are on their way back to the table:
        # nothing is handed past them.
        self._behind_retry: set[int] = set()
        self._going_back: Counter[int] = Counter()
        self._late: set[int] = set()  # sent back since the last look, which may have missed them
        self._return_one_by_one = asyncio.Lock()  # a later row may not be there before an earlier
        self._returning: set[asyncio.Task[None]] = set()
        self._rings = 0
        self._rows_wait = False  # pending rows of anybody, which nothing may be handed past
        self._may_have_more = True
        self._look_for_urgent = True
        self._looked_at = float("-inf")

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Rows that the turn's own commit already claimed for us (delivery.md, section 7)."""
        behind = {one.address_id for one in deliveries} if self._rows_wait else self._behind_retry
        late = [one for one in deliveries if one.address_id in behind]
        self.lanes.add(one for one in deliveries if one.address_id not in behind)
        if late:
            self._behind_retry.update(one.address_id for one in late)
            self._late.update(one.address_id for one in late)
            self._going_back.update(one.address_id for one in late)
            task = asyncio.create_task(self._return(late))
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)
        self._ring()

    def wake(self) -> None:
        """Somebody committed rows for this queue, so what is handed now may not overtake them."""
        self._rows_wait = True
        self._rings += 1
        self.stir()

    def stir(self) -> None:
        """There may be rows, none of which anything handed could overtake."""
        self.look()
        self._ring()

    def look(self) -> None:
        """At the next turn of the loop, look into the table."""
        self._may_have_more = self._look_for_urgent = True

    @property
    def waits(self) -> bool:
        """Is there something that was rung for and not looked at, or on its way back?"""
        return self._rows_wait or bool(self._returning)

    async def returned(self) -> None:
        """Wait for what is on its way back to the table."""
        await asyncio.gather(*self._returning, return_exceptions=True)

    async def learn(self) -> None:
        """A new owner: whose rows wait for another try."""
        self._behind_retry = await self._store.read(
            lambda work: work.deliveries.retrying(self._queue_id)
        )
        self.wake()

    def wants_more(self) -> bool:
        """Is there room for rows that may be there, or may an urgent one be?"""
        if asyncio.get_running_loop().time() - self._looked_at >= POLL_SECONDS:
            self.look()
        return self._may_have_more and self._only_below() is not Lane.REPLY

    async def refill(self, epoch: int) -> None:
        """Claim what there is room for. When there is none, only what goes before what is here."""
        self._looked_at = asyncio.get_running_loop().time()
        below = self._only_below()
        busy = self.lanes.busy()
        # What is committed and rung for while we look may not be seen by this look.
        self._may_have_more = below is not None
        self._look_for_urgent, rings = False, self._rings
        self._late = set(self._going_back)
        limit = min(MOST_CLAIMED, self._size - (self.lanes.ready if below is None else 0))
        claimed = await self._claim(epoch, limit, busy, below)
        if len(claimed) == limit:
            self._may_have_more = self._look_for_urgent = True
        elif below is None:  # else more of the same addresses may wait behind these
            if self._rows_wait and rings == self._rings:
                self._rows_wait = False
                self._behind_retry |= busy  # of them, rows may still be there
            self._behind_retry -= {one.address_id for one in claimed} - self._late
        self.lanes.add(claimed)

    def _only_below(self) -> Lane | None:
        """The lane that rows must beat to be claimed; None: any, there is room. REPLY: none can.

        What only waits for slow readers takes nobody's place: an urgent row may be behind it.
        """
        if self.lanes.ready <= self._size // 2 and len(self.lanes) < self._size + MOST_ASLEEP:
            return None
        if not self._look_for_urgent:
            return Lane.REPLY
        worst = self.lanes.worst()
        return Lane.ROUTINE if worst is None else worst

    async def _claim(
        self, epoch: int, limit: int, busy: set[int], below: Lane | None
    ) -> list[Delivery]:
        queue = self._queue_id
        try:
            return await self._store.write(
                lambda work: claim(work, queue, epoch, limit, busy=busy, below=below)
            )
        except Exception:
            self.wake()  # we do not know what waits there
            raise

    async def retried(self, delivery: Delivery) -> None:
        """This delivery is in retry, in the table: what follows it to its address goes back."""
        await self.put_back(self.lanes.take_back(delivery.address_id))

    def holds_back(self, delivery: Delivery) -> None:
        """This delivery will be in retry: nothing is handed past it."""
        self._behind_retry.add(delivery.address_id)

    async def _return(self, late: Sequence[Delivery]) -> None:
        try:
            async with self._return_one_by_one:
                await self.put_back(late)
        finally:
            self._going_back -= Counter(one.address_id for one in late)

    async def put_back(self, deliveries: Sequence[Delivery]) -> None:
        """Give rows back that have not left."""
        if deliveries:
            ids, epoch = [one.id for one in deliveries], deliveries[0].epoch
            await self._store.write(lambda work: work.deliveries.release(ids, epoch))
            self.stir()

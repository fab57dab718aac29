"""Rows that change state without leaving: given back, recovered, promoted, expired, moved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Float, bindparam, case, exists, func, select, update

from bot.store.base import Family
from bot.store.delivery_table import MAY_EXPIRE, delivery, held_back
from bot.store.letters import letter
from bot.values.delivery import State
from bot.values.letter import Lane, OnUnknown

# Most of what a dead owner had claimed never left: giving up at its second death would keep an
# urgent word from people who got nothing. What outlives so many owners may be what kills them.
MOST_TAKEOVERS = 5

_RELEASE = (
    update(delivery)
    .where(delivery.c.id == bindparam("row_id"))
    .values(
        state=State.PENDING, owner_epoch=None, claimed_at=None, vtime=bindparam("tag", type_=Float)
    )
)


class Upkeep(Family):
    """What an owner does with its queue now and then. Every change names the state it expects."""

    def release(self, ids: Sequence[int], epoch: int) -> None:
        """Claimed rows that never left go back to the queue, behind what waits there.

        Those claimed by their turn's own commit have no tag of fair share yet; with tag 0 they
        would overtake earlier rows to the same address.
        """
        c = delivery.c
        mine = (c.id.in_(ids), c.state == State.CLAIMED, c.owner_epoch == epoch)
        query = select(c.id, c.queue_id, c.lane, c.address_id, c.vtime).where(*mine).order_by(c.id)
        rows = self.conn.execute(query).all()
        tags: dict[tuple[int, int], float] = {}
        for row in rows:
            if row.vtime == 0 and (row.queue_id, row.lane) not in tags:
                tags[row.queue_id, row.lane] = self._last_tag(row.queue_id, row.lane)
        back = [
            {
                "row_id": row.id,
                "tag": max(
                    row.vtime or tags[row.queue_id, row.lane],
                    self._tag_before(row.address_id, row.lane, row.id),
                ),
            }
            for row in rows
        ]
        if back:
            self.conn.execute(_RELEASE, back)

    def _last_tag(self, queue_id: int, lane: int) -> float:
        c = delivery.c
        query = select(func.max(c.vtime)).where(
            c.queue_id == queue_id, c.lane == lane, c.state == State.PENDING
        )
        return self.conn.execute(query).scalar_one() or 0.0

    def _tag_before(self, address_id: int, lane: int, row_id: int) -> float:
        """Of the earlier ones to the same address that may come back to the queue."""
        c = delivery.c
        query = select(func.max(c.vtime)).where(
            c.address_id == address_id,
            c.id < row_id,
            c.lane == lane,
            c.state.in_((State.PENDING, State.RETRY, State.CLAIMED)),
        )
        return self.conn.execute(query).scalar_one() or 0.0

    def recover(self, queue_id: int, epoch: int) -> int:
        """What an earlier owner left claimed: nobody knows whether it arrived. Returns how many.

        The letter's own policy decides: `resend` sends it again, `hold` waits for a person.
        """
        c = delivery.c
        hold = exists().where(letter.c.id == c.letter_id, letter.c.on_unknown == OnUnknown.HOLD)
        give_up = hold | (c.unknowns >= MOST_TAKEOVERS)
        # An answer claimed by its own turn has no tag; with none it would overtake what came before
        # it and was given back meanwhile.
        before = delivery.alias("before")
        tag = (
            select(func.coalesce(func.max(before.c.vtime), 0.0))
            .where(
                before.c.address_id == c.address_id,
                before.c.lane == c.lane,
                before.c.id < c.id,
                before.c.state.in_((State.PENDING, State.RETRY, State.CLAIMED)),
            )
            .scalar_subquery()
        )
        statement = (
            update(delivery)
            .where(c.queue_id == queue_id, c.state == State.CLAIMED, c.owner_epoch < epoch)
            .values(
                state=case((give_up, State.UNCERTAIN), else_=State.PENDING),
                reason="owner gone",
                owner_epoch=None,
                unknowns=c.unknowns + 1,
                vtime=case((tag > c.vtime, tag), else_=c.vtime),
            )
        )
        return self.conn.execute(statement).rowcount

    def promote_due(self, queue_id: int, now: datetime | None = None) -> int:
        """Retries whose time has come are ready again. Returns how many."""
        c = delivery.c
        due = update(delivery).where(
            c.queue_id == queue_id, c.state == State.RETRY, c.due_at <= (now or self.now)
        )
        return self.conn.execute(due.values(state=State.PENDING, due_at=None)).rowcount

    def promote_waiting(self, queue_id: int, before: datetime, limit: int) -> int:
        """What is routine and was written before then goes up one lane. Returns how many.

        Only the `limit` that are next are looked at: others wait behind those in any case. What
        follows a row in retry stays behind it.
        """
        c = delivery.c
        next_ones = (
            select(c.id, c.created_at)
            .where(c.queue_id == queue_id, c.state == State.PENDING, c.lane == Lane.ROUTINE)
            .order_by(c.vtime, c.id)
            .limit(limit)
            .subquery()
        )
        old = select(next_ones.c.id).where(next_ones.c.created_at < before)
        up = update(delivery).where(c.id.in_(old), c.state == State.PENDING, ~held_back())
        return self.conn.execute(up.values(lane=Lane.SCHEDULED)).rowcount

    def expire(self, queue_id: int, now: datetime | None = None) -> int:
        """What was not sent in time is not sent late. Returns how many."""
        c = delivery.c
        late = update(delivery).where(
            c.queue_id == queue_id, MAY_EXPIRE, c.expires_at < (now or self.now)
        )
        return self.conn.execute(late.values(state=State.EXPIRED, reason="too late")).rowcount

    def move(
        self, delivery_id: int, epoch: int, address_id: int, queue_id: int, vtime: float
    ) -> bool:
        """A claimed row goes to another address, which may be in another queue, from its start."""
        c = delivery.c
        mine = update(delivery).where(
            c.id == delivery_id, c.state == State.CLAIMED, c.owner_epoch == epoch
        )
        there = {"address_id": address_id, "queue_id": queue_id, "vtime": vtime}
        afresh = {"attempts": 0, "parts_done": 0, "platform_message_id": None}
        free = {"state": State.PENDING, "owner_epoch": None, "claimed_at": None}
        return self.conn.execute(mine.values(**there, **afresh, **free)).rowcount == 1

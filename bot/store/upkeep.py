"""Rows that change state without leaving: given back, recovered, promoted, expired, moved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Float, bindparam, case, exists, func, select, update

from bot.store.base import Family, end_when_idle
from bot.store.delivery_table import (
    CLAIMED,
    HELD_BACK,
    MAY_EXPIRE,
    PENDING,
    RETRY,
    behind,
    delivery,
)
from bot.store.letters import letter
from bot.values.delivery import State
from bot.values.letter import Lane, OnUnknown

# Most of what a dead owner had claimed never left: giving up at its second death would keep an
# urgent word from people who got nothing. What outlives so many owners may be what kills them.
MOST_TAKEOVERS = 5

_C = delivery.c
# All of these are said again every few seconds: made once, so that only values are bound.
_RELEASE = (
    update(delivery)
    .where(_C.id == bindparam("row_id"))
    .values(
        state=State.PENDING,
        owner_epoch=None,
        claimed_at=None,
        vtime=behind(bindparam("tag", type_=Float)),
    )
)
_HOLDS = exists().where(letter.c.id == _C.letter_id, letter.c.on_unknown == OnUnknown.HOLD)
# An answer claimed by its own turn has no tag; with none it would overtake what came before it and
# was given back meanwhile.
_RECOVER = (
    update(delivery)
    .where(
        _C.queue_id == bindparam("queue"),
        _C.state == CLAIMED,
        _C.owner_epoch < bindparam("under"),
    )
    .values(
        state=case(
            (_HOLDS | (_C.unknowns >= MOST_TAKEOVERS), State.UNCERTAIN), else_=State.PENDING
        ),
        reason="owner gone",
        owner_epoch=None,
        unknowns=_C.unknowns + 1,
        vtime=behind(_C.vtime),
    )
)
_PROMOTE_DUE = (
    update(delivery)
    .where(_C.queue_id == bindparam("queue"), _C.state == RETRY, _C.due_at <= bindparam("moment"))
    .values(state=State.PENDING, due_at=None)
)
_NEXT_ROUTINE = (
    select(_C.id, _C.created_at)
    .where(_C.queue_id == bindparam("queue"), _C.state == PENDING, _C.lane == Lane.ROUTINE)
    .order_by(_C.vtime, _C.id)
    .limit(bindparam("most"))
    .subquery()
)
_PROMOTE_WAITING = (
    update(delivery)
    .where(
        _C.id.in_(select(_NEXT_ROUTINE.c.id).where(_NEXT_ROUTINE.c.created_at < bindparam("old"))),
        _C.state == PENDING,
        ~HELD_BACK,
    )
    .values(lane=Lane.SCHEDULED)
)
_EXPIRE = (
    update(delivery)
    .where(_C.queue_id == bindparam("queue"), MAY_EXPIRE, _C.expires_at < bindparam("moment"))
    .values(state=State.EXPIRED, reason="too late")
)


class Upkeep(Family):
    """What an owner does with its queue now and then. Every change names the state it expects."""

    def release(self, ids: Sequence[int], epoch: int) -> None:
        """Claimed rows that never left go back to the queue, behind what waits there.

        Those claimed by their turn's own commit have no tag of fair share yet; with tag 0 they
        would overtake earlier rows to the same address.
        """
        end_when_idle(self.conn)
        c = delivery.c
        mine = (c.id.in_(ids), c.state == State.CLAIMED, c.owner_epoch == epoch)
        query = select(c.id, c.queue_id, c.lane, c.vtime).where(*mine).order_by(c.id)
        rows = self.conn.execute(query).all()
        tags: dict[tuple[int, int], float] = {}
        for row in rows:
            if row.vtime == 0 and (row.queue_id, row.lane) not in tags:
                tags[row.queue_id, row.lane] = self._last_tag(row.queue_id, row.lane)
        back = [
            {"row_id": row.id, "tag": row.vtime or tags[row.queue_id, row.lane]} for row in rows
        ]
        if back:  # one after another: each goes behind those before it
            self.conn.execute(_RELEASE, back)

    def _last_tag(self, queue_id: int, lane: int) -> float:
        c = delivery.c
        query = select(func.max(c.vtime)).where(
            c.queue_id == queue_id, c.lane == lane, c.state == PENDING
        )
        return self.conn.execute(query).scalar_one() or 0.0

    def recover(self, queue_id: int, epoch: int) -> int:
        """What an earlier owner left claimed: nobody knows whether it arrived. Returns how many.

        The letter's own policy decides: `resend` sends it again, `hold` waits for a person.
        """
        return self.conn.execute(_RECOVER, {"queue": queue_id, "under": epoch}).rowcount

    def promote_due(self, queue_id: int, now: datetime | None = None) -> int:
        """Retries whose time has come are ready again. Returns how many."""
        when = {"queue": queue_id, "moment": now or self.now}
        return self.conn.execute(_PROMOTE_DUE, when).rowcount

    def promote_waiting(self, queue_id: int, before: datetime, limit: int) -> int:
        """What is routine and was written before then goes up one lane. Returns how many.

        Only the `limit` that are next are looked at: others wait behind those in any case. What
        follows a row in retry stays behind it.
        """
        which = {"queue": queue_id, "old": before, "most": limit}
        return self.conn.execute(_PROMOTE_WAITING, which).rowcount

    def expire(self, queue_id: int, now: datetime | None = None) -> int:
        """What was not sent in time is not sent late. Returns how many."""
        end_when_idle(self.conn)
        return self.conn.execute(_EXPIRE, {"queue": queue_id, "moment": now or self.now}).rowcount

    def move(
        self, delivery_id: int, epoch: int, address_id: int, queue_id: int, vtime: float
    ) -> bool:
        """A claimed row goes to another address, which may be in another queue, from its start."""
        end_when_idle(self.conn)
        c = delivery.c
        mine = update(delivery).where(
            c.id == delivery_id, c.state == State.CLAIMED, c.owner_epoch == epoch
        )
        there = {"address_id": address_id, "queue_id": queue_id, "vtime": vtime}
        afresh = {"attempts": 0, "parts_done": 0, "platform_message_id": None}
        free = {"state": State.PENDING, "owner_epoch": None, "claimed_at": None}
        return self.conn.execute(mine.values(**there, **afresh, **free)).rowcount == 1

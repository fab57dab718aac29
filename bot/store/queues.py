"""Who owns a queue: one lease per channel account and shard, with an epoch to fence old owners."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    or_,
    select,
    update,
)

from bot.store.base import BigId, Family, UtcTime, insert_once, metadata, primary

queue_lease = Table(
    "queue_lease",
    metadata,
    primary(),
    Column("account_id", BigId, ForeignKey("channel_account.id"), nullable=False),
    Column("shard", Integer, nullable=False),
    Column("owner", Text, nullable=False, server_default=""),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("until", UtcTime),
    Column("paused_until", UtcTime),
    Column("vnow", Float, nullable=False, server_default="0"),
    UniqueConstraint("account_id", "shard"),
)


# On the way of every turn: made once, so that only values are bound.
_HOLDS = select(queue_lease.c.id).where(
    queue_lease.c.id == bindparam("queue"), queue_lease.c.epoch == bindparam("under")
)


class Lease(NamedTuple):
    """The right to send for a queue, as long as `until` has not passed."""

    queue_id: int
    epoch: int
    until: datetime
    paused_until: datetime | None


class Queues(Family):
    """Makes, takes and renews leases."""

    def ensure(self, account_id: int, shard: int = 0) -> int:
        """The queue of an account, made when it is not there; its id."""
        insert_once(self.conn, queue_lease, [{"account_id": account_id, "shard": shard}])
        c = queue_lease.c
        query = select(c.id).where(c.account_id == account_id, c.shard == shard)
        found: int = self.conn.execute(query).scalar_one()
        return found

    def take(self, queue_id: int, owner: str, until: datetime, *, force: bool) -> Lease | None:
        """Own a queue under a new epoch, or None while another owner lives.

        `force` is for SQLite, where a file lock already proved that the old owner is gone.
        """
        c = queue_lease.c
        free = or_(c.owner == "", c.owner == owner, c.until.is_(None), c.until < self.now)
        statement = (
            update(queue_lease)
            .where(c.id == queue_id, *([] if force else [free]))
            .values(owner=owner, epoch=c.epoch + 1, until=until)
            .returning(c.epoch, c.paused_until)
        )
        row = self.conn.execute(statement).first()
        return Lease(queue_id, row.epoch, until, row.paused_until) if row else None

    def renew(self, lease: Lease, until: datetime) -> bool:
        """Keep a lease; False when somebody else took the queue over."""
        c = queue_lease.c
        statement = (
            update(queue_lease)
            .where(c.id == lease.queue_id, c.epoch == lease.epoch)
            .values(until=until)
        )
        return self.conn.execute(statement).rowcount == 1

    def release(self, lease: Lease) -> None:
        """Give a queue back, so that the next owner need not wait for the lease to run out."""
        c = queue_lease.c
        mine = update(queue_lease).where(c.id == lease.queue_id, c.epoch == lease.epoch)
        self.conn.execute(mine.values(owner="", until=None))

    def pause(self, queue_id: int, until: datetime) -> None:
        """The platform asked to wait; a new owner obeys it too."""
        self.conn.execute(
            update(queue_lease).where(queue_lease.c.id == queue_id).values(paused_until=until)
        )

    def holds(self, queue_id: int, epoch: int) -> bool:
        """Is this epoch still the owner? Asked inside the transaction that relies on it."""
        return self.conn.execute(_HOLDS, {"queue": queue_id, "under": epoch}).first() is not None

    def virtual_time(self, queue_id: int) -> float:
        """The tag of the last row dispatched (start-time fair queueing)."""
        query = select(queue_lease.c.vnow).where(queue_lease.c.id == queue_id)
        found: float = self.conn.execute(query).scalar_one()
        return found

    def advance(self, queue_id: int, vtime: float) -> None:
        """Fair share moves on to the tag of the row that was dispatched."""
        c = queue_lease.c
        ahead = update(queue_lease).where(c.id == queue_id, c.vnow < vtime)
        self.conn.execute(ahead.values(vnow=vtime))

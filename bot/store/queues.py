"""Who owns a queue: one lease per channel account and shard, with an epoch to fence old owners."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
    func,
    null,
    or_,
    select,
    update,
)

from bot.store.base import MOST_IDLE, BigId, Family, UtcTime, insert_once, metadata, primary

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
    Column("good_rate", Float),
    UniqueConstraint("account_id", "shard"),
)


# On the way of every turn: made once, so that only values are bound.
_HOLDS = select(queue_lease.c.id).where(
    queue_lease.c.id == bindparam("queue"), queue_lease.c.epoch == bindparam("under")
)
_HOLDS_FIRMLY = _HOLDS.with_for_update(read=True)
_HOLDS_BRIEFLY = _HOLDS_FIRMLY.add_columns(MOST_IDLE)  # asked for in the same statement


class Lease(NamedTuple):
    """The right to send for a queue, as long as `until` has not passed.

    `told_at`: the database's own time, where that is what counts. `good_rate`: how fast its last
    owner could go.
    """

    queue_id: int
    epoch: int
    until: datetime
    paused_until: datetime | None
    told_at: datetime | None = None
    good_rate: float | None = None


class Queues(Family):
    """Makes, takes and renews leases."""

    def ensure(self, account_id: int, shard: int = 0) -> int:
        """The queue of an account, made when it is not there; its id."""
        insert_once(self.conn, queue_lease, [{"account_id": account_id, "shard": shard}])
        c = queue_lease.c
        query = select(c.id).where(c.account_id == account_id, c.shard == shard)
        found: int = self.conn.execute(query).scalar_one()
        return found

    def take(
        self, queue_id: int, owner: str, until: datetime | timedelta, *, force: bool
    ) -> Lease | None:
        """Own a queue under a new epoch, or None while another owner lives.

        `until`: a time of our own clock, or how long by the database's (PostgreSQL only). `force`
        is for SQLite, where a file lock already proved that the old owner is gone.
        """
        c = queue_lease.c
        now = func.now() if isinstance(until, timedelta) else self.now
        free = or_(c.owner == "", c.owner == owner, c.until.is_(None), c.until < now)
        statement = update(queue_lease).where(c.id == queue_id, *([] if force else [free]))
        return self._kept(
            statement.values(owner=owner, epoch=c.epoch + 1, until=_end(until)), until
        )

    def renew(
        self, lease: Lease, until: datetime | timedelta, rate: float | None = None
    ) -> Lease | None:
        """Keep a lease, and the rate that was good; None when somebody else took the queue over."""
        c = queue_lease.c
        statement = update(queue_lease).where(c.id == lease.queue_id, c.epoch == lease.epoch)
        good = {} if rate is None else {"good_rate": rate}
        return self._kept(statement.values(until=_end(until), **good), until)

    def _kept(self, statement: Any, until: datetime | timedelta) -> Lease | None:
        c = queue_lease.c
        told = func.now(type_=UtcTime) if isinstance(until, timedelta) else null()
        returned = (c.id, c.epoch, c.until, c.paused_until, told, c.good_rate)
        briefly = () if self._embedded else (MOST_IDLE,)
        row = self.conn.execute(statement.returning(*returned, *briefly)).first()
        return Lease(*row[: len(returned)]) if row else None

    def release(self, lease: Lease) -> None:
        """Give a queue back, so that the next owner need not wait for the lease to run out."""
        c = queue_lease.c
        mine = update(queue_lease).where(c.id == lease.queue_id, c.epoch == lease.epoch)
        self.conn.execute(mine.values(owner="", until=None))

    def pause(self, queue_id: int, until: datetime, rate: float | None = None) -> None:
        """The platform asked to wait, and perhaps to go slower; a new owner obeys it too."""
        asked: dict[str, Any] = {"paused_until": until}
        if rate is not None:
            asked["good_rate"] = rate
        self.conn.execute(update(queue_lease).where(queue_lease.c.id == queue_id).values(**asked))

    def holds(self, queue_id: int, epoch: int, *, firmly: bool = False) -> bool:
        """Is this epoch still the owner? Asked inside the transaction that relies on it.

        `firmly`: and nobody becomes the next one before that transaction ends.
        """
        surely = _HOLDS_FIRMLY if self._embedded else _HOLDS_BRIEFLY
        query = surely if firmly else _HOLDS
        return self.conn.execute(query, {"queue": queue_id, "under": epoch}).first() is not None

    @property
    def _embedded(self) -> bool:
        return self.conn.dialect.name == "sqlite"

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


def _end(until: datetime | timedelta) -> Any:
    return func.now() + until if isinstance(until, timedelta) else until

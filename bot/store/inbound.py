"""What reached us, kept from the moment it is accepted until its turn is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    select,
    text,
    update,
)

from bot.store.base import BigId, Family, Json, UtcTime, insert_once, metadata, primary
from bot.values.incoming import Incoming

inbound = Table(
    "inbound",
    metadata,
    primary(),
    Column("account_id", BigId, ForeignKey("channel_account.id"), nullable=False),
    Column("update_id", Text, nullable=False),
    Column("payload", Json),
    Column("received_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("account_id", "update_id"),
    Index(
        "ix_inbound_waiting",
        "received_at",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
)


# On the way of every turn: made once, so that only values are bound.
_FINISH = update(inbound).where(inbound.c.id == bindparam("row_id"), inbound.c.done_at.is_(None))


class Waiting(NamedTuple):
    """An accepted update whose turn was never finished."""

    id: int
    incoming: Incoming
    attempts: int


class Inbound(Family):
    """Accepts updates once and hands out the unfinished ones."""

    def accept(self, batch: Sequence[Incoming]) -> list[int | None]:
        """Keep updates; the id of each, or None for one that was seen before."""
        c = inbound.c
        rows = [
            {
                "account_id": one.account_id,
                "update_id": one.update_id,
                "payload": one.to_json(),
                "received_at": one.received_at,
            }
            for one in batch
        ]
        added = insert_once(self.conn, inbound, rows, c.id, c.account_id, c.update_id)
        ids = {(row.account_id, row.update_id): row.id for row in added}
        # The same update twice in one batch: only the first of them is new.
        return [ids.pop((one.account_id, one.update_id), None) for one in batch]

    def finish(self, inbound_id: int) -> bool:
        """Its turn is done and the payload is erased. False: somebody finished it before us."""
        values = {"row_id": inbound_id, "done_at": self.now, "payload": None}
        return self.conn.execute(_FINISH, values).rowcount == 1

    def failed(self, inbound_id: int) -> int:
        """Its turn raised; returns how often by now."""
        c = inbound.c
        counted = (
            update(inbound)
            .where(c.id == inbound_id)
            .values(attempts=c.attempts + 1)
            .returning(c.attempts)
        )
        times: int = self.conn.execute(counted).scalar_one()
        return times

    def waiting(self, before: datetime, limit: int = 200) -> list[Waiting]:
        """Accepted before `before` and never finished, oldest first."""
        c = inbound.c
        query = (
            select(c.id, c.payload, c.attempts)
            .where(c.done_at.is_(None), c.received_at < before)
            .order_by(c.id)
            .limit(limit)
        )
        rows: Any = self.conn.execute(query)
        return [
            Waiting(row.id, Incoming.from_json(row.payload), row.attempts)
            for row in rows
            if row.payload is not None
        ]

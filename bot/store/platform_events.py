"""What a platform posted that nothing here answers: how often, when, of what shape; for a week.

No value of it is kept, so no word and no number of anybody; only its own name and its fields.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Table, Text, delete, func, select

from bot.store.base import BigId, Family, Json, UtcTime, insert_once, metadata

platform_event = Table(
    "platform_event",
    metadata,
    Column("account_id", BigId, ForeignKey("channel_account.id"), primary_key=True),
    # A fingerprint of how the platform names this one event: posted again, it counts once.
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("shape", Json, nullable=False),
    Index("ix_platform_event_at", "account_id", "at"),
)

# As long as the platform may post an event again.
EVENT_LIFE = timedelta(days=7)
_NAME_LIMIT = 80


class Happened(NamedTuple):
    """One event: `key` and `name` are the platform's, `kind` is ours, `shape` its fields."""

    key: str
    name: str
    kind: str
    shape: Any


class Counted(NamedTuple):
    """All of one name that were kept, and the shape of the newest."""

    name: str
    kind: str
    times: int
    first_at: datetime
    last_at: datetime
    shape: Any


class PlatformEvents(Family):
    """Keeps and counts them."""

    def add(self, account_id: int, many: Iterable[Happened]) -> None:
        """Keep them; once is enough."""
        rows = [
            {
                "account_id": account_id,
                "key": sha256(one.key.encode()).hexdigest(),
                "name": one.name[:_NAME_LIMIT],
                "kind": one.kind,
                "at": self.now,
                "shape": one.shape,
            }
            for one in sorted(many, key=lambda one: one.key)
        ]
        if rows:
            insert_once(self.conn, platform_event, rows)

    def counted(self, account_id: int) -> list[Counted]:
        """What was posted in the last week, the most frequent first."""
        c = platform_event.c
        times = func.count()
        many = (
            select(c.name, c.kind, times, func.min(c.at), func.max(c.at))
            .where(c.account_id == account_id)
            .group_by(c.name, c.kind)
            .order_by(times.desc(), c.name)
        )
        return [
            Counted(name, kind, often, first, last, self._newest(account_id, name, last))
            for name, kind, often, first, last in self.conn.execute(many).all()
        ]

    def forget(self, account_id: int) -> int:
        """What is too old to come again. Returns how many."""
        c = platform_event.c
        old = (c.account_id == account_id, c.at < self.now - EVENT_LIFE)
        return self.conn.execute(delete(platform_event).where(*old)).rowcount

    def _newest(self, account_id: int, name: str, at: datetime) -> Any:
        c = platform_event.c
        one = select(c.shape).where(c.account_id == account_id, c.name == name, c.at == at)
        return self.conn.execute(one.limit(1)).scalar_one()

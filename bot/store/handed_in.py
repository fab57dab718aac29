"""Voices and pictures that delegates hand in: for the helper of a request, and gone when it closes.

A recorded voice may be biometric data, so nothing here outlives what it was sent for.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
)

from bot.store.base import (
    BigId,
    Family,
    UtcTime,
    insert_once,
    metadata,
    overwrite_what_goes,
    primary,
)
from bot.store.requests import request

handed_in = Table(
    "handed_in",
    metadata,
    primary(),
    Column("address_id", BigId, ForeignKey("address.id"), nullable=False),
    # The update that brought it: tried again, it is kept once.
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("seconds", Integer, nullable=False),  # of a voice, as her page counted them
    Column("body", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("address_id", "key"),
    Index("ix_handed_in_at", "at"),
)


class HandedIn(NamedTuple):
    """What is known of one thing without its bytes: `kind` is `voice` or `picture`."""

    id: int
    kind: str
    mime: str
    seconds: int
    size: int
    at: datetime


class HandedInThings(Family):
    """Keeps them, and lets them go."""

    def keep(
        self, address_id: int, key: str, kind: str, mime: str, body: bytes, seconds: int = 0
    ) -> int:
        """Keep bytes once; their id, the same one when they were kept before."""
        c = handed_in.c
        row = {
            "address_id": address_id,
            "key": key,
            "kind": kind,
            "mime": mime,
            "seconds": seconds,
            "body": body,
            "at": self.now,
        }
        insert_once(self.conn, handed_in, [row])
        query = select(c.id).where(c.address_id == address_id, c.key == key)
        return int(self.conn.execute(query).scalar_one())

    def at_address(self, address_id: int) -> list[HandedIn]:
        """Everything an address handed in that is still kept, oldest first."""
        c = handed_in.c
        query = select(c.id, c.kind, c.mime, c.seconds, func.length(c.body), c.at)
        found = self.conn.execute(query.where(c.address_id == address_id).order_by(c.id))
        return [HandedIn(*row) for row in found]

    def body(self, address_id: int, thing_id: int) -> bytes | None:
        """The bytes of one thing of one address: for the helper of its request, and nobody else."""
        c = handed_in.c
        query = select(c.body).where(c.id == thing_id, c.address_id == address_id)
        return self.conn.execute(query).scalar_one_or_none()

    def forget_unasked(self, before: datetime) -> int:
        """Let go of what is older and belongs to no open request; returns how many went."""
        overwrite_what_goes(self.conn)
        asked = select(request.c.address_id).where(request.c.state != "closed")
        c = handed_in.c
        gone = delete(handed_in).where(c.at < before, c.address_id.not_in(asked))
        return self.conn.execute(gone).rowcount

    def forget_closed(self, event_id: int, request_id: int) -> int:
        """A request was closed: what its address handed in goes, unless another one is open."""
        overwrite_what_goes(self.conn)
        r, c = request.c, handed_in.c
        of_it = select(r.address_id).where(r.id == request_id, r.event_id == event_id)
        asked = select(r.address_id).where(r.state != "closed")
        gone = delete(handed_in).where(c.address_id.in_(of_it), c.address_id.not_in(asked))
        return self.conn.execute(gone).rowcount

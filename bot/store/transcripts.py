"""What a web chat page shows: both sides of a dialogue, kept only as long as privacy allows."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    select,
    update,
)

from bot.store.accounts import address
from bot.store.base import BigId, Family, Json, UtcTime, insert_once, metadata, primary

transcript = Table(
    "transcript",
    metadata,
    primary(),
    Column("address_id", BigId, ForeignKey("address.id"), nullable=False),
    Column("side", Text, nullable=False),
    # `in:<update id>`, `out:<delivery id>:<part>`, `edit:<delivery id>` or `mark:<delivery id>`:
    # showing the same thing twice is impossible.
    Column("key", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("address_id", "key"),
    Index("ix_transcript_address", "address_id", "id"),
    # Pages ask for lines after a number: one that was erased is never given out again.
    sqlite_autoincrement=True,
)


class Line(NamedTuple):
    """One bubble: `side` is `in` (hers) or `out` (ours)."""

    id: int
    side: str
    body: dict[str, Any]
    at: datetime


class Transcripts(Family):
    """Writes and reads the lines of a web chat."""

    def add(self, address_id: int, side: str, key: str, body: dict[str, Any]) -> int | None:
        """One more line; its id, or None when it is there already."""
        row = {"address_id": address_id, "side": side, "key": key, "body": body, "at": self.now}
        added = insert_once(self.conn, transcript, [row], transcript.c.id)
        return added[0].id if added else None

    def amend(self, address_id: int, key: str, news: str, body: dict[str, Any]) -> int | None:
        """Put another body into a line, and a line `news` that tells open pages to show it.

        The id of the line, or None when it is no more. Amending twice is amending once.
        """
        c = transcript.c
        changed = update(transcript).where(c.address_id == address_id, c.key == key)
        line_id: int | None = self.conn.execute(
            changed.values(body=body).returning(c.id)
        ).scalar_one_or_none()
        if line_id is not None:
            self.add(address_id, "out", news, {**body, "replaces": line_id})
        return line_id

    def mark(self, address_id: int, key: str, news: str, mark: str) -> int | None:
        """Put a mark at a line, "" for none, and a line `news` that tells open pages of it.

        The id of the line, or None when it is no more.
        """
        c = transcript.c
        here = and_(c.address_id == address_id, c.key == key)
        found = self.conn.execute(select(c.id, c.body).where(here)).first()
        if found is None:
            return None
        self.conn.execute(update(transcript).where(here).values(body={**found.body, "mark": mark}))
        self.add(address_id, "out", news, {"mark": mark, "replaces": found.id})
        line_id: int = found.id
        return line_id

    def after(self, address_id: int, line_id: int = 0, limit: int = 200) -> list[Line]:
        """The latest lines of an address after a line, oldest first."""
        c = transcript.c
        query = (
            select(c.id, c.side, c.body, c.at)
            .where(c.address_id == address_id, c.id > line_id)
            .order_by(c.id.desc())
            .limit(limit)
        )
        return [Line(*row) for row in reversed(self.conn.execute(query).all())]

    def line(self, address_id: int, line_id: int) -> Line | None:
        """One line of an address."""
        c = transcript.c
        query = select(c.id, c.side, c.body, c.at).where(
            c.address_id == address_id, c.id == line_id
        )
        row = self.conn.execute(query).first()
        return Line(*row) if row else None

    def newest(self) -> int:
        """The id of the newest line of all; 0 before there is one."""
        found: int = self.conn.execute(
            select(func.coalesce(func.max(transcript.c.id), 0))
        ).scalar_one()
        return found

    def written_since(self, account_id: int, line_id: int) -> list[tuple[str, int]]:
        """(sender, newest line id) of everybody at an account with lines after a line."""
        c = transcript.c
        query = (
            select(address.c.sender, func.max(c.id))
            .join(address, address.c.id == c.address_id)
            .where(c.id > line_id, address.c.account_id == account_id)
            .group_by(address.c.sender)
        )
        return [(sender, newest) for sender, newest in self.conn.execute(query)]

    def purge(self, before: datetime) -> int:
        """Forget what is older; returns how many lines went."""
        return self.conn.execute(delete(transcript).where(transcript.c.at < before)).rowcount

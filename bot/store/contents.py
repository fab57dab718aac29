"""Content versions, immutable once stored, and media by the SHA-256 of their bytes."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)

from bot.store.base import BigId, Family, UtcTime, insert_once, metadata, primary, to_event, upsert
from bot.store.events import event

content_version = Table(
    "content_version",
    metadata,
    primary(),
    to_event(),
    Column("number", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("author", Text, nullable=False),
    Column("approver", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("event_id", "number"),
)

media = Table(
    "media",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# Which events use which bytes: a file of one congress is not served to another.
event_media = Table(
    "event_media",
    metadata,
    Column("event_id", BigId, ForeignKey("event.id"), primary_key=True),
    Column("sha256", Text, ForeignKey("media.sha256"), primary_key=True),
    Column("name", Text, nullable=False),
    # A document's file: given only to whom the document is for, never by its fingerprint alone.
    Column("guarded", Boolean, nullable=False),
)


class Version(NamedTuple):
    """What is known of a stored content version, without its body."""

    id: int
    event_id: int
    number: int
    sha256: str
    author: str
    approver: str
    note: str
    created_at: datetime


class Contents(Family):
    """Stores and finds content versions and media."""

    def add(
        self,
        event_id: int,
        *,
        sha256: str,
        body: bytes,
        author: str,
        approver: str = "",
        note: str = "",
    ) -> Version:
        """A new immutable version with the next number of its event."""
        # Two loads at once wait for each other here instead of taking the same number.
        self.conn.execute(select(event.c.id).where(event.c.id == event_id).with_for_update())
        c = content_version.c
        last = select(func.coalesce(func.max(c.number), 0)).where(c.event_id == event_id)
        number = self.conn.execute(last).scalar_one() + 1
        row = {
            "event_id": event_id,
            "number": number,
            "sha256": sha256,
            "author": author,
            "approver": approver,
            "note": note,
            "created_at": self.now,
        }
        self.conn.execute(insert(content_version).values(**row, body=body))
        found = self.version(event_id, number)
        assert found is not None
        return found

    def versions(self, event_id: int) -> list[Version]:
        """Every version of an event, newest first."""
        c = content_version.c
        query = select(*_facts()).where(c.event_id == event_id).order_by(c.number.desc())
        return [Version(*row) for row in self.conn.execute(query)]

    def version(self, event_id: int, number: int) -> Version | None:
        """One version of an event by its number."""
        c = content_version.c
        query = select(*_facts()).where(c.event_id == event_id, c.number == number)
        row = self.conn.execute(query).first()
        return Version(*row) if row else None

    def body(self, event_id: int, version_id: int) -> bytes | None:
        """The stored library of a version of this event."""
        c = content_version.c
        query = select(c.body).where(c.id == version_id, c.event_id == event_id)
        return self.conn.execute(query).scalar_one_or_none()

    def keep_media(
        self,
        event_id: int,
        name: str,
        sha256: str,
        kind: str,
        body: bytes,
        *,
        guarded: bool = False,
    ) -> None:
        """Keep bytes once and let this event use them.

        `guarded`: they are a document's, so that `shown` does not find them.
        """
        row = {
            "sha256": sha256,
            "kind": kind,
            "size": len(body),
            "body": body,
            "created_at": self.now,
        }
        insert_once(self.conn, media, [row])
        tie = {"event_id": event_id, "sha256": sha256, "name": name, "guarded": guarded}
        upsert(self.conn, event_media, tie, key=("event_id", "sha256"))

    def media(self, sha256: str, event_id: int | None = None) -> tuple[str, bytes] | None:
        """(mime type, bytes); with an event, only what that event may show."""
        query = select(media.c.kind, media.c.body).where(media.c.sha256 == sha256)
        if event_id is not None:
            tied = select(event_media.c.sha256).where(event_media.c.event_id == event_id)
            query = query.where(media.c.sha256.in_(tied))
        row = self.conn.execute(query).first()
        return (row.kind, row.body) if row else None

    def shown(self, sha256: str) -> tuple[str, bytes] | None:
        """(mime type, bytes) of what some event shows to anybody who knows the fingerprint."""
        c = event_media.c
        open_to_all = select(c.sha256).where(c.sha256 == sha256, c.guarded.is_(False))
        query = select(media.c.kind, media.c.body).where(media.c.sha256.in_(open_to_all))
        row = self.conn.execute(query).first()
        return (row.kind, row.body) if row else None


def _facts() -> tuple[Column[Any], ...]:
    c = content_version.c
    return (c.id, c.event_id, c.number, c.sha256, c.author, c.approver, c.note, c.created_at)

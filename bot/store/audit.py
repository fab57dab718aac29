"""Who did what, when: organisers' and desks' acts, for ever, without the content of messages."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Index, Table, Text, insert, select

from bot.store.base import Family, Json, UtcTime, metadata, primary, to_event

audit_log = Table(
    "audit_log",
    metadata,
    primary(),
    to_event(optional=True),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_audit_log_event", "event_id", "at"),
)


class Entry(NamedTuple):
    """One act."""

    actor: str
    verb: str
    subject: str
    details: dict[str, Any]
    at: datetime


class Audit(Family):
    """Appends and reads the log."""

    def add(
        self, event_id: int | None, actor: str, verb: str, subject: str, **details: Any
    ) -> None:
        """One more act; `subject` is an id (`person:12`), never a name."""
        row = {
            "event_id": event_id,
            "actor": actor,
            "verb": verb,
            "subject": subject,
            "details": details,
            "at": self.now,
        }
        self.conn.execute(insert(audit_log).values(**row))

    def of_subject(self, verb: str, subject: str) -> list[Entry]:
        """The acts of one kind on one thing, oldest first."""
        c = audit_log.c
        query = select(c.actor, c.verb, c.subject, c.details, c.at).where(
            c.verb == verb, c.subject == subject
        )
        return [Entry(*row) for row in self.conn.execute(query.order_by(c.id))]

    def of_event(self, event_id: int, limit: int = 100) -> list[Entry]:
        """The latest acts in an event, newest first."""
        c = audit_log.c
        query = select(c.actor, c.verb, c.subject, c.details, c.at).where(c.event_id == event_id)
        return [Entry(*row) for row in self.conn.execute(query.order_by(c.id.desc()).limit(limit))]

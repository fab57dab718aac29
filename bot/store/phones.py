"""One-time codes by which a linked phone lets in a second phone of the same person."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Table, Text, delete, insert, select

from bot.store.base import BigId, Family, UtcTime, metadata, primary, to_event

# Only fingerprints are kept, and a row goes as soon as its code is used or replaced.
phone_code = Table(
    "phone_code",
    metadata,
    primary(),
    to_event(),
    Column("person_id", BigId, ForeignKey("person.id"), nullable=False),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    Index("ix_phone_code_person", "person_id", "event_id"),
)


class PhoneCode(NamedTuple):
    """A code that was shown: for whom, in which event."""

    id: int
    event_id: int
    person_id: int


class Phones(Family):
    """Makes, finds and uses up the codes for a second phone."""

    def replace(self, event_id: int, person_id: int, code_hash: str) -> None:
        """A new code for her; whatever code she had before stops working."""
        self.forget(event_id, person_id)
        row = {
            "event_id": event_id,
            "person_id": person_id,
            "code_hash": code_hash,
            "made_at": self.now,
        }
        self.conn.execute(insert(phone_code).values(**row))

    def find(self, code_hash: str, since: datetime) -> PhoneCode | None:
        """The code with this fingerprint, if it was made at `since` or later."""
        c = phone_code.c
        query = select(c.id, c.event_id, c.person_id)
        row = self.conn.execute(query.where(c.code_hash == code_hash, c.made_at >= since)).first()
        return PhoneCode(*row) if row else None

    def forget(self, event_id: int, person_id: int) -> None:
        """Her code was used, or is not wanted any more."""
        c = phone_code.c
        mine = (c.event_id == event_id) & (c.person_id == person_id)
        self.conn.execute(delete(phone_code).where(mine))

    def drop_before(self, before: datetime) -> int:
        """Codes made before `before` and never used go. Returns how many went."""
        return self.conn.execute(delete(phone_code).where(phone_code.c.made_at < before)).rowcount

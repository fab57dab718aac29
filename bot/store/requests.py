"""Requests for a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Row, Table, Text, case, insert, select, update

from bot.store.base import BigId, Family, Json, UtcTime, metadata, primary, to_event
from bot.values.request import Request, RequestKind

request = Table(
    "request",
    metadata,
    primary(),
    to_event(),
    Column("person_id", BigId, ForeignKey("person.id"), nullable=False),
    Column("address_id", BigId, ForeignKey("address.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("topic", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False, server_default=""),
    Column("field", Text, nullable=False, server_default=""),
    Column("last_texts", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("accepted_by", BigId),
    Column("created_at", UtcTime, nullable=False),
    Column("accepted_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("due_at", UtcTime),  # the law's last moment, for what is asked about her own data
    Index("ix_request_open", "event_id", "state", "created_at"),
    Index("ix_request_person", "person_id", "state"),
)


class Requests(Family):
    """Opens, lists and closes requests; always inside one event."""

    def open(
        self,
        event_id: int,
        person_id: int,
        address_id: int,
        *,
        kind: RequestKind,
        language: str,
        topic: str = "",
        place: str = "",
        field: str = "",
        last_texts: tuple[str, ...] = (),
        due_at: datetime | None = None,
    ) -> Request:
        """A new open request."""
        values: dict[str, Any] = {
            "event_id": event_id,
            "person_id": person_id,
            "address_id": address_id,
            "kind": kind,
            "language": language,
            "topic": topic,
            "place": place,
            "field": field,
            "last_texts": list(last_texts),
            "created_at": self.now,
            "state": "open",
            "due_at": due_at,
        }
        made = self.conn.execute(insert(request).values(**values).returning(request.c.id))
        return Request(made.scalar_one(), **(values | {"last_texts": last_texts}))

    def open_of(self, event_id: int, person_id: int) -> list[Request]:
        """Her requests that nobody closed yet, newest first."""
        c = request.c
        where = (c.event_id == event_id, c.person_id == person_id, c.state != "closed")
        query = select(request).where(*where).order_by(c.id.desc())
        return [_request(row) for row in self.conn.execute(query)]

    def waiting(self, event_id: int) -> list[Request]:
        """Open requests of an event: the urgent, those past their last moment, then the oldest."""
        c = request.c
        first = case((c.kind == RequestKind.URGENT, 0), (c.due_at < self.now, 1), else_=2)
        query = select(request).where(c.event_id == event_id, c.state == "open")
        query = query.order_by(first, c.id)
        return [_request(row) for row in self.conn.execute(query)]

    def add_text(self, event_id: int, person_id: int, request_id: int, text: str) -> bool:
        """What she wrote about her own open request; False when there is none."""
        c = request.c
        hers = (c.id == request_id, c.event_id == event_id, c.person_id == person_id)
        query = select(c.last_texts).where(*hers, c.state != "closed")
        known = self.conn.execute(query).scalar_one_or_none()
        if known is None:
            return False
        self.conn.execute(update(request).where(*hers).values(last_texts=[*known, text]))
        return True

    def close(self, event_id: int, request_id: int) -> bool:
        """Done; what she wrote last is forgotten. False when there was nothing to close."""
        c = request.c
        statement = (
            update(request)
            .where(c.id == request_id, c.event_id == event_id, c.state != "closed")
            .values(state="closed", closed_at=self.now, last_texts=[])
        )
        return self.conn.execute(statement).rowcount == 1


def _request(row: Row[Any]) -> Request:
    return Request(
        id=row.id,
        event_id=row.event_id,
        person_id=row.person_id,
        address_id=row.address_id,
        kind=RequestKind(row.kind),
        language=row.language,
        created_at=row.created_at,
        topic=row.topic,
        place=row.place,
        field=row.field,
        last_texts=tuple(row.last_texts),
        state=row.state,
        due_at=row.due_at,
    )

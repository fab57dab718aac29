"""Congresses and conferences, and the content version each has in force."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    Row,
    Table,
    Text,
    insert,
    select,
    update,
)

from bot.store.base import BigId, Family, Json, UtcTime, metadata, primary
from bot.values.event import Event
from bot.values.quiet import Quiet

event = Table(
    "event",
    metadata,
    primary(),
    Column("slug", Text, nullable=False, unique=True),
    Column("names", Json, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("languages", Json, nullable=False),
    Column("parent_id", BigId, ForeignKey("event.id")),
    Column("version_id", BigId),  # content_version.id; no foreign key: the two point at each other
    Column("closed_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("simple_mode", Boolean),  # for whoever never said how she likes to be told
    Column("quiet_hours", Json),  # ["22:00", "06:00"] in its own zone; NULL: none
    Column("phones_away", Json),  # [[from, until], ...], ISO 8601 with an offset
)


class Events(Family):
    """Reads and writes events."""

    def add(
        self,
        slug: str,
        *,
        names: dict[str, str],
        time_zone: str,
        first_day: date,
        days: int,
        languages: tuple[str, ...] = ("vi",),
        parent_id: int | None = None,
        simple: bool = False,
    ) -> Event:
        """A new event. The slug must be new."""
        values: dict[str, Any] = {
            "slug": slug,
            "names": names,
            "time_zone": time_zone,
            "first_day": first_day,
            "days": days,
            "languages": list(languages),
            "parent_id": parent_id,
            "created_at": self.now,
            "simple_mode": simple,
        }
        new_id = self.conn.execute(
            insert(event).values(**values).returning(event.c.id)
        ).scalar_one()
        return Event(
            new_id,
            slug,
            names,
            time_zone,
            first_day,
            days,
            languages,
            parent_id,
            simple=simple,
        )

    def save(self, changed: Event) -> None:
        """Overwrite what may change: names, days, languages, style, version in force, closing."""
        self.conn.execute(
            update(event)
            .where(event.c.id == changed.id)
            .values(
                names=changed.names,
                time_zone=changed.time_zone,
                first_day=changed.first_day,
                days=changed.days,
                languages=list(changed.languages),
                version_id=changed.version_id,
                closed_at=changed.closed_at,
                simple_mode=changed.simple,
            )
        )

    def put_in_force(self, event_id: int, version_id: int) -> Event | None:
        """Make a content version the one delegates are answered from."""
        found = self.get(event_id)
        if found is None:
            return None
        changed = replace(found, version_id=version_id)
        self.save(changed)
        return changed

    def quiet(self, event_id: int) -> Quiet:
        """When this event wants its people left in peace; an unknown one never does."""
        c = event.c
        query = select(c.time_zone, c.quiet_hours, c.phones_away).where(c.id == event_id)
        row = self.conn.execute(query).first()
        if row is None:
            return Quiet(ZoneInfo("UTC"))
        hours = row.quiet_hours and (*(time.fromisoformat(one) for one in row.quiet_hours),)
        spans = row.phones_away or ()
        away = (tuple(datetime.fromisoformat(one) for one in span) for span in spans)
        return Quiet(ZoneInfo(row.time_zone), hours or None, tuple((a, b) for a, b in away))

    def set_quiet(self, event_id: int, quiet: Quiet) -> None:
        """From now on it wants to be left in peace like this."""
        hours = quiet.hours and [f"{one:%H:%M}" for one in quiet.hours]
        away = [[one.isoformat() for one in span] for span in quiet.away]
        here = update(event).where(event.c.id == event_id)
        self.conn.execute(here.values(quiet_hours=hours, phones_away=away or None))

    def get(self, event_id: int) -> Event | None:
        """The event with this id."""
        row = self.conn.execute(select(event).where(event.c.id == event_id)).first()
        return _event(row) if row else None

    def by_slug(self, slug: str) -> Event | None:
        """The event with this slug."""
        row = self.conn.execute(select(event).where(event.c.slug == slug)).first()
        return _event(row) if row else None

    def all(self, *, open_only: bool = True) -> list[Event]:
        """Every event, oldest first."""
        query = select(event).order_by(event.c.id)
        if open_only:
            query = query.where(event.c.closed_at.is_(None))
        return [_event(row) for row in self.conn.execute(query)]


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        slug=row.slug,
        names=row.names,
        time_zone=row.time_zone,
        first_day=row.first_day,
        days=row.days,
        languages=tuple(row.languages),
        parent_id=row.parent_id,
        version_id=row.version_id,
        closed_at=row.closed_at,
        simple=bool(row.simple_mode),
    )

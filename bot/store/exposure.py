"""Whose data lay in the database between two moments: what a report on a leak has to say."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from bot.store.base import Family, UtcTime, metadata
from bot.store.deliveries import delivery
from bot.store.events import event
from bot.store.notices import notice
from bot.store.people import person
from bot.store.roster import record
from bot.store.sessions import session

# The columns that say since when a row lies there, whichever a table has.
_SINCE = ("created_at", "at", "received_at", "issued_at")


class Exposed(NamedTuple):
    """Codes by event slug, people without a code, people active in that time, rows by table."""

    codes: dict[str, list[str]]
    guests: int
    active: int
    rows: dict[str, int]


class Exposure(Family):
    """Looks back at a stretch of time."""

    def of(self, begins: datetime, ends: datetime) -> Exposed:
        """What lay there at any moment from `begins` to `ends`.

        What was deleted since is not found again: whoever was erased by now is counted as a guest.
        """
        there = (
            person.c.created_at <= ends,
            or_(person.c.erased_at.is_(None), person.c.erased_at >= begins),
        )
        listed = (
            select(event.c.slug, record.c.code)
            .join(event, event.c.id == record.c.event_id)
            .join(person, person.c.id == record.c.person_id)
            .where(*there)
            .order_by(event.c.slug, record.c.code)
        )
        codes: dict[str, list[str]] = {}
        for slug, code in self.conn.execute(listed):
            codes.setdefault(slug, []).append(code)
        no_code = person.c.id.not_in(select(record.c.person_id))
        guests = select(func.count()).select_from(person).where(*there, no_code)
        return Exposed(
            codes,
            self.conn.execute(guests).scalar_one(),
            self._active(begins, ends),
            self._rows(ends),
        )

    def _active(self, begins: datetime, ends: datetime) -> int:
        d, s = delivery.c, session.c
        told = select(d.person_id).where(d.created_at.between(begins, ends))
        wrote = select(s.person_id).where(s.updated_at.between(begins, ends))
        either = told.union(wrote).subquery()
        return int(self.conn.execute(select(func.count()).select_from(either)).scalar_one())

    def _rows(self, ends: datetime) -> dict[str, int]:
        """How many rows of each table lay there by `ends`; where no time is kept, all of them."""
        counted = {}
        assert notice.metadata is metadata  # nothing else need have loaded its table
        for _, table in sorted(metadata.tables.items()):
            since = [table.c[name] for name in _SINCE if name in table.c]
            query = select(func.count()).select_from(table)
            if since and isinstance(since[0].type, UtcTime):
                query = query.where(since[0] <= ends)
            counted[table.name] = int(self.conn.execute(query).scalar_one())
        return counted

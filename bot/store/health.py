"""What `donghanh doctor` asks a database: which clock, which key, who is still in it."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from bot.store import Work
from bot.store.accounts import address_person
from bot.store.deliveries import delivery
from bot.store.people import membership
from bot.store.roster import record
from bot.store.sessions import session


class Sealed(NamedTuple):
    """A phone number as it is kept: sealed, and as a fingerprint."""

    cipher: str
    fingerprint: str


def clock_of(work: Work) -> datetime:
    """The database's own time, to the second, in UTC."""
    if work.conn.dialect.name == "sqlite":
        seconds = work.conn.exec_driver_sql("SELECT strftime('%s', 'now')").scalar_one()
        return datetime.fromtimestamp(int(seconds), UTC)
    found: datetime = work.conn.execute(select(func.clock_timestamp())).scalar_one()
    return found.astimezone(UTC)


def sealed_phones(work: Work) -> list[Sealed]:
    """The oldest and the newest sealed phone number, at most."""
    query = select(record.c.phone_cipher, record.c.phone_hash).where(record.c.phone_cipher != "")
    ends = (record.c.id.asc(), record.c.id.desc())
    found = [work.conn.execute(query.order_by(end).limit(1)).first() for end in ends]
    return [Sealed(row.phone_cipher, row.phone_hash) for row in found if row]


def roster_sizes(work: Work) -> dict[int, int]:
    """How many people each event's roster holds now, by event id."""
    query = select(record.c.event_id, func.count().label("people")).where(
        record.c.status == "active"
    )
    found = work.conn.execute(query.group_by(record.c.event_id))
    return {row.event_id: row.people for row in found}


def people_left(work: Work) -> dict[int, int]:
    """How many rows about people a purge would find in each event, by event id."""
    left: dict[int, int] = {}
    for table in (record, membership, address_person, session, delivery):
        c = table.c
        query = select(c.event_id, func.count().label("rows")).where(c.event_id.is_not(None))
        for row in work.conn.execute(query.group_by(c.event_id)):
            left[row.event_id] = left.get(row.event_id, 0) + row.rows
    return left

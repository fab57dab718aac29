"""What `donghanh doctor` asks a database: is its clock right, which key filled it, who is in it."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from bot.store import Work
from bot.store.roster import record


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

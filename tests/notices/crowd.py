"""A congress of any size, written inside the database in a few statements."""

from dataclasses import dataclass
from datetime import date

from bot.store import Work
from bot.values.event import Event
from bot.values.reply import Reply


@dataclass(frozen=True, slots=True)
class Crowd:
    """An event with a queue, and the people of it: ids from `first` to `last`."""

    event: Event
    account_id: int
    queue_id: int
    first: int
    last: int


def gather(work: Work, slug: str, size: int, *, account: str = "shared") -> Crowd:
    """`size` delegates, each linked at a telephone of her own on one account."""
    event = work.events.add(
        slug,
        names={"vi": f"Đại hội {slug}"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
    )
    account_id = work.accounts.ensure("webchat", account).id
    queue_id = work.queues.ensure(account_id)
    first = _last(work, "person") + 1
    last = first + size - 1
    numbers = (
        f"WITH RECURSIVE number(i) AS (SELECT {first} UNION ALL"
        f" SELECT i + 1 FROM number WHERE i < {last})"
    )
    moment = f"'{work.now:%Y-%m-%d %H:%M:%S.%f}'"
    if work.conn.dialect.name == "postgresql":
        numbers = f"WITH number(i) AS (SELECT generate_series({first}, {last}))"
        moment = f"'{work.now.isoformat()}'::timestamptz"
    for into, values in (
        ("person (id, created_at)", f"i, {moment}"),
        (
            "record (event_id, person_id, code, full_name, updated_at)",
            f"{event.id}, i, 'DB' || i, 'Đại biểu ' || i, {moment}",
        ),
        (
            "address (id, account_id, sender, created_at)",
            f"i + 1000000000, {account_id}, '{slug}-' || i, {moment}",
        ),
        (
            "address_person (address_id, person_id, event_id, how, at)",
            f"i + 1000000000, i, {event.id}, 'card', {moment}",
        ),
    ):
        table, _, columns = into.partition(" ")
        work.conn.exec_driver_sql(
            f"{numbers} INSERT INTO {table} {columns} SELECT {values} FROM number"
        )
    if work.conn.dialect.name == "postgresql":
        work.conn.exec_driver_sql(f"SELECT setval('person_id_seq', {last})")
    return Crowd(event, account_id, queue_id, first, last)


def _last(work: Work, table: str) -> int:
    found = work.conn.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table}").scalar_one()
    return int(found)


WORDS = {"vi": Reply("Xe số 3 chạy lúc 15:00.")}

"""What operators ask of the queues and of single deliveries, and what they may change by hand.

Apart from the hot path: nothing here is on the way of a message.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal_column, or_, select, text, update

from bot.store import Work
from bot.store.accounts import address, channel_account
from bot.store.deliveries import delivery, delivery_attempt
from bot.store.letters import letter, letter_text
from bot.store.queues import queue_lease
from bot.store.roster import record
from bot.store.wake import Ring
from bot.values.delivery import State
from bot.values.letter import Lane
from bot.values.reply import Reply

MOST_SHOWN = 100
BY_HAND = "by hand"
# What ended without arriving, or perhaps without: it may be sent once more when somebody says so.
_ENDED = (State.FAILED, State.EXPIRED, State.CANCELLED, State.UNCERTAIN)
_WAITING = (State.PENDING, State.RETRY)


class QueueState(NamedTuple):
    """One queue: who owns it and until when, and what waits in it. `oldest`: since when."""

    id: int
    channel: str
    account_id: int
    shard: int
    owner: str
    until: datetime | None
    paused_until: datetime | None
    lanes: dict[Lane, int]
    oldest: datetime | None
    retry: int
    claimed: int


class Told(NamedTuple):
    """One delivery as an operator sees it: everything but its words."""

    id: int
    code: str
    name: str
    channel: str
    letter: str
    notice: int | None
    act: str
    round: int
    lane: int
    state: str
    reason: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    expires_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    acknowledged_at: datetime | None


class Try(NamedTuple):
    """A try that did not simply arrive: when its result was written, and what it was."""

    delivery_id: int
    at: datetime
    outcome: str
    code: str


def queues(work: Work) -> list[QueueState]:
    """Every queue, in order of its number."""
    lanes, oldest = _pending(work)
    retry, claimed = (_count(work, state) for state in (State.RETRY, State.CLAIMED))
    q, account = queue_lease.c, channel_account.c
    query = (
        select(q.id, account.kind, q.account_id, q.shard, q.owner, q.until, q.paused_until)
        .join(channel_account, account.id == q.account_id)
        .order_by(q.id)
    )
    return [
        QueueState(
            *row,
            lanes.get(row.id, {}),
            oldest.get(row.id),
            retry.get(row.id, 0),
            claimed.get(row.id, 0),
        )
        for row in work.conn.execute(query)
    ]


def _pending(work: Work) -> tuple[dict[int, dict[Lane, int]], dict[int, datetime]]:
    """By queue: how many wait in each lane, and since when the oldest does."""
    c = delivery.c
    # Ids grow with time, and they stand in the index of what is ready: no row need be read.
    counted = (
        select(c.queue_id, c.lane, func.count(), func.min(c.id))
        .where(_literally(State.PENDING))
        .group_by(c.queue_id, c.lane)
    )
    lanes: dict[int, dict[Lane, int]] = {}
    firsts: dict[int, int] = {}
    for queue_id, lane, count, first in work.conn.execute(counted):
        lanes.setdefault(queue_id, {})[Lane(lane)] = count
        firsts[queue_id] = min(first, firsts.get(queue_id, first))
    since = select(c.queue_id, c.created_at).where(c.id.in_(list(firsts.values())))
    return lanes, {row.queue_id: row.created_at for row in work.conn.execute(since)}


def _count(work: Work, state: State) -> dict[int, int]:
    c = delivery.c
    query = select(c.queue_id, func.count()).where(_literally(state)).group_by(c.queue_id)
    return {row[0]: row[1] for row in work.conn.execute(query)}


def _literally(state: State) -> ColumnElement[bool]:
    """Only a state that stands in the statement itself leads to its partial index."""
    return delivery.c.state == literal_column(f"'{state}'")


def uncertain(work: Work) -> int:
    """How many deliveries wait for a person to say what became of them, in all events."""
    counted = select(func.count()).where(_literally(State.UNCERTAIN))
    found: int = work.conn.execute(counted).scalar_one()
    return found


def oldest_transaction(work: Work) -> timedelta | None:
    """How long PostgreSQL's oldest transaction holds back its cleaning; None on SQLite."""
    if work.conn.dialect.name != "postgresql":
        return None
    query = text(
        "SELECT coalesce(max(clock_timestamp() - xact_start), interval '0') "
        "FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
    )
    found: timedelta = work.conn.execute(query).scalar_one()
    return found


def find(
    work: Work,
    event_id: int,
    *,
    ids: Sequence[int] = (),
    person_id: int | None = None,
    notice_id: int | None = None,
    state: State | None = None,
    waiting: bool = False,
) -> list[Told]:
    """Deliveries of an event, and of people who are in none yet; the newest first, at most 100."""
    d = delivery.c
    wanted: list[ColumnElement[bool]] = [
        *([d.id.in_(ids)] if ids else []),
        *([d.person_id == person_id] if person_id is not None else []),
        *([letter.c.notice_id == notice_id] if notice_id is not None else []),
        *([_literally(state)] if state is not None else []),
        *([d.state.in_(_WAITING)] if waiting else []),
    ]
    joined = (
        delivery.join(letter, letter.c.id == d.letter_id)
        .join(address, address.c.id == d.address_id)
        .join(channel_account, channel_account.c.id == address.c.account_id)
        .outerjoin(record, (record.c.person_id == d.person_id) & (record.c.event_id == event_id))
    )
    query = (
        select(
            d.id,
            func.coalesce(record.c.code, ""),
            func.coalesce(record.c.full_name, ""),
            channel_account.c.kind,
            letter.c.key,
            letter.c.notice_id,
            *(d.act, d.round, d.lane, d.state, func.coalesce(d.reason, ""), d.attempts),
            *(d.created_at, d.due_at, d.expires_at, d.sent_at, d.delivered_at, d.seen_at),
            d.acknowledged_at,
        )
        .select_from(joined)
        .where(_of(event_id), *wanted)
        .order_by(d.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Told._make(row) for row in work.conn.execute(query)]


def tries(work: Work, event_id: int, ids: Sequence[int]) -> list[Try]:
    """The tries of these deliveries that did not simply arrive, in order."""
    c = delivery_attempt.c
    query = (
        select(c.delivery_id, c.at, c.outcome, c.code)
        .join(delivery, delivery.c.id == c.delivery_id)
        .where(_of(event_id), c.delivery_id.in_(ids))
        .order_by(c.id)
    )
    return [Try._make(row) for row in work.conn.execute(query)]


def words(work: Work, event_id: int, ids: Sequence[int]) -> dict[int, str]:
    """What these deliveries say, by their numbers."""
    d = delivery.c
    query = (
        select(d.id, letter_text.c.reply)
        .join(
            letter_text, (letter_text.c.letter_id == d.letter_id) & (letter_text.c.lang == d.lang)
        )
        .where(_of(event_id), d.id.in_(ids))
    )
    return {row.id: Reply.from_json(row.reply).text for row in work.conn.execute(query)}


def send_again(work: Work, event_id: int, ids: Iterable[int], *, late: bool = False) -> list[int]:
    """What ended without arriving waits again, as if it were new; the numbers of those it was.

    What is past its time stays where it is, unless it may be `late`: then it has no time any more.
    """
    c = delivery.c
    in_time = or_(c.expires_at.is_(None), c.expires_at > work.now)
    now_of_queue = (
        select(queue_lease.c.vnow).where(queue_lease.c.id == c.queue_id).scalar_subquery()
    )
    values: dict[str, Any] = {
        "state": State.PENDING,
        "vtime": now_of_queue,
        "attempts": 0,
        "unknowns": 0,
        "reason": None,
        **dict.fromkeys(("due_at", "owner_epoch", "claimed_at")),
        **({"expires_at": None} if late else {}),
    }
    found = _change(work, event_id, ids, _ENDED, values, *([] if late else [in_time]))
    work.rings.update(Ring("queue", queue) for queue in found.values())
    return list(found)


def cancel(work: Work, event_id: int, ids: Iterable[int]) -> list[int]:
    """What still waits is not sent; the numbers of those it was."""
    values = {"state": State.CANCELLED, "reason": BY_HAND}
    return list(_change(work, event_id, ids, _WAITING, values))


def mark_sent(work: Work, event_id: int, ids: Iterable[int]) -> list[int]:
    """Somebody looked and saw that these arrived; the numbers of those that were uncertain."""
    values = {"state": State.SENT, "reason": BY_HAND, "sent_at": work.now}
    return list(_change(work, event_id, ids, (State.UNCERTAIN,), values))


def _change(
    work: Work,
    event_id: int,
    ids: Iterable[int],
    expected: Sequence[State],
    values: dict[str, Any],
    *more: ColumnElement[bool],
) -> dict[int, int]:
    """The queues of the rows that were changed, by their numbers."""
    c = delivery.c
    statement = (
        update(delivery)
        .where(c.id.in_(list(ids)), _of(event_id), c.state.in_(expected), *more)
        .values(**values)
        .returning(c.id, c.queue_id)
    )
    return {row.id: row.queue_id for row in work.conn.execute(statement)}


def _of(event_id: int) -> ColumnElement[bool]:
    return or_(delivery.c.event_id == event_id, delivery.c.event_id.is_(None))

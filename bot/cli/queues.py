"""What `donghanh doctor` says of queues: whose they are, what waits, what needs a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.cli.finding import Finding
from bot.store.backlog import QueueState
from bot.values.letter import Lane

# Somebody who wrote waits for lane 0; more than this is no conversation any more.
_REPLY_WAITS = timedelta(seconds=30)
# PostgreSQL cannot clean up behind a transaction; the delivery table swells by every change.
_LONG = timedelta(minutes=5)
_VERY_LONG = timedelta(hours=1)


def queue_findings(queues: Sequence[QueueState], now: datetime) -> Iterator[Finding]:
    """One finding a queue. `now` is the database's clock: leases are measured by it."""
    for one in queues:
        yield _queue(one, now)


def _queue(one: QueueState, now: datetime) -> Finding:
    name = f"Queue {one.id} ({one.channel} {one.account_id})"
    owned = one.owner != "" and one.until is not None and one.until > now
    waiting = sum(one.lanes.values())
    age = now - one.oldest if one.oldest else timedelta(0)
    what = f"{_owner(one, now, owned)}; {_waits(one, waiting, age)}"
    if waiting and not owned:
        cure = "Start donghanh serve, or a process with --only sender."
        return Finding(name, "warning", what, cure)
    if one.lanes.get(Lane.REPLY) and age > _REPLY_WAITS:
        cure = "Look at that process and its log: people wait for answers."
        return Finding(name, "warning", what, cure)
    return Finding(name, "ok", what)


def _owner(one: QueueState, now: datetime, owned: bool) -> str:
    if not owned or one.until is None:
        return "nobody sends"
    who = ":".join(one.owner.split(":")[:2])
    paused = one.paused_until is not None and one.paused_until > now
    rest = f", paused until {one.paused_until:%H:%M:%S} UTC" if paused else ""
    return f"{who} sends, for {(one.until - now).total_seconds():.0f} s more{rest}"


def _waits(one: QueueState, waiting: int, age: timedelta) -> str:
    lanes = ", ".join(f"{lane.name.lower()} {one.lanes[lane]}" for lane in sorted(one.lanes))
    oldest = f" ({lanes}; the oldest for {age.total_seconds():.0f} s)" if waiting else ""
    return f"{waiting} wait{oldest}, {one.retry} are tried again, {one.claimed} are on their way."


def uncertain_finding(count: int) -> Finding:
    """Deliveries of which nobody knows whether they arrived."""
    what = f"{count} may have arrived or not."
    return Finding("Uncertain deliveries", "warning", what, "Run: donghanh deliveries uncertain")


def transaction_finding(oldest: timedelta) -> Finding:
    """PostgreSQL's oldest transaction that holds back cleaning."""
    name = "Oldest transaction"
    what = f"It has been open for {oldest.total_seconds():.0f} s."
    if oldest < _LONG:
        return Finding(name, "ok", what)
    cure = "Find it in pg_stat_activity and end it: PostgreSQL cannot clean up behind it."
    return Finding(name, "warning" if oldest < _VERY_LONG else "wrong", what, cure)

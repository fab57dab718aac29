"""Coarse work in the background: what is to be done, how far it is, how it ended."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Index, Integer, Table, Text, case, select, text, update

from bot.store import carrier
from bot.store.base import Family, Json, UtcTime, insert_once, metadata, primary, to_event

_OPEN = text("state IN ('waiting', 'running')")
# A job that stops its process every time must not do so for ever.
MOST_ATTEMPTS = 3
# What waits so long is on nobody's way: a worker is told at once.
LOST = timedelta(seconds=30)

job = Table(
    "job",
    metadata,
    primary(),
    to_event(optional=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("args", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    # Deferring the same work twice while it is open is harmless.
    Index("uq_job_open", "kind", "key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)


class Job(NamedTuple):
    """A piece of background work."""

    id: int
    kind: str
    args: dict[str, Any]
    attempts: int


class Standing(NamedTuple):
    """How far a piece of work is: `state` is waiting, running, done or failed."""

    state: str
    done: int
    total: int
    created_at: datetime


class Jobs(Family):
    """Defers, claims and finishes jobs."""

    def defer(self, kind: str, key: str, args: dict[str, Any], event_id: int | None) -> int | None:
        """Ask for work; None when the same work is open already."""
        row = {
            "event_id": event_id,
            "kind": kind,
            "key": key,
            "args": args,
            "state": "waiting",
            "created_at": self.now,
        }
        added = insert_once(self.conn, job, [row], job.c.id)
        if not added:
            return None
        carrier.carry(self.conn, [added[0].id])
        return int(added[0].id)

    def claim(self, job_id: int | None = None) -> Job | None:
        """Take a waiting job, or the oldest of them; None when it does not wait any more."""
        c = job.c
        oldest = select(c.id).where(c.state == "waiting").order_by(c.id).limit(1).scalar_subquery()
        statement = (
            update(job)
            .where(c.id == (oldest if job_id is None else job_id), c.state == "waiting")
            .values(state="running", started_at=self.now, attempts=c.attempts + 1)
            .returning(c.id, c.kind, c.args, c.attempts)
        )
        row = self.conn.execute(statement).first()
        return Job(*row) if row else None

    def progress(self, job_id: int, done: int, total: int) -> None:
        """How far it is."""
        self.conn.execute(update(job).where(job.c.id == job_id).values(done=done, total=total))

    def finish(self, job_id: int, error: str = "") -> None:
        """It ended: well, or with an error an organiser can read."""
        state = "failed" if error else "done"
        values = {"state": state, "error": error, "finished_at": self.now}
        self.conn.execute(update(job).where(job.c.id == job_id).values(**values))

    def put_back_interrupted(self) -> int:
        """Jobs that a stopped process left running wait again. Returns how many."""
        running = self.conn.execute(select(job.c.id).where(job.c.state == "running")).scalars()
        return sum(self.put_back(job_id) for job_id in running.all())

    def put_back(self, job_id: int) -> bool:
        """A job whose process stopped waits again; False when it is not running, or given up."""
        c = job.c
        given_up = c.attempts >= MOST_ATTEMPTS
        left = (
            update(job)
            .where(c.id == job_id, c.state == "running")
            .values(
                state=case((given_up, "failed"), else_="waiting"),
                error=case((given_up, "interrupted"), else_=c.error),
                finished_at=case((given_up, self.now), else_=None),
                started_at=None,
            )
            .returning(c.state)
        )
        waits: bool = self.conn.execute(left).scalar_one_or_none() == "waiting"
        if waits:
            carrier.carry(self.conn, [job_id])
        return waits

    def carry_lost(self) -> int:
        """Jobs that wait and are on nobody's way, as after a restore. Returns how many."""
        c = job.c
        waiting = select(c.id).where(c.state == "waiting", c.created_at < self.now - LOST)
        found = set(self.conn.execute(waiting).scalars())
        lost = sorted(found - carrier.carried(self.conn)) if found else []
        carrier.carry(self.conn, lost)
        return len(lost)

    def latest(self, event_id: int, kind: str) -> Standing | None:
        """How the newest work of a kind stands in an event."""
        c = job.c
        query = select(c.state, c.done, c.total, c.created_at).where(
            c.event_id == event_id, c.kind == kind
        )
        row = self.conn.execute(query.order_by(c.id.desc()).limit(1)).first()
        return Standing(*row) if row else None

    def state(self, job_id: int) -> str | None:
        """waiting, running, done or failed."""
        return self.conn.execute(select(job.c.state).where(job.c.id == job_id)).scalar_one_or_none()

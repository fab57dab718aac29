"""Running one job that was claimed, whoever brought it, and what its runners have in common."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog

from bot.store import Store
from bot.store.jobs import Job

log = structlog.get_logger()

# A job gets its arguments and a function to say how far it is (done, total).
Progress = Callable[[int, int], Awaitable[None]]
JobFunction = Callable[[Mapping[str, Any], Progress], Awaitable[None]]
Functions = Mapping[str, JobFunction]


class Jobs(Protocol):
    """Runs deferred jobs, of one process or of many."""

    @property
    def every_seconds(self) -> float:
        """How often `tick` should be called."""
        ...

    async def open(self) -> None:
        """Begin; what a stopped process left half-way waits again."""
        ...

    async def tick(self) -> object:
        """Whatever has to be looked after now and then."""
        ...

    async def run_waiting(self) -> int:
        """Run every waiting job here and now; returns how many."""
        ...

    async def close(self) -> None:
        """Stop. A job that cannot end in time is run again by whoever comes next."""
        ...


async def run(store: Store, functions: Functions, job: Job) -> None:
    """Run a claimed job and write how it ended. A job may be run again, so it must bear that."""

    async def progress(done: int, total: int) -> None:
        await store.write(lambda work: work.jobs.progress(job.id, done, total))

    error = ""
    try:
        await functions[job.kind](job.args, progress)
    except Exception as raised:
        log.exception("job failed", job=job.id, kind=job.kind)
        error = type(raised).__name__
    await store.write(lambda work: work.jobs.finish(job.id, error))

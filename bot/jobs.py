"""Coarse work in the background (imports, fan-out, PDFs): deferred by key, run one at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from bot.store import Store, Work
from bot.store.wake import JOBS

log = structlog.get_logger()

# A job gets its arguments and a function to say how far it is (done, total).
Progress = Callable[[int, int], Awaitable[None]]
JobFunction = Callable[[Mapping[str, Any], Progress], Awaitable[None]]

MOST_ATTEMPTS = 3


def defer(
    work: Work, kind: str, key: str, args: dict[str, Any], event_id: int | None = None
) -> int | None:
    """Ask for work inside the caller's transaction; None when the same work is open already."""
    work.rings.add(JOBS)
    return work.jobs.defer(kind, key, args, event_id)


class JobRunner:
    """Runs deferred jobs in this process. Each kind has one function, named in bot/app.py."""

    def __init__(self, store: Store, functions: Mapping[str, JobFunction]) -> None:
        self._store = store
        self._functions = functions
        self._running = asyncio.Lock()

    async def recover(self) -> None:
        """Jobs a stopped process left half-way wait again; only where no other process runs."""
        if self._store.embedded:
            await self._store.write(lambda work: work.jobs.put_back_interrupted())

    async def run_waiting(self) -> int:
        """Run every waiting job; returns how many. A second call while one runs does nothing."""
        if self._running.locked():
            return 0
        count = 0
        async with self._running:
            while await self._run_one():
                count += 1
        return count

    async def _run_one(self) -> bool:
        job = await self._store.write(lambda work: work.jobs.claim())
        if job is None:
            return False

        async def progress(done: int, total: int) -> None:
            await self._store.write(lambda work: work.jobs.progress(job.id, done, total))

        error = ""
        try:
            await self._functions[job.kind](job.args, progress)
        except Exception as raised:
            log.exception("job failed", job=job.id, kind=job.kind)
            error = type(raised).__name__
        await self._store.write(lambda work: work.jobs.finish(job.id, error))
        return True

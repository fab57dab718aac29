"""Writes results by group commit: while one flush runs, the next batch gathers."""

import asyncio

import structlog

from bot.store import Store
from bot.store.deliveries import Outcome

log = structlog.get_logger()


class Settler:
    """Takes outcomes at once and writes them as fast as the database allows, losing none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Outcome] = []
        self._bell = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="settle")

    def add(self, outcome: Outcome) -> None:
        """One more result."""
        self._waiting.append(outcome)
        self._idle.clear()
        self._bell.set()

    async def flushed(self) -> None:
        """Wait until everything added so far is in the database."""
        await self._idle.wait()

    async def close(self) -> None:
        """Write what is left, then stop."""
        if self._task is not None:
            await self._idle.wait()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            batch, self._waiting = self._waiting, []
            if batch:
                await self._write(batch)
            if not self._waiting:
                self._idle.set()

    async def _write(self, batch: list[Outcome]) -> None:
        pause = 0.1
        while True:
            try:
                written = await self._store.write(lambda work: work.deliveries.settle(batch))
            except Exception:
                # The database is away: keep the results, they are all we know of what was sent.
                log.exception("results not written yet", count=len(batch))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                if written != len(batch):
                    log.warning("results of an old epoch dropped", count=len(batch) - written)
                return

"""Jobs where one process does everything: it looks for them itself."""

import asyncio

from bot.jobs.running import Functions, run
from bot.store import Store


class JobRunner:
    """Runs the jobs of an embedded database, oldest first."""

    every_seconds = 2.0

    def __init__(self, store: Store, functions: Functions) -> None:
        self._store = store
        self._functions = functions
        self._running = asyncio.Lock()

    async def open(self) -> None:
        """Jobs a stopped process left half-way wait again: no other process runs any."""
        await self._store.write(lambda work: work.jobs.put_back_interrupted())

    async def tick(self) -> int:
        """Run what waits."""
        return await self.run_waiting()

    async def run_waiting(self) -> int:
        """Run every waiting job; returns how many. A second call while one runs does nothing."""
        if self._running.locked():
            return 0
        count = 0
        async with self._running:
            while (job := await self._store.write(lambda work: work.jobs.claim())) is not None:
                await run(self._store, self._functions, job)
                count += 1
        return count

    async def close(self) -> None:
        """The tick is stopped by the schedule; the next process puts back what it ran."""

"""Writes results by group commit: while one flush runs, the next batch gathers."""

import asyncio

import structlog

from bot.store import Store
from bot.store.deliveries import Outcome

log = structlog.get_logger()

# A turn's answer and the end of its button's spinner are one commit, not two. Results not written
# yet are what a crash may send twice, so this is no longer than a request to a platform takes.
GATHER_SECONDS = 0.05


class Settler:
    """Takes outcomes at once and writes them as fast as the database allows, losing none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._bell = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="settle")

    def add(self, outcome: Outcome) -> asyncio.Future[None]:
        """One more result. The future is done once it is in the database."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, written))
        self._idle.clear()
        self._bell.set()
        return written

    async def flushed(self) -> None:
        """Wait until everything added so far is in the database."""
        self._hurry.set()
        await self._idle.wait()

    async def close(self) -> None:
        """Write what is left, then stop."""
        if self._task is not None:
            await self.flushed()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            await self._gather()
            self._bell.clear()
            batch, self._waiting = self._waiting, []
            if batch:
                await self._write([outcome for outcome, _ in batch])
            for _, written in batch:
                if not written.done():  # whoever waited may have been cancelled
                    written.set_result(None)
            if not self._waiting:
                self._idle.set()

    async def _gather(self) -> None:
        """Let a few more results come, unless somebody waits for these."""
        try:
            async with asyncio.timeout(GATHER_SECONDS):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()

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

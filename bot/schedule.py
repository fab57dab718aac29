"""The alarm clock. It ticks and holds no truth of its own: a missed tick loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

Tick = Callable[[], Awaitable[object]]


class Schedule:
    """Calls functions now and then; one that is still running is not called again."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self.last_beat: datetime | None = None

    def every(self, seconds: float, name: str, tick: Tick) -> None:
        """Call `tick` every so many seconds; what it raises is logged and the next one comes."""

        async def beat() -> None:
            self.last_beat = datetime.now(UTC)
            try:
                await tick()
            except asyncio.CancelledError:
                log.info("a tick was stopped", tick=name)  # by `close`; nobody waits for it
            except Exception:
                log.exception("a tick broke", tick=name)

        self._scheduler.add_job(beat, "interval", seconds=seconds, id=name, name=name)

    def open(self) -> None:
        """Begin to tick."""
        self.last_beat = datetime.now(UTC)
        self._scheduler.start()

    def close(self) -> None:
        """Stop; a tick that runs is cancelled and made up for by the next process."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def is_beating(self) -> bool:
        """Has it ticked within the last half minute?"""
        return (
            self.last_beat is not None and (datetime.now(UTC) - self.last_beat).total_seconds() < 30
        )

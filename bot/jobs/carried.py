"""Jobs where several processes share a database: procrastinate brings each to one of them.

It carries nothing but the number of a row in `job`. What it loses, the tick gives it again.
"""

import asyncio

import procrastinate
import structlog
from procrastinate.jobs import DeleteJobCondition, Status

from bot.jobs.running import Functions, run
from bot.store import Store
from bot.store.carrier import QUEUE, SCHEMA, TASK

log = structlog.get_logger()

HEARTBEAT_SECONDS = 10.0
# A worker that was silent for so long is dead, and somebody else runs its jobs.
STALLED_SECONDS = 30.0
CLOSE_SECONDS = 15.0  # less than what systemd and containers wait before they kill
POLL_SECONDS = 5.0
LONGEST_PAUSE = 30.0


class CarriedJobs:
    """Runs jobs one at a time in this process; others on the same database do the same."""

    every_seconds = 15.0
    patience = CLOSE_SECONDS  # how long a job may go on when the process is to stop

    def __init__(self, store: Store, functions: Functions) -> None:
        self._store = store
        self._functions = functions
        self._count = 0
        self._app: procrastinate.App | None = None
        self._working: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to take jobs."""
        await self._opened()
        self._working = asyncio.create_task(self._work(), name="jobs")

    async def _opened(self) -> procrastinate.App:
        if self._app is None:
            app = _app(self._store)
            app.task(name=TASK, queue=QUEUE)(self._run)
            await app.open_async()
            self._app = app
        return self._app

    async def _work(self) -> None:
        pause = 1.0
        while True:
            try:
                await self._worker(wait=True)
            except Exception:
                log.exception("jobs are not taken", again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _worker(self, *, wait: bool) -> None:
        app = await self._opened()
        await app.run_worker_async(
            queues=[QUEUE],
            name="donghanh",
            concurrency=1,
            wait=wait,
            listen_notify=wait,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=self.patience,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )

    async def _run(self, job_id: int) -> None:
        job = await self._store.write(lambda work: work.jobs.claim(job_id))
        if job is None:
            return  # somebody had it already: being carried twice is harmless
        self._count += 1
        try:
            await run(self._store, self._functions, job)
        except asyncio.CancelledError:
            await self._put_back(job_id)
            raise

    async def _put_back(self, job_id: int) -> None:
        again = await self._store.write(lambda work: work.jobs.put_back(job_id))
        log.warning("job interrupted", job=job_id, again=again)

    async def tick(self) -> None:
        """Jobs of dead workers wait again; what waits and is not carried, is carried anew."""
        app = await self._opened()
        stalled = await app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS
        )
        for one in stalled:
            await self._put_back(int(str(one.task_kwargs["job_id"])))
            await app.job_manager.finish_job(one, Status.FAILED, delete_job=True)
        lost = await self._store.write(lambda work: work.jobs.carry_lost())
        if lost:
            log.warning("jobs carried anew", count=lost)

    async def run_waiting(self) -> int:
        """Run every waiting job here and now; returns how many."""
        before = self._count
        await self._worker(wait=False)
        return self._count - before

    async def close(self) -> None:
        """Let the job that runs end, or be run again by another worker."""
        task, self._working = self._working, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        app, self._app = self._app, None
        if app is not None:
            await app.close_async()


def _app(store: Store) -> procrastinate.App:
    address = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    there = {"options": f"-c search_path={SCHEMA}"}
    connector = procrastinate.PsycopgConnector(
        conninfo=address, min_size=1, max_size=3, kwargs=there
    )
    return procrastinate.App(connector=connector)

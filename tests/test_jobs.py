"""Coarse work behind one port: the same tests in-process and carried by procrastinate."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.jobs import Functions, Jobs, Progress, defer, jobs_of
from bot.jobs.carried import CarriedJobs
from bot.jobs.inline import JobRunner
from bot.store import Store, Work
from bot.store.jobs import MOST_ATTEMPTS


class Hand:
    """Does the work of the tests and remembers it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    @property
    def functions(self) -> Functions:
        return {"write": self._write, "break": self._break, "wait": self._wait}

    async def _write(self, args: Mapping[str, Any], progress: Progress) -> None:
        await progress(1, 2)
        self.done.append(args["what"])

    async def _break(self, args: Mapping[str, Any], progress: Progress) -> None:
        raise RuntimeError(args["what"])

    async def _wait(self, args: Mapping[str, Any], progress: Progress) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.done.append(args["what"])


@asynccontextmanager
async def working(store: Store, hand: Hand) -> AsyncIterator[Jobs]:
    """The runner of this database; nothing runs before it is asked to."""
    jobs = jobs_of(store, hand.functions)
    try:
        yield jobs
    finally:
        await jobs.close()


async def ask(store: Store, kind: str, key: str) -> int | None:
    return await store.write(lambda work: defer(work, kind, key, {"what": key}))


async def state(store: Store, job_id: int | None) -> str | None:
    assert job_id is not None
    return await store.read(lambda work: work.jobs.state(job_id))


async def test_each_database_has_its_runner(store: Store) -> None:
    kind = JobRunner if store.embedded else CarriedJobs
    assert type(jobs_of(store, {})) is kind


async def test_deferred_by_key_it_is_run_once(store: Store) -> None:
    hand = Hand()
    async with working(store, hand) as jobs:
        first = await ask(store, "write", "one")
        assert await ask(store, "write", "one") is None
        await ask(store, "write", "two")
        assert await jobs.run_waiting() == 2
        assert await jobs.run_waiting() == 0
        assert hand.done == ["one", "two"]
        assert await state(store, first) == "done"
        assert await ask(store, "write", "one") is not None  # it was ended, so it may come again


async def test_what_is_rolled_back_was_never_asked_for(store: Store) -> None:
    class Broken(Exception):
        pass

    def ask_and_break(work: Work) -> None:
        defer(work, "write", "one", {"what": "one"})
        raise Broken

    hand = Hand()
    async with working(store, hand) as jobs:
        with pytest.raises(Broken):
            await store.write(ask_and_break)
        assert await jobs.run_waiting() == 0


async def test_a_job_that_breaks_has_failed_and_the_next_one_is_run(store: Store) -> None:
    hand = Hand()
    async with working(store, hand) as jobs:
        broken = await ask(store, "break", "one")
        good = await ask(store, "write", "two")
        assert await jobs.run_waiting() == 2
        assert [await state(store, one) for one in (broken, good)] == ["failed", "done"]


async def test_how_far_it_is_can_be_seen(store: Store) -> None:
    hand = Hand()
    async with working(store, hand) as jobs:
        job_id = await ask(store, "write", "one")
        await jobs.run_waiting()
        row = text("SELECT done, total FROM job WHERE id = :id")
        found = await store.read(lambda work: work.conn.execute(row, {"id": job_id}).one())
        assert tuple(found) == (1, 2)


async def test_what_was_interrupted_is_run_again_but_not_for_ever(store: Store) -> None:
    job_id = await ask(store, "write", "one")
    for _ in range(MOST_ATTEMPTS - 1):
        assert await store.write(lambda work: work.jobs.claim(job_id)) is not None
        assert await store.write(lambda work: work.jobs.put_back_interrupted()) == 1
    hand = Hand()
    async with working(store, hand) as jobs:
        assert await jobs.run_waiting() == 1
        assert hand.done == ["one"]
        other = await ask(store, "write", "two")
        for _ in range(MOST_ATTEMPTS):
            await store.write(lambda work: work.jobs.claim(other))
            await store.write(lambda work: work.jobs.put_back_interrupted())
        assert await state(store, other) == "failed"
        assert await jobs.run_waiting() == 0


@pytest.fixture
async def shared(postgres_url: str, clock: SetClock) -> AsyncIterator[Store]:
    opened = Store(postgres_url, clock)
    yield opened
    await opened.close()


async def test_a_worker_takes_jobs_as_they_come_and_stops_in_the_middle_of_one(
    shared: Store,
) -> None:
    hand = Hand()
    first = jobs_of(shared, hand.functions)
    assert isinstance(first, CarriedJobs)
    first.patience = 0.05
    await first.open()
    job_id = await ask(shared, "wait", "one")
    await hand.begun.wait()
    assert await state(shared, job_id) == "running"
    await first.close()
    assert [hand.done, await state(shared, job_id)] == [[], "waiting"]
    hand.go_on.set()
    async with working(shared, hand) as second:
        assert await second.run_waiting() == 1
        assert hand.done == ["one"]


async def test_the_job_of_a_dead_worker_is_given_to_another(shared: Store) -> None:
    job_id = await ask(shared, "write", "one")
    dead = (
        "SET LOCAL search_path = procrastinate",
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')",
        "UPDATE procrastinate_jobs SET status = 'doing', "
        "worker_id = (SELECT max(id) FROM procrastinate_workers)",
    )
    await shared.write(lambda work: [work.conn.exec_driver_sql(one) for one in dead])
    await shared.write(lambda work: work.jobs.claim(job_id))
    hand = Hand()
    async with working(shared, hand) as jobs:
        assert await jobs.run_waiting() == 0
        await jobs.tick()
        assert await state(shared, job_id) == "waiting"
        assert await jobs.run_waiting() == 1
        assert hand.done == ["one"]


async def test_what_its_tables_lost_is_carried_anew(shared: Store, clock: SetClock) -> None:
    await ask(shared, "write", "one")
    empty = "TRUNCATE procrastinate.procrastinate_jobs CASCADE"
    await shared.write(lambda work: work.conn.exec_driver_sql(empty))
    hand = Hand()
    async with working(shared, hand) as jobs:
        await jobs.tick()
        assert await jobs.run_waiting() == 0  # it may be on its way
        clock.forward(timedelta(minutes=1))
        await jobs.tick()
        await jobs.tick()
        assert await jobs.run_waiting() == 1
        assert hand.done == ["one"]

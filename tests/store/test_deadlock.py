"""Two units of work that wait for each other: one of them is given up, and says so by name."""

import asyncio
import threading

import psycopg
import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.errors import Deadlock
from bot.store import Store, Work


async def test_a_unit_of_work_that_postgresql_gave_up_may_be_tried_again(
    postgres_url: str, clock: SetClock
) -> None:
    store, holds = Store(postgres_url, clock), threading.Event()
    first, second = await store.write(lambda work: (work.people.add(), work.people.add()))
    where = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    lock = "SELECT id FROM person WHERE id = %s FOR UPDATE"

    def ours(work: Work) -> None:
        mine = text("SELECT id FROM person WHERE id = :one FOR UPDATE")
        work.conn.execute(mine, {"one": first})
        holds.set()
        work.conn.execute(mine, {"one": second})

    with psycopg.connect(where) as other:
        other.execute("SET deadlock_timeout = '60s'")  # so that it is ours that is given up
        other.execute(lock, [second])

        def theirs() -> None:
            holds.wait()
            other.execute(lock, [first])

        async with asyncio.TaskGroup() as both:
            both.create_task(asyncio.to_thread(theirs))
            with pytest.raises(Deadlock):
                await store.write(ours)
        other.rollback()
    await store.write(ours)
    await store.close()

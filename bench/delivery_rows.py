"""What the table itself can do: rows made, claimed, settled, and claimed with a million waiting."""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, insert, literal, select, text

from bench import figures
from bench.delivery_broadcast import database
from bot.channels.telegram import account_name
from bot.notices import approve, draft, expand_due
from bot.outbox import claim
from bot.store import Store, Work, database_url, schema
from bot.store.accounts import address
from bot.store.base import UtcTime
from bot.store.deliveries import Outcome, delivery
from bot.store.people import person
from bot.store.queues import Lease
from bot.values.delivery import Act, State
from bot.values.letter import Lane
from bot.values.reply import Reply
from tests.crash.broadcast import FIRST_CHAT, a_letter
from tests.fakes.platform import TOKEN
from tests.notices.crowd import gather as notice_crowd

BATCH = 100
CLAIMED = 30
SETTLED = 20_000
FAN_OUT = 50_000
FEW, MANY = 1_000, 1_000_000
WORDS = "Mời các đoàn về hội trường A."


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the wall and of this process's processor."""

    wall: float
    cpu: float


class Owned(NamedTuple):
    """A queue, and the epoch of its owner."""

    queue_id: int
    epoch: int


async def timed(do: Callable[[], Any]) -> tuple[Any, Took]:
    """Await it and look at the clocks."""
    wall, used = time.perf_counter(), time.process_time()
    result = await do()
    return result, Took(time.perf_counter() - wall, time.process_time() - used)


def crowd_in(work: Work, count: int) -> int:
    """So many people with an address each, and none waiting for anything; the queue."""
    account = work.accounts.ensure("telegram", account_name(TOKEN)).id
    first = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.number + 1).where(first.c.number < count))
    now = literal(work.now, UtcTime)
    work.conn.execute(insert(person).from_select(["created_at"], select(now).select_from(numbers)))
    sender = cast(numbers.c.number + FIRST_CHAT, Text)
    chats = select(literal(account), sender, now).select_from(numbers)
    columns = ["account_id", "sender", "created_at"]
    work.conn.execute(insert(address).from_select(columns, chats, include_defaults=False))
    return work.queues.ensure(account)


def owe_all(work: Work, queue: int, words: str) -> None:
    """One letter to all of them by one statement, as expanding a notice does."""
    letter = a_letter(words)
    row: dict[str, Any] = {
        "queue_id": queue,
        "lane": int(Lane.ROUTINE),
        "letter_id": work.letters.add_all([letter])[letter.key],
        "lang": "vi",
        "act": Act.SAY.value,
        "state": State.PENDING.value,
    }
    fixed = [literal(value) for value in row.values()]
    # In a new database people and addresses have the same numbers.
    a = address.c
    rows = select(*fixed, literal(work.now, UtcTime), a.id, a.id, a.id).order_by(a.id)
    columns = [*row, "created_at", "vtime", "person_id", "address_id"]
    work.conn.execute(insert(delivery).from_select(columns, rows, include_defaults=False))


@asynccontextmanager
async def crowded(kind: str, count: int) -> AsyncIterator[tuple[Store, Owned, int]]:
    """A new database where so many wait: the store, the queue, the server's process or 0."""
    with TemporaryDirectory(prefix="bench") as name, database(kind, Path(name)) as (pid, url):
        with schema.writing(database_url(url)) as conn:
            schema.upgrade(conn)
        store = Store(url)
        queue = await store.write(lambda work: crowd_in(work, count))
        await store.write(lambda work: owe_all(work, queue, WORDS))
        await store.write(lambda work: work.conn.execute(text("ANALYZE")))
        lease = await store.write(lambda work: _owned(work, queue))
        yield store, Owned(queue, lease.epoch), pid
        await store.close()


def _owned(work: Work, queue: int) -> Lease:
    """For longer than a bench takes; rows are given to an owner only."""
    lease = work.queues.take(queue, "bench", work.now + timedelta(days=1), force=True)
    assert lease is not None
    return lease


async def claim_and_settle(store: Store, owned: Owned, count: int) -> None:
    """As one owner does it, a hundred at a time: one commit to take them, one for the results."""
    for _ in range(count // BATCH):
        taken = await store.write(lambda work: claim(work, *owned, BATCH))
        results = [
            Outcome(one.id, owned.epoch, State.SENT, str(one.id), parts_done=1) for one in taken
        ]
        assert await store.write(partial(_settle, results=results)) == BATCH


async def settling(kind: str) -> None:
    """Rows claimed and settled a second."""
    async with crowded(kind, SETTLED + 2_000) as (store, owned, pid):
        await claim_and_settle(store, owned, 2_000)
        server = figures.cpu_of_family(pid) if pid else figures.Cpu(0, 0)
        _, took = await timed(lambda: claim_and_settle(store, owned, SETTLED))
        used = (figures.cpu_of_family(pid).since(server).whole) if pid else 0.0
    goal = 5_000 if kind == "sqlite" else 3_000
    print(
        f"{kind}: claim + settle {SETTLED / took.wall:,.0f} rows/s (goal {goal:,}); processor "
        f"{took.cpu / SETTLED * 1000:.3f} ms a row, database {used / SETTLED * 1000:.3f}"
    )


async def claiming(kind: str, count: int, times: int) -> float:
    """The median of claims of 30 with so many waiting, in milliseconds."""
    async with crowded(kind, count) as (store, owned, _):
        took = []
        for number in range(times + 5):
            taken, one = await timed(lambda: store.write(lambda work: claim(work, *owned, CLAIMED)))
            assert len(taken) == CLAIMED
            if number >= 5:
                took.append(one)
            results = [Outcome(row.id, owned.epoch, State.SENT, "1") for row in taken]
            await store.write(partial(_settle, results=results))
    wall = statistics.median(one.wall for one in took) * 1000
    cpu = statistics.median(one.cpu for one in took) * 1000
    print(
        f"{kind}: claim of {CLAIMED} with {count:,} waiting p50 {wall:.2f} ms, processor {cpu:.2f}"
    )
    return wall


def _settle(work: Work, results: Sequence[Outcome]) -> int:
    return work.deliveries.settle(results)


async def expanding(kind: str, count: int) -> None:
    """A notice to so many, as it goes out by itself; the most memory this process had meanwhile."""
    with TemporaryDirectory(prefix="bench") as name, database(kind, Path(name)) as (pid, url):
        with schema.writing(database_url(url)) as conn:
            schema.upgrade(conn)
        store = Store(url)
        crowd = await store.write(lambda work: notice_crowd(work, "many", count))
        await store.write(lambda work: work.conn.execute(text("ANALYZE")))
        words = {"vi": Reply(WORDS)}
        one = await store.write(lambda work: draft(work, crowd.event.id, words, author="bench"))
        seen = [figures.resident_mb(os.getpid())]
        watching = asyncio.create_task(_watch(seen))
        _, froze = await timed(lambda: approve(store, crowd.event.id, one.id, "bench"))
        server = figures.cpu_of_family(pid) if pid else figures.Cpu(0, 0)
        rows, took = await timed(lambda: expand_due(store))
        used = figures.cpu_of_family(pid).since(server).whole if pid else 0.0
        watching.cancel()
        await store.close()
    assert rows == count
    print(
        f"{kind}: a notice to {count:,}: {rows / took.wall:,.0f} rows/s (goal 50,000), processor "
        f"{took.cpu / rows * 1e6:.1f} us a row, database {used / rows * 1e6:.1f}; approved in "
        f"{froze.wall:.1f} s; memory {seen[0]:.0f} MB before, at most {max(seen):.0f} (goal 200)"
    )


async def _watch(seen: list[float]) -> None:
    while True:
        await asyncio.sleep(0.05)
        seen.append(figures.resident_mb(os.getpid()))


def main(kinds: Sequence[str]) -> None:
    """Print it."""
    print(f"# rows of the table; {figures.machine()}")
    for kind in kinds:
        for count in (FAN_OUT, MANY):
            asyncio.run(expanding(kind, count))
        asyncio.run(settling(kind))
        few = asyncio.run(claiming(kind, FEW, 25))
        many = asyncio.run(claiming(kind, MANY, 100))
        print(f"{kind}: {many:.2f} ms (goal 15), {many / few:.2f} times that of {FEW:,} (goal 2)")
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))

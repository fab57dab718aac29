"""A platform, a database and speakers that can be killed, stopped and cut off; and the judge."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bot.store import Store
from bot.values.letter import Letter
from tests.crash.broadcast import Crowd, at_full_speed, gather, owe
from tests.crash.nursery import RATE, Orders
from tests.crash.processes import ROOT
from tests.fakes.judge import WAITING, Verdict, journal, judge, owed

LOOK_SECONDS = 0.01


@dataclass(slots=True)
class Speaker:
    """One process that may send."""

    name: str
    pid: int
    log: Path

    def tell(self, what: signal.Signals) -> None:
        """SIGKILL, SIGSTOP, SIGCONT, SIGTERM."""
        os.kill(self.pid, what)

    @property
    def lives(self) -> bool:
        """The nursery keeps no dead."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Tell it, and wait until it is gone."""
        self.tell(how)
        while self.lives:
            await asyncio.sleep(0.001)

    def said(self, event: str) -> int:
        """How many of its log lines are about this."""
        return self.log.read_text(errors="replace").count(f'"event": "{event}"')


@dataclass(slots=True)
class Arena:
    """What one experiment works with. `database` and `api` are what speakers are given."""

    store: Store
    database: str
    api: str
    orders: Mapping[str, Any]
    _folder: Path
    _nursery: asyncio.subprocess.Process
    _platform: httpx.AsyncClient
    crowd: Crowd = field(default=Crowd(0, ()))
    speakers: list[Speaker] = field(default_factory=list)

    async def gather(self, count: int) -> None:
        """So many recipients."""
        self.crowd = await self.store.write(lambda work: gather(work, count))
        queue, rate = self.crowd.queue_id, float(self.orders.get("rate", RATE))
        await self.store.write(lambda work: at_full_speed(work, queue, rate))

    async def owe(self, *letters: Letter, to: slice = slice(None)) -> list[int]:
        """Each of these letters to everybody, or to a part of the crowd."""
        queue, people = self.crowd
        return await self.store.write(lambda work: owe(work, queue, letters, people[to]))

    async def start(self, **other: Any) -> Speaker:
        """One more speaker; it tries to own the queue."""
        name = f"speaker-{len(self.speakers) + 1}"
        log = self._folder / f"{name}.log"
        given = {"database": self.database, "api": self.api, **self.orders, **other}
        orders = Orders(name=name, log=str(log), **given)
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(asdict(orders)).encode() + b"\n")
        await self._nursery.stdin.drain()
        speaker = Speaker(name, int(await self._nursery.stdout.readline()), log)
        self.speakers.append(speaker)
        return speaker

    async def chances(self, **of: float) -> None:
        """From now on the platform has these troubles; `_` is written for `-`."""
        given = {name.strip("_").replace("_", "-"): chance for name, chance in of.items()}
        await self._platform.post("/control/chances", json=given)

    async def report(self) -> Mapping[str, Any]:
        """The platform's own counts."""
        found: Mapping[str, Any] = (await self._platform.get("/control/report")).json()
        return found

    def accepted(self) -> int:
        """How many messages the platform accepted."""
        return len(journal(self._folder / "sent.jsonl"))

    async def until_accepted(self, count: int, seconds: float = 30) -> float:
        """Wait for so many; when that was."""
        await self.until(lambda: self.accepted() >= count, f"{count} accepted", seconds)
        return time.monotonic()

    async def until(self, so: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Look again and again."""
        try:
            async with asyncio.timeout(seconds):
                while not so():
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise AssertionError(f"not within {seconds:g} s: {what}\n{self.tails()}") from None

    async def for_a_while(self, seconds: float) -> None:
        """Let them do what they do."""
        until = time.monotonic() + seconds
        await self.until(lambda: time.monotonic() >= until, "time passes", seconds + 10)

    async def owner(self) -> str:
        """Whose lease it is."""
        statement = text("SELECT owner FROM queue_lease WHERE id = :id")
        queue = self.crowd.queue_id
        found: str = await self.store.read(
            lambda work: work.conn.execute(statement, {"id": queue}).scalar_one()
        )
        return found

    async def until_owned_by(self, *others: Speaker, seconds: float = 30) -> Speaker:
        """Wait until one of these holds the lease."""
        names = {one.name: one for one in others or self.speakers}
        async with asyncio.timeout(seconds):
            while (owner := await self.owner()) not in names:
                await asyncio.sleep(LOOK_SECONDS)
        return names[owner]

    async def exposed(self) -> int:
        """Accepted, but our table does not know yet: what may come twice if nobody settles it."""
        await asyncio.sleep(0.05)  # requests of the dead may still be on their way in
        came = {one.key for one in journal(self._folder / "sent.jsonl")}
        rows = await self.store.read(lambda work: owed(work, self.crowd.queue_id))
        unsure = ("claimed", "retry")  # a retry: its answer was lost, and our owner knows that much
        return sum(row.state in unsure and row.key in came for row in rows)

    async def settled(self, seconds: float = 60) -> Verdict:
        """Wait until every row says what became of it, then judge."""
        try:
            async with asyncio.timeout(seconds):
                while await self._waiting():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            verdict = await self.verdict()
            raise AssertionError(f"not settled: {verdict}\n{self.tails()}") from None
        return await self.verdict()

    async def _waiting(self) -> int:
        queue = self.crowd.queue_id
        states = await self.store.read(lambda work: work.deliveries.counts(queue))
        return sum(states.get(state, 0) for state in WAITING)

    async def verdict(self) -> Verdict:
        """What is to be said as it stands."""
        rows = await self.store.read(lambda work: owed(work, self.crowd.queue_id))
        return judge(rows, journal(self._folder / "sent.jsonl"))

    def tails(self) -> str:
        """The last words of every speaker."""
        return "\n".join(f"{one.name}: {one.log.read_text()[-1500:]}" for one in self.speakers)


@asynccontextmanager
async def arena(
    folder: Path, url: str, *, platform: Sequence[str] = ("--rate", "200"), **orders: Any
) -> AsyncIterator[Arena]:
    """Set everything up on a migrated database; what runs is ended with it."""
    async with AsyncExitStack() as open_things:
        journal_file = str(folder / "sent.jsonl")
        judging = await _process(
            open_things, "tests.fakes.platform", "--journal", journal_file, *platform
        )
        assert judging.stdout is not None
        api = (await judging.stdout.readline()).decode().strip()
        nursery = await _process(open_things, "tests.crash.nursery")
        client = httpx.AsyncClient(base_url=api, trust_env=False, timeout=60)
        await open_things.enter_async_context(client)
        store = Store(url)
        open_things.push_async_callback(store.close)
        yield Arena(store, url, api, orders, folder, nursery, client)


async def _process(open_things: AsyncExitStack, *words: str) -> asyncio.subprocess.Process:
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *words),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )

    async def end() -> None:
        started.kill()
        await started.wait()

    open_things.push_async_callback(end)
    return started

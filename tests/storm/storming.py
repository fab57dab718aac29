"""An open house in a storm: the real inbox, router, outbox and senders, over a channel that fails.

Whatever was planned is played in rounds: everybody at once, each in her own order.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bot.errors import Gone, Unavailable, Uncertain
from bot.fit import Capabilities, Part
from bot.inbox import Inbox
from bot.router import Router
from bot.sender import Sender, Senders
from bot.sender.pace import Pace
from bot.store import Store, Work
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.incoming import Incoming
from handlers import ROUTES
from tests.fakes.channel import FakeChannel
from tests.storm.ground import Ground
from tests.storm.planted import marks_in
from tests.storm.weather import Press, Somebody, Weather

MANY_PARTS = Capabilities(text_limit=120, buttons=12, button_limit=40, answers_taps=True)
TOGETHER = 120  # so many updates wait for each other at most
Where = tuple[int, str]
Marks = frozenset[tuple[str, str]]


class StormyChannel(FakeChannel):
    """Accepts as fast as it is given; now and then it fails. Keeps what the judge needs."""

    rate = first_rate = 1_000_000.0
    per_chat_rate = 1_000_000.0

    def __init__(self, account_id: int, seed: int) -> None:
        super().__init__(account_id)
        self._random = random.Random(seed)
        self.shown: dict[Where, list[str]] = {}
        self.order: dict[Where, list[int]] = defaultdict(list)
        self.marks: list[tuple[int, Where, Marks]] = []
        self.calm = seed == 0  # what a failing script shrinks to

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        """Fails before or after it was accepted, or accepts."""
        roll = 1.0 if self.calm else self._random.random()
        if roll < 0.004:
            raise Unavailable("network")
        if roll < 0.005:
            raise Gone("blocked")
        if delivery.act is Act.SAY:
            self._note(delivery, part)
        if roll < 0.006:
            raise Uncertain("time-out")
        return Receipt("m")

    def _note(self, delivery: Delivery, part: Part) -> None:
        where = self.account_id, delivery.sender
        self.order[where].append(delivery.id)
        if part.choices:
            self.shown[where] = [choice.value for choice in part.choices]
        words = [part.text, *(one.caption for one in part.media)]
        words += [choice.label for choice in part.choices]
        if part.point is not None:
            words += [part.point.name, part.point.note]
        found = marks_in("\n".join(words))
        if found:
            self.marks.append((delivery.id, where, frozenset(found)))


@dataclass
class Storm:
    """An open house and the weather over it. `journal` is what came in, for whoever must look."""

    ground: Ground
    store: Store
    weather: Weather
    inbox: Inbox
    senders: Senders
    each: list[Sender]
    channels: list[StormyChannel]
    accepted: list[Incoming] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    sent: int = 0

    async def play(self, *beside: Awaitable[Any]) -> None:
        """Everything that was planned, in rounds; whatever is `beside` happens during the first."""
        waiting = list(beside)
        while waiting or any(who.plan for who in self.weather.crowd):
            burst = [one for who in self.weather.crowd for one in self._round(who)]
            self.sent += len(burst)
            await asyncio.gather(*(self._accept(one) for one in burst), *waiting)
            waiting = []
            await self.quiet()

    def _round(self, who: Somebody) -> list[Incoming]:
        """What she does before she must read again."""
        made: list[Incoming] = []
        shown = self._shown(who.where)
        while who.plan and len(made) < TOGETHER:
            if made and isinstance(who.plan[0], Press) and not who.hurried:
                break
            move = self.weather.meant(who, who.plan.popleft(), shown)
            made.append(self.weather.incoming(who, self.store.clock.now(), move))
        return made

    def _shown(self, where: Where) -> list[str]:
        """The buttons she has before her."""
        return next(one.shown.get(where, []) for one in self.channels if one.account_id == where[0])

    async def repeat(self, ones: list[Incoming]) -> None:
        """A platform that was not answered in time says it again."""
        self.sent += len(ones)
        await asyncio.gather(*(self._accept(one) for one in ones))
        await self.quiet()

    async def _accept(self, one: Incoming) -> None:
        said = one.value or one.text or one.started_with or one.media_kind
        self.journal.append(f"{one.update_id}: {one.sender}@{one.account_id} {one.kind} {said!r}")
        if await self.inbox.accept(one):
            self.accepted.append(one)

    async def quiet(self) -> None:
        """Everything turned and sent that can be."""
        await self.inbox.drained()
        await self.senders.drained()

    async def pass_time(self, step: timedelta) -> None:
        """Time passes, and retries are due."""
        self.store.clock.forward(step)  # type: ignore[attr-defined]
        for sender in self.each:
            await self.store.write(sender.promote)
            sender.wake()
        await self.quiet()

    async def tick(self) -> None:
        """What the schedule does: turn what was postponed."""
        await self.inbox.catch_up(older_than=timedelta(0))
        await self.quiet()

    async def clear_up(self) -> None:
        """Calm weather until nothing waits any more, or for long enough to see that it stays."""
        for channel in self.channels:
            channel.calm = True
        for _ in range(40):
            await self.pass_time(timedelta(minutes=10))
            await self.tick()
            if not await self.open_rows():
                return
            await asyncio.sleep(0.01)

    async def open_rows(self) -> dict[str, int]:
        """Deliveries that are not over, by state."""
        sql = "SELECT state, count(*) FROM delivery GROUP BY state"
        states: dict[str, int] = dict(await self.rows(sql))
        return {name: states[name] for name in ("pending", "retry", "claimed") if name in states}

    async def rows(self, sql: str) -> list[Any]:
        """What a question in SQL finds."""

        def look(work: Work) -> list[Any]:
            return [tuple(row) for row in work.conn.exec_driver_sql(sql)]

        return await self.store.read(look)


@asynccontextmanager
async def storm(ground: Ground, store: Store, seed: int) -> AsyncIterator[Storm]:
    """Open a house over a copy of the ground."""
    all_senders, each, channels = Senders(), [], []
    for account_id in ground.world.accounts:
        channel = StormyChannel(account_id, seed)
        if account_id == ground.world.accounts[0]:
            channel.capabilities = MANY_PARTS
        queue_id = await store.write(lambda work, one=account_id: work.queues.ensure(one))  # type: ignore[misc]
        sender = Sender(channel, store, queue_id, uuid4().hex)
        sender.pace = Pace(channel.rate, channel.per_chat_rate, gap=0)  # storms wait for nobody
        all_senders.add(sender)
        each.append(sender)
        channels.append(channel)
    inbox = Inbox(store, ground.house, Router(ROUTES), all_senders, guarded=False)
    await all_senders.open()
    try:
        weather = Weather(ground.world, seed)
        yield Storm(ground, store, weather, inbox, all_senders, each, channels)
    finally:
        await inbox.close()
        await all_senders.close()

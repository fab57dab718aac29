"""Ground of the engine's tests: people with telephones, things owed to them, senders that die."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from bot.clock import SetClock
from bot.fit import Part
from bot.outbox import Owed, put
from bot.sender import Sender
from bot.store import Store, Work
from bot.store.deliveries import delivery as table
from bot.values.delivery import TERMINAL, Act, Delivery, Receipt
from bot.values.letter import Lane, Letter, OnUnknown
from bot.values.person import Role
from bot.values.reply import Reply
from tests.fakes.channel import FakeChannel


class Line(FakeChannel):
    """A channel that first asks the test what becomes of a message: an error, or nothing."""

    def __init__(self, account_id: int) -> None:
        super().__init__(account_id)
        self.before: Callable[[Delivery], Awaitable[None]] | None = None
        self.after: Callable[[Delivery], Awaitable[None]] | None = None
        self.ids: list[int] = []

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        if self.before is not None:
            await self.before(delivery)
        receipt = await super().send(delivery, part)
        self.ids.append(delivery.id)
        if self.after is not None:
            await self.after(delivery)
        return receipt

    def doubled(self) -> int:
        """How many messages were accepted that had been accepted before."""
        return sum(times - 1 for times in Counter(self.ids).values())


class Ground:
    """One queue with people at it."""

    def __init__(self, store: Store, event_id: int, account_id: int, queue_id: int) -> None:
        self.store = store
        self.event_id = event_id
        self.account_id = account_id
        self.queue_id = queue_id
        self.line = Line(account_id)
        self._letters = 0

    async def person(self, *chats: str, account: str = "one") -> int:
        """Somebody with these chats, all tied to her; the first is her address for `owe`."""

        def add(work: Work) -> int:
            person = work.people.add()
            work.people.join(self.event_id, [person], Role.DELEGATE)
            account_id = work.accounts.ensure("fake", account).id
            for chat in chats:
                place = work.accounts.add_address(account_id, chat)
                work.accounts.tie(place.id, person, self.event_id, "desk")
            return person

        return await self.store.write(add)

    async def owe(
        self,
        chat: str,
        *texts: str,
        person: int | None = None,
        lane: Lane = Lane.ROUTINE,
        on_unknown: OnUnknown = OnUnknown.RESEND,
        expires: float | None = None,
        epoch: int | None = None,
        act: Act = Act.SAY,
    ) -> list[Delivery]:
        """Write letters to a chat; those written under an epoch come back, to be handed over."""

        def write(work: Work) -> list[Delivery]:
            place = work.accounts.add_address(self.account_id, chat)
            whose = person or work.people.add()
            late = None if expires is None else work.now + timedelta(seconds=expires)
            owed = []
            for text in texts:
                self._letters += 1
                letter = Letter(
                    f"k{self._letters}", {"vi": Reply(text)}, self.event_id, lane, late, on_unknown
                )
                owed.append(Owed(letter, whose, place.id, chat, self.queue_id, "vi", act))
            return put(work, owed, {} if epoch is None else {self.queue_id: epoch})

        return await self.store.write(write)

    def sender(self, store: Store | None = None, **how: Any) -> Sender:
        """A sender of this queue, as another process would have one when given a store."""
        return Sender(self.line, store or self.store, self.queue_id, uuid4().hex, **how)

    async def states(self) -> dict[str, int]:
        return await self.store.read(lambda work: work.deliveries.counts(self.queue_id))

    async def rows(self) -> dict[int, Any]:
        """Every row of the table, by id."""

        def look(work: Work) -> dict[int, Any]:
            return {row.id: row for row in work.conn.execute(table.select().order_by(table.c.id))}

        return await self.store.read(look)

    async def until_over(self, sender: Sender) -> None:
        """Let the hours pass until every row has come to its end."""
        clock = self.store.clock
        assert isinstance(clock, SetClock)
        while set(await self.states()) - TERMINAL:
            clock.forward(timedelta(seconds=61))
            await self.store.write(sender.promote)
            sender.wake()
            await sender.drained()


async def ground(store: Store) -> Ground:
    """An event, an account, its queue."""

    def make(work: Work) -> tuple[int, int, int]:
        names, zone, day = {"vi": "Hội nghị"}, "Asia/Ho_Chi_Minh", date(2027, 1, 18)
        event = work.events.add("small", names=names, time_zone=zone, first_day=day, days=5).id
        account = work.accounts.ensure("fake", "one").id
        return event, account, work.queues.ensure(account)

    return Ground(store, *await store.write(make))


async def kill(sender: Sender) -> None:
    """As kill -9 would: nothing is written, nothing given back; what is on the wire stays sent."""
    tasks = [*sender._tasks, *sender._sending, sender._settler._task]
    for task in filter(None, tasks):
        task.cancel()
    await asyncio.gather(*filter(None, tasks), return_exceptions=True)
    if sender._lease._lock is not None:
        sender._lease._lock.free()


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; the test's own time-out is the limit."""
    while not true():
        await asyncio.sleep(0.002)

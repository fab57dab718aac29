"""Lives through a storm: the real inbox, router, outbox and senders; then says what went wrong."""

import asyncio
import itertools
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bot.errors import Gone, Unavailable, Uncertain
from bot.fit import Capabilities, Part
from bot.i18n import Texts
from bot.inbox import Inbox
from bot.knowledge import Knowledge
from bot.paths import resource
from bot.reception import House
from bot.router import Router
from bot.sender import Sender, Senders
from bot.store import Store, Work
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.incoming import Incoming, Kind
from bot.vault import Vault
from handlers import ROUTES
from tests.fakes.channel import FakeChannel
from tests.storm.planted import World, allowed, marks_in, plant
from tests.storm.weather import Somebody, Weather

BURST = 400
MANY_PARTS = Capabilities(text_limit=120, buttons=12, button_limit=40, answers_taps=True)
APOLOGIES = "SELECT key FROM letter WHERE substr(key, length(key) - 5) = ':sorry'"
Where = tuple[int, str]


class StormyChannel(FakeChannel):
    """Accepts as fast as it is given; now and then it fails. Keeps what the judge needs."""

    rate = 1_000_000.0
    per_chat_rate = 1_000_000.0

    def __init__(self, account_id: int, seed: int) -> None:
        super().__init__(account_id)
        self._random = random.Random(seed)
        self.shown: dict[Where, list[str]] = {}
        self.order: dict[Where, list[int]] = defaultdict(list)
        self.marks: list[tuple[int, str, frozenset[tuple[str, str]]]] = []
        self.calm = False

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
            self.marks.append((delivery.id, delivery.sender, frozenset(found)))


@dataclass
class Storm:
    """An open house and the weather over it."""

    store: Store
    world: World
    weather: Weather
    inbox: Inbox
    senders: Senders
    each: list[Sender]
    channels: list[StormyChannel]
    sent: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    async def rage(self, updates: int) -> None:
        """That many updates, in bursts, while time passes in jumps."""
        picked, began = random.Random(updates), time.perf_counter()
        while self.sent < updates:
            size = min(BURST, updates - self.sent)
            burst = list(self.weather.burst(size, self.store.clock.now(), self.shown()))
            await asyncio.gather(*(self.inbox.accept(one) for one in burst))
            await self.settle(timedelta(seconds=picked.choice((1, 1, 20, 300, 1000, 20_000))))
            self.sent += size
        self.seconds = time.perf_counter() - began

    def shown(self) -> dict[Where, list[str]]:
        """The buttons everybody has before her."""
        return {where: values for one in self.channels for where, values in one.shown.items()}

    async def settle(self, step: timedelta) -> None:
        """Everything turned and sent that can be; then time passes, and retries are due."""
        await self.inbox.drained()
        await self.senders.drained()
        self.store.clock.forward(step)  # type: ignore[attr-defined]
        for sender in self.each:
            await self.store.write(sender.promote)
            sender.wake()

    async def clear_up(self) -> None:
        """Calm weather until nothing waits any more, or for long enough to see that it stays."""
        for channel in self.channels:
            channel.calm = True
        for _ in range(400):
            await self.settle(timedelta(minutes=10))
            if not await self.open_rows():
                return
            await asyncio.sleep(0.01)

    async def open_rows(self) -> dict[str, int]:
        """Deliveries that are not over, by state."""
        sql = "SELECT state, count(*) FROM delivery GROUP BY state"
        states: dict[str, int] = dict(await self._rows(sql))
        return {name: states[name] for name in ("pending", "retry", "claimed") if name in states}

    async def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        def look(work: Work) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in work.conn.exec_driver_sql(sql)]

        return await self.store.read(look)

    async def everybody_gets_the_menu(self) -> list[str]:
        """Who is stuck: a card where the event must be known, a language, then the digit 0."""
        await self.clear_up()
        for who in self.weather.crowd:
            await self._asks_for_the_menu(who)
        await self.clear_up()
        shown = self.shown()
        return [
            f"{who.where} sees {shown.get(who.where)}"
            for who in self.weather.crowd
            if "menu.more" not in shown.get(who.where, ())
        ]

    async def _asks_for_the_menu(self, who: Somebody) -> None:
        now, of = self.store.clock.now(), self.weather.incoming
        card = (who.person or self.world.people[0]).card
        said: list[Incoming] = [of(who, now, kind=Kind.JOINED, started_with=card.token)]
        said.append(of(who, now, kind=Kind.TAP, value="welcome.language:1"))
        said.append(of(who, now, kind=Kind.TEXT, text="0"))
        await asyncio.gather(*(self.inbox.accept(one) for one in said))

    async def judged(self) -> dict[str, object]:
        """What must be empty or nought, by name."""
        return {
            "stuck": await self.everybody_gets_the_menu(),
            "apologies": await self._rows(APOLOGIES),
            "not turned": await self._rows("SELECT id FROM inbound WHERE done_at IS NULL"),
            "kept words": await self._rows("SELECT id FROM inbound WHERE payload IS NOT NULL"),
            "open": await self.open_rows(),
            "bugs": await self._rows("SELECT id FROM delivery WHERE reason = 'bug'"),
            "crossed": await self._crossed(),
            "disordered": await self._disordered(),
            "not sent": await self._not_sent(),
        }

    async def _crossed(self) -> list[str]:
        """What a reply showed that was not hers, or not of this event, or to whom she never was."""
        told = "SELECT id, person_id, event_id, address_id FROM delivery"
        whose = {row[0]: row[1:] for row in await self._rows(told)}
        links = "SELECT actor, subject FROM audit_log WHERE verb = 'link'"
        linked = set(await self._rows(links))
        people, found = self.world.of_person(), []
        for channel in self.channels:
            for delivery_id, sender, marks in channel.marks:
                person_id, event_id, address_id = whose[delivery_id]
                person = people.get(person_id)
                tied = (f"address:{address_id}", f"person:{person_id}") in linked
                here = person is not None and person.event_id == event_id
                if not (tied and here and all(allowed(mark, person) for mark in marks)):
                    found.append(f"{sender} of {channel.account_id} as {person}: {sorted(marks)}")
        return found

    async def _disordered(self) -> list[str]:
        """Replies that overtook others: delivery, then update, must never go back."""
        sql = "SELECT d.id, l.key FROM delivery d JOIN letter l ON l.id = d.letter_id"
        keys = {row[0]: str(row[1]).split(":") for row in await self._rows(sql)}
        found = []
        for channel in self.channels:
            for where, ids in channel.order.items():
                # Of somebody who had herself erased, no key tells the update any more.
                updates = [int(keys[one][2]) for one in ids if keys[one][0] == "in"]
                if updates != sorted(updates) or ids != sorted(ids):
                    found.append(f"{where}: {_back(ids)}")
        return found

    async def _not_sent(self) -> dict[str, int]:
        """Ends that no fault of the weather explains."""
        sql = "SELECT state, coalesce(reason, ''), act, count(*) FROM delivery GROUP BY 1, 2, 3"
        fine = {
            *(("sent", ""), ("failed", "blocked"), ("uncertain", "time-out")),
            ("cancelled", "erased"),  # she had her data deleted while it waited
        }
        ends: Counter[str] = Counter()
        for state, reason, act, count in await self._rows(sql):
            late_tap = (state, act) == ("expired", "answer_tap")
            if (state, reason) not in fine and not late_tap:
                ends[f"{state} {reason} {act}"] += count
        return dict(ends)

    async def figures(self) -> str:
        """What the storm did, for a line of a report."""
        [(turns,)] = await self._rows("SELECT count(*) FROM inbound")
        [(links,)] = await self._rows("SELECT count(*) FROM audit_log WHERE verb = 'link'")
        [(replies,)] = await self._rows("SELECT count(*) FROM delivery WHERE act = 'say'")
        shown = sum(len(channel.marks) for channel in self.channels)
        rate = self.sent / self.seconds if self.seconds else 0.0
        return (
            f"{self.sent} updates in {self.seconds:.0f} s ({rate:.0f}/s), {turns} kept, "
            f"{replies} replies, {links} links, {shown} replies with somebody's own words"
        )


def _back(ids: list[int]) -> str:
    at = next((n for n, (a, b) in enumerate(itertools.pairwise(ids)) if a > b), 0)
    return str(ids[max(0, at - 2) : at + 4])


@asynccontextmanager
async def storm(
    store: Store, vault: Vault, *, seed: int = 1, senders: int = 60
) -> AsyncIterator[Storm]:
    """Open a house over an empty, migrated database."""
    world = await store.write(lambda work: plant(work, vault))
    all_senders, each, channels = Senders(), [], []
    for account_id in world.accounts:
        channel = StormyChannel(account_id, seed)
        channel.capabilities = (
            MANY_PARTS if account_id == world.accounts[0] else channel.capabilities
        )
        queue_id = await store.write(lambda work, one=account_id: work.queues.ensure(one))  # type: ignore[misc]
        sender = Sender(channel, store, queue_id, uuid4().hex)
        all_senders.add(sender)
        each.append(sender)
        channels.append(channel)
    knowledge = Knowledge(store)
    await knowledge.refresh()
    house = House(knowledge, Texts.load(resource("locales")), vault)
    inbox = Inbox(store, house, Router(ROUTES), all_senders, guarded=False)
    await all_senders.open()
    try:
        weather = Weather(world, seed, senders)
        yield Storm(store, world, weather, inbox, all_senders, each, channels)
    finally:
        await inbox.close()
        await all_senders.close()


def by_hand() -> int:
    """How many updates somebody asked for in DONGHANH_STORM; 0 when nobody did."""
    return int(os.environ.get("DONGHANH_STORM", "0"))

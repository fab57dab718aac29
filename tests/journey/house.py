"""A small house for journeys: real store, inbox, outbox and sender; a fake channel; test routes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from bot.i18n import Texts
from bot.inbox import Inbox
from bot.knowledge import Knowledge
from bot.paths import resource
from bot.reception import House
from bot.router import Route, Router
from bot.sender import Sender, Senders
from bot.store import Store, Work
from bot.turn import Turn
from bot.values.incoming import Incoming, Kind
from bot.vault import Vault
from tests.fakes.channel import FakeChannel

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def echo(turn: Turn) -> None:
    """Says what it heard; counts in the notes, so that a lost or doubled turn shows."""
    turn.notes["heard"] = [*turn.notes.get("heard", ()), turn.incoming.text]
    turn.say(f"nghe: {turn.incoming.text}")


def breaks(turn: Turn) -> None:
    """A bug in a handler."""
    turn.notes["heard"] = ["nothing of this may be kept"]
    turn.say("never said")
    raise RuntimeError("a bug")


def route(turn: Turn) -> None:
    """The only route of these tests: everything is first contact, nothing needs content."""
    breaks(turn) if turn.incoming.text == "hỏng" else echo(turn)


ROUTES = (
    Route("welcome.start", route, first=True, kinds=(Kind.TEXT,)),
    Route("welcome.which_event", route, first=True),
    Route("menu.show", route),
    Route("ask.question", route),
)


@dataclass
class SmallHouse:
    """Everything one journey needs, open."""

    store: Store
    channel: FakeChannel
    inbox: Inbox
    senders: Senders
    sender: Sender

    def incoming(self, text: str, sender: str = "chat-1", update: str = "") -> Incoming:
        now = self.store.clock.now()
        return Incoming(
            self.channel.account_id, sender, update or uuid4().hex, Kind.TEXT, now, text=text
        )

    async def say(self, text: str, sender: str = "chat-1", update: str = "") -> bool:
        return await self.inbox.accept(self.incoming(text, sender, update))

    async def settled(self) -> None:
        await self.inbox.drained()
        await self.senders.drained()

    async def states(self) -> dict[str, int]:
        return await self.store.read(lambda work: work.deliveries.counts(self.sender.queue_id))


@asynccontextmanager
async def small_house(
    store: Store, *, routes: Sequence[Route] = ROUTES, sending: bool = True, guarded: bool = False
) -> AsyncIterator[SmallHouse]:
    """Open a house on a store; `sending` False: nothing leaves, as if the sender had died."""

    def account(work: Work) -> int:
        if work.events.by_slug("small") is None:
            names = {"vi": "Hội nghị nhỏ"}
            zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
            work.events.add("small", names=names, time_zone=zone, first_day=day, days=5)
        return work.accounts.ensure("fake", "one").id

    account_id = await store.write(account)
    queue_id = await store.write(lambda work: work.queues.ensure(account_id))
    channel = FakeChannel(account_id)
    senders = Senders()
    sender = Sender(channel, store, queue_id, uuid4().hex)
    senders.add(sender)
    knowledge = Knowledge(store)
    await knowledge.refresh()
    shared = House(knowledge, Texts.load(resource("locales"), ["vi"]), Vault([KEY]))
    inbox = Inbox(store, shared, Router(routes), senders, guarded=guarded)
    if sending:
        await senders.open()
    try:
        yield SmallHouse(store, channel, inbox, senders, sender)
    finally:
        await inbox.close()
        if sending:
            await senders.close()

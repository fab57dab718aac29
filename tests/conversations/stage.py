"""The whole bot over a copy of the sample congress, cheap to open: texts and content read once.

The composition is `bot.app`'s; only what never changes between two copies is shared.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.app import Bot, vault_of
from bot.channels.terminal import TerminalChannel
from bot.clock import Clock
from bot.config import Settings
from bot.fit import Part
from bot.i18n import Texts
from bot.inbox import Inbox
from bot.jobs import JobRunner
from bot.knowledge import Knowledge
from bot.reception import House
from bot.router import Router
from bot.schedule import Schedule
from bot.sender import Senders
from bot.sender.pace import Pace
from bot.store import Store
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.duty import EVERYTHING
from bot.values.event import Event
from handlers import ROUTES


@dataclass(frozen=True, slots=True)
class Congress:
    """What every copy of the sample congress has in common."""

    event: Event
    knowledge: Knowledge
    texts: Texts


class Ear(TerminalChannel):
    """A terminal where many senders talk at once: what everybody heard, and who heard what."""

    def __init__(self, account_id: int) -> None:
        self.heard: list[Part] = []
        self.by_sender: dict[str, list[Part]] = defaultdict(list)
        super().__init__(account_id, lambda part: self.heard.append(part))

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        if delivery.act is Act.SAY:
            self.by_sender[delivery.sender].append(part)
        return await super().send(delivery, part)


class Stage(Bot):
    """A bot that knows its texts and content already."""

    def __init__(
        self, settings: Settings, congress: Congress, clock: Clock, *, guarded: bool = False
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.duties = EVERYTHING
        self.store = Store(settings.database, clock)
        self.vault = vault_of(settings)
        self.texts = congress.texts
        self.knowledge = congress.knowledge
        self.router = Router(ROUTES)
        self.senders = Senders()
        house = House(self.knowledge, self.texts, self.vault)
        self.inbox = Inbox(self.store, house, self.router, self.senders, guarded=guarded)
        self.jobs = JobRunner(self.store, {})
        self.schedule = Schedule()
        self.channels = []

    async def open(self, *, ticking: bool = False) -> None:
        """Begin to send and to listen; nothing is learnt, nothing ticks."""
        await self.senders.open()
        for channel in self.channels:
            await channel.open(self.inbox.accept)


@dataclass
class Open:
    """An open stage with its one ear."""

    bot: Stage
    event: Event
    ear: Ear = field(repr=False)


@asynccontextmanager
async def staged(
    settings: Settings, congress: Congress, clock: Clock, *, guarded: bool = False
) -> AsyncIterator[Open]:
    """Open a bot with one ear on this database."""
    bot = Stage(settings, congress, clock, guarded=guarded)
    try:
        event = congress.event
        found = await bot.store.read(lambda work: work.events.get(event.id))
        assert found == event, "this database holds another congress than was learnt"
        account = await bot.store.write(
            lambda work: work.accounts.ensure(
                "terminal", f"event-{congress.event.id}", event_id=congress.event.id
            )
        )
        ear = Ear(account.id)
        sender = await bot.add_channel(ear)
        assert sender is not None
        sender.pace = Pace(ear.rate, ear.per_chat_rate, gap=0)  # nobody waits at a stage
        await bot.open()
        yield Open(bot, event, ear)
    finally:
        await bot.close()

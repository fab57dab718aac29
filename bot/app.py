"""The composition root: the only file that knows every part. Builds, opens and closes in order."""

import asyncio
import itertools
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog

from bot import documents, notices, privacy, questions, replaced
from bot.access import PRINTING
from bot.channels.base import Channel
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.errors import StoreError
from bot.gauges import QueueGauges
from bot.i18n import Texts
from bot.inbox import Inbox
from bot.jobs import Progress, jobs_of
from bot.knowledge import Knowledge
from bot.library import REPLACED
from bot.paths import resource
from bot.reception import House
from bot.router import Router
from bot.schedule import Schedule
from bot.sender import Sender, Senders
from bot.store import Store
from bot.store.accounts import Account
from bot.store.wake import Ring
from bot.values.duty import EVERYTHING, Duty
from bot.values.incoming import Incoming
from bot.vault import Vault, key_in
from handlers import ROUTES

if TYPE_CHECKING:
    from bot.cards import CardPress

log = structlog.get_logger()


class Bot:
    """What runs in one process: channels, inbox, senders, schedule, jobs, as its duties ask.

    `guarded` False lets one address write as fast as it likes (own terminal, tests).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        guarded: bool = True,
        duties: frozenset[Duty] = EVERYTHING,
    ) -> None:
        self.settings = settings
        self.duties = duties
        self.clock = clock or SystemClock()
        self.store = Store(settings.database, self.clock)
        self.vault = vault_of(settings)
        self.texts = Texts.load(resource("locales"))
        self.knowledge = Knowledge(self.store)
        self.router = Router(ROUTES)
        self.senders = Senders()
        house = House(self.knowledge, self.texts, self.vault, settings.retention_days)
        self.inbox = Inbox(self.store, house, self.router, self.senders, guarded=guarded)
        self.jobs = jobs_of(
            self.store,
            {
                PRINTING: self._print_cards,
                REPLACED: self._tell_replaced,
                questions.ANSWERED: self._tell_answered,
            },
        )
        self.schedule = Schedule()
        self.channels: list[Channel] = []
        self._gauges = QueueGauges(self.store)
        # By account: what shows a line that another process wrote to whoever has its page open.
        self.showing: dict[int, Callable[[str], None]] = {}
        # Official Accounts that people find at zalo.me: not those a fake stands in for.
        self.at_zalo: list[Account] = []

    async def _print_cards(self, args: Mapping[str, Any], progress: Progress) -> None:
        press = card_press(self.settings, self.store, self.vault, self.texts)
        await press.job(args, progress)

    async def _tell_replaced(self, args: Mapping[str, Any], progress: Progress) -> None:
        edits = [one.account_id for one in self.channels if one.capabilities.edits]
        await replaced.tell(self.store, self.texts, args, progress, edits=edits)

    async def _tell_answered(self, args: Mapping[str, Any], progress: Progress) -> None:
        await questions.tell(self.store, self.texts, args, progress)

    async def add_channel(self, channel: Channel, *, shard: int = 0) -> Sender | None:
        """One more account to listen and to send through, as far as these are our duties.

        Its sender, or None when sending is another process's duty.
        """
        account = channel.account_id
        queue_id = await self.store.write(lambda work: work.queues.ensure(account, shard))
        owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.channels.append(channel)
        if Duty.SENDER not in self.duties:
            self.senders.know(channel, queue_id)
            return None
        sender = Sender(channel, self.store, queue_id, owner)
        self.senders.add(sender)
        return sender

    async def open(self, *, ticking: bool = True) -> None:
        """Learn what is in force, begin to send, turn what was left, then listen."""
        await self.knowledge.refresh()
        self.store.wake.open(self._heard)
        await self.senders.open()
        if ticking:
            await self._begin_ticking()
        accept = self.inbox.accept if Duty.WEB in self.duties else _not_here
        for channel in self.channels:
            await channel.open(accept)

    def _heard(self, ring: Ring) -> None:
        """Another process wrote what we wait for. Missing it, we find it at the next look."""
        match ring.kind:
            case "queue":
                self.senders.wake(ring.of)
            case "page":
                self.showing.get(ring.of, _show_nobody)(ring.whom)
            case "all":
                self.senders.wake_all()

    async def _begin_ticking(self) -> None:
        self.schedule.every(2, "content in force", self.knowledge.refresh)
        if Duty.WEB in self.duties:
            await self.inbox.catch_up(older_than=timedelta(0))
            self.schedule.every(5, "unfinished turns", self.inbox.catch_up)
        if Duty.SCHEDULE in self.duties:
            await self._begin_duties_of_the_schedule()
        self.schedule.open()

    async def _begin_duties_of_the_schedule(self) -> None:
        """What one process does for all of them; several may, for each tick takes its own work."""
        await self.jobs.open()
        self.schedule.every(self.jobs.every_seconds, "jobs", self.jobs.tick)
        self.schedule.every(2, "notices", lambda: notices.tend(self.store, self.texts))
        # Every hour, not every day: a process that is restarted each night gets to it as well.
        self.schedule.every(3600, "old words", self._forget_words)
        for channel in self.channels:
            for chore in channel.chores():
                self.schedule.every(chore.every_seconds, chore.name, chore.do)

    async def _forget_words(self) -> None:
        """Delete what was said long enough ago, and who opened what in an event that is over;
        keep the file of the erased up to date."""
        days = self.settings.message_days
        counts = await self.store.write(lambda work: privacy.purge_words(work, days))
        await self.store.write(documents.reduce_those_over)
        stones = await self.store.read(lambda work: work.privacy.tombstones())
        await asyncio.to_thread(privacy.keep_beside, self.settings.data_dir, stones)
        if privacy.total(counts):
            log.info("old words deleted", count=privacy.total(counts))

    async def close(self) -> None:
        """Stop listening, finish the turns, send and settle what they owe, let go of everything."""
        for channel in self.channels:
            await channel.close()
        self.schedule.close()
        await self.jobs.close()
        await self.inbox.close()
        await self.senders.close()
        await self.store.close()

    async def settled(self) -> None:
        """Wait until everything accepted was turned and everything owed has left."""
        await self.inbox.drained()
        await self.senders.drained()

    async def measure(self) -> None:
        """Read the queues for `/metrics`."""
        await self._gauges.read(self.senders.rates())

    def problems(self) -> Sequence[str]:
        """Why this process is not ready, in words for an operator; empty when it is."""
        found = []
        if not self.schedule.is_beating():
            found.append("the schedule does not beat")
        if not self.knowledge.events():
            found.append("no event: run `donghanh event new` or `donghanh demo`")
        return found


async def _not_here(_incoming: Incoming) -> bool:
    raise StoreError("This process takes no updates: it was started for other duties.")


def _show_nobody(_sender: str) -> None:
    """No page of that account is served here."""


def vault_of(settings: Settings) -> Vault:
    """The vault of this installation: its own key file unless keys are set."""
    keys = [key.strip() for key in settings.secret_key.split(",") if key.strip()]
    return Vault(keys or [key_in(settings.data_dir)])


def card_press(settings: Settings, store: Store, vault: Vault, texts: Texts) -> "CardPress":
    """What prints this installation's cards; jobs leave them in its data folder."""
    from bot.cards import CardPress  # a bot that only talks need not load the drawing

    return CardPress(store, vault, texts, settings.base_url, settings.data_dir / "cards")


async def terminal_bot(
    settings: Settings,
    event_id: int,
    make: Callable[[int], Channel],
    clock: Clock | None = None,
) -> Bot:
    """A bot with one terminal and a queue of its own, beside whatever else runs."""
    bot = Bot(settings, clock=clock, guarded=False)
    account = await bot.store.write(
        lambda work: work.accounts.ensure("terminal", f"event-{event_id}", event_id=event_id)
    )
    await bot.add_channel(make(account.id), shard=await _free_shard(bot.store, account.id))
    await bot.open(ticking=False)
    return bot


async def _free_shard(store: Store, account_id: int) -> int:
    """The first queue of an account that no other process on this machine speaks for."""
    for shard in itertools.count():
        if await _is_free(store, account_id, shard):
            return shard
    raise AssertionError


async def _is_free(store: Store, account_id: int, shard: int) -> bool:
    queue_id = await store.write(lambda work: work.queues.ensure(account_id, shard))
    lock = store.owner_lock(f"queue-{queue_id}")
    if lock is None or not lock.take():
        return lock is None
    lock.free()
    return True

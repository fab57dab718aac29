"""A channel talking to the strict fake over loopback, and its webhook served like in life."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.zalo import ZaloChannel
from bot.clock import SetClock
from bot.fit import fit
from bot.i18n import Texts, Translator
from bot.paths import resource
from bot.store import Store
from bot.turn import FALLBACK_ZONE
from bot.values.delivery import Delivery
from bot.values.incoming import Incoming
from bot.values.letter import Lane
from bot.values.reply import Reply
from bot.zalo import oa
from bot.zalo.fake import APP_ID, APP_SECRET, OA_ID, OA_SECRET, FakeZalo
from tests.channels.served import served

HER = "4572947693969771653"
Make = Callable[..., ZaloChannel]
Heard = Callable[[int], Awaitable[list[int]]]

TEXTS = Texts.load(resource("locales"), ["vi", "en"])


def speak(language: str) -> Translator:
    """English, so that no test waits for a translation."""
    return TEXTS.translator("en", FALLBACK_ZONE)


class Inbox:
    """Accepts like the inbox: remembers, knows what it saw, or fails when told to."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.failing = 0

    async def accept(self, incoming: Incoming) -> bool:
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the database is away")
        if incoming.update_id in [one.update_id for one in self.kept]:
            return False
        self.kept.append(incoming)
        return True


@pytest.fixture
async def zalo(clock: SetClock) -> AsyncIterator[FakeZalo]:
    async with FakeZalo(clock=lambda: clock.now().timestamp()) as fake:
        fake.acts.follow(HER)
        yield fake


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def account_id(sqlite_store: Store) -> int:
    return await sqlite_store.write(lambda work: work.accounts.ensure("zalo", OA_ID).id)


@pytest.fixture
def make(zalo: FakeZalo, sqlite_store: Store, account_id: int, clock: SetClock) -> Make:
    """Channels of this account; anything may be said otherwise."""

    def channel(**otherwise: Any) -> ZaloChannel:
        client = oa.Client(
            APP_ID,
            APP_SECRET,
            *zalo.pair(),
            endpoint_prefix=zalo.url,
            oauth_prefix=zalo.url,
            clock=lambda: clock.now().timestamp(),
        )
        given = {
            "store": sqlite_store,
            "clock": clock,
            "speak": speak,
            "secrets": (OA_SECRET,),
            "base_url": "https://dh.example",
            **otherwise,
        }
        return ZaloChannel(account_id, client, **given)

    return channel


@pytest.fixture
async def channel(make: Make, inbox: Inbox) -> AsyncIterator[ZaloChannel]:
    """An open channel."""
    opened = make()
    await opened.open(inbox.accept)
    yield opened
    await opened.close()


@asynccontextmanager
async def hooked(channel: ZaloChannel, zalo: FakeZalo) -> AsyncIterator[Heard]:
    """The fake posts to the channel; what is given waits until so many posts were answered."""

    async def heard(count: int) -> list[int]:
        while len(zalo.hooks.answered) < count:
            await asyncio.sleep(0.01)
        return zalo.hooks.answered

    async with served(channel) as url:
        zalo.hooks.url = url
        yield heard
        zalo.hooks.url = ""


_NUMBERS = iter(range(1, 1_000_000))


def delivery(reply: Reply, **otherwise: Any) -> Delivery:
    given: dict[str, Any] = {"queue_id": 1, "address_id": 1, "sender": HER, **otherwise}
    return Delivery(id=next(_NUMBERS), reply=reply, **given)


async def say(channel: ZaloChannel, reply: Reply, lane: Lane = Lane.REPLY) -> list[str]:
    """Every part of a reply, as the sender sends them; Zalo's ids of the messages."""
    owed = delivery(reply, lane=lane)
    parts = fit(reply, channel.capabilities)
    return [(await channel.send(owed, part)).message_id for part in parts]

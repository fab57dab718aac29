"""A channel talking to the fake platform over real sockets, and its webhook served like in life."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel, account_name, webhook_secret
from bot.clock import SetClock
from bot.media import MediaShelf
from bot.store import Store
from bot.values.incoming import Incoming
from tests.fakes.platform import TOKEN, FakeTelegram

SECRET = webhook_secret(TOKEN)
CHAT = 5210044718

Make = Callable[..., TelegramChannel]


class Inbox:
    """Accepts like the inbox: remembers, or fails when told to."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.failing = 0
        self._more = asyncio.Event()

    async def accept(self, incoming: Incoming) -> bool:
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the database is away")
        self.kept.append(incoming)
        self._more.set()
        return True

    async def has(self, count: int) -> list[Incoming]:
        """Waits until so many were kept."""
        while len(self.kept) < count:
            self._more.clear()
            await self._more.wait()
        return self.kept


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        server.updates.chats.add(CHAT)
        yield server


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def account_id(sqlite_store: Store) -> int:
    return await sqlite_store.write(
        lambda work: work.accounts.ensure("telegram", account_name(TOKEN)).id
    )


@pytest.fixture
def make(fake: FakeTelegram, sqlite_store: Store, account_id: int, clock: SetClock) -> Make:
    """Channels of this bot; anything may be said otherwise."""

    def channel(**otherwise: Any) -> TelegramChannel:
        token = otherwise.pop("token", TOKEN)
        given = {
            "secret": SECRET,
            "api_url": fake.url,
            "media": MediaShelf(sqlite_store),
            "clock": clock,
            "answer_seconds": 5.0,
            **otherwise,
        }
        return TelegramChannel(account_id, token, **given)

    return channel


@pytest.fixture
async def channel(make: Make, inbox: Inbox) -> AsyncIterator[TelegramChannel]:
    """An open channel in webhook mode."""
    opened = make()
    await opened.open(inbox.accept)
    yield opened
    await opened.close()


def payload(name: str) -> dict[str, Any]:
    """An update as it was captured, with its people changed."""
    path = Path(__file__).parent / "payloads" / f"{name}.json"
    captured: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return captured

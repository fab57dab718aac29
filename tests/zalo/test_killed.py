"""Processes that refresh at once, and processes killed at every step of a refresh."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.store import Store
from bot.vault import Vault
from bot.zalo.fake import FakeZalo
from bot.zalo_tokens import TokenKeeper, spender
from tests.zalo.refresher import KEY, STEPS, pair_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


class House:
    """An account with a pair of the fake's, in a database that processes share."""

    def __init__(self, url: str, zalo: FakeZalo, account: int) -> None:
        self.url = url
        self.zalo = zalo
        self.account = account
        self.access, self.refresh = zalo.pair()

    async def ask(self, die_at: str = "", minutes: float = 0) -> tuple[int, str]:
        """A process that needs another token: its exit code and what it printed last."""
        asking = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.zalo.refresher", self.url, self.zalo.url),
            *(str(self.account), self.access, die_at, str(minutes)),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await asking.communicate()
        assert asking.returncode is not None
        return asking.returncode, (told.decode().splitlines() or [""])[-1]  # after log lines

    async def tokens(self) -> tuple[str, str, bool]:
        """The pair that lies there, and whether a person has to help."""
        store = Store(self.url, SystemClock())
        try:
            kept = await store.read(lambda work: work.zalo_tokens.get(self.account))
        finally:
            await store.close()
        assert kept is not None
        vault = Vault([KEY])
        return vault.open(kept.access), vault.open(kept.refresh), bool(kept.consent_needed_at)


@pytest.fixture
async def house(any_url: str) -> AsyncIterator[House]:
    store = Store(any_url, SystemClock())
    async with FakeZalo() as zalo:
        account = await store.write(lambda work: work.accounts.ensure("zalo", "298"))
        keeper = TokenKeeper(store, Vault([KEY]), account.id, spender("", "", ""))
        ends = store.clock.now() + timedelta(hours=25)
        await keeper.keep(pair_of(*zalo.pair(), ends))
        await store.close()
        yield House(any_url, zalo, account.id)


async def test_processes_at_once_spend_it_once(house: House) -> None:
    told = await asyncio.gather(*(house.ask() for _ in range(3)))
    assert told == [(0, f"token {house.zalo.tokens.access}")] * 3
    assert dict(house.zalo.tokens.spent) == {house.refresh: 1}
    assert await house.tokens() == (*house.zalo.pair(), False)


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at(house: House, step: str) -> None:
    died, told = await house.ask(die_at=step)
    assert (died, told) == (-signal.SIGKILL, "")
    code, told = await house.ask(minutes=2)
    assert code == 0
    lost = step in ("spent", "in store")
    if lost:  # the answer died with the process: nobody has the pair that works
        assert told == "consent"
        assert await house.tokens() == (house.access, house.refresh, True)
        assert await house.ask(minutes=4) == (0, "consent")
        assert dict(house.zalo.tokens.spent) == {house.refresh: 2}
        return
    assert told == f"token {house.zalo.tokens.access}"
    assert await house.tokens() == (*house.zalo.pair(), False)
    assert dict(house.zalo.tokens.spent) == {house.refresh: 1}

"""A process that needs a new token, and dies where it is told to: by SIGKILL, like a power cut.

    python -m tests.zalo.refresher <database> <fake's address> <account> <failed> <die at> <minutes>

Prints `token <access>`, or `consent` when a person has to help.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.clock import SystemClock
from bot.store import Store, Work
from bot.vault import Vault
from bot.zalo import Tokens, ZaloConsentException
from bot.zalo.fake import APP_ID, APP_SECRET
from bot.zalo_tokens import Spend, TokenKeeper, spender

T = TypeVar("T")
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
# In the order of a refresh.
STEPS = ("before lease", "in lease", "leased", "spent", "in store", "stored")


class LaterClock(SystemClock):
    """The machine's clock, some minutes ahead: a lease of the dead has run out."""

    def __init__(self, minutes: float) -> None:
        self._ahead = timedelta(minutes=minutes)

    def now(self) -> datetime:
        return super().now() + self._ahead


class Mortal(Store):
    """Its first transaction is the lease, its second the storing of the pair."""

    def __init__(self, url: str, clock: LaterClock, die_at: str) -> None:
        super().__init__(url, clock)
        self._die_at = die_at
        self._writes = 0

    async def write(self, do: Callable[[Work], T]) -> T:
        """As the store's own, but for the end of this process."""
        self._writes += 1
        before, inside, after = (
            ("before lease", "in lease", "leased")
            if self._writes == 1
            else ("spent", "in store", "stored")
        )

        def then_die(work: Work) -> T:
            result = do(work)
            self._perhaps(inside)
            return result

        self._perhaps(before)
        result = await super().write(then_die)
        self._perhaps(after)
        return result

    def _perhaps(self, step: str) -> None:
        if step == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, fake: str, account: str, failed: str, die_at: str, minutes: str) -> None:
    """Ask for a token once."""
    store = Mortal(url, LaterClock(float(minutes)), die_at)
    spend: Spend = spender(APP_ID, APP_SECRET, fake)
    keeper = TokenKeeper(store, Vault([KEY]), int(account), spend)
    try:
        access, _, _ = await keeper(failed)
        print("token", access)
    except ZaloConsentException:
        print("consent")
    finally:
        await store.close()


def pair_of(access: str, refresh: str, ends: datetime) -> Tokens:
    """The pair everything begins with."""
    return Tokens(access, refresh, int(ends.timestamp()))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""Asks Zalo when people last did something there: what a webhook that was away never told."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from bot.store import Store
from bot.store.windows import Heard
from bot.zalo import ZaloException, oa
from bot.zalo.oauth import number_in

AT_ONCE = 4

log = structlog.get_logger()


async def check(client: oa.Client, store: Store, account_id: int, senders: Sequence[str]) -> int:
    """Keep what Zalo says of these people; of how many it said something. One call each."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one(sender: str) -> Heard | None:
        async with few:
            try:
                told = await client.get_zalo_user_quotas(sender)
            except ZaloException as error:
                log.warning("zalo does not say", account=account_id, fault=error.code)
                return None
        data = told.get("data")
        at = _moment(data.get("last_interaction")) if isinstance(data, dict) else None
        return Heard(sender, at, keeps=False) if at is not None else None

    found = [one for one in await asyncio.gather(*map(one, senders)) if one is not None]
    if found:
        await store.write(lambda work: work.windows.heard(account_id, found))
    return len(found)


def _moment(value: object) -> datetime | None:
    """Milliseconds of the epoch, as a number or as digits."""
    number = number_in(value)
    if number is None or number <= 0:
        return None
    try:
        return datetime.fromtimestamp(number / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None

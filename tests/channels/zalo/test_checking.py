"""What a webhook that was away never told is asked of Zalo."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.channels.zalo import check
from bot.clock import SetClock
from bot.store import Store
from bot.store.accounts import address
from bot.store.windows import Heard
from bot.zalo import oa
from bot.zalo.fake import APP_ID, APP_SECRET, FakeZalo
from tests.channels.zalo.conftest import HER


@pytest.mark.parametrize("before", [timedelta(days=3), timedelta(0)])
async def test_zalos_word_is_kept_where_it_is_newer(
    zalo: FakeZalo, sqlite_store: Store, account_id: int, clock: SetClock, before: timedelta
) -> None:
    met = clock.now().replace(microsecond=0)
    old = Heard(HER, met - before)
    await sqlite_store.write(lambda work: work.windows.heard(account_id, [old]))
    clock.forward(timedelta(hours=5))
    client = oa.Client(
        APP_ID,
        APP_SECRET,
        *zalo.pair(),
        endpoint_prefix=zalo.url,
        oauth_prefix=zalo.url,
        clock=lambda: clock.now().timestamp(),
    )
    async with client:
        with capture_logs() as logs:
            assert await check(client, sqlite_store, account_id, [HER, "999"]) == 1
    assert [one["event"] for one in logs] == ["zalo does not say"]

    at = await sqlite_store.read(
        lambda work: work.conn.execute(select(address.c.heard_at)).scalar_one()
    )
    assert abs(at - met) < timedelta(seconds=1)

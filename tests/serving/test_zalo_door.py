"""The card's page leads to the Official Account that is connected, and to no fake of one."""

import shutil
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.config import Settings
from bot.serving import assemble
from bot.store import Store
from tests.conversations.conftest import KEY, sample_file
from tests.web.browser import browser

__all__ = ["sample_file"]

OA_ID = "2981304786125508117"


@pytest.mark.parametrize(
    ("more", "offered"),
    [({}, True), ({"zalo_api_url": "http://127.0.0.1:1"}, False), ({"zalo_app_id": ""}, False)],
)
async def test_it_is_offered_where_it_is_connected(
    sample_file: Path, tmp_path: Path, more: dict[str, str], offered: bool
) -> None:
    shutil.copyfile(sample_file, tmp_path / "donghanh.db")
    url = f"sqlite:///{tmp_path / 'donghanh.db'}"
    settings = Settings(
        database_url=url,
        data_dir=tmp_path,
        secret_key=KEY,
        zalo_app_id="1234567890",
        zalo_oa_secret_key="made up",
    ).model_copy(update=more)
    store = Store(url, SystemClock())
    await store.write(lambda work: work.accounts.ensure("zalo", OA_ID))
    await store.close()
    built = await assemble(settings)
    async with browser(built.app) as page:
        for path in ("/c/x", "/chat/sample/light?card=x"):
            assert (f"https://zalo.me/{OA_ID}" in (await page.get(path)).text) is offered
    await built.bot.close()

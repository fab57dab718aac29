"""`donghanh serve --only`: several processes on PostgreSQL do together what one does alone."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest

from bot.cli.serve import duties_in
from bot.config import Settings
from bot.errors import ConfigError
from bot.serving import assemble, serve_forever
from bot.store import database_url, owner_lock
from bot.values.duty import EVERYTHING, Duty
from tests.serving.page import page
from tests.serving.running import KEY, fill, serving, started
from tests.web.browser import browser


async def _get(url: str, path: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(f"{url}{path}")).status_code


def test_duties_are_words_with_commas_or_one_by_one() -> None:
    assert duties_in(["web,sender"]) == duties_in(["sender", "web"]) == {Duty.WEB, Duty.SENDER}
    assert duties_in([]) == EVERYTHING
    with pytest.raises(ConfigError, match=r"^--only knows web, sender, schedule, not: post\.$"):
        duties_in(["web, post"])


async def test_the_words_of_one_bot_are_sent_by_another(postgres_url: str, tmp_path: Path) -> None:
    """As the processes below, in one: the web's turns leave through the sender's queue."""
    await fill(postgres_url)
    settings = Settings(data_dir=tmp_path, database_url=postgres_url, secret_key=KEY)
    web = await assemble(settings, duties=frozenset({Duty.WEB}))
    sender = await assemble(settings, duties=frozenset({Duty.SENDER}))
    try:
        await sender.bot.open()
        await web.bot.open()
        shown: asyncio.Queue[str] = asyncio.Queue()
        web.bot.showing = dict.fromkeys(web.bot.showing, shown.put_nowait)
        assert [web.bot.senders.epochs(), len(sender.bot.senders.epochs())] == [{}, 1]
        async with browser(web.app) as hers:
            await hers.get("/chat/sample")
            said = {"id": "a" * 32, "text": "xin chào"}
            assert (await hers.post("/chat/sample/say", json=said)).status_code == 202
            ours: list[object] = []
            while not ours:
                lines = (await hers.get("/chat/sample/lines")).json()["lines"]
                ours = [line for line in lines if line["side"] == "out"]
            assert len(await shown.get()) == 64  # her page was rung for, not only looked after
        async with browser(sender.app) as anybody:
            asked = [await anybody.get(path) for path in ("/readyz", "/metrics", "/chat/sample")]
        assert [one.status_code for one in asked] == [200, 200, 404]
    finally:
        await web.bot.close()
        await sender.bot.close()


async def test_on_sqlite_one_process_serves(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, secret_key=KEY)
    with pytest.raises(ConfigError, match=r"^--only shares the work between processes"):
        await serve_forever(settings, on_ready=print, duties=frozenset({Duty.SENDER}))
    lock = owner_lock(database_url(sqlite_url), "serve")
    assert lock is not None
    assert lock.take()
    with pytest.raises(ConfigError, match=r"^Another donghanh serves this database already"):
        await serve_forever(settings, on_ready=print)
    lock.free()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_second_process_on_sqlite_ends_with_a_sentence(
    sqlite_url: str, tmp_path: Path
) -> None:
    await fill(sqlite_url)
    first = await started(tmp_path, sqlite_url)
    await first.until_ready()
    second = await started(tmp_path, sqlite_url)
    assert await second.process.wait() == 1
    assert "Another donghanh serves this database already" in second.log()
    await first.stop(signal.SIGKILL)  # the lock is gone with its process
    third = await started(tmp_path, sqlite_url)
    await third.until_ready()
    await third.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_what_one_process_turns_another_sends(postgres_url: str, tmp_path: Path) -> None:
    await fill(postgres_url)
    async with serving(tmp_path, postgres_url, "web", "sender,schedule") as (web, sender):
        async with page(web.url) as hers:
            await hers.say("xin chào")
            told = await hers.next_of_ours()
        assert await _get(sender.url, "/healthz") == 200
        assert [await _get(one.url, "/chat/sample") for one in (web, sender)] == [200, 404]
        assert "queue taken" not in web.log()
        assert "queue taken" in sender.log()
    assert told["text"]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_standby_goes_on_where_the_owner_was_killed(
    postgres_url: str, tmp_path: Path
) -> None:
    await fill(postgres_url)
    async with serving(tmp_path, postgres_url, "web", "sender") as (web, owner):
        standby = await started(tmp_path, postgres_url, "--only", "sender")
        await standby.until_ready()
        async with page(web.url) as hers:
            await hers.say("xin chào")
            await hers.next_of_ours()
            await owner.stop(signal.SIGKILL)
            await hers.next_of_ours()
            await hers.say("tiếng Việt")
            assert (await hers.next_of_ours())["text"]
        assert await standby.stop() in (0, -signal.SIGTERM)
        assert "queue taken" in standby.log()

"""A platform that throttles, fails or cannot be reached, a database that goes away: the broadcast
ends all the same, in order, and says of each message what became of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
import pytest

from bot.pacing import buffered, on_wire
from bot.store import database_url, schema
from tests.crash.arena import arena
from tests.crash.broadcast import a_letter
from tests.crash.database import OwnServer, own_server
from tests.crash.proxy import Line
from tests.fakes.judge import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

PLATFORM = ("--rate", "200")


def nothing_lost(verdict: Verdict) -> None:
    print(verdict)
    assert (verdict.lost, verdict.lies, verdict.waiting, verdict.disorder) == ((), (), 0, 0)


async def test_a_storm_of_429s_is_obeyed(any_url: str, tmp_path: Path) -> None:
    storm = ("--chance", "429-all=0.02", "--chance", "429-chat=0.02", "--chance", "429=0.02")
    async with arena(tmp_path, any_url, platform=(*PLATFORM, *storm), rate=150) as here:
        await here.gather(150)
        await here.owe(a_letter("Xe số 3 đổi giờ"))
        await here.start()
        verdict = await here.settled()
        report = await here.report()
    print(report)
    nothing_lost(verdict)
    assert verdict.states == {"sent": 150}
    assert (verdict.doubles, report["kept_on"]) == (0, 0)
    assert report["too_fast_for_all"] + report["too_fast_for_chat"] == report["did_not_wait"]
    assert sum(report["faults"].values()) >= 5


async def test_what_follows_a_retry_waits_for_it(any_url: str, tmp_path: Path) -> None:
    bad_day = (
        "--chance",
        "reset-before-accept=0.1",
        "--chance",
        "5xx=0.05",
        "--chance",
        "429=0.01",
    )
    async with arena(tmp_path, any_url, platform=(*PLATFORM, *bad_day), rate=150) as here:
        await here.gather(80)
        letters = [a_letter(f"Thư thứ {number}") for number in (1, 2, 3)]
        await here.owe(*letters)
        await here.start()
        verdict = await here.settled()
        report = await here.report()
    nothing_lost(verdict)
    assert sum(report["faults"].values()) > 10
    assert verdict.states.keys() <= {"sent", "uncertain"}
    assert verdict.doubles == 0  # none of these troubles comes after the platform's yes


async def test_a_cut_between_sender_and_platform(any_url: str, tmp_path: Path) -> None:
    async with arena(tmp_path, any_url, rate=150) as here, Line(_port(here.api)) as line:
        here.api = f"http://127.0.0.1:{line.port}"
        await here.gather(600)
        await here.owe(a_letter("Cửa hội trường mở lúc 7 giờ"))
        await here.start()
        await here.until_accepted(100)
        await line.refuse()
        await here.for_a_while(1.5)
        await line.mend()
        await here.until_accepted(250)
        line.swallow()
        await here.for_a_while(1.5)
        await line.mend()
        verdict = await here.settled()
    nothing_lost(verdict)
    # What arrived before a cut is accepted, and nobody hears it: no more than was on the wire.
    assert verdict.doubles <= 2 * on_wire(150)
    assert verdict.states.keys() <= {"sent", "uncertain"}


async def test_a_cut_between_sender_and_database(postgres_url: str, tmp_path: Path) -> None:
    async with arena(tmp_path, postgres_url, rate=150) as here, Line(_door(postgres_url)) as line:
        here.database = _through(postgres_url, line)
        await here.gather(600)
        await here.owe(a_letter("Cơm trưa ở nhà ăn B"))
        await here.start()
        await here.until_accepted(100)
        await line.refuse()
        await here.for_a_while(1.0)
        await line.mend()
        await here.until_accepted(250)
        line.swallow()
        await here.for_a_while(3.0)  # longer than its lease
        await line.mend()
        verdict = await here.settled()
    nothing_lost(verdict)
    # On the wire, and sent from memory while nobody could write it down.
    assert verdict.doubles <= 2 * (on_wire(150) + buffered(150))


async def test_the_database_stops_crashes_and_starts_again(tmp_path: Path) -> None:
    async with _own_database() as (server, url), arena(tmp_path, url, rate=150) as here:
        await here.gather(600)
        await here.owe(a_letter("Họp đoàn lúc 20 giờ"))
        await here.start()
        await here.until_accepted(150)
        server.stop()
        server.start()
        await here.until_accepted(here.accepted() + 100)
        server.crash()
        server.start()
        verdict = await here.settled()
    nothing_lost(verdict)
    assert verdict.states.keys() <= {"sent", "uncertain"}
    # A speaker that lives keeps its results until they can be written.
    assert verdict.doubles == 0


@asynccontextmanager
async def _own_database() -> AsyncIterator[tuple[OwnServer, str]]:
    with own_server() as server, _migrated(server) as url:
        yield server, url


@contextmanager
def _migrated(server: OwnServer) -> Iterator[str]:
    with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
        conn.execute("CREATE DATABASE donghanh")
    url = server.url("donghanh")
    with schema.writing(database_url(url)) as conn:
        schema.upgrade(conn)
    yield url


def _port(api: str) -> int:
    return int(api.rpartition(":")[2])


def _door(url: str) -> int | str:
    """Where a server listens: a port of this machine or a socket's path."""
    parsed = database_url(url)
    folder = parsed.query.get("host")
    return f"{folder}/.s.PGSQL.{parsed.port or 5432}" if folder else parsed.port or 5432


def _through(url: str, line: Line) -> str:
    parsed = database_url(url).difference_update_query(["host"])
    through = parsed.set(host="127.0.0.1", port=line.port)
    return through.render_as_string(hide_password=False)

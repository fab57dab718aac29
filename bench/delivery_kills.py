"""kill -9 of whoever sends, twenty times in a broadcast, on both databases; owners put to sleep."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import figures
from bench.delivery_broadcast import database
from bot.store import database_url, schema
from tests.crash.arena import arena
from tests.crash.experiments import kill_again_and_again, stop_and_wake

LEASE = 2.0
KILLS, PEOPLE = 20, 3200


async def kills(kind: str, folder: Path, url: str) -> None:
    """Twenty kills; on PostgreSQL a standby takes over, on SQLite the next start does."""
    async with arena(folder, url, rate=200, lease=LEASE) as here:
        print(kind, await kill_again_and_again(here, KILLS, PEOPLE, standby=kind != "sqlite"))


async def sleepers(folder: Path, url: str) -> None:
    """SIGSTOP, take-over, SIGCONT."""
    async with arena(folder, url, rate=100, lease=LEASE) as here:
        print("postgresql", await stop_and_wake(here, 3, 900, asleep=LEASE + 1.5))


def main(kinds: Sequence[str]) -> None:
    """Print it."""
    print(f"# kill -9 x {KILLS}, lease {LEASE:g} s, 200 a second; {figures.machine()}")
    for kind in kinds:
        _on(kind, kills, kind)
    if "postgresql" in kinds:
        _on("postgresql", sleepers)
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))


def _on(kind: str, what: object, *words: str) -> None:
    assert callable(what)
    with TemporaryDirectory(prefix="bench") as name, database(kind, Path(name)) as (_, url):
        with schema.writing(database_url(url)) as conn:
            schema.upgrade(conn)
        asyncio.run(what(*words, Path(name), url))

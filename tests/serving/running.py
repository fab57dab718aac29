"""`donghanh serve` as processes of their own on one database, each with its duties."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from bot import library
from bot.content import media_bytes, read
from bot.paths import resource
from bot.router import Router
from bot.store import Store, Work
from handlers import ROUTES
from tests.e2e.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from bot.cli import main; main()"
START_SECONDS = 180  # a busy machine reads the program's files slowly
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Running:
    """One process; `url` answers what operators ask, and pages where the web is its duty."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self._log = log

    async def until_ready(self) -> None:
        """Wait until it says that it may get traffic."""
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self._ready():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"it did not start:\n{self.log()[-3000:]}") from None

    async def _ready(self) -> bool:
        assert self.process.returncode is None, self.log()[-3000:]
        with suppress(httpx.HTTPError):
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        return False

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.process.wait()

    def log(self) -> str:
        """What it said so far."""
        return self._log.read_text(errors="replace")


async def started(folder: Path, database: str, *words: str) -> Running:
    """Start `donghanh serve` with more words behind it; it may refuse."""
    port = free_port()
    settings: Mapping[str, str] = {
        "DONGHANH_DATA_DIR": str(folder),
        "DONGHANH_DATABASE_URL": database,
        "DONGHANH_SECRET_KEY": KEY,
        "DONGHANH_HTTP_PORT": str(port),
    }
    log = folder / f"serve-{port}.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, "serve", *words),
            env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
            stdout=out,
            stderr=out,
        )
    return Running(process, f"http://127.0.0.1:{port}", log)


@asynccontextmanager
async def serving(folder: Path, database: str, *shares: str) -> AsyncIterator[list[Running]]:
    """One ready process for each share, like `web` or `sender,schedule`."""
    running = [await started(folder, database, "--only", share) for share in shares]
    try:
        for one in running:
            await one.until_ready()
        yield running
    finally:
        for one in running:
            await one.stop()


async def fill(database: str) -> None:
    """The sample congress in force."""
    folder = resource("content") / "sample"
    content = read(folder, steps=Router(ROUTES).tappable())

    def write(work: Work) -> None:
        event = library.event_for(work, content, "sample", make=True)
        library.put(work, event, content, media_bytes(folder, content), author="test")

    store = Store(database)
    await store.write(write)
    await store.close()

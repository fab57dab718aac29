"""The platform and the bot as processes of their own, so that one of them can be killed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from bot.channels.telegram import webhook_secret
from tests.fakes.platform import TOKEN

ROOT = Path(__file__).resolve().parents[2]
SERVE = "from bot.cli import main; main()"
START_SECONDS = 60


class Platform:
    """The strict Bot API server in another process; it repeats what was not answered with 200."""

    def __init__(self, url: str, journal: Path, client: httpx.AsyncClient) -> None:
        self.url = url
        self._journal = journal
        self._client = client

    async def point_at(self, url: str) -> None:
        """setWebhook, as the operator's verb would."""
        hook = {"url": url, "secret_token": webhook_secret(TOKEN)}
        answer = await self._client.post(f"{self.url}/bot{TOKEN}/setWebhook", json=hook)
        assert answer.json()["ok"], answer.text

    async def deliver(self, update: Mapping[str, Any]) -> int:
        """Posts an update until it is taken; returns how often it had to."""
        tries = 1
        while await self._deliver_once(update) != 200:
            tries += 1
            await asyncio.sleep(0.05)
        return tries

    async def _deliver_once(self, update: Mapping[str, Any]) -> int:
        answer = await self._client.post(f"{self.url}/control/deliver", json=update)
        return int(answer.json()["status"])

    def accepted(self) -> list[tuple[int, str]]:
        """(chat, text) of every send that was accepted, in order: the judge's evidence."""
        lines = self._journal.read_text().splitlines()
        return [(sent["chat_id"], sent["text"]) for sent in map(json.loads, lines)]


@asynccontextmanager
async def platform(folder: Path) -> AsyncIterator[Platform]:
    """Start the fake and stop it."""
    journal = folder / "sent.jsonl"
    command = ("-m", "tests.fakes.platform", "--no-rates", "--journal", str(journal))
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert running.stdout is not None
    url = (await running.stdout.readline()).decode().strip()
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            yield Platform(url, journal, client)
    finally:
        running.terminate()
        await running.wait()


class Served:
    """`donghanh serve` that can be killed and started again."""

    def __init__(self, folder: Path, port: int, settings: Mapping[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "serve.log"
        self._settings = {"DONGHANH_HTTP_PORT": str(port), **settings}
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        with self._log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", SERVE, "serve"),
                env={**os.environ, "PYTHONPATH": str(ROOT), **self._settings},
                stdout=log,
                stderr=log,
            )
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self._ready():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"it did not start:\n{self.log()[-3000:]}") from None

    async def _ready(self) -> bool:
        assert self._running is not None
        assert self._running.returncode is None, self.log()[-3000:]
        with suppress(httpx.HTTPError):
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        return False

    async def stop(self, how: signal.Signals) -> int:
        """SIGKILL: as if the power went. SIGTERM: as systemd would. Returns its exit code."""
        assert self._running is not None
        if self._running.returncode is None:
            self._running.send_signal(how)
        return await self._running.wait()

    def log(self) -> str:
        """What it said so far."""
        return self._log.read_text(errors="replace")

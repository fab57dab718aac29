"""Servers a browser can reach: the site with a scripted conversation, and the whole demo."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import uvicorn

from bot.clock import SystemClock
from bot.store import Store
from bot.values.reply import Reply
from tests.web.assembly import Site, site

START_SECONDS = 90


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Scripted:
    """The running site; `place` is in another thread, so only `say` and plain fields are used."""

    url: str
    place: Site
    loop: asyncio.AbstractEventLoop

    def say(
        self, reply: Reply, sender: str = "", *, instead_of: int = 0, slow: bool = False
    ) -> None:
        """Something we say of our own accord, to whoever wrote last."""
        to = sender or self.place.taken[-1].sender
        told = self.place.say(to, reply, instead_of=instead_of, slow=slow)
        asyncio.run_coroutine_threadsafe(told, self.loop).result(10)

    def mark(self, sign: str) -> None:
        """A sign at what was said last; "" takes it away."""
        told = self.place.mark(sign)
        asyncio.run_coroutine_threadsafe(told, self.loop).result(10)


@contextmanager
def scripted(database: str, **options: Any) -> Iterator[Scripted]:
    """The site of tests/web/assembly.py on a port of its own."""
    begun: list[Scripted] = []
    ready, stop = threading.Event(), threading.Event()

    async def run() -> None:
        store = Store(database, SystemClock())
        place = await site(store, **options)
        port = free_port()
        config = uvicorn.Config(place.app, port=port, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        begun.append(Scripted(f"http://127.0.0.1:{port}", place, asyncio.get_running_loop()))
        ready.set()
        await asyncio.to_thread(stop.wait)
        await place.channel.close()
        server.should_exit = True
        await serving
        await store.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(START_SECONDS), "the site did not start"
    try:
        yield begun[0]
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the site did not stop"


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """`donghanh demo` as anybody starts it, in a process and a data folder of its own."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    told = {
        "DONGHANH_DATA_DIR": str(folder),
        "DONGHANH_HTTP_PORT": str(port),
        "DONGHANH_DATABASE_URL": "",
    }
    command = [str(Path(sys.executable).with_name("donghanh")), "demo"]
    with (folder / "demo.log").open("wb") as log:
        running = subprocess.Popen(
            command, env={**os.environ, **told}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(url, running, folder / "demo.log")
            yield url
        finally:
            running.terminate()
            running.wait(20)


def _wait(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the demo did not start:\n{log.read_text(errors='replace')[-4000:]}")

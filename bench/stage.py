"""The processes of a bench: the judging platform, our bot as it is served, a bare bot beside it.

    python -m bench.stage platform <journal> | bot | echo <platform's address>

Each prints a line when it is ready and leaves on SIGTERM. The journal's times are the machine's
monotonic clock, which every process shares.
"""

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.profiling import profiled
from tests.fakes.platform import TOKEN, FakeTelegram

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def as_installed() -> Iterator[None]:
    """Modules are compiled once, wherever this runs from, by the first process that needs them."""
    with TemporaryDirectory(prefix="bench") as compiled:
        os.environ["PYTHONDONTWRITEBYTECODE"] = ""
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        yield


@contextmanager
def process(*role: str, env: Mapping[str, str] | None = None) -> Iterator[tuple[int, str]]:
    """One of the roles in a process of its own: its id and the line it printed when ready."""
    with _started((sys.executable, "-m", "bench.stage", *role), env or {}) as found:
        yield found


@contextmanager
def _started(command: Sequence[str], env: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    started = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    try:
        line = started.stdout.readline().strip()
        if not line:
            raise SystemExit(f"{' '.join(command[2:])} did not start: {started.wait()}")
        yield started.pid, line
    finally:
        started.terminate()
        started.wait(timeout=30)


@contextmanager
def judging_platform(journal: Path, *options: str) -> Iterator[tuple[int, str]]:
    """The strict fake with its limits on, in a process of its own; its times are the clock's."""
    with module("tests.fakes.platform", f"--journal={journal}", *options) as found:
        yield found


@contextmanager
def module(*words: str) -> Iterator[tuple[int, str]]:
    """Some other module of ours in a process of its own."""
    with _started((sys.executable, "-m", *words), {}) as found:
        yield found


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def platform(journal: Path) -> None:
    """The strict fake, counting nobody's speed: pacing is not what is measured here."""
    fake = FakeTelegram(journal=journal, everybody=True, rates=False, clock=time.monotonic)
    async with fake:
        print(fake.url, flush=True)
        await _stopped()


async def bot() -> None:
    """Our bot, exactly as `donghanh serve` runs it; its settings come from the environment."""
    from bot.config import load
    from bot.serving import serve_forever

    await serve_forever(load(), on_ready=lambda url: print(url, flush=True))


def speaker(orders: str, folder: str = "") -> None:
    """Nothing but a sender, as told by tests/crash/nursery.py; with a folder, under a profiler."""
    from tests.crash.nursery import Orders, speak

    given = Orders(**json.loads(orders))
    print("here", flush=True)
    if not folder:
        asyncio.run(speak(given))
        return
    profile = cProfile.Profile(time.thread_time)
    profile.runcall(asyncio.run, speak(given))
    with Path(folder, "speaker.txt").open("w") as out:
        pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(50)
        pstats.Stats(profile, stream=out).sort_stats("cumulative").print_stats(80)


async def echo(api: str) -> None:
    """The smallest bot python-telegram-bot can be, behind its documented custom webhook.

    It keeps nothing, knows nobody and says one sentence: what a framework costs before a bot
    does anything. Default transport (httpx), default pools.
    """
    from telegram import Update
    from telegram.ext import Application, CallbackQueryHandler

    async def answer(update: Update, context: Any) -> None:
        assert update.effective_chat is not None
        assert update.callback_query is not None
        await context.bot.send_message(update.effective_chat.id, f"nghe: {update.update_id}")
        await update.callback_query.answer()

    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot").updater(None)
    application = builder.concurrent_updates(True).build()
    application.add_handler(CallbackQueryHandler(answer))

    async def post(request: Request) -> Response:
        update = Update.de_json(await request.json(), application.bot)
        await application.update_queue.put(update)
        return Response()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> Any:
        async with application:
            await application.start()
            yield
            await application.stop()

    port = free_port()
    app = Starlette(routes=[Route("/telegram", post, methods=["POST"])], lifespan=lifespan)
    config = uvicorn.Config(app, port=port, access_log=False, log_config=None)
    await Telling(config, f"http://127.0.0.1:{port}/telegram").serve()


class Telling(uvicorn.Server):
    """Prints where it listens once it does."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._url, flush=True)


async def _stopped() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    """Play one role."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=("platform", "bot", "echo", "speaker"))
    parser.add_argument("rest", nargs="*")
    given = parser.parse_args()
    match given.role:
        case "platform":
            asyncio.run(platform(Path(given.rest[0])))
        case "bot" if os.environ.get("BENCH_PROFILE"):
            asyncio.run(profiled(Path(os.environ["BENCH_PROFILE"]), bot))
        case "bot":
            asyncio.run(bot())
        case "speaker":
            speaker(*given.rest)
        case "echo":
            asyncio.run(echo(given.rest[0]))


if __name__ == "__main__":
    main()

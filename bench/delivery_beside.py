"""Ours and what one would otherwise take, on the same platform with the same people and faults.

Taps before the kill; one kill -9 in the middle; started again; until nothing more comes.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench import beside, figures
from bench.delivery_broadcast import FAULTS, RATE, TAPS_A_SECOND, database, ready
from bench.stage import free_port, judging_platform, module, process
from bench.turn import PLAIN_TAPS, SETTLE_SECONDS, Load, Target, environment
from bot.channels.telegram import webhook_secret
from bot.config import Settings
from bot.store import Store
from tests.crash.broadcast import FIRST_CHAT, a_letter, gather, owe
from tests.fakes.judge import Owed, Verdict, journal, judge
from tests.fakes.platform import TOKEN

KILLED_AT = 600
QUIET_SECONDS = 8.0
LIMIT_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Rival:
    """One way to send. `start` gives the process and its address; `again`: the operator begins
    the broadcast once more after a crash, because nothing else knows of it."""

    title: str
    start: Callable[[ExitStack], tuple[int, str]]
    begin: Callable[[str], Awaitable[None]]
    webhook: str
    again: bool


async def compare(rival: Rival, api: str, sent: Path) -> None:
    """Run it and print what the journal says."""
    load, replies = Load(sent, api, PLAIN_TAPS, time.time), []
    first, second = ExitStack(), ExitStack()
    try:
        pid, base = rival.start(first)
        target = Target(base + rival.webhook, webhook_secret(TOKEN), pid)
        async with aiohttp.ClientSession() as client:
            await load.post_all(client, target, 5, 20)
            await asyncio.sleep(SETTLE_SECONDS)
            await rival.begin(base)
            while len(_broadcast(sent)) < KILLED_AT:
                replies += await load.post_all(client, target, TAPS_A_SECOND, 3)
        os.kill(pid, signal.SIGKILL)
        first.close()
        _, base = rival.start(second)
        if rival.again:
            await rival.begin(base)
        await _until_quiet(sent)
    finally:
        first.close()
        second.close()
    delays = list(load.delays(replies))
    spread = figures.Spread.of([one for one in delays if one is not None] or [0.0])
    _print(rival.title, _verdict(sent), spread, delays.count(None))


def _broadcast(sent: Path) -> list[float]:
    return [one.at for one in journal(sent) if one.chat >= FIRST_CHAT]


async def _until_quiet(sent: Path) -> None:
    """Nothing came for a while; a dead worker's jobs are taken up after half a minute."""
    begun, seen, since = time.monotonic(), -1, time.monotonic()
    while time.monotonic() - begun < LIMIT_SECONDS:
        await asyncio.sleep(0.5)
        count = len(_broadcast(sent))
        if count != seen:
            seen, since = count, time.monotonic()
        if time.monotonic() - since > QUIET_SECONDS + 37 * (count < beside.PEOPLE):
            return


def _verdict(sent: Path) -> Verdict:
    chats = range(FIRST_CHAT, FIRST_CHAT + beside.PEOPLE)
    rows = [Owed(n, chat, beside.WORDS, 3, 1, "pending", 1, 0, 0.0) for n, chat in enumerate(chats)]
    return judge(rows, journal(sent))


def _print(title: str, found: Verdict, replies: figures.Spread, unanswered: int) -> None:
    print(
        f"{title}\n"
        f"  {found.seconds:.1f} s, most in a second {found.peak}, never came {len(found.lost)}, "
        f"came twice {found.doubles} (one kill -9 after {KILLED_AT})\n"
        f"  tap posted -> answer there  {replies}, {replies.count} taps, {unanswered} unanswered"
    )


def _ours(folder: Path, api: str, url: str, title: str) -> Rival:
    settings = Settings(
        data_dir=folder,
        database_url=url,
        telegram_token=TOKEN,
        telegram_api_url=api,
        telegram_rate=RATE,
        http_port=free_port(),
    )
    path = asyncio.run(ready(settings))
    store = Store(url)

    async def begin(_base: str) -> None:
        crowd = await store.write(lambda work: gather(work, beside.PEOPLE))
        letter = a_letter(beside.WORDS)
        await store.write(lambda work: owe(work, crowd.queue_id, [letter], crowd.people))
        await store.close()

    def start(stack: ExitStack) -> tuple[int, str]:
        return stack.enter_context(process("bot", env=environment(settings, {})))

    return Rival(title, start, begin, path, again=False)


def _other(title: str, *words: str, again: bool) -> Rival:
    async def begin(base: str) -> None:
        async with aiohttp.ClientSession() as client, client.post(f"{base}/begin") as answer:
            assert answer.status == 200

    def start(stack: ExitStack) -> tuple[int, str]:
        return stack.enter_context(module("bench.beside", *words))

    return Rival(title, start, begin, "/telegram", again)


def _loop(_folder: Path, api: str, _url: str) -> Rival:
    return _other("python-telegram-bot, AIORateLimiter, a loop", "loop", api, again=True)


def _jobs(_folder: Path, api: str, url: str) -> Rival:
    title = "procrastinate, a job a message, AIORateLimiter"
    return _other(title, "jobs", api, url, again=False)


def main(kinds: Sequence[str]) -> None:
    """Print all of them, one after another."""
    print(f"# {beside.PEOPLE} recipients, one kill -9, {RATE:g} a second; {figures.machine()}")
    for kind in kinds:
        _on(kind, partial(_ours, title=f"Đồng Hành, {kind}"))
    _on("sqlite", _loop)
    _on("postgresql", _jobs)
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))


def _on(kind: str, rival: Callable[[Path, str, str], Rival]) -> None:
    with TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        chances = [f"--chance={trouble}={chance}" for trouble, chance in FAULTS.items()]
        sent = folder / "sent.jsonl"
        with (
            judging_platform(sent, f"--rate={RATE}", "--seed=3", *chances) as (_, api),
            database(kind, folder) as (_, url),
        ):
            asyncio.run(compare(rival(folder, api, url), api, sent))

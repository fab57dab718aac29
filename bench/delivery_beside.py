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
from bench.delivery_broadcast import RATE, TAPS_A_SECOND, bad_day, database, ready
from bench.stage import module, process
from bench.turn import PLAIN_TAPS, SETTLE_SECONDS, Load, Target, environment, settings_for
from bot.channels.telegram import webhook_secret
from bot.store import Store
from tests.crash.broadcast import FIRST_CHAT, a_letter, gather, owe
from tests.fakes.judge import Owed, Verdict, journal, judge
from tests.fakes.platform import TOKEN

KILLED_AT = 600
LIMIT_SECONDS = 240
# Quiet for so long, nothing more comes. A worker's jobs are taken up half a minute after its death.
QUIET_SECONDS = 8.0
REAPED_SECONDS = 45.0
NAMED = 8


@dataclass(frozen=True, slots=True)
class Rival:
    """One way to send. `start` gives the process and its address; `again`: the operator begins
    the broadcast once more after a crash, because nothing else knows of it. `quiet`: after so many
    seconds without a message nothing more comes."""

    title: str
    start: Callable[[ExitStack], tuple[int, str]]
    begin: Callable[[str], Awaitable[None]]
    webhook: str
    again: bool
    quiet: float = QUIET_SECONDS


@dataclass(frozen=True, slots=True)
class Crash:
    """When it was killed, on the journal's clock, and how long it then took to be ready again."""

    at: float
    ready_after: float

    def silence(self, times: Sequence[float]) -> float:
        """Seconds until the next message of the broadcast."""
        return next((one for one in times if one > self.at), self.at) - self.at


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
        killed = time.time()
        first.close()
        _, base = rival.start(second)
        crash = Crash(killed, time.time() - killed)
        if rival.again:
            await rival.begin(base)
        await _until_quiet(sent, rival.quiet)
    finally:
        first.close()
        second.close()
    delays = list(load.delays(replies))
    spread = figures.Spread.of([one for one in delays if one is not None] or [0.0])
    _print(rival.title, _verdict(sent), spread, delays.count(None))
    print(
        f"  after the kill              ready in {crash.ready_after:.1f} s, next message of the "
        f"broadcast after {crash.silence(_broadcast(sent)):.1f} s"
    )


def _broadcast(sent: Path) -> list[float]:
    return [one.at for one in journal(sent) if one.chat >= FIRST_CHAT]


async def _until_quiet(sent: Path, quiet: float) -> None:
    """Nothing came for a while."""
    begun, seen, since = time.monotonic(), -1, time.monotonic()
    while time.monotonic() - begun < LIMIT_SECONDS:
        await asyncio.sleep(0.5)
        came = _broadcast(sent)
        if len(came) != seen:
            seen, since = len(came), time.monotonic()
        if time.monotonic() - since > quiet:
            return


def _verdict(sent: Path) -> Verdict:
    chats = range(FIRST_CHAT, FIRST_CHAT + beside.PEOPLE)
    rows = [Owed(n, chat, beside.WORDS, 3, 1, "pending", 1, 0, 0.0) for n, chat in enumerate(chats)]
    return judge(rows, journal(sent))


def _print(title: str, found: Verdict, replies: figures.Spread, unanswered: int) -> None:
    never = ", ".join(str(chat) for chat, _ in found.lost[:NAMED]) + " …" * (
        len(found.lost) > NAMED
    )
    print(
        f"{title}\n"
        f"  {found.seconds:.1f} s, most in a second {found.peak}, never came {len(found.lost)}"
        f"{never and f' ({never})'}, came twice {found.doubles} (one kill -9 after {KILLED_AT})\n"
        f"  tap posted -> answer there  {replies}, {replies.count} taps, {unanswered} unanswered"
    )


def _ours(folder: Path, api: str, url: str, title: str) -> Rival:
    settings = settings_for(folder, api, url, RATE)
    path = asyncio.run(ready(settings))
    store = Store(url)

    async def begin(_base: str) -> None:
        crowd = await store.write(lambda work: gather(work, beside.PEOPLE))
        letter = a_letter(beside.WORDS)
        await store.write(lambda work: owe(work, crowd.queue_id, [letter], crowd.people))
        await store.close()

    def start(stack: ExitStack) -> tuple[int, str]:
        return stack.enter_context(process("bot", env=environment(settings, {})))

    # A lease that its dead owner cannot give back runs out after ten seconds.
    return Rival(title, start, begin, path, again=False, quiet=2 * QUIET_SECONDS)


def _other(title: str, *words: str, again: bool, quiet: float = QUIET_SECONDS) -> Rival:
    async def begin(base: str) -> None:
        async with aiohttp.ClientSession() as client, client.post(f"{base}/begin") as answer:
            assert answer.status == 200

    def start(stack: ExitStack) -> tuple[int, str]:
        return stack.enter_context(module("bench.beside", *words))

    return Rival(title, start, begin, "/telegram", again, quiet)


def _loop(_folder: Path, api: str, _url: str) -> Rival:
    return _other("python-telegram-bot, AIORateLimiter, a loop", "loop", api, again=True)


def _jobs(_folder: Path, api: str, url: str) -> Rival:
    title = "procrastinate, a job a message, AIORateLimiter"
    return _other(title, "jobs", api, url, again=False, quiet=REAPED_SECONDS)


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
        with bad_day(folder) as (sent, api), database(kind, folder) as (_, url):
            asyncio.run(compare(rival(folder, api, url), api, sent))

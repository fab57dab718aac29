"""1,600 recipients through the whole bot, with delegates who tap buttons meanwhile."""

import asyncio
import os
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench import figures
from bench.stage import judging_platform
from bench.turn import (
    PLAIN_TAPS,
    SETTLE_SECONDS,
    Load,
    Target,
    our_bot,
    postgresql,
    set_up,
    settings_for,
)
from bot.channels.telegram import webhook_secret
from bot.config import Settings
from bot.sender.pace import ROUTINE_SHARE
from bot.store import Store, Work
from tests.crash.broadcast import FIRST_CHAT, Crowd, a_letter, at_full_speed, gather, owe
from tests.fakes.judge import WAITING, Verdict, journal, judge, owed
from tests.fakes.platform import TOKEN

PEOPLE = 1600
# The account's rate, of which routine lanes may use 85 %: 25.5 a second.
RATE = 30.0
TAPS_A_SECOND = 1.5
# One request in a hundred, of every kind but a 429: those asked for would hide those we cause.
FAULTS = {
    "5xx": 0.002,
    "slow": 0.002,
    "accept-then-reset": 0.002,
    "reset-before-accept": 0.002,
    "blocked": 0.002,
}
GRACE_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Result:
    """One broadcast."""

    verdict: Verdict
    report: Mapping[str, object]
    left: figures.Spread
    replies: figures.Spread
    replies_lost: int
    cpu: figures.Cpu
    database_cpu: figures.Cpu
    peak_of_all: int

    def print(self, title: str) -> None:
        """For a person."""
        found, share = self.verdict, self.verdict.per_second / (RATE * ROUTINE_SHARE)
        per = 1000 / max(1, found.accepted)
        print(
            f"{title}\n"
            f"  {found}\n"
            f"  time                        {found.seconds:.1f} s (goal 70)\n"
            f"  share of the rate           {share:.1%} of {RATE * ROUTINE_SHARE:g}/s (97 %)\n"
            f"  most in a second, all lanes {self.peak_of_all} (goal {RATE + 5:g})\n"
            f"  429s we caused              {self._caused()} (goal 0)\n"
            f"  tap posted -> request left  {self.left} (p95 50, p99 300)\n"
            f"  tap posted -> answer there  {self.replies}, {self.replies.count} taps, "
            f"{self.replies_lost} unanswered (troubles, and trying again, included)\n"
            f"  a reply overtaken           {found.overtaken} times by something routine\n"
            f"  processor per delivery      {self.cpu.whole * per:.2f} ms, database "
            f"{self.database_cpu.whole * per:.2f} (the taps' turns included)\n"
            f"  troubles                    {self.report['faults']}"
        )

    def _caused(self) -> int:
        return int(str(self.report["too_fast_for_all"])) + int(
            str(self.report["too_fast_for_chat"])
        )


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[int, str]]:
    """The server's process (0: none) and the address of a new database."""
    if kind == "sqlite":
        yield 0, f"sqlite:///{folder / 'donghanh.db'}"
    else:
        with postgresql(folder / "postgres") as found:
            yield found


@contextmanager
def bad_day(folder: Path) -> Iterator[tuple[Path, str]]:
    """The strict platform with a few troubles: its journal and its address."""
    sent = folder / "sent.jsonl"
    chances = [f"--chance={trouble}={chance}" for trouble, chance in FAULTS.items()]
    with judging_platform(sent, f"--rate={RATE}", "--seed=3", *chances) as (_, api):
        yield sent, api


def run(kind: str) -> Result:
    """One broadcast on one database."""
    with TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        with (
            bad_day(folder) as (sent, api),
            database(kind, folder) as (database_pid, url),
        ):
            settings = settings_for(folder, api, url, RATE)
            path = asyncio.run(ready(settings))
            with our_bot(settings, {}) as (pid, base):
                target = Target(base + path, webhook_secret(TOKEN), pid, database_pid)
                return asyncio.run(
                    _run(Store(url), Load(sent, api, PLAIN_TAPS, time.time), target, sent)
                )


async def ready(settings: Settings) -> str:
    """The sample congress, and a bot that sent at this rate before. The webhook's path."""
    path = await set_up(settings)
    store = Store(settings.database)

    def known(work: Work) -> None:
        queue = work.queues.ensure(int(path.rpartition("/")[2]))
        at_full_speed(work, queue, settings.telegram_rate)

    await store.write(known)
    await store.close()
    return path


async def _run(store: Store, load: Load, target: Target, sent: Path) -> Result:
    crowd = await store.write(lambda work: gather(work, PEOPLE))
    async with aiohttp.ClientSession() as client:
        await load.post_all(client, target, 10, 60)
        await asyncio.sleep(SETTLE_SECONDS)
        before, base_before = figures.cpu(target.pid), _family(target.database_pid)
        words = a_letter("Xe đưa các đoàn ra ga chuyển sang 15 giờ, tại cổng phía Đông.")
        await store.write(lambda work: owe(work, crowd.queue_id, [words], crowd.people))
        tapping = asyncio.create_task(_tap_until_done(store, crowd, load, client, target))
        posted = await tapping
        used, base_used = figures.cpu(target.pid), _family(target.database_pid)
        async with client.get(f"{load.api}/control/report") as answer:
            report = await answer.json()
    rows = await store.read(lambda work: owed(work, crowd.queue_id))
    await store.close()
    accepted = journal(sent)
    ours = [row for row in rows if row.chat >= FIRST_CHAT]
    delays = list(load.delays(posted))
    left = load.delays(posted, [(at, chat) for at, chat in report["troubled"]])
    return Result(
        verdict=judge(ours, accepted),
        report=report,
        left=figures.Spread.of([one for one in left if one is not None] or [0.0]),
        replies=figures.Spread.of([one for one in delays if one is not None] or [0.0]),
        replies_lost=delays.count(None),
        cpu=used.since(before),
        database_cpu=base_used.since(base_before),
        peak_of_all=_peak([one.at for one in accepted]),
    )


async def _tap_until_done(
    store: Store, crowd: Crowd, load: Load, client: aiohttp.ClientSession, target: Target
) -> list[tuple[float, float, int]]:
    posted: list[tuple[float, float, int]] = []
    limit = time.monotonic() + PEOPLE / (RATE * ROUTINE_SHARE) + GRACE_SECONDS
    while time.monotonic() < limit:
        posted += await load.post_all(client, target, TAPS_A_SECOND, 6)
        states = await store.read(lambda work: work.deliveries.counts(crowd.queue_id))
        if not any(states.get(state) for state in WAITING):
            break
    await asyncio.sleep(SETTLE_SECONDS)
    return posted


def _peak(times: Sequence[float]) -> int:
    return max((bisect_left(times, at + 1) - n for n, at in enumerate(times)), default=0)


def _family(pid: int) -> figures.Cpu:
    return figures.cpu_of_family(pid) if pid else figures.Cpu(0, 0)


def main(kinds: Sequence[str]) -> None:
    """Print it."""
    print(f"# {PEOPLE} recipients at {RATE:g} a second, taps meanwhile; {figures.machine()}")
    for kind in kinds:
        run(kind).print(kind)
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))

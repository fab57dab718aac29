"""How far one sender goes: 1,000 a second asked for, over TLS, each answer 100 ms away."""

import asyncio
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from bench import figures
from bench.delivery_broadcast import database
from bench.stage import judging_platform, process
from bot.store import Store, database_url, schema
from bot.values.letter import Lane
from tests.crash.broadcast import a_letter, at_full_speed, gather, owe
from tests.crash.nursery import Orders
from tests.fakes.judge import WAITING, Owed, Verdict, journal, judge, owed

RATE = 1000.0
PEOPLE = 10_000
DELAY = 0.1
LIMIT_SECONDS = 150


def run(kind: str, *, people: int = PEOPLE, profile: str = "") -> None:
    """One run; the urgent lane, which may use the whole rate."""
    with TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        sent, options = folder / "sent.jsonl", ("--no-rates", f"--delay={DELAY}", f"--tls={folder}")
        with (
            judging_platform(sent, *options) as (platform_pid, api),
            database(kind, folder) as (database_pid, url),
        ):
            with schema.writing(database_url(url)) as conn:
                schema.upgrade(conn)
            queue = asyncio.run(_owe(url, people))
            orders = Orders("fast", url, api, "", RATE, 10.0, 0.0, 12.0)
            words = [json.dumps(asdict(orders)), *([profile] if profile else [])]
            trusting = {"SSL_CERT_FILE": str(folder / "cert.pem")}
            with process("speaker", *words, env=trusting) as (pid, _):
                pids = {"sender": pid, "platform": platform_pid, "database": database_pid}
                before = {name: _used(one) for name, one in pids.items()}
                loop_before = figures.main_thread_cpu(pid)
                asyncio.run(_until_done(url, queue))
                used = {name: _used(one).since(before[name]) for name, one in pids.items()}
                loop = figures.main_thread_cpu(pid).since(loop_before).whole
            rows = asyncio.run(_rows(url, queue))
        _print(kind, judge(rows, journal(sent)), sent, used, loop)


async def _owe(url: str, people: int) -> int:
    store = Store(url)
    try:
        crowd = await store.write(lambda work: gather(work, people))
        letter = a_letter("Mời các đoàn sơ tán theo lối phía Nam.", lane=Lane.URGENT)
        await store.write(lambda work: owe(work, crowd.queue_id, [letter], crowd.people))
        await store.write(lambda work: at_full_speed(work, crowd.queue_id, RATE))
        return crowd.queue_id
    finally:
        await store.close()


async def _until_done(url: str, queue: int) -> None:
    store = Store(url)
    limit = time.monotonic() + LIMIT_SECONDS
    try:
        while time.monotonic() < limit:
            states = await store.read(lambda work: work.deliveries.counts(queue))
            if not any(states.get(state) for state in WAITING):
                return
            await asyncio.sleep(0.5)
    finally:
        await store.close()


async def _rows(url: str, queue: int) -> list[Owed]:
    store = Store(url)
    try:
        return await store.read(lambda work: owed(work, queue))
    finally:
        await store.close()


def _used(pid: int) -> figures.Cpu:
    return figures.cpu_of_family(pid) if pid else figures.Cpu(0, 0)


def _print(
    kind: str, found: Verdict, sent: Path, used: Mapping[str, figures.Cpu], loop: float
) -> None:
    at = [one.at for one in journal(sent)]
    first, last = at[len(at) // 10], at[len(at) * 9 // 10]
    steady = len(at) * 0.8 / (last - first)
    per = 1000 / max(1, found.accepted)
    parts = ", ".join(f"{name} {one.whole * per:.2f}" for name, one in used.items())
    busy = used["sender"].whole / found.seconds
    print(
        f"{kind}: {steady:,.0f} a second (wanted 950), at most {found.peak:,}; {found}\n"
        f"  processor per delivery, ms  {parts} (sender's loop {loop * per:.2f})\n"
        f"  cores in use                sender {busy:.2f}, platform "
        f"{used['platform'].whole / found.seconds:.2f}, database "
        f"{used['database'].whole / found.seconds:.2f} of {os.cpu_count()}"
    )


def main(kinds: Sequence[str]) -> None:
    """Print it, then where the time goes."""
    print(f"# {RATE:g} a second asked for, TLS, answers after {DELAY:g} s; {figures.machine()}")
    for kind in kinds:
        run(kind)
    folder = mkdtemp(prefix="profile")
    run(kinds[-1], people=PEOPLE // 4, profile=folder)
    print(f"that was under a profiler, which slows it down: read {folder}/speaker.txt")
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))

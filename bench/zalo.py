"""Processor time of a message to Zalo: our client and plain httpx, the same calls side by side.

    python -m bench.zalo [--messages 600] [--rounds 5]

The strict fake answers from a process of its own; only ours is measured. The two take turns, so
that a neighbour on the machine slows both; of the rounds the middle one is told.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.zalo import ZaloMessageBody, ZaloRecipient, oa
from bot.zalo.fake import APP_ID, APP_SECRET

ROOT = Path(__file__).resolve().parents[1]
IN_FLIGHT = 4
AIM_MS = 1.6
AIM_RATIO = 1.25
WORDS = "Xin chào đại biểu, mã phòng của bạn là A-0512. Xe số 3 đón lúc 07:15 ở cổng chính."
HEADERS = {"Content-Type": "application/json"}

Say = Callable[[str], Awaitable[str]]


@contextmanager
def fake() -> Iterator[tuple[str, str]]:
    """The service in another process: its address and an access token."""
    started = subprocess.Popen(
        [sys.executable, "-m", "bot.zalo.fake", "--everybody", "--no-rates"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    try:
        told = json.loads(started.stdout.readline())
        yield told["url"], told["pair"][0]
    finally:
        started.terminate()
        started.wait(timeout=30)


def by_ours(client: oa.Client) -> Say:
    """As the product says it."""

    async def say(user_id: str) -> str:
        answer = await client.send_message(ZaloRecipient(user_id=user_id), ZaloMessageBody(WORDS))
        return str(answer["data"]["message_id"])

    return say


def by_httpx(client: httpx.AsyncClient, url: str, token: str) -> Say:
    """As anybody writes it in four lines."""
    headers = {"access_token": token, **HEADERS}

    async def say(user_id: str) -> str:
        body = {"recipient": {"user_id": user_id}, "message": {"text": WORDS}}
        answer = await client.post(f"{url}/v3.0/oa/message/cs", json=body, headers=headers)
        told = answer.json()
        assert (answer.status_code, told["error"]) == (200, 0)
        return str(told["data"]["message_id"])

    return say


async def round_of(say: Say, messages: int) -> tuple[float, float]:
    """Milliseconds of processor and of wall for one message, four in flight."""
    waiting = iter(range(messages))

    async def work() -> None:
        for number in waiting:
            assert await say(str(4_000_000_000 + number))

    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return spent[0] * 1000 / messages, spent[1] * 1000 / messages


async def measure(messages: int, rounds: int) -> None:
    """Prints one line a way of saying it, and whether the aims are met."""
    with fake() as (url, token):
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=8)
        ours = oa.Client(APP_ID, APP_SECRET, token, endpoint_prefix=url)
        async with ours, httpx.AsyncClient(limits=limits, trust_env=False) as theirs:
            ways = {"bot.zalo": by_ours(ours), "plain httpx": by_httpx(theirs, url, token)}
            for say in ways.values():
                await round_of(say, 50)  # not counted: imports, connections, caches
            took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
            for _ in range(rounds):
                for name, say in ways.items():
                    took[name].append(await round_of(say, messages))
    cpu = {name: statistics.median(one[0] for one in all_) for name, all_ in took.items()}
    wall = {name: statistics.median(one[1] for one in all_) for name, all_ in took.items()}
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {rounds} × {messages} messages"
    )
    for name in ways:
        print(f"{name:12} {cpu[name]:5.2f} ms of processor a message, {wall[name]:5.2f} ms of wall")
    ratio = cpu["bot.zalo"] / cpu["plain httpx"]
    met = cpu["bot.zalo"] <= AIM_MS and ratio <= AIM_RATIO
    print(f"ratio {ratio:.2f} (aim {AIM_RATIO}); aim {AIM_MS} ms: {'met' if met else 'MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    asyncio.run(measure(given.messages, given.rounds))


if __name__ == "__main__":
    main()

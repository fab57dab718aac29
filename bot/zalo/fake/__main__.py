"""`python -m bot.zalo.fake`: the fake in a process of its own; prints its address and its pair."""

import argparse
import asyncio
import json
import signal
from pathlib import Path

from bot.zalo.fake.server import FakeZalo
from bot.zalo.oauth import DEFAULT_LIFE


async def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(prog="bot.zalo.fake")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path, help="Every accepted message, a line of JSON each.")
    parser.add_argument("--token-life", type=float, default=DEFAULT_LIFE, metavar="SECONDS")
    parser.add_argument("--everybody", action="store_true", help="Whoever is written to exists.")
    parser.add_argument("--no-rates", action="store_true", help="Count nobody's calls.")
    given = parser.parse_args()
    fake = FakeZalo(port=given.port, journal=given.journal, token_life=given.token_life)
    fake.world.everybody = given.everybody
    fake.world.rates = not given.no_rates
    stopped = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    async with fake:
        print(json.dumps({"url": fake.url, "pair": fake.pair()}), flush=True)  # noqa: T201
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(main())

"""How long a start takes, how much memory it holds, how soon the command line answers.

    python -m bench.start [--turns 500]

From the process's start to the first 200 of /readyz, with Telegram (against the strict fake) and
1,600 people on SQLite; resident memory then and after some turns; `donghanh --help`.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import figures
from bench.stage import as_installed, process
from bench.turn import PLAIN_TAPS, Load, Target, our_bot, set_up, settings_for
from bot.channels.telegram import webhook_secret

STARTS = 3
HELPS = 7
RATE = 25


def seconds_to_ready(folder: Path, turns: int) -> tuple[float, float, float, float]:
    """One start: seconds to /readyz, megabytes then, after the turns, and at most."""
    journal = folder / "sent.jsonl"
    with process("platform", str(journal)) as (_, api):
        settings = settings_for(folder, api)
        path = asyncio.run(set_up(settings))
        begun = time.monotonic()
        with our_bot(settings, {}) as (pid, url):
            while not _is_ready(url):
                time.sleep(0.01)
            took, first = time.monotonic() - begun, figures.resident_mb(pid)
            if turns:
                load = Load(journal, api, PLAIN_TAPS)
                target = Target(url + path, webhook_secret(settings.telegram_token), pid)
                asyncio.run(load.run(target, RATE, turns / RATE))
            return took, first, figures.resident_mb(pid), figures.peak_mb(pid)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


def help_seconds() -> float:
    """`donghanh --help`, as a person waits for it."""
    begun = time.monotonic()
    command = Path(sys.executable).parent / "donghanh"
    subprocess.run([command, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=500)
    given = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {figures.machine()}\n")
    with as_installed():
        _measure(given.turns)
    print("load at the end", *(f"{one:.2f}" for one in os.getloadavg()))


def _measure(turns: int) -> None:
    starts = []
    for number in range(STARTS + 1):
        with TemporaryDirectory(prefix="bench") as name:
            last = number == STARTS
            starts.append(seconds_to_ready(Path(name), turns if last else 0))
    del starts[0]
    ready = statistics.median(one[0] for one in starts)
    print(f"process start -> /readyz 200   {ready:.2f} s (median of {STARTS})")
    print(f"resident then                  {statistics.median(one[1] for one in starts):.0f} MB")
    print(f"after {turns} more turns           {starts[-1][2]:.0f} MB", end=", ")
    print(f"at most {starts[-1][3]:.0f} MB")
    helps = [help_seconds() for _ in range(HELPS + 1)][1:]
    print(f"donghanh --help                {statistics.median(helps):.2f} s (median of {HELPS})")


if __name__ == "__main__":
    main()

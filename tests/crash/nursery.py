"""A process that has read all our code and forks speakers from itself, because a fresh start takes
two seconds and the experiments kill many.

`python -m tests.crash.nursery`: a line of JSON in (see Orders), the speaker's process id out. They
die with it.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import logs
from bot.channels.telegram import TelegramChannel, account_name, webhook_secret
from bot.media import MediaShelf
from bot.sender import Sender
from bot.store import Store
from bot.values.incoming import Incoming
from tests.fakes.platform import TOKEN

RATE = 200.0  # a second, unless told otherwise
_DIE_WITH_PARENT = 1  # prctl(2): PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Orders:
    """What one speaker is told. `ahead`: how many seconds its clock is wrong."""

    name: str
    database: str
    api: str
    log: str
    rate: float = RATE
    lease: float = 2.0
    ahead: float = 0.0
    answer_seconds: float = 3.0


class WrongClock:
    """The machine's clock, so many seconds ahead."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


async def _accept(_incoming: Incoming) -> bool:
    """Nobody writes to a speaker."""
    return False


async def speak(orders: Orders) -> None:
    """Send what is owed through Telegram's queue until told to stop, as the whole bot would."""
    clock = WrongClock(orders.ahead)
    store = Store(orders.database, clock)
    account = await store.read(lambda work: work.accounts.find("telegram", account_name(TOKEN)))
    assert account is not None
    channel = TelegramChannel(
        account.id,
        TOKEN,
        secret=webhook_secret(TOKEN),
        api_url=orders.api,
        rate=orders.rate,
        media=MediaShelf(store),
        clock=clock,
        answer_seconds=orders.answer_seconds,
    )
    queue = await store.write(lambda work: work.queues.ensure(account.id))
    sender = Sender(channel, store, queue, orders.name, lease_seconds=orders.lease)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await channel.open(_accept)
    await sender.open()
    await stop.wait()
    await sender.close()
    await channel.close()
    await store.close()


def _play(orders: Orders) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    with open(orders.log, "ab") as log, open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    logs.set_up(json=True, level="info")
    asyncio.run(speak(orders))


def main() -> None:
    """Fork for every line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _play(Orders(**json.loads(line)))
            finally:
                os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

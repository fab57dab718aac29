"""What we know of one account just now: its pace, how fast it lets us go, whether it is there."""

import asyncio

import structlog

from bot import metrics
from bot.channels.base import Channel
from bot.errors import SendError, Throttled
from bot.sender.circuit import Circuit, is_down
from bot.sender.pace import Pace
from bot.sender.tempo import Tempo

log = structlog.get_logger()


class AccountState:
    """Pace, tempo and circuit of one channel account, on the loop's monotonic clock."""

    def __init__(self, channel: Channel) -> None:
        self.tempo = Tempo(channel.first_rate, channel.rate)
        self.pace = Pace(self.tempo.rate, channel.per_chat_rate)
        self.circuit = Circuit()
        self._kind = channel.kind
        self._open = metrics.CIRCUIT_OPEN.labels(channel.kind)

    def begin(self, good_rate: float | None, pause: float) -> None:
        """Own the queue: go on where its last owner was, after `pause` seconds."""
        self.tempo.begin(good_rate, now())
        self.pace.change(self.tempo.rate)
        if pause > 0:
            self.pace.pause(now() + pause)

    def look(self) -> None:
        """Faster after each clean minute. A tick's work."""
        if self.tempo.look(now()):
            self.pace.change(self.tempo.rate)
            log.info("faster", channel=self._kind, rate=self.tempo.rate)

    def wait(self, sending: int) -> float:
        """Seconds the circuit asks for, with so many requests on the wire."""
        return self.circuit.wait(now(), sending)

    def took(self) -> None:
        """The platform accepted something."""
        if self.circuit.answered():
            self._open.set(0)
            log.warning("circuit closed", channel=self._kind)

    def refused(self, error: SendError) -> None:
        """What an error says about the account, beyond its own delivery."""
        if not is_down(error):
            self.took()
        elif self.circuit.failed(now()):
            self._open.set(1)
            log.error("circuit opened", channel=self._kind, fault=error.code)
        if isinstance(error, Throttled):
            self.tempo.throttled(now(), error.wait_seconds)
            self.pace.change(self.tempo.rate)  # first: a pause is reckoned by the rate
            self.pace.pause(now() + max(0.0, error.wait_seconds))


def now() -> float:
    """Seconds of the loop's clock, which nobody sets."""
    return asyncio.get_running_loop().time()

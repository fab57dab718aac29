"""How fast: token buckets for accounts and chats, growing pauses, a guard against floods."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key")

# An account's own burst: this many, or what a fast account sends while our loop is busy elsewhere.
ACCOUNT_BURST = 5
BUSY_SECONDS = 0.05
# Requests on the wire at once: enough for answers that take this long, and never more than this.
SLOW_ANSWER_SECONDS = 0.4
LEAST_ON_WIRE, MOST_ON_WIRE = 16, 256
# Rows in memory: those of the next moment. When we are killed nobody knows which of them left, so
# each row here may be one that waits for a person although it was never sent.
BUFFER_SECONDS = 0.25
LEAST_BUFFER, MOST_BUFFER = 8, 500
# A chat may get this many in a row before its own rate holds (facts of Telegram: bursts pass).
CHAT_BURST = 3
# Telegram's FAQ: 20 messages a minute into one group.
GROUP_RATE = 20 / 60
# Less than this is what adding up fractions leaves over, and too short to add to a clock.
NO_TIME = 1e-7
# A person's own messages: so many at once, then so many a second; more is dropped quietly.
FLOOD_BURST = 8
FLOOD_RATE = 2.0
# Who asked for it is told one thing at a time, at least so many seconds apart (UX rule 19).
SLOW_SECONDS = 2.0


@dataclass(slots=True)
class Bucket:
    """A leaky bucket by its theoretical arrival time (GCRA), on a monotonic clock in seconds."""

    rate: float
    burst: float = 1.0
    _free_at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more may pass; 0 when it may pass now."""
        wait = self._free_at - now - (self.burst - 1) / self.rate
        return wait if wait > NO_TIME else 0.0

    def take(self, now: float) -> None:
        """One passes."""
        self._free_at = max(self._free_at, now) + 1 / self.rate

    def pause(self, until: float) -> None:
        """Nothing passes before `until`, and then not a burst of what had gathered."""
        self._free_at = max(self._free_at, until + (self.burst - 1) / self.rate)

    def change(self, rate: float, burst: float) -> None:
        """Another rate from now on; what has passed already counts as before."""
        self.rate, self.burst = rate, burst


@dataclass(slots=True)
class Buckets(Generic[Key]):
    """One bucket for each chat or sender; those that are idle are forgotten."""

    rate: float
    burst: float
    _of: dict[Key, Bucket] = field(default_factory=dict)

    def of(self, key: Key, now: float) -> Bucket:
        """The bucket of a key."""
        found = self._of.get(key)
        if found is None:
            if len(self._of) > 10_000:
                self._of = {k: b for k, b in self._of.items() if b.wait(now) > 0}
            found = self._of[key] = Bucket(self.rate, self.burst)
        return found


def account_burst(rate: float) -> float:
    """How many an account may send at one moment."""
    return max(ACCOUNT_BURST, rate * BUSY_SECONDS)


def on_wire(rate: float) -> int:
    """Requests at once that hold this rate a second even while the platform is slow to answer."""
    return int(min(MOST_ON_WIRE, max(LEAST_ON_WIRE, rate * SLOW_ANSWER_SECONDS)))


def buffered(rate: float) -> int:
    """Rows to have in memory: few, so that nothing urgent is behind many and a crash leaves few."""
    return int(min(MOST_BUFFER, max(LEAST_BUFFER, rate * BUFFER_SECONDS)))


def backoff(attempt: int, jitter: float, *, first: float = 1.0, most: float = 60.0) -> float:
    """Seconds to wait after `attempt` tries: doubling; `jitter` in 0..1 spreads a crowd."""
    return float(min(most, first * 2 ** min(attempt, 16)) * (0.5 + jitter / 2))

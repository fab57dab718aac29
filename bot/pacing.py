"""How fast: token buckets for accounts and chats, growing pauses, a guard against floods."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key")

# A chat may get this many in a row before its own rate holds (facts of Telegram: bursts pass).
CHAT_BURST = 3
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
        return max(0.0, self._free_at - now - (self.burst - 1) / self.rate)

    def take(self, now: float) -> None:
        """One passes."""
        self._free_at = max(self._free_at, now) + 1 / self.rate

    def pause(self, until: float) -> None:
        """Nothing passes before `until`, and then not a burst of what had gathered."""
        self._free_at = max(self._free_at, until + (self.burst - 1) / self.rate)


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


def backoff(attempt: int, jitter: float, *, first: float = 1.0, most: float = 60.0) -> float:
    """Seconds to wait after `attempt` tries: doubling; `jitter` in 0..1 spreads a crowd."""
    return float(min(most, first * 2 ** min(attempt, 16)) * (0.5 + jitter / 2))

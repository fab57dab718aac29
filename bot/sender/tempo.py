"""How fast an account may go is found out, not known: faster while all is well, half after a 429.

Pure: the time is given, in seconds of a monotonic clock, so a test needs no waiting.
"""

CLEAN_SECONDS = 60.0
SLOWEST = 1.0
# Until the first 429 each clean minute doubles the rate; after it one adds this part of the whole.
STEP = 0.1
# Requests that were on the wire together are refused together: that is one refusal.
TOGETHER_SECONDS = 1.0


class Tempo:
    """The rate to send at just now: from `start` or the last good one, up to `most`."""

    def __init__(self, start: float, most: float) -> None:
        self.rate = min(start, most)
        self._most = most
        self._clean_since = 0.0
        self._refused = False
        self._deaf_until = 0.0

    def begin(self, good: float | None, now: float) -> None:
        """Own the queue: go on where its last owner was."""
        if good is not None:
            self.rate = max(SLOWEST, min(good, self._most))
        self._clean_since = now

    def throttled(self, now: float, seconds: float) -> None:
        """A 429 that asks for a pause of so many seconds."""
        if now >= self._deaf_until:
            self.rate = max(SLOWEST, self.rate / 2)
            self._refused = True
        self._deaf_until = now + max(TOGETHER_SECONDS, seconds)
        self._clean_since = self._deaf_until

    def look(self, now: float) -> bool:
        """Faster after each clean minute. True when the rate changed."""
        if now - self._clean_since < CLEAN_SECONDS:
            return False
        self._clean_since = now
        faster = self.rate + self._most * STEP if self._refused else self.rate * 2
        before, self.rate = self.rate, min(self._most, faster)
        return self.rate != before

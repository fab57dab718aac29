"""A platform that is down: after ten failures in a row one row tries it now and then, not all.

Pure: the time is given, in seconds of a monotonic clock, so a test needs no waiting.
"""

from bot.errors import SendError, Unavailable, Uncertain

FAILURES = 10
FIRST_PROBE_SECONDS = 1.0
LAST_PROBE_SECONDS = 15.0


class Circuit:
    """Counts failures of the platform itself; any answer of its own says that it is there."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = FIRST_PROBE_SECONDS
        self._probe_at = 0.0

    @property
    def is_open(self) -> bool:
        """May only a probe leave?"""
        return self._failures >= FAILURES

    def wait(self, now: float, sending: int) -> float:
        """Seconds until something may leave, with so many requests on the wire."""
        if not self.is_open:
            return 0.0
        return max(0.0, self._probe_at - now) if not sending else self._pause

    def answered(self) -> bool:
        """The platform took it, or said why not. True when this closed the circuit."""
        was_open = self.is_open
        self._failures, self._pause = 0, FIRST_PROBE_SECONDS
        return was_open

    def failed(self, now: float) -> bool:
        """No connection, a 5xx or no answer at all. True when this opened the circuit."""
        self._failures += 1
        if self._failures > FAILURES:
            # Those that were on the wire when it opened do not count as probes.
            if now >= self._probe_at:
                self._pause = min(LAST_PROBE_SECONDS, self._pause * 2)
                self._probe_at = now + self._pause
            return False
        if self.is_open:
            self._probe_at = now + self._pause
        return self.is_open


def is_down(error: SendError) -> bool:
    """Is this a failure of the platform itself, rather than its answer?"""
    return isinstance(error, Unavailable | Uncertain)

"""What goes wrong on the way to a platform, on demand or by a seeded plan, so that a bad day can be
lived through again."""

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What may happen to one request."""

    TOO_MANY = "429"  # this request alone
    TOO_MANY_CHAT = "429-chat"  # this chat is closed until then
    TOO_MANY_ALL = "429-all"  # everybody has to wait
    SERVER_ERROR = "5xx"
    SLOW = "slow"
    ACCEPT_THEN_RESET = "accept-then-reset"
    ACCEPT_THEN_TIMEOUT = "accept-then-timeout"
    ACCEPT_THEN_GARBAGE = "accept-then-garbage"
    RESET_BEFORE_ACCEPT = "reset-before-accept"
    BLOCKED = "blocked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """One trouble. `seconds`: how long slow is, or what a 429 asks for. `status` and `said`: a
    refusal word for word."""

    trouble: Trouble
    seconds: float = 1.0
    status: int = 400
    said: str = ""


class FaultPlan:
    """First what was asked for by hand, then chance: trouble -> probability, from one seed."""

    def __init__(self, chances: Mapping[Trouble, float] | None = None, seed: int = 0) -> None:
        self._chances = dict(chances or {})
        self._random = random.Random(seed)
        self._next: deque[tuple[str, Fault]] = deque()
        self.happened: list[tuple[str, Trouble]] = []

    def chances(self, chances: Mapping[str, float]) -> None:
        """From now on by these chances."""
        self._chances = {Trouble(name): chance for name, chance in chances.items()}

    def then(self, trouble: Trouble, *, method: str = "", seconds: float = 1.0) -> None:
        """The next request (of this method) meets this."""
        self._next.append((method.lower(), Fault(trouble, seconds)))

    def refuse(self, status: int, said: str, *, method: str = "", seconds: float = 1.0) -> None:
        """The next request (of this method) is refused in these words."""
        self._next.append((method.lower(), Fault(Trouble.REFUSED, seconds, status, said)))

    def take(self, method: str) -> Fault | None:
        """What happens to this request, if anything."""
        fault = self._planned(method) or self._by_chance(method)
        if fault is not None:
            self.happened.append((method, fault.trouble))
        return fault

    def _planned(self, method: str) -> Fault | None:
        for waiting in self._next:
            if waiting[0] in ("", method):
                self._next.remove(waiting)
                return waiting[1]
        return None

    def _by_chance(self, method: str) -> Fault | None:
        if not self._chances or not method.startswith(("send", "edit")):
            return None
        drawn = self._random.random()
        for trouble, chance in self._chances.items():
            if drawn < chance:
                return Fault(trouble)
            drawn -= chance
        return None


class Bucket:
    """Tokens that come back at a rate, at most `burst` of them: how the platform counts us."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = float("-inf")

    def take(self, now: float) -> float:
        """0 when one more may pass, else the seconds until it may."""
        if self._at > float("-inf"):
            self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left >= 1 - 1e-9:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._rate

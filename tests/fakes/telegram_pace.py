"""How fast the platform lets a bot send, and a note of every time it was too fast.

Telegram's FAQ: about 30 messages a second in all, one a second in one chat, short bursts pass; a
429 says for how many seconds to be still, and who is not is noted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.telegram_faults import Bucket
from tests.fakes.telegram_http import too_many

# What was on the wire when the 429 went out could not know of it.
ON_THE_WIRE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second and how many may come at once: for the bot, and for each chat."""

    rate: float = 30.0
    burst: float = 30.0
    chat_rate: float = 1.0
    chat_burst: float = 3.0


@dataclass(frozen=True, slots=True)
class TooFast:
    """One 429: too fast for the chat or for the bot; `early` when told to wait and did not.

    `since`: how many seconds ago it was told.
    """

    at: float
    chat_id: int
    which: str
    early: bool
    since: float = 0.0

    @property
    def kept_on(self) -> bool:
        """It must have read the 429 and went on sending."""
        return self.early and self.since > ON_THE_WIRE_SECONDS


class Speed:
    """The platform's own count. Without limits nobody's speed is counted; waits it was told to
    ask for are asked for all the same."""

    def __init__(self, limits: Limits | None, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._whole = Bucket(limits.rate, limits.burst) if limits else None
        self._chats: dict[int, Bucket] = {}
        self._asked_until = 0.0
        self._asked_at = 0.0
        self._closed: dict[int, tuple[float, float]] = {}  # chat or 0: (since, until)
        self.too_fast: list[TooFast] = []

    def close(self, seconds: float, chat: int = 0) -> None:
        """Everybody, or one chat, is to be left alone for so long."""
        now = self._clock()
        self._closed[chat] = now, now + seconds

    def check(self, method: str, chat: int) -> None:
        """Count one request; raises the 429 when it came too soon."""
        now = self._clock()
        for whom in (0, chat):
            since, until = self._closed.get(whom, (0.0, 0.0))
            if now < until:
                which = "chat" if whom else "all"
                self.too_fast.append(TooFast(now, chat, which, True, now - since))
                raise too_many(until - now)
        waits = self._waits(method, chat, now)
        which = max(waits, key=lambda name: waits[name])
        if waits[which] > 0:
            early = now < self._asked_until
            self.too_fast.append(TooFast(now, chat, which, early, now - self._asked_at))
            if which == "all":
                self._asked_at, self._asked_until = now, now + waits[which]
            raise too_many(waits[which])

    def _waits(self, method: str, chat: int, now: float) -> dict[str, float]:
        if self._limits is None or self._whole is None:
            return {"all": 0.0}
        waits = {"all": self._whole.take(now)}
        if method.startswith("send"):
            fresh = Bucket(self._limits.chat_rate, self._limits.chat_burst)
            waits["chat"] = self._chats.setdefault(chat, fresh).take(now)
        return waits

"""How fast one account may send: its own rate, each chat's, and the gap that slow readers need.

Pure: the time is given, in seconds of a monotonic clock, so a test needs no waiting.
"""

from bot.pacing import CHAT_BURST, GROUP_RATE, SLOW_SECONDS, Bucket, Buckets, account_burst
from bot.values.delivery import Act, Delivery
from bot.values.letter import Lane

# Routine sends leave this much of the rate to replies: a 429 would stop those too.
ROUTINE_SHARE = 0.85


class Pace:
    """The buckets of one account. `gap`: seconds between two messages to one in slow mode."""

    def __init__(self, rate: float, per_chat_rate: float, *, gap: float = SLOW_SECONDS) -> None:
        self.gap = gap
        self._account = Bucket(rate, account_burst(rate))
        self._routine = Bucket(rate * ROUTINE_SHARE, account_burst(rate))
        self._chats: Buckets[int] = Buckets(per_chat_rate, CHAT_BURST)
        self._groups: Buckets[int] = Buckets(min(per_chat_rate, GROUP_RATE), CHAT_BURST)
        self._slow: Buckets[int] | None = Buckets(1 / gap, 1) if gap else None

    def change(self, rate: float) -> None:
        """Another rate for the account, from now on."""
        self._account.change(rate, account_burst(rate))
        self._routine.change(rate * ROUTINE_SHARE, account_burst(rate))

    def whole(self, now: float) -> float:
        """Seconds until anything at all may pass."""
        return self._account.wait(now)

    def routine(self, now: float) -> float:
        """Seconds until something of lanes 2 and 3 may pass, for all that these know."""
        return self._routine.wait(now)

    def alone(self, delivery: Delivery, now: float) -> float:
        """Seconds until her own chat lets this delivery pass."""
        if delivery.act is Act.ANSWER_TAP:
            return 0.0  # answering a tap puts nothing into the chat
        return max(self._chat(delivery, now).wait(now), self._rest(delivery, now))

    def _rest(self, delivery: Delivery, now: float) -> float:
        if self._slow is None or not self.is_slow(delivery):
            return 0.0
        return self._slow.of(delivery.address_id, now).wait(now)

    def take(self, delivery: Delivery, now: float) -> None:
        """One message of this delivery leaves."""
        self._account.take(now)
        if delivery.lane >= Lane.SCHEDULED:
            self._routine.take(now)
        if delivery.act is Act.ANSWER_TAP:
            return
        self._chat(delivery, now).take(now)
        if self._slow is not None and delivery.slow and delivery.act is Act.SAY:
            self._slow.of(delivery.address_id, now).take(now)

    def pause(self, until: float) -> None:
        """Nothing leaves before then."""
        self._account.pause(until)

    def is_slow(self, delivery: Delivery) -> bool:
        """Must it keep its distance from the one before? What is urgent never does."""
        if delivery.act is not Act.SAY or delivery.lane is Lane.URGENT:
            return False
        return bool(self.gap) and delivery.slow and not delivery.reply.about_safety

    def _chat(self, delivery: Delivery, now: float) -> Bucket:
        # Telegram, the one platform where we could be in a group: its number is negative.
        of = self._groups if delivery.sender.startswith("-") else self._chats
        return of.of(delivery.address_id, now)

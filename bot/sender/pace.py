"""How fast one account may send: its own rate, each chat's, and the gap that slow readers need.

Pure: the time is given, in seconds of a monotonic clock, so a test needs no waiting.
"""

from bot.pacing import CHAT_BURST, SLOW_SECONDS, Bucket, Buckets
from bot.values.delivery import Act, Delivery
from bot.values.letter import Lane

ACCOUNT_BURST = 5
# Routine sends leave this much of the rate to replies: a 429 would stop those too.
ROUTINE_SHARE = 0.85


class Pace:
    """The buckets of one account. `gap`: seconds between two messages to one in slow mode."""

    def __init__(self, rate: float, per_chat_rate: float, *, gap: float = SLOW_SECONDS) -> None:
        self.gap = gap
        self._account = Bucket(rate, ACCOUNT_BURST)
        self._routine = Bucket(rate * ROUTINE_SHARE, ACCOUNT_BURST)
        self._chats: Buckets[int] = Buckets(per_chat_rate, CHAT_BURST)
        self._slow: Buckets[int] | None = Buckets(1 / gap, 1) if gap else None

    def wait(self, delivery: Delivery, now: float) -> float:
        """Seconds until this delivery's buckets let it pass."""
        waits = [self._account.wait(now)]
        if delivery.act is Act.ANSWER_TAP:
            return waits[0]  # answering a tap puts nothing into the chat
        waits.append(self._chats.of(delivery.address_id, now).wait(now))
        if delivery.lane >= Lane.SCHEDULED:
            waits.append(self._routine.wait(now))
        waits.append(self._rest(delivery, now))
        return max(waits)

    def rests(self, delivery: Delivery, now: float) -> bool:
        """Does it wait only because she has just been told something?"""
        return self._rest(delivery, now) > 0

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
        self._chats.of(delivery.address_id, now).take(now)
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

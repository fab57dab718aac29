"""Slows down who floods us and never shuts out a hall full of people behind one router."""

import ipaddress

from bot.clock import Clock
from bot.pacing import Buckets

# New conversations from one network address: a whole hotel may share one, so many at once pass, and
# a page that must wait tries again by itself.
ENTER_BURST = 120.0
# What one page says: faster than anybody types or taps.
SAY_BURST = 20.0
SAY_PER_SECOND = 2.0
# Voices and pictures: a few at once, then one in twenty seconds; of one network address many.
HAND_BURST = 6.0
HAND_PER_SECOND = 0.05
HOUSE_HAND_BURST = 120.0
HOUSE_HAND_PER_SECOND = 2.0


class Gate:
    """Says how many seconds somebody has to wait; 0 lets through."""

    def __init__(self, clock: Clock, enter_per_minute: float) -> None:
        self._clock = clock
        self._enter = Buckets[str](enter_per_minute / 60, ENTER_BURST)
        self._say = Buckets[str](SAY_PER_SECOND, SAY_BURST)
        self._hand = Buckets[str](HAND_PER_SECOND, HAND_BURST)
        self._hand_house = Buckets[str](HOUSE_HAND_PER_SECOND, HOUSE_HAND_BURST)

    def say(self, sender: str) -> float:
        """One more thing from this sender."""
        return self._pass(self._say, sender)

    def hand(self, sender: str, host: str) -> float:
        """One more voice or picture from this sender, at this network address."""
        now = self._now()
        house = self._hand_house.of(network(host), now)
        wait = house.wait(now) or self._pass(self._hand, sender)
        if not wait:
            house.take(now)
        return wait

    def enter_wait(self, host: str) -> float:
        """Would one more new conversation from this network address have to wait?"""
        now = self._now()
        return self._enter.of(network(host), now).wait(now)

    def entered(self, host: str) -> None:
        """One new conversation began there."""
        now = self._now()
        self._enter.of(network(host), now).take(now)

    def _pass(self, buckets: Buckets[str], key: str) -> float:
        now = self._now()
        bucket = buckets.of(key, now)
        wait = bucket.wait(now)
        if not wait:
            bucket.take(now)
        return wait

    def _now(self) -> float:
        return self._clock.now().timestamp()


def network(host: str) -> str:
    """Who counts as one: an IPv4 address, or the 64 bits of IPv6 that one household gets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False))

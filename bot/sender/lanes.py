"""Claimed deliveries waiting for their turn on the wire: lowest lane first, one per person."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from bot.values.delivery import Act, Delivery
from bot.values.letter import Lane


class Lanes:
    """Small buffers, one a lane. At most one delivery per address is on the wire (invariant I7)."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[Delivery]] = {lane: deque() for lane in Lane}
        self.on_wire: set[int] = set()

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """More claimed rows, in the order they should leave."""
        for delivery in deliveries:
            self._lanes[delivery.lane].append(delivery)

    def busy(self) -> set[int]:
        """Addresses with something here or on the wire; what is claimed next is for others."""
        return self.on_wire | {one.address_id for one in self._waiting()}

    def count(self, of: Callable[[Delivery], bool]) -> int:
        """How many of what waits here are such."""
        return sum(of(one) for one in self._waiting())

    def next(self, ready: Callable[[Delivery], float]) -> tuple[Delivery | None, float]:
        """The next delivery that may leave, or the seconds until one may.

        `ready` tells how long a delivery must still wait for its bucket. What follows a waiting
        delivery to the same address waits too.
        """
        soonest = float("inf")
        passed = set(self.on_wire)
        for lane in Lane:
            for delivery in self._lanes[lane]:
                apart = delivery.act is Act.ANSWER_TAP  # shows nothing, so it keeps no order
                if delivery.address_id in passed and not apart:
                    continue
                wait = ready(delivery)
                if wait <= 0:
                    self._lanes[lane].remove(delivery)
                    if not apart:
                        self.on_wire.add(delivery.address_id)
                    return delivery, 0.0
                soonest = min(soonest, wait)
                passed.add(delivery.address_id)
        return None, soonest

    def take_back(self, address_id: int) -> list[Delivery]:
        """What waits for this address and may not leave now; tap answers keep no order and stay."""
        back = []
        for lane in self._lanes.values():
            mine = [one for one in lane if one.address_id == address_id]
            for delivery in mine:
                if delivery.act is not Act.ANSWER_TAP:
                    lane.remove(delivery)
                    back.append(delivery)
        return back

    def drop_all(self) -> list[Delivery]:
        """Everything that has not left."""
        left = list(self._waiting())
        for lane in self._lanes.values():
            lane.clear()
        return left

    def _waiting(self) -> Iterator[Delivery]:
        for lane in self._lanes.values():
            yield from lane

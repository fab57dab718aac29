"""Claimed deliveries waiting for their turn on the wire: lowest lane first, one per person."""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from itertools import count

from bot.sender.pace import Pace
from bot.values.delivery import Act, Delivery
from bot.values.letter import Lane

# Lane, when it came, what it is: the first of an address is the only one that may leave.
Place = tuple[Lane, int, Delivery]


class Lanes:
    """Small buffers, one a lane. At most one delivery per address is on the wire (invariant I7).

    Each step looks at the first of each lane only: an address whose first must wait for its chat's
    pace sleeps until then, and one with a request on the wire comes back when that is done.
    """

    def __init__(self) -> None:
        self._of: dict[int, list[Place]] = {}
        self._lanes: dict[Lane, list[tuple[int, int]]] = {lane: [] for lane in Lane}
        self._shown: dict[int, tuple[Lane, int]] = {}  # whose first stands in its lane
        self._asleep: list[tuple[float, int]] = []
        self._until: dict[int, float] = {}
        self._on_wire: set[int] = set()
        self._came = count()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def ready(self) -> int:
        """How many could leave one after another if the account's pace let them."""
        return len(self._shown)

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """More claimed rows, in the order they should leave."""
        for delivery in deliveries:
            key = _key(delivery)
            places = self._of.setdefault(key, [])
            heappush(places, (delivery.lane, next(self._came), delivery))
            self._size += 1
            if places[0][2] is delivery:
                self._show(key)

    def busy(self) -> set[int]:
        """Addresses with something here or on the wire; what is claimed next is for others."""
        return {key for key in (*self._on_wire, *self._of) if key > 0}

    def worst(self) -> Lane | None:
        """The highest lane of what could leave; a row of a lower one would go before it."""
        return max((lane for lane, _ in self._shown.values()), default=None)

    def next(self, pace: Pace, now: float) -> tuple[Delivery | None, float]:
        """The next delivery that may leave, or the seconds until one may.

        What follows a waiting delivery to the same address waits too.
        """
        self._wake(now)
        whole = pace.whole(now)
        if whole > 0:
            return None, whole if self._size else float("inf")
        soonest = float("inf")
        for lane in Lane:
            held = pace.routine(now) if lane >= Lane.SCHEDULED else 0.0
            if held > 0:
                soonest = min(soonest, held)
                break
            found = self._first(lane, pace, now)
            if found is not None:
                return found, 0.0
        return None, min(soonest, self._asleep[0][0] - now) if self._asleep else soonest

    def done(self, delivery: Delivery) -> None:
        """It is not on the wire any more: the next one to the same address may leave."""
        key = _key(delivery)
        self._on_wire.discard(key)
        if key in self._of:
            self._show(key)

    def take_back(self, address_id: int) -> list[Delivery]:
        """What waits for this address and may not leave now; tap answers keep no order and stay."""
        places = sorted(self._of.pop(address_id, ()))
        self._hide(address_id)
        self._size -= len(places)
        return [delivery for _, _, delivery in places]

    def take_out(self, which: Callable[[Delivery], bool]) -> list[Delivery]:
        """Those of what waits here that are such."""
        out: list[Place] = []
        for key, places in [*self._of.items()]:
            kept = [place for place in places if not which(place[2])]
            if len(kept) < len(places):
                out += [place for place in places if which(place[2])]
                self._keep(key, kept)
        self._size -= len(out)
        return [delivery for _, _, delivery in sorted(out)]

    def drop_all(self) -> list[Delivery]:
        """Everything that has not left, in order."""
        places = sorted(place for of in self._of.values() for place in of)
        self._of.clear()
        self._shown.clear()
        self._until.clear()
        self._size = 0
        return [delivery for _, _, delivery in places]

    def _keep(self, key: int, places: list[Place]) -> None:
        self._hide(key)
        heapify(places)
        self._of[key] = places
        if places:
            self._show(key)
        else:
            del self._of[key]

    def _show(self, key: int) -> None:
        if key in self._on_wire:
            return
        self._hide(key)
        lane, came, _ = self._of[key][0]
        self._shown[key] = lane, came
        heappush(self._lanes[lane], (came, key))

    def _hide(self, key: int) -> None:
        self._shown.pop(key, None)
        self._until.pop(key, None)

    def _first(self, lane: Lane, pace: Pace, now: float) -> Delivery | None:
        line = self._lanes[lane]
        while line:
            came, key = heappop(line)
            if self._shown.get(key) != (lane, came):
                continue  # it left, or something went before it
            self._hide(key)
            delivery = self._of[key][0][2]
            wait = pace.alone(delivery, now)
            if wait <= 0:
                return self._leave(key)
            self._until[key] = now + wait
            heappush(self._asleep, (now + wait, key))
        return None

    def _leave(self, key: int) -> Delivery:
        places = self._of[key]
        delivery = heappop(places)[2]
        if not places:
            del self._of[key]
        self._on_wire.add(key)
        self._size -= 1
        return delivery

    def _wake(self, now: float) -> None:
        """Those whose time has come, and those who do not sleep any more."""
        while self._asleep:
            until, key = self._asleep[0]
            if self._until.get(key) == until and until > now:
                return
            heappop(self._asleep)
            if self._until.get(key) == until:
                self._show(key)


def _key(delivery: Delivery) -> int:
    """Its address; the end of a spinner shows nothing, so it keeps no order with anything."""
    return -delivery.id if delivery.act is Act.ANSWER_TAP else delivery.address_id

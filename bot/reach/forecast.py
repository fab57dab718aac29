"""One question, answered before anything is sent: if this goes out now, whom does it reach, how, at
what cost, and who is left?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.reach.windows import Window, window_of
from bot.store import Work
from bot.store.windows import Place
from bot.values.person import Record

PULLED = "webchat"  # nothing rings there: it waits until she opens the page


class Way(StrEnum):
    """How a letter that goes out now gets to somebody, or why it does not."""

    FREE = "free"
    OPENED = "when she opens the page"
    BILLABLE = "billable"
    UNKNOWN = "unknown"
    TEMPLATE = "template only"
    UNREACHABLE = "unreachable"
    UNLINKED = "not linked"


# The first that an address of hers offers is taken, unless she prefers another that is open.
_OPEN = (Way.FREE, Way.OPENED, Way.BILLABLE, Way.UNKNOWN)
LEFT = (Way.TEMPLATE, Way.UNREACHABLE, Way.UNLINKED)
_OF_WINDOW = {
    Window.FREE: Way.FREE,
    Window.BILLABLE: Way.BILLABLE,
    Window.TEMPLATE: Way.TEMPLATE,
    Window.UNREACHABLE: Way.UNREACHABLE,
    Window.UNKNOWN: Way.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Reached:
    """One person of the list, and how she is reached."""

    person_id: int
    code: str
    full_name: str
    delegation: str
    way: Way
    channel: str = ""
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everybody, in the order of the list. `price`: of one billed message, in dong."""

    at: datetime
    people: tuple[Reached, ...]
    price: int

    def by(self, way: Way) -> tuple[Reached, ...]:
        """Those who are reached in this way."""
        return tuple(one for one in self.people if one.way is way)

    @property
    def cost(self) -> int:
        """What it costs, in dong, when every billed message is one."""
        return self.price * len(self.by(Way.BILLABLE))

    @property
    def left(self) -> tuple[Reached, ...]:
        """Those it does not reach: somebody must call them, or the head of their delegation."""
        return tuple(one for one in self.people if one.way in LEFT)

    def as_json(self) -> dict[str, Any]:
        """Counts and names, for a program."""
        return {
            "at": self.at.isoformat(),
            "people": len(self.people),
            "ways": {way.value: len(self.by(way)) for way in Way},
            "channels": self.channels(),
            "cost_vnd": self.cost,
            "price_vnd": self.price,
            "left": [
                {
                    "code": one.code,
                    "name": one.full_name,
                    "delegation": one.delegation,
                    "why": one.way.value,
                    "channel": one.channel,
                    "heard_at": one.heard_at.isoformat() if one.heard_at else None,
                }
                for one in self.left
            ],
        }

    def channels(self) -> dict[str, dict[str, int]]:
        """How many each channel reaches in each way."""
        found: dict[str, dict[str, int]] = {}
        for one in self.people:
            if one.channel:
                ways = found.setdefault(one.channel, {})
                ways[one.way.value] = ways.get(one.way.value, 0) + 1
        return found


def forecast(
    work: Work, event_id: int, *, price: int, people: Iterable[int] | None = None
) -> Forecast:
    """For everybody on the list in force, or for these people of it."""
    wanted = None if people is None else set(people)
    records = [
        one
        for one in work.roster.all(event_id)
        if one.status == "active" and (wanted is None or one.person_id in wanted)
    ]
    places: dict[int, list[Place]] = {}
    for place in work.windows.of_event(event_id):
        places.setdefault(place.person_id, []).append(place)
    preferred = work.windows.preferred(event_id)
    found = (
        _reached(one, places.get(one.person_id, []), preferred.get(one.person_id), work.now)
        for one in records
    )
    return Forecast(work.now, tuple(found), price)


def _reached(record: Record, places: list[Place], preferred: int | None, now: datetime) -> Reached:
    """As `address_of` chooses: the one she prefers, else the first that is open."""
    who = record.person_id, record.code, record.full_name, record.delegation
    if not places:
        return Reached(*who, Way.UNLINKED)
    ways = [(place, way_of(place, now)) for place in places]
    able = [one for one in ways if one[1] in _OPEN]
    chosen = next((one for one in able if one[0].address_id == preferred), None)
    place, way = chosen or (able[0] if able else min(ways, key=lambda one: LEFT.index(one[1])))
    return Reached(*who, way, place.kind, place.heard_at)


def way_of(place: Place, now: datetime) -> Way:
    """How a letter gets to this address now."""
    way = _OF_WINDOW[window_of(place, now)]
    return Way.OPENED if way is Way.FREE and place.kind == PULLED else way

"""One question, answered before anything is sent: if this goes out now, whom does it reach, how, at
what cost, and who is left?"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.reach.windows import WINDOWED, Window, window_of
from bot.store import Work
from bot.store.windows import Place
from bot.values.person import Record
from bot.values.template import Template

PULLED = "webchat"  # nothing rings there: it waits until she opens the page


class Way(StrEnum):
    """How a letter that goes out now gets to somebody, or why it does not."""

    FREE = "free"
    OPENED = "when she opens the page"
    BILLABLE = "billable"
    UNKNOWN = "unknown"
    BY_UID = "by template"
    BY_PHONE = "by template to her number"
    STOPPED = "stopped notices"
    TEMPLATE = "template only"
    UNPAID = "no account to bill"
    UNREACHABLE = "unreachable"
    UNLINKED = "not linked"


# The first that an address of hers offers is taken, unless she prefers another that is open.
_OPEN = (Way.FREE, Way.OPENED, Way.BILLABLE, Way.UNKNOWN)
LEFT = (Way.TEMPLATE, Way.UNPAID, Way.UNREACHABLE, Way.UNLINKED)
_PAID_TEMPLATES = (Way.BY_UID, Way.BY_PHONE)
_PAID = (Way.BILLABLE, *_PAID_TEMPLATES)
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
    account_id: int = 0
    channel: str = ""
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everybody, in the order of the list. `price`: of one billed message, in dong.

    `template`: what goes to whom nothing else gets. `quota`: how many templates Zalo still takes
    today; None: it was not asked, or did not say.
    """

    at: datetime
    people: tuple[Reached, ...]
    price: int
    template: Template | None = None
    quota: int | None = None

    def by(self, way: Way) -> tuple[Reached, ...]:
        """Those who are reached in this way."""
        return tuple(one for one in self.people if one.way is way)

    @property
    def cost(self) -> int:
        """What it costs, in dong, when every billed message is one."""
        return sum(self.price_of(way) * len(self.by(way)) for way in Way)

    def price_of(self, way: Way) -> int:
        """What one letter costs that gets there in this way, in dong."""
        match way, self.template:
            case Way.BILLABLE, _:
                return self.price
            case Way.BY_UID, Template(price=int(price)):
                return price
            case Way.BY_PHONE, Template(phone_price=int(price)):
                return price
        return 0

    @property
    def billed(self) -> frozenset[int]:
        """The accounts that would be billed: what is not asked of them yet is whether they can."""
        return frozenset(one.account_id for one in self.people if one.way in _PAID)

    def unpaid(self, accounts: Container[int]) -> "Forecast":
        """The same where nobody pays for these accounts: what would be billed is refused."""
        people = tuple(
            replace(one, way=Way.UNPAID) if one.way in _PAID and one.account_id in accounts else one
            for one in self.people
        )
        return replace(self, people=people)

    @property
    def templates(self) -> int:
        """How many templates would leave."""
        return sum(len(self.by(way)) for way in _PAID_TEMPLATES)

    @property
    def beyond_quota(self) -> int:
        """How many of these Zalo does not take today: they wait for its next day."""
        return 0 if self.quota is None else max(0, self.templates - self.quota)

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
            "prices_vnd": {way.value: price for way in Way if (price := self.price_of(way))},
            "template": self.template.name if self.template else None,
            "templates": self.templates,
            "templates_left_today": self.quota,
            "templates_beyond_today": self.beyond_quota,
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
    work: Work,
    event_id: int,
    *,
    price: int,
    people: Iterable[int] | None = None,
    template: Template | None = None,
    ordinary: bool = False,
) -> Forecast:
    """For everybody on the list in force, or for these people of it.

    `template`: as a notice with it would go out. `ordinary`: of a notice that passes over who
    stopped such ones.
    """
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
    stopped = work.windows.stopped(event_id) if ordinary else set()
    rings = work.templates.by_phone(event_id, template) if template else set()
    found = []
    for one in records:
        if one.person_id in stopped:
            found.append(_of(one, Way.STOPPED))
            continue
        hers = places.get(one.person_id, [])
        reached = _reached(one, hers, preferred.get(one.person_id), work.now)
        if template is not None and reached.way in LEFT:
            reached = _by_template(reached, hers, template, one.person_id in rings, work.now)
        found.append(reached)
    return Forecast(work.now, tuple(found), price, template)


def _of(record: Record, way: Way) -> Reached:
    return Reached(record.person_id, record.code, record.full_name, record.delegation, way)


def _by_template(
    left: Reached, places: list[Place], template: Template, rings: bool, now: datetime
) -> Reached:
    """As `Fanout.by_template` chooses: her own id where only silence closed it, else her number."""
    by: dict[str, Any] = {"account_id": template.account_id, "channel": WINDOWED}
    silent = [
        one
        for one in places
        if one.account_id == template.account_id and window_of(one, now) is Window.TEMPLATE
    ]
    if silent and template.price is not None:
        heard_at = silent[0].heard_at
        return replace(left, way=Way.BY_UID, **by, heard_at=heard_at)
    return replace(left, way=Way.BY_PHONE, **by) if rings else left


def _reached(record: Record, places: list[Place], preferred: int | None, now: datetime) -> Reached:
    """As `address_of` chooses: the one she prefers, else the first that is open."""
    who = record.person_id, record.code, record.full_name, record.delegation
    if not places:
        return Reached(*who, Way.UNLINKED)
    ways = [(place, way_of(place, now)) for place in places]
    able = [one for one in ways if one[1] in _OPEN]
    chosen = next((one for one in able if one[0].address_id == preferred), None)
    place, way = chosen or (able[0] if able else min(ways, key=lambda one: LEFT.index(one[1])))
    return Reached(*who, way, place.account_id, place.kind, place.heard_at)


def way_of(place: Place, now: datetime) -> Way:
    """How a letter gets to this address now."""
    way = _OF_WINDOW[window_of(place, now)]
    return Way.OPENED if way is Way.FREE and place.kind == PULLED else way

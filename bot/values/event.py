"""One congress or conference."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Event:
    """A congress: everything a delegate is told belongs to exactly one.

    `languages` is the picker's order, Vietnamese first. `version_id` is the content version in
    force, None until content was loaded. Days are numbered from 1 = `first_day`. `simple`: whoever
    never said otherwise is told things short and slow.
    """

    id: int
    slug: str
    names: dict[str, str]
    time_zone: str
    first_day: date
    days: int
    languages: tuple[str, ...] = ("vi",)
    parent_id: int | None = None
    version_id: int | None = None
    closed_at: datetime | None = None
    simple: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which every time of this event is shown."""
        return ZoneInfo(self.time_zone)

    def day_number(self, at: datetime) -> int:
        """Which day of the event `at` falls on; below 1 before it, above `days` after it."""
        return (at.astimezone(self.zone).date() - self.first_day).days + 1

    @property
    def ends_at(self) -> datetime:
        """The midnight after the last day, in the event's zone."""
        return datetime.combine(self.day(self.days + 1), time(), self.zone)

    def day(self, number: int) -> date:
        """The calendar day of day `number`."""
        return self.first_day + timedelta(days=number - 1)

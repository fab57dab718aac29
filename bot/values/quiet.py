"""When an event wants its people left in peace: nights, and hours when telephones are away."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MOST_SPANS = 100  # one after the other without a gap; more is a setting nobody means


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours of every day, and spans in which telephones are away.

    `hours` are begin and end in the event's own zone; an end before the begin is on the next day,
    equal ones are no hours at all. `away` are aware moments: from, until.
    """

    zone: ZoneInfo
    hours: tuple[time, time] | None = None
    away: tuple[tuple[datetime, datetime], ...] = ()

    def until(self, now: datetime) -> datetime | None:
        """When lanes 2 and 3 may go again, in UTC; None: now. Spans that touch are one."""
        return self._after(now, nights=True)

    def away_until(self, now: datetime) -> datetime | None:
        """When telephones are at hand again, in UTC; None while they are."""
        return self._after(now, nights=False)

    def _after(self, now: datetime, *, nights: bool) -> datetime | None:
        ends = None
        for _ in range(_MOST_SPANS):
            at = ends or now
            later = [end for begin, end in self.away if begin <= at < end]
            night = self._night(at) if nights else None
            later += [night] if night is not None and night > at else []
            if not later:
                break
            ends = max(later)
        return ends.astimezone(UTC) if ends else None

    def _night(self, at: datetime) -> datetime | None:
        """The end of the quiet hours that `at` falls into."""
        if self.hours is None or self.hours[0] == self.hours[1]:
            return None
        begin, end = self.hours
        local = at.astimezone(self.zone)
        clock, day = local.time(), local.date()
        if begin < end:
            inside, ends_on = begin <= clock < end, day
        else:
            inside = clock >= begin or clock < end
            ends_on = day + timedelta(days=1) if clock >= begin else day
        return datetime.combine(ends_on, end, self.zone) if inside else None

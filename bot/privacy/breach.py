"""The facts of a leak for the report that must be made within 72 hours of its detection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.privacy.datamap import DATA_MAP, Kind
from bot.privacy.limits import NOTIFY_WITHIN
from bot.store import Work

VERB = "privacy.breach"


@dataclass(frozen=True, slots=True)
class Breach:
    """What lay in the database between `begins` and `ends`, and whose it was. Times are aware.

    `codes` are the organisers' own codes by event slug. `guests` are people without a line in a
    roster. `held` says for each class of data in which tables how many rows lay there.
    """

    begins: datetime
    ends: datetime
    detected: datetime
    codes: Mapping[str, list[str]]
    guests: int
    active: int
    held: Mapping[str, Mapping[str, int]]

    @property
    def people(self) -> int:
        """Everybody affected."""
        return self.guests + sum(map(len, self.codes.values()))

    @property
    def report_by(self) -> datetime:
        """The last moment of the report to the ministry."""
        return self.detected + NOTIFY_WITHIN

    def left(self, now: datetime) -> timedelta:
        """Time left to report; negative when it is over."""
        return self.report_by - now

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The facts for the report: codes and counts, no names, no words of anybody."""
        return {
            "from": self.begins.isoformat(),
            "to": self.ends.isoformat(),
            "detected_at": self.detected.isoformat(),
            "report_by": self.report_by.isoformat(),
            "seconds_left": int(self.left(now).total_seconds()),
            "people": self.people,
            "people_without_a_line_in_the_roster": self.guests,
            "people_who_wrote_or_were_written_to": self.active,
            "codes": {slug: list(codes) for slug, codes in self.codes.items()},
            "data_classes": {kind: dict(tables) for kind, tables in self.held.items()},
        }


def breach(work: Work, begins: datetime, ends: datetime, detected: datetime | None) -> Breach:
    """Work out who was affected; the detection is kept in the audit log.

    Asked again about the same hours, the clock goes on from the first detection ever given.
    """
    subject = f"breach:{begins.isoformat()}/{ends.isoformat()}"
    known = work.audit.of_subject(VERB, subject)
    times = [datetime.fromisoformat(entry.details["detected_at"]) for entry in known]
    given = detected or (work.now if not times else min(times))
    if not times or given < min(times):
        work.audit.add(None, "cli", VERB, subject, detected_at=given.isoformat())
    found = work.exposure.of(begins, ends)
    held: dict[str, dict[str, int]] = {}
    for table, rows in found.rows.items():
        kinds = {one.kind for one in DATA_MAP[table] if one.kind is not Kind.NONE}
        for kind in sorted(kinds):
            if rows:
                held.setdefault(kind, {})[table] = rows
    return Breach(begins, ends, min([given, *times]), found.codes, found.guests, found.active, held)

"""How long the law gives: to answer her, to do what she asked, to report a leak.

Decree 356/2025/NĐ-CP: an answer within 2 working days; withdrawal, restriction and objection done
within 15 days; other requests within 10 to 20 days by their kind, of which we take the shortest.
Law 91/2025/QH15: a breach is reported within 72 hours of its detection.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.values.request import RequestKind

ANSWER_WORKING_DAYS = 2
NOTIFY_WITHIN = timedelta(hours=72)
_DONE_WITHIN = {
    RequestKind.PRIVACY: timedelta(days=15),
    RequestKind.CORRECTION: timedelta(days=10),
}
_SATURDAY = 5


def due_at(kind: RequestKind, asked_at: datetime, of: str = "") -> datetime | None:
    """The last moment to have done what she asked; None where no law sets one.

    `of` says what a request about her data asks for; "copy" is no withdrawal.
    """
    within = _DONE_WITHIN[RequestKind.CORRECTION] if of == "copy" else _DONE_WITHIN.get(kind)
    return asked_at + within if within else None


def answer_by(asked_at: datetime, zone: ZoneInfo) -> datetime:
    """The midnight at which the second working day after her request ends.

    Saturdays and Sundays do not count. Public holidays are not known here and count: the true
    limit is never earlier than this one.
    """
    day, left = asked_at.astimezone(zone).date(), ANSWER_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return datetime.combine(day + timedelta(days=1), time(), zone)

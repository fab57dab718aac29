""" "I have received it": her own word about a letter of a notice. It says nothing of attendance."""

from datetime import datetime

from bot.store import Work
from bot.values.notice import Heard

MOST_DIGITS = 18  # of an id that any database has


def heard(work: Work, event_id: int, address_id: int, written: str) -> Heard | None:
    """The letter a button stands under, if this telephone speaks for who was told it.

    `written` comes from outside. Nobody learns whether a letter of somebody else exists.
    """
    if not (written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS):
        return None
    return work.notice_reports.heard(event_id, int(written), address_id)


def acknowledge(work: Work, event_id: int, address_id: int, written: str) -> Heard | None:
    """She received it; once or twice is the same. None when there is nothing to acknowledge."""
    found = heard(work, event_id, address_id, written)
    if found is None or not found.asks:
        return None
    if found.acknowledged_at is None:
        work.notice_reports.acknowledge(event_id, found.delivery_id)
    return found


def unheard(work: Work, event_id: int, address_id: int, since: datetime | None) -> list[Heard]:
    """What reached this telephone since then and waits for her word, oldest first."""
    return work.notice_reports.unheard(event_id, address_id, since)

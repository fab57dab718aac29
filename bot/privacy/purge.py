"""Forgetting in time: the words of an event some days after it, its people some weeks after it."""

from datetime import datetime, timedelta

from bot.store import Work
from bot.values.erased import ErasedKind, event_mark
from bot.values.event import Event
from bot.vault import Vault

Counts = dict[str, int]
# Once an event's words go, what was said today stays a day: somebody may still be talking.
STILL_TALKING = timedelta(days=1)


def words_go_at(event: Event, message_days: int) -> datetime:
    """From when on an event's conversations are deleted."""
    return event.ends_at + timedelta(days=message_days)


def people_go_at(event: Event, retention_days: int) -> datetime:
    """From when on everything about an event's people is deleted; she is shown this day."""
    return event.ends_at + timedelta(days=retention_days)


def purge_words(work: Work, message_days: int, only: Event | None = None) -> Counts:
    """Delete the words of every event that ended long enough ago, and of strangers in none."""
    counts: Counts = {}
    for event in [only] if only else work.events.all(open_only=False):
        if work.now >= words_go_at(event, message_days):
            _add(counts, work.retention.forget_words(event.id, work.now - STILL_TALKING))
    if only is None:
        old = work.now - max(timedelta(days=message_days), STILL_TALKING)
        _add(counts, work.retention.forget_words(None, old))
        unasked = work.handed_in.forget_unasked(work.now - STILL_TALKING)
        _add(counts, {"handed_in": unasked})
    return counts


def purge_people(work: Work, vault: Vault, event: Event, *, actor: str) -> Counts:
    """Delete every person and every word of an event; running it again finds nothing.

    The counts stay in the audit log, without a name.
    """
    counts = work.retention.forget_people(event.id)
    if total(counts):
        made = {event_id: at for event_id, _, at in work.privacy.events_made()}[event.id]
        work.privacy.bury(ErasedKind.EVENT, vault.fingerprint(event_mark(event.slug, made)))
        some = {name: count for name, count in counts.items() if count}
        work.audit.add(event.id, actor, "privacy.purge", f"event:{event.id}", **some)
    return counts


def total(counts: Counts) -> int:
    """How many rows were touched; `delivery.<state>` only tells what deliveries there were."""
    return sum(count for name, count in counts.items() if not name.startswith("delivery."))


def _add(counts: Counts, more: Counts) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count

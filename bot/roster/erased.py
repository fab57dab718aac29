"""Keeps out whom the organisers erased: her row is rejected, and the report says why."""

from dataclasses import replace

from bot.i18n import N_
from bot.roster.notes import note
from bot.roster.records import Parsed
from bot.roster.rows import Placed, Rejected
from bot.store import Work
from bot.values.erased import ErasedKind, record_mark
from bot.vault import Vault


def without_erased(work: Work, vault: Vault, event_id: int, parsed: Parsed) -> Parsed:
    """The file without the rows of people who were erased on request."""
    erased = {one.fingerprint for one in work.privacy.tombstones(ErasedKind.RECORD)}
    event = work.events.get(event_id)
    if not erased or event is None:
        return parsed

    def is_erased(placed: Placed) -> bool:
        return not erased.isdisjoint(vault.fingerprints(record_mark(event.slug, placed.row.code)))

    kept_out = [placed for placed in parsed.rows if is_erased(placed)]
    rejected = (*parsed.rejected, *map(_rejected, kept_out))
    return replace(
        parsed,
        rows=tuple(placed for placed in parsed.rows if placed not in kept_out),
        rejected=tuple(sorted(rejected, key=lambda each: each.number)),
    )


def _rejected(placed: Placed) -> Rejected:
    number = int("".join(filter(str.isdigit, placed.address.rpartition("!")[2])))
    said = N_("This person was erased on request and is not taken in again.")
    return Rejected(number, placed.row.code, (note(said, at=placed.address),))

"""The one address a letter to a person goes to."""

from bot.store import Work
from bot.store.accounts import Address


def addresses_of(work: Work, person_id: int, event_id: int) -> list[Address]:
    """Where she can be told something: spoken for by her, not left, not paused, and not silent
    for longer than its platform allows; oldest first."""
    ties = work.accounts.ties_of(person_id, event_id)
    closed = work.windows.closed_among([one.address.id for one in ties]) if ties else set()
    return [one.address for one in ties if one.address.id not in closed]


def address_of(work: Work, person_id: int, event_id: int) -> Address | None:
    """Where a letter to her goes: the address she prefers, else the one she linked first.

    None when there is none: she must be reached some other way.
    """
    able = addresses_of(work, person_id, event_id)
    person = work.people.get(person_id, event_id)
    preferred = person.preferred_address_id if person else None
    return next((one for one in able if one.id == preferred), able[0] if able else None)

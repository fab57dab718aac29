"""Tells the organisers in chat what only they can mend, each of them once an incident.

Not through the account that is out of order. Whoever links a chat while it lasts is told then.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.i18n import Translator
from bot.outbox import Owed, put
from bot.reach import addresses_of
from bot.store import Work
from bot.store.accounts import Account, Address
from bot.values.event import Event
from bot.values.letter import Lane, Letter
from bot.values.person import Role
from bot.values.reply import Choice, Reply, Style

PULLED = "webchat"  # nothing rings there: only where she has nothing else

Speak = Callable[[str], Translator]
Words = Callable[[Translator], str]


class Desk(NamedTuple):
    """An organiser, and where she can be told something now."""

    person_id: int
    event_id: int
    language: str
    address: Address


def organisers_of(work: Work, account: Account) -> list[Desk]:
    """The organisers of the events that this account serves, reachable on another one."""
    served = [one for one in work.events.all() if account.event_id in (None, one.id)]
    found = (_desk(work, one, person, account.id) for one in served for person in _heads(work, one))
    by_person = {one.person_id: one for one in reversed([one for one in found if one])}
    return [by_person[person] for person in sorted(by_person)]


def tell_organisers(work: Work, speak: Speak, account_id: int, what: str, words: Words) -> int:
    """Owe it to everybody who can be told and was not yet; how many know of it by now.

    `what` names the incident: the same one is told to nobody twice, whatever process asks.
    """
    account = work.accounts.get(account_id)
    desks = organisers_of(work, account) if account else []
    put(work, [_owed(work, speak, one, f"zalo:{account_id}:{what}", words) for one in desks], {})
    return len(desks)


def _heads(work: Work, event: Event) -> Sequence[int]:
    return [one for one, role in work.people.with_roles(event.id) if role is Role.ORGANISER]


def _desk(work: Work, event: Event, person_id: int, account_id: int) -> Desk | None:
    person = work.people.get(person_id, event.id)
    places = [
        one for one in addresses_of(work, person_id, event.id) if one.account_id != account_id
    ]
    if person is None or not places:
        return None
    wish = person.preferred_address_id
    first = min(places, key=lambda one: (_is_pulled(work, one), one.id != wish))
    return Desk(person_id, event.id, person.language or "vi", first)


def _is_pulled(work: Work, address: Address) -> bool:
    account = work.accounts.get(address.account_id)
    return account is None or account.kind == PULLED


def _owed(work: Work, speak: Speak, desk: Desk, what: str, words: Words) -> Owed:
    t = speak(desk.language)
    reply = Reply(
        words(t),
        (Choice(t("To the menu"), "menu.show"),),
        style=Style.WARNING,
        language=t.language.code,
    )
    letter = Letter(
        f"{what}:{desk.person_id}",
        {desk.language: reply},
        event_id=desk.event_id,
        lane=Lane.URGENT,
    )
    return Owed(
        letter,
        desk.person_id,
        desk.address.id,
        desk.address.sender,
        work.queues.ensure(desk.address.account_id),
        desk.language,
    )

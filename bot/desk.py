"""What a help desk does for the person in front of it: find, re-issue, freeze, look what was told.

A desk sees only what it needs, and every act and every look stands in the audit log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.access import IssuedCard, issue_cards
from bot.errors import Refusal
from bot.roster.cells import CellError, phone_of
from bot.store import Work
from bot.store.deliveries import Told
from bot.text import fold
from bot.values.person import Record
from bot.vault import Vault

MOST_FOUND = 20
MOST_TOLD = 20
LEAST_DIGITS = 3
_WHOLE_NUMBER = 9  # digits


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as a desk sees her. `card` is "none", "in force" or "frozen"."""

    code: str
    name: str
    delegation: str
    phone: str
    addresses: int
    card: str
    status: str


def find(work: Work, vault: Vault, event_id: int, text: str, author: str) -> list[Seen]:
    """The people a desk may mean: by code or seat, by phone, else by every word of the name.

    `text` may be a whole phone number or at least its last three digits. At most twenty.
    """
    found = _found(work, vault, event_id, text)
    cards, addresses = work.cards.states(event_id), work.accounts.counts(event_id)
    work.audit.add(event_id, author, "desk.find", f"event:{event_id}", found=len(found))
    return [
        Seen(
            one.code,
            one.full_name,
            one.delegation,
            masked(vault.open(one.phone_cipher)) if one.phone_cipher else "",
            addresses.get(one.person_id, 0),
            {True: "in force", False: "frozen", None: "none"}[cards.get(one.person_id)],
            one.status,
        )
        for one in found[:MOST_FOUND]
    ]


def masked(phone: str) -> str:
    """A phone number as a desk sees it: its last three digits."""
    return f"…{phone[-3:]}"


def person(work: Work, event_id: int, code: str) -> Record:
    """The person with this code. Raises Refusal when there is none."""
    record = work.roster.by_code(event_id, code.strip().upper())
    if record is None:
        raise Refusal(f"Nobody on the roster has the code {code}. Try: donghanh desk find NAME.")
    return record


def reissue(work: Work, vault: Vault, record: Record, author: str) -> IssuedCard:
    """A new card; the old one stops working. Raises Refusal for one who withdrew."""
    if record.status != "active":
        raise Refusal(f"{record.code} is no longer on the list, so there is no card to issue.")
    card = issue_cards(work, vault, record.event_id, [record.person_id])[0]
    _log(work, record, author, "desk.reissue")
    return card


def freeze_card(work: Work, record: Record, author: str) -> bool:
    """A lost card opens nothing any more; addresses already linked stay linked."""
    frozen = work.cards.freeze_of(record.event_id, [record.person_id]) > 0
    _log(work, record, author, "desk.freeze_card", changed=frozen)
    return frozen


def unfreeze_card(work: Work, record: Record, author: str) -> bool:
    """Her newest card was found again; False when there is none to unfreeze."""
    changed = work.cards.thaw_of(record.event_id, record.person_id)
    _log(work, record, author, "desk.unfreeze_card", changed=changed)
    return changed


@dataclass(frozen=True, slots=True)
class Frozen:
    """`addresses` changed; `cancelled` letters will not be sent; `others` share those phones."""

    addresses: int
    cancelled: int
    others: tuple[str, ...]


def freeze_addresses(work: Work, record: Record, author: str) -> Frozen:
    """A lost phone: every address of hers is told nothing personal, and nothing waits for it."""
    ids = work.accounts.addresses_of(record.person_id, record.event_id)
    changed = work.accounts.freeze(ids)
    cancelled = work.deliveries.cancel_waiting(ids, "address frozen")
    _log(work, record, author, "desk.freeze_addresses", addresses=ids, cancelled=cancelled)
    return Frozen(changed, cancelled, _others(work, record, ids))


def unfreeze_addresses(work: Work, record: Record, author: str) -> int:
    """The phone is back with her. Returns how many addresses changed."""
    ids = work.accounts.addresses_of(record.person_id, record.event_id)
    changed = work.accounts.unfreeze(ids)
    _log(work, record, author, "desk.unfreeze_addresses", addresses=ids)
    return changed


def told(work: Work, record: Record, author: str) -> list[Told]:
    """What she was told last, newest first."""
    letters = work.deliveries.told(record.event_id, record.person_id, MOST_TOLD)
    _log(work, record, author, "desk.told", count=len(letters))
    return letters


class Handed(NamedTuple):
    """A voice or a picture she handed in, with a name for its file."""

    name: str
    body: bytes


_ENDINGS = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a", "image/jpeg": "jpg"}


def handed(work: Work, event_id: int, number: int, author: str) -> list[Handed]:
    """What was handed in where an open request came from; looking stands in the audit log.

    Raises Refusal when there is no such open request: then nothing is kept for it either.
    """
    asked = next((one for one in work.requests.waiting(event_id) if one.id == number), None)
    if asked is None:
        raise Refusal(f"There is no open request {number}. See: donghanh desk requests.")
    things = work.handed_in.at_address(asked.address_id)
    work.audit.add(event_id, author, "desk.handed", f"request:{number}", count=len(things))
    return [
        Handed(
            f"{number}-{at}-{one.kind}.{_ENDINGS.get(one.mime, 'bin')}",
            work.handed_in.body(asked.address_id, one.id) or b"",
        )
        for at, one in enumerate(things, 1)
    ]


def close_request(work: Work, event_id: int, number: int, author: str) -> bool:
    """A request is dealt with; False when there is no such open request.

    What she wrote last goes with it, and the voices and pictures she handed in.
    """
    closed = work.requests.close(event_id, number)
    if closed:
        work.handed_in.forget_closed(event_id, number)
        work.audit.add(event_id, author, "desk.close", f"request:{number}")
    return closed


def _log(work: Work, record: Record, author: str, verb: str, **details: object) -> None:
    work.audit.add(record.event_id, author, verb, f"person:{record.person_id}", **details)


def _others(work: Work, record: Record, address_ids: Sequence[int]) -> tuple[str, ...]:
    """The codes of other people of this event who speak through the same addresses."""
    people = {one for each in address_ids for one in work.accounts.people_at(each)}
    hers = (record.person_id, record.event_id)
    records = [
        work.roster.of_person(event_id, person_id)
        for person_id, event_id in sorted(people)
        if event_id == record.event_id and (person_id, event_id) != hers
    ]
    return tuple(one.code for one in records if one is not None)


def _found(work: Work, vault: Vault, event_id: int, text: str) -> list[Record]:
    wanted, records = fold(text).strip(), work.roster.all(event_id)
    if not wanted:
        return []
    exact = [one for one in records if wanted in (fold(one.code), fold(one.seat))]
    return exact or _by_phone(work, vault, event_id, text, records) or _by_name(records, wanted)


def _by_phone(
    work: Work, vault: Vault, event_id: int, text: str, records: Sequence[Record]
) -> list[Record]:
    digits = "".join(filter(str.isdecimal, text))
    if len(digits) < LEAST_DIGITS or any(map(str.isalpha, text)):
        return []
    if len(digits) >= _WHOLE_NUMBER:
        try:
            return work.roster.by_phone(event_id, vault.fingerprint(phone_of(text)))
        except CellError:
            return []
    sealed = [one for one in records if one.phone_cipher]
    return [one for one in sealed if vault.open(one.phone_cipher).endswith(digits)]


def _by_name(records: Sequence[Record], wanted: str) -> list[Record]:
    words = wanted.split()
    names = ((one, fold(f"{one.full_name} {one.delegation}").split()) for one in records)
    return [one for one, name in names if all(any(n.startswith(w) for n in name) for w in words)]

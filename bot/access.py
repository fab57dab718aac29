"""Who is who: cards, linking an address to a person, and the limits on guessing."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.content import Facets
from bot.store import Work
from bot.store.cards import Card
from bot.values.person import Person, Record
from bot.vault import Vault

# No letter or digit that is taken for another on a printed card: Crockford's base 32, without U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
MOST_ADDRESSES = 3
MOST_GUESSES = 5
GUESS_WINDOW = timedelta(minutes=15)
MOST_PEOPLE = 8  # at one address: as many names as fit on one screen
PHONE_CODE_LENGTH = 6
PHONE_CODE_LIFE = timedelta(minutes=10)
# Six digits are few: when so many codes were wrong at all addresses together, none is taken.
MOST_GUESSES_ANYWHERE = 100
# The job that draws them; here, for whoever runs jobs need not load what draws.
PRINTING = "cards"
_LOOKS_LIKE = str.maketrans("OILU", "011V", " -")


class Linked(StrEnum):
    """What became of an attempt to link."""

    DONE = "done"
    WRONG = "wrong"
    WAIT = "wait"
    TOO_MANY = "too many addresses"
    CROWDED = "too many people at this address"
    AT_DESK = "only at the desk"
    CALL = "no longer on the list"
    FROZEN = "this address is frozen"


class IssuedCard(NamedTuple):
    """What is printed on a card; the database keeps only fingerprints of it."""

    person_id: int
    token: str
    code: str


def issue_cards(
    work: Work, vault: Vault, event_id: int, person_ids: Sequence[int]
) -> list[IssuedCard]:
    """New cards; whatever card these people had before stops working."""
    cards = new_cards(person_ids)
    put_in_force(work, vault, event_id, cards)
    return cards


def new_cards(person_ids: Sequence[int]) -> list[IssuedCard]:
    """Cards to be printed; until they are put in force they open nothing."""
    return [IssuedCard(person_id, new_token(), new_code()) for person_id in person_ids]


def put_in_force(work: Work, vault: Vault, event_id: int, cards: Sequence[IssuedCard]) -> None:
    """From now on these are the cards of their people; older ones stop working."""
    work.cards.freeze_of(event_id, [one.person_id for one in cards])
    rows = [
        (one.person_id, vault.fingerprint(one.token), vault.fingerprint(plain_code(one.code)))
        for one in cards
    ]
    work.cards.issue_many(event_id, rows)


def new_token() -> str:
    """What a card's link carries: 128 bits, fit for a deep link (A-Z a-z 0-9 _ -, 1 to 64)."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """What a card shows to type: 40 bits in two groups of four."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{code[:4]}-{code[4:]}"


def plain_code(typed: str) -> str:
    """A typed code as it was meant: capitals, no spaces, look-alikes put right."""
    return typed.upper().translate(_LOOKS_LIKE)


def looks_like_code(typed: str) -> bool:
    """Could this be a card's code?"""
    plain = plain_code(typed.strip())
    return len(plain) == CODE_LENGTH and all(letter in ALPHABET for letter in plain)


def find_card(work: Work, vault: Vault, written: str) -> Card | None:
    """The card in force with this token or typed code. Finding it consumes nothing."""
    by_token = work.cards.find(token_hash=vault.fingerprint(written)) if written else None
    if by_token is not None or not looks_like_code(written):
        return by_token
    return work.cards.find(code_hash=vault.fingerprint(plain_code(written.strip())))


def may_guess(work: Work, address_id: int, card_id: int | None) -> bool:
    """False after five wrong guesses in a quarter of an hour, from here or at this card."""
    since = work.now - GUESS_WINDOW
    return work.cards.wrong_since(since, address_id, card_id) < MOST_GUESSES


def link_with_digits(
    work: Work, vault: Vault, card_id: int, address_id: int, digits: str
) -> tuple[Linked, Record | None]:
    """Tie an address to the card's person when the digits end her phone number in the roster."""
    card = work.cards.get(card_id)
    record = work.roster.of_person(card.event_id, card.person_id) if card else None
    if card is None or record is None or not record.phone_cipher:
        return Linked.AT_DESK, None
    if not may_guess(work, address_id, card_id):
        return Linked.WAIT, None
    if not hmac.compare_digest(vault.open(record.phone_cipher)[-4:].encode(), digits.encode()):
        work.cards.guessed_wrong(address_id, card_id)
        return (Linked.WRONG if may_guess(work, address_id, card_id) else Linked.WAIT), None
    # Only who knows the digits learns that the card's person is no longer on the list.
    return (
        _tie(work, record, address_id, "card") if record.status == "active" else (Linked.CALL, None)
    )


def link_with_number(
    work: Work, event_id: int, address_id: int, phone_hash: str
) -> tuple[Linked, Record | None]:
    """Tie an address to the one active person with this number, which its channel vouches for.

    Telegram Bot API, Contact: a shared contact is the sender's own only where its user_id is hers.
    A number that two people share, or nobody has, ends at a desk.
    """
    if not may_guess(work, address_id, None):
        return Linked.WAIT, None
    found = [one for one in work.roster.by_phone(event_id, phone_hash) if one.status == "active"]
    return (
        _tie(work, found[0], address_id, "contact") if len(found) == 1 else (Linked.AT_DESK, None)
    )


def link_at_desk(work: Work, record: Record, address_id: int) -> Linked:
    """Tie an address to a person whom the desk has in front of it.

    A phone that somebody paused with "Not me" speaks for nobody, so the desk may let it begin anew;
    one that was reported lost while it spoke for people is theirs to have unfrozen.
    """
    if not work.accounts.people_at(address_id):
        work.accounts.unfreeze([address_id])
    return _tie(work, record, address_id, "desk")[0]


def _tie(work: Work, record: Record, address_id: int, how: str) -> tuple[Linked, Record | None]:
    if work.accounts.is_frozen(address_id):
        return Linked.FROZEN, None
    here = [
        person for person, event in work.accounts.people_at(address_id) if event == record.event_id
    ]
    tied = record.person_id in here
    if not tied and work.accounts.count_of(record.person_id, record.event_id) >= MOST_ADDRESSES:
        return Linked.TOO_MANY, None
    if not tied and len(here) >= MOST_PEOPLE:
        return Linked.CROWDED, None
    work.accounts.tie(address_id, record.person_id, record.event_id, how)
    work.audit.add(
        record.event_id, f"address:{address_id}", "link", f"person:{record.person_id}", how=how
    )
    return Linked.DONE, record


def phone_code(work: Work, vault: Vault, event_id: int, person_id: int) -> str:
    """A code that lets one more phone speak for her, once, within ten minutes."""
    work.phones.drop_before(work.now - PHONE_CODE_LIFE)
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(PHONE_CODE_LENGTH))
        known = vault.fingerprint(f"phone:{code}")
        if work.phones.find(known, work.now - PHONE_CODE_LIFE) is None:
            work.phones.replace(event_id, person_id, known)
            return code


def link_with_phone_code(
    work: Work, vault: Vault, event_id: int, address_id: int, code: str
) -> tuple[Linked, Record | None]:
    """Tie an address to whoever was shown this code; it works once, and only after her consent."""
    if work.accounts.is_frozen(address_id):
        return Linked.FROZEN, None
    crowd = work.cards.wrong_anywhere(work.now - GUESS_WINDOW) >= MOST_GUESSES_ANYWHERE
    if crowd or not may_guess(work, address_id, None):
        return Linked.WAIT, None
    found = work.phones.find(vault.fingerprint(f"phone:{code}"), work.now - PHONE_CODE_LIFE)
    person = work.people.get(found.person_id, event_id) if found else None
    if found is None or found.event_id != event_id or not _may_add_phone(person):
        work.cards.guessed_wrong(address_id, None)
        return (Linked.WRONG if may_guess(work, address_id, None) else Linked.WAIT), None
    work.phones.forget(event_id, found.person_id)
    assert person is not None
    assert person.record is not None
    return _tie(work, person.record, address_id, "phone")


def _may_add_phone(person: Person | None) -> bool:
    return person is not None and person.linked and bool(person.consented)


def freeze_added_phone(work: Work, event_id: int, person_id: int, here: int, there: int) -> bool:
    """ "That was not me": pause an address that a code let in after `here`. False: no such one."""
    ties = {tie.address.id: tie for tie in work.accounts.ties_of(person_id, event_id)}
    mine, added = ties.get(here), ties.get(there)
    if mine is None or added is None or added.how != "phone" or added.at <= mine.at:
        return False
    work.accounts.freeze([there])
    work.accounts.untie(there, person_id)
    work.phones.forget(event_id, person_id)
    work.audit.add(
        event_id, f"address:{here}", "freeze", f"address:{there}", how="not me", person=person_id
    )
    return True


def desk_code(vault: Vault, address_id: int) -> str:
    """What a delegate shows at the desk: digits that name her address and prove we made them."""
    check = int(vault.fingerprint(f"desk:{address_id}"), 16) % 10_000
    return f"{address_id}{check:04d}"


def address_of_desk_code(vault: Vault, code: str) -> int | None:
    """The address a desk code names, or None when it is not one of ours."""
    digits = "".join(filter(str.isdigit, code))
    if len(digits) < 5 or not digits.isascii():
        return None
    address_id = int(digits[:-4])
    return address_id if desk_code(vault, address_id) == digits else None


def facets_of(person: Person) -> Facets:
    """What audiences look at. Without her consent she is told what a stranger is told."""
    record = person.record
    if record is None or not person.linked or not person.consented:
        return Facets()
    return Facets(
        linked=True,
        delegation=record.delegation,
        group=record.group,
        role=record.role,
        hotel=record.hotel,
        bus=record.bus,
    )

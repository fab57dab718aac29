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
_LOOKS_LIKE = str.maketrans("OILU", "011V", " -")


class Linked(StrEnum):
    """What became of an attempt to link."""

    DONE = "done"
    WRONG = "wrong"
    WAIT = "wait"
    TOO_MANY = "too many addresses"
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


def link_at_desk(work: Work, record: Record, address_id: int) -> Linked:
    """Tie an address to a person whom the desk has in front of it."""
    return _tie(work, record, address_id, "desk")[0]


def _tie(work: Work, record: Record, address_id: int, how: str) -> tuple[Linked, Record | None]:
    if work.accounts.is_frozen(address_id):
        return Linked.FROZEN, None
    tied = (record.person_id, record.event_id) in work.accounts.people_at(address_id)
    if not tied and work.accounts.count_of(record.person_id, record.event_id) >= MOST_ADDRESSES:
        return Linked.TOO_MANY, None
    work.accounts.tie(address_id, record.person_id, record.event_id, how)
    work.audit.add(
        record.event_id, f"address:{address_id}", "link", f"person:{record.person_id}", how=how
    )
    return Linked.DONE, record


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

"""Two congresses whose every name, room and phone number is unique: what leaks can be named."""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot import library
from bot.access import IssuedCard, issue_cards
from bot.content import Library, media_bytes, read
from bot.paths import resource
from bot.router import Router
from bot.store import Work
from bot.store.roster import COLUMNS
from bot.values.person import Role
from bot.vault import Vault
from handlers import ROUTES

SLUGS = ("sample", "other")
PEOPLE = 40  # in each event
DELEGATION = 5  # people in each; the first leads it
# A token says whose it is and what: Q, event, number, then Name, Room, Seat, Bus, Table, Group;
# E stands in the event's own content, in its name and on the sign of every place.
TOKEN = re.compile(r"(Q[AB]\d{3})([NRSBTGE])")
PHONE = re.compile(r"98([67])(\d{3})\2")


@dataclass(frozen=True, slots=True)
class Planted:
    """One person of a roster: her own tokens begin with `mark`."""

    mark: str
    event_id: int
    person_id: int
    leader: str
    phone: str
    card: IssuedCard

    @property
    def withdrawn(self) -> bool:
        """From the beginning: one in seventeen."""
        return _withdrawn(int(self.mark[2:]))


@dataclass(frozen=True, slots=True)
class World:
    """Everything the storm may name, and what the judge compares replies with."""

    people: tuple[Planted, ...]
    accounts: tuple[int, ...]
    own_event: dict[int, int | None]
    library: Library

    def of_person(self) -> dict[int, Planted]:
        """The planted people by their id."""
        return {one.person_id: one for one in self.people}

    def at(self, account_id: int) -> list[Planted]:
        """Everybody of an account's event; of every event where the account is shared."""
        event = self.own_event[account_id]
        return [one for one in self.people if event in (None, one.event_id)]

    def kept(self, account_id: int) -> Planted:
        """Whom no desk ever touches: her card always opens an event."""
        return self.at(account_id)[-2]


def plant(work: Work, vault: Vault) -> World:
    """Fill an empty database: two events with content and people, three channel accounts."""
    folder = resource("content") / "sample"
    content = read(folder, steps=Router(ROUTES).tappable())
    people: list[Planted] = []
    own_event: dict[int, int | None] = {work.accounts.ensure("fake", "shared").id: None}
    for letter, slug in zip("AB", SLUGS, strict=True):
        event = library.event_for(work, content, slug, make=True)
        own = _marked(content, letter)
        library.put(work, event, own, media_bytes(folder, content), author="test")
        people += _roster(work, vault, event.id, letter)
        own_event[work.accounts.ensure("fake", slug, event_id=event.id).id] = event.id
    return World(tuple(people), tuple(own_event), own_event, content)


def _marked(content: Library, letter: str) -> Library:
    """The same content, in words of this event alone."""
    own = f" {_mark(letter, 900)}E"
    texts = {
        language: replace(text, name=text.name + own)
        for language, text in content.event.by_language.items()
    }
    places = {slug: replace(one, sign=one.sign + own) for slug, one in content.places.items()}
    return replace(content, event=replace(content.event, by_language=texts), places=places)


def _roster(work: Work, vault: Vault, event_id: int, letter: str) -> list[Planted]:
    ids = work.people.add_many(PEOPLE)
    rows = [_row(work, vault, event_id, letter, n, one) for n, one in enumerate(ids)]
    work.roster.add_many(rows)
    work.people.join(event_id, ids, Role.DELEGATE)
    cards = issue_cards(work, vault, event_id, ids)
    return [
        Planted(_mark(letter, n), event_id, one, _leader(letter, n), _phone(letter, n), card)
        for n, (one, card) in enumerate(zip(ids, cards, strict=True))
    ]


def row_of(work: Work, vault: Vault, one: Planted, status: str) -> dict[str, Any]:
    """Her line in the roster as it was planted, with another status."""
    letter, n = one.mark[1], int(one.mark[2:])
    return _row(work, vault, one.event_id, letter, n, one.person_id, status)


def _row(
    work: Work,
    vault: Vault,
    event_id: int,
    letter: str,
    n: int,
    person_id: int,
    status: str = "",
) -> dict[str, Any]:
    mark, phone = _mark(letter, n), _phone(letter, n)
    hotels = ("KS Sen Hồng", "KS Sông Xanh", "")
    return dict.fromkeys(COLUMNS, "") | {
        "event_id": event_id,
        "person_id": person_id,
        "code": f"DB{n:04d}",  # the same codes in both events, as two organisers would have
        "full_name": f"Lò Thị {mark}N",
        "salutation": "bà",
        "delegation": f"Đoàn {n // DELEGATION}",
        "role": "Đại biểu" if n % DELEGATION else "Trưởng đoàn",
        "status": status or ("withdrawn" if _withdrawn(n) else "active"),
        "hotel": hotels[n % 3],
        "room": f"{mark}R",
        "seat": f"{mark}S",
        "bus": f"{mark}B",
        "table": f"{mark}T",
        "group": f"{mark}G",
        "phone_cipher": vault.seal(phone),
        "phone_hash": vault.fingerprint(phone),
        "updated_at": work.now,
    }


def _withdrawn(n: int) -> bool:
    return n % 17 == 16


def _mark(letter: str, n: int) -> str:
    return f"Q{letter}{n:03d}"


def _leader(letter: str, n: int) -> str:
    return _mark(letter, n - n % DELEGATION)


def _phone(letter: str, n: int) -> str:
    return f"+8498{'67'['AB'.index(letter)]}{n:03d}{n:03d}"


def marks_in(shown: str) -> set[tuple[str, str]]:
    """(whose, what) of every planted word in a text, phone numbers written in any groups."""
    found = {(whose, what) for whose, what in TOKEN.findall(shown)}
    packed = re.sub(r"[ .()-]", "", shown)
    return found | {(f"Q{'AB'[int(e) - 6]}{n}", "P") for e, n in PHONE.findall(packed)}


def of_event(mark: tuple[str, str]) -> str:
    """The event whose word it is."""
    return SLUGS["AB".index(mark[0][1])]


def allowed(mark: tuple[str, str], person: Planted | None) -> bool:
    """May this person be told it? Her own, and the name of who leads her delegation."""
    whose, what = mark
    return person is not None and (whose == person.mark or (whose, what) == (person.leader, "N"))

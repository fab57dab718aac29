"""A dialogue without channels: what somebody does goes through the real router and store."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot import library
from bot.access import IssuedCard, issue_cards
from bot.clock import SetClock
from bot.content import Library, media_bytes, read
from bot.i18n import Texts
from bot.knowledge import Knowledge
from bot.paths import resource
from bot.reception import House
from bot.router import Router
from bot.standing import stand
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.turn import Told
from bot.values.incoming import Incoming, Kind
from bot.values.person import Role
from bot.values.reply import Reply
from bot.values.session import Session
from bot.vault import Vault
from handlers import ROUTES

# Bà Hạnh has everything; ông Páo leads her delegation and has nothing announced; C has left.
PEOPLE: dict[str, dict[str, str]] = {
    "DB0001": {
        "full_name": "Nguyễn Thị Hạnh",
        "salutation": "bà",
        "delegation": "Đoàn tỉnh Điện Biên",
        "role": "Đại biểu",
        "hotel": "KS Sen Hồng",
        "room": "305",
        "bus": "12",
        "seat": "12-07",
        "table": "24",
        "group": "3",
        "badge_place": "Bàn hướng dẫn số 1",
        "phone": "+84912345678",
    },
    "DB0002": {
        "full_name": "Giàng A Páo",
        "delegation": "Đoàn tỉnh Điện Biên",
        "role": "Trưởng đoàn",
        "phone": "+84900000222",
    },
    "DB0003": {"full_name": "Lò Văn Tâm", "status": "withdrawn", "phone": "+84900000333"},
    "DB0004": {"full_name": "H'Bia Niê", "delegation": "Đoàn tỉnh Đắk Lắk"},
}


@dataclass(frozen=True, slots=True)
class Ground:
    """A prepared database, and what a process would know of it."""

    path: Path
    knowledge: Knowledge
    cards: dict[str, IssuedCard]
    other_card: IssuedCard
    account_id: int


def prepare(path: Path, vault: Vault, clock: SetClock) -> Ground:
    """The sample congress with four people, and another congress with one."""

    async def filled() -> Ground:
        store = Store(f"sqlite:///{path}", clock)
        try:
            cards, other, account = await store.write(lambda work: _fill(work, vault))
            knowledge = Knowledge(store)
            await knowledge.refresh()
            return Ground(path, knowledge, cards, other, account)
        finally:
            await store.close()

    return asyncio.run(filled())


def _fill(work: Work, vault: Vault) -> tuple[dict[str, IssuedCard], IssuedCard, int]:
    folder = resource("content") / "sample"
    content = read(folder, steps=Router(ROUTES).tappable())
    event = library.event_for(work, content, "sample", make=True)
    library.put(work, event, content, media_bytes(folder, content), author="test")
    cards = {code: _person(work, vault, event.id, code, row) for code, row in PEOPLE.items()}
    other = library.new_event(work, content, "other")  # without content: it has not begun yet
    stranger = _person(work, vault, other.id, "X1", {"full_name": "Người khác", "phone": "0911"})
    account = work.accounts.ensure("webchat", "test", event_id=event.id)
    return cards, stranger, account.id


def _person(work: Work, vault: Vault, event_id: int, code: str, row: dict[str, str]) -> IssuedCard:
    person_id = work.people.add()
    phone = row.get("phone", "")
    own = {name: value for name, value in row.items() if name != "phone"}
    values: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"status": "active"} | own
    values |= {"event_id": event_id, "person_id": person_id, "code": code, "updated_at": work.now}
    values |= {"phone_cipher": vault.seal(phone), "phone_hash": vault.fingerprint(phone)}
    work.roster.add_many([values])
    work.people.join(event_id, [person_id], Role.DELEGATE)
    return issue_cards(work, vault, event_id, [person_id])[0]


class Chat:
    """One address talking. Every verb gives what was answered."""

    def __init__(
        self, store: Store, clock: SetClock, house: House, ground: Ground, sender: str
    ) -> None:
        self.store, self.clock, self.house = store, clock, house
        self.ground, self.sender = ground, sender
        self.router = Router(ROUTES)
        self.session: Session | None = None
        self.told: list[Told] = []

    async def say(self, text: str) -> list[Reply]:
        """Type something."""
        return await self.send(Kind.TEXT, text=text)

    async def tap(self, value: str) -> list[Reply]:
        """Press a button."""
        return await self.send(Kind.TAP, value=value)

    async def join(self, payload: str = "") -> list[Reply]:
        """Open the dialogue."""
        return await self.send(Kind.JOINED, started_with=payload)

    async def send(self, kind: Kind, **values: Any) -> list[Reply]:
        """Anything else that may come in."""
        account, now = self.ground.account_id, self.clock.now()
        incoming = Incoming(account, self.sender, uuid4().hex, kind, now, **values)
        said = await self.store.write(lambda work: self._answer(work, incoming))
        self.clock.forward(timedelta(milliseconds=1))  # no two things happen at one moment
        return said

    def _answer(self, work: Work, incoming: Incoming) -> list[Reply]:
        standing = stand(work, self.house, incoming)
        turn = standing.turn(work, self.house)
        self.router.answer(turn)
        standing.save(work, turn)
        for told in turn.told:
            work.sessions.number_anew(told.address.id, told.reply)
        self.session, self.told = turn.session, turn.told
        return turn.replies

    async def linked(self, code: str = "DB0001", language: str = "1") -> list[Reply]:
        """All the way from the card's link to the greeting."""
        await self.join(self.ground.cards[code].token)
        await self.tap(f"welcome.language:{language}")
        for page in (2, 3, 4):
            await self.tap(f"welcome.consent:{page}")
        await self.tap("welcome.agree")
        return await self.say(PEOPLE[code]["phone"][-4:])

    @property
    def library(self) -> Library:
        """The content in force."""
        known = self.house.knowledge[self.house.knowledge.events()[0].id]
        assert known.library is not None
        return known.library

    async def requests(self) -> list[tuple[str, str, str]]:
        """(kind, field, topic) of every request that waits."""
        event = self.ground.knowledge.events()[0].id
        waiting = await self.store.read(lambda work: work.requests.waiting(event))
        return [(one.kind.value, one.field, one.topic) for one in waiting]


def texts() -> Texts:
    """The shipped catalogues."""
    return Texts.load(resource("locales"))

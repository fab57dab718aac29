"""Our accounts on the channels, the addresses that write to them, and whose addresses those are."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from bot.store.base import BigId, Family, Json, UtcTime, insert_once, metadata, primary, to_event

channel_account = Table(
    "channel_account",
    metadata,
    primary(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    to_event(optional=True),  # NULL: shared by every event of the deployment
    Column("secrets", Text, nullable=False, server_default=""),
    Column("settings", Json, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("heard_at", UtcTime),  # when its platform last told us anything
    UniqueConstraint("kind", "name"),
)

address = Table(
    "address",
    metadata,
    primary(),
    Column("account_id", BigId, ForeignKey("channel_account.id"), nullable=False),
    Column("sender", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),
    Column("gone_reason", Text, nullable=False, server_default=""),
    Column("frozen_at", UtcTime),
    # Where a platform lets us write only for a while after she did something there.
    Column("heard_at", UtcTime),
    # A person of the organisation talks to her in the platform's own console until then.
    Column("staff_until", UtcTime),
    UniqueConstraint("account_id", "sender"),
)

# Eight people may share a phone and one person may have two: many to many.
address_person = Table(
    "address_person",
    metadata,
    Column("address_id", BigId, ForeignKey("address.id"), primary_key=True),
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True),
    Column("event_id", BigId, ForeignKey("event.id"), primary_key=True),
    Column("how", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_address_person_person", "person_id", "event_id"),
)


# What goes with the id of a sender: when she did something is a fact about her.
UNHEARD: dict[str, Any] = {"heard_at": None, "staff_until": None}

ADDRESS_COLUMNS = (
    address.c.id,
    address.c.account_id,
    address.c.sender,
    address.c.gone_at,
    address.c.frozen_at,
)
_PEOPLE_AT = (
    select(address_person.c.person_id, address_person.c.event_id)
    .where(address_person.c.address_id == bindparam("at_address"))
    .order_by(address_person.c.at, address_person.c.person_id)
)


class Account(NamedTuple):
    """A bot, an Official Account, or our own web chat. `event_id` None means shared."""

    id: int
    kind: str
    name: str
    event_id: int | None
    secrets: str
    settings: dict[str, Any]


class Address(NamedTuple):
    """A channel account and the person's id there."""

    id: int
    account_id: int
    sender: str
    gone_at: datetime | None
    frozen_at: datetime | None


class Tie(NamedTuple):
    """An address that speaks for a person: how and since when."""

    address: Address
    how: str
    at: datetime


# Zalo (docs/zalo.md): a week after she last did something there, nothing of ours is taken. Of the
# other channels nothing is noted, so nothing is closed.
CLOSED_AFTER = timedelta(days=7)
# Refusals of Zalo's that mean "too long ago"; everything else that ends an address is final.
TOO_LONG_AGO = ("zalo-230", "zalo-232", "zalo-305")


def reachable_at(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Where somebody can be told something: neither left nor paused, and not closed by silence."""
    a = address.c
    heard = or_(a.heard_at.is_(None), a.heard_at >= now - CLOSED_AFTER)
    return a.gone_at.is_(None), a.frozen_at.is_(None), heard


def silent_at(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Where only silence closed an address: an approved template still gets there."""
    a = address.c
    silent = and_(a.gone_at.is_(None), a.heard_at < now - CLOSED_AFTER)
    return or_(silent, a.gone_reason.in_(TOO_LONG_AGO)), a.frozen_at.is_(None)


class Accounts(Family):
    """Reads and writes channel accounts, addresses and the ties between addresses and people."""

    def ensure(self, kind: str, name: str, *, event_id: int | None = None) -> Account:
        """The account of this kind and name, made when it is not there."""
        row: dict[str, Any] = {
            "kind": kind,
            "name": name,
            "event_id": event_id,
            "settings": {},
            "enabled": True,
            "created_at": self.now,
        }
        insert_once(self.conn, channel_account, [row])
        found = self.find(kind, name)
        assert found is not None
        return found

    def find(self, kind: str, name: str) -> Account | None:
        """The account of this kind and name."""
        c = channel_account.c
        return self._account(c.kind == kind, c.name == name)

    def get(self, account_id: int) -> Account | None:
        """The account with this id."""
        return self._account(channel_account.c.id == account_id)

    def of_kind(self, kind: str) -> list[Account]:
        """Every enabled account of a channel."""
        c = channel_account.c
        query = select(c.id, c.kind, c.name, c.event_id, c.secrets, c.settings).where(
            c.kind == kind, c.enabled
        )
        return [Account(*row) for row in self.conn.execute(query.order_by(c.id))]

    def note(self, account_id: int, **facts: Any) -> None:
        """Keep what every process has to know of an account, in its settings; None forgets it."""
        c = channel_account.c
        here = select(c.settings).where(c.id == account_id).with_for_update()
        known: dict[str, Any] = self.conn.execute(here).scalar_one()
        after = {name: one for name, one in (known | facts).items() if one is not None}
        if after != known:
            changed = update(channel_account).where(c.id == account_id)
            self.conn.execute(changed.values(settings=after))

    def _account(self, *where: Any) -> Account | None:
        c = channel_account.c
        query = select(c.id, c.kind, c.name, c.event_id, c.secrets, c.settings).where(*where)
        row = self.conn.execute(query).first()
        return Account(*row) if row else None

    def address(self, account_id: int, sender: str) -> Address | None:
        """The address of a sender at an account."""
        c = address.c
        query = select(*ADDRESS_COLUMNS).where(c.account_id == account_id, c.sender == sender)
        row = self.conn.execute(query).first()
        return Address(*row) if row else None

    def by_id(self, address_id: int) -> Address | None:
        """The address with this id."""
        query = select(*ADDRESS_COLUMNS).where(address.c.id == address_id)
        row = self.conn.execute(query).first()
        return Address(*row) if row else None

    def add_address(self, account_id: int, sender: str) -> Address:
        """The address of a sender, made when it is not there."""
        row = {"account_id": account_id, "sender": sender, "created_at": self.now}
        insert_once(self.conn, address, [row])
        found = self.address(account_id, sender)
        assert found is not None
        return found

    def mark_gone(self, address_id: int, reason: str) -> None:
        """She blocked us or left: nothing is sent there until she writes again."""
        changed = update(address).where(address.c.id == address_id)
        self.conn.execute(changed.values(gone_at=self.now, gone_reason=reason))

    def mark_back(self, address_id: int) -> None:
        """She is back."""
        changed = update(address).where(address.c.id == address_id)
        self.conn.execute(changed.values(gone_at=None, gone_reason=""))

    def tie(self, address_id: int, person_id: int, event_id: int, how: str) -> None:
        """This address speaks for this person. `how`: `card`, `phone`, `desk`, `development`."""
        row = {
            "address_id": address_id,
            "person_id": person_id,
            "event_id": event_id,
            "how": how,
            "at": self.now,
        }
        insert_once(self.conn, address_person, [row])

    def untie(self, address_id: int, person_id: int) -> None:
        """This address no longer speaks for this person."""
        c = address_person.c
        gone = address_person.delete().where(c.address_id == address_id, c.person_id == person_id)
        self.conn.execute(gone)

    def people_at(self, address_id: int) -> list[tuple[int, int]]:
        """(person id, event id) of everybody this address speaks for, first linked first."""
        rows = self.conn.execute(_PEOPLE_AT, {"at_address": address_id})
        return [(row.person_id, row.event_id) for row in rows]

    def ties_of(self, person_id: int, event_id: int) -> list[Tie]:
        """The addresses that speak for her in an event, first linked first."""
        c, a = address_person.c, address.c
        query = (
            select(a.id, a.account_id, a.sender, a.gone_at, a.frozen_at, c.how, c.at)
            .join(address, a.id == c.address_id)
            .where(c.person_id == person_id, c.event_id == event_id)
            .order_by(c.at, a.id)
        )
        return [Tie(Address(*row[:5]), row.how, row.at) for row in self.conn.execute(query)]

    def count_of(self, person_id: int, event_id: int) -> int:
        """How many addresses speak for her in an event; a frozen one does not."""
        return self.counts(event_id, person_id).get(person_id, 0)

    def counts(self, event_id: int, person_id: int | None = None) -> dict[int, int]:
        """How many addresses speak for each person of an event, or for one."""
        c = address_person.c
        query = (
            select(c.person_id, func.count().label("total"))
            .join(address, address.c.id == c.address_id)
            .where(c.event_id == event_id, address.c.frozen_at.is_(None))
            .group_by(c.person_id)
        )
        if person_id is not None:
            query = query.where(c.person_id == person_id)
        return {row.person_id: row.total for row in self.conn.execute(query)}

    def addresses_of(self, person_id: int, event_id: int) -> list[int]:
        """Every address that is tied to her in an event, frozen or not."""
        c = address_person.c
        query = select(c.address_id).where(c.person_id == person_id, c.event_id == event_id)
        return list(self.conn.execute(query.order_by(c.address_id)).scalars())

    def is_frozen(self, address_id: int) -> bool:
        """The phone behind this address was reported lost."""
        query = select(address.c.frozen_at).where(address.c.id == address_id)
        return self.conn.execute(query).scalar_one_or_none() is not None

    def freeze(self, address_ids: list[int]) -> int:
        """Nothing personal is said there until a desk unfreezes it. Returns how many changed."""
        c = address.c
        changed = update(address).where(c.id.in_(address_ids), c.frozen_at.is_(None))
        return self.conn.execute(changed.values(frozen_at=self.now)).rowcount

    def unfreeze(self, address_ids: list[int]) -> int:
        """The phone is back with its owner. Returns how many changed."""
        c = address.c
        changed = update(address).where(c.id.in_(address_ids), c.frozen_at.is_not(None))
        return self.conn.execute(changed.values(frozen_at=None)).rowcount

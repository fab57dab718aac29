"""The cards delegates carry, and wrong guesses at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Table, Text, func, insert, or_, select, update

from bot.store.base import BigId, Family, UtcTime, metadata, primary, to_event

# Only fingerprints are kept: whoever reads the table cannot print a card from it.
card = Table(
    "card",
    metadata,
    primary(),
    to_event(),
    Column("person_id", BigId, ForeignKey("person.id"), nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("code_hash", Text, nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("frozen_at", UtcTime),
    Index("ix_card_code", "code_hash"),
    Index("ix_card_person", "event_id", "person_id"),
)

wrong_guess = Table(
    "wrong_guess",
    metadata,
    primary(),
    Column("address_id", BigId, ForeignKey("address.id"), nullable=False),
    Column("card_id", BigId, ForeignKey("card.id")),
    Column("at", UtcTime, nullable=False),
    Index("ix_wrong_guess_address", "address_id", "at"),
    Index("ix_wrong_guess_card", "card_id", "at"),
)


_CHUNK = 500  # people in one IN (...)


class Card(NamedTuple):
    """A card in force: whose it is, in which event."""

    id: int
    event_id: int
    person_id: int


class Cards(Family):
    """Issues, finds and freezes cards; counts wrong guesses."""

    def issue_many(self, event_id: int, rows: list[tuple[int, str, str]]) -> None:
        """New cards: (person id, token fingerprint, code fingerprint)."""
        values = [
            {
                "event_id": event_id,
                "person_id": person_id,
                "token_hash": token,
                "code_hash": code,
                "issued_at": self.now,
            }
            for person_id, token, code in rows
        ]
        if values:
            self.conn.execute(insert(card), values)

    def find(self, *, token_hash: str = "", code_hash: str = "") -> Card | None:
        """The card in force with this token or code."""
        c = card.c
        which = c.token_hash == token_hash if token_hash else c.code_hash == code_hash
        query = select(c.id, c.event_id, c.person_id).where(which, c.frozen_at.is_(None))
        rows = self.conn.execute(query.limit(2)).all()
        # A typed code is short: should two cards ever share one, neither opens anything.
        return Card(*rows[0]) if len(rows) == 1 else None

    def get(self, card_id: int) -> Card | None:
        """The card with this id, if it is still in force."""
        c = card.c
        query = select(c.id, c.event_id, c.person_id).where(c.id == card_id, c.frozen_at.is_(None))
        row = self.conn.execute(query).first()
        return Card(*row) if row else None

    def with_cards(self, event_id: int) -> set[int]:
        """The people of an event who have a card in force."""
        c = card.c
        query = select(c.person_id).where(c.event_id == event_id, c.frozen_at.is_(None))
        return set(self.conn.execute(query).scalars())

    def freeze_of(self, event_id: int, person_ids: Sequence[int]) -> int:
        """Freeze people's cards: lost, or about to be re-issued. Returns how many."""
        c, count = card.c, 0
        for start in range(0, len(person_ids), _CHUNK):
            some = c.person_id.in_(person_ids[start : start + _CHUNK])
            mine = update(card).where(c.event_id == event_id, some, c.frozen_at.is_(None))
            count += self.conn.execute(mine.values(frozen_at=self.now)).rowcount
        return count

    def thaw_of(self, event_id: int, person_id: int) -> bool:
        """Her newest card works again; False when one is in force already, or she has none."""
        c = card.c
        hers = (c.event_id == event_id) & (c.person_id == person_id)
        newest = select(c.id, c.frozen_at).where(hers).order_by(c.id.desc()).limit(1)
        row = self.conn.execute(newest).first()
        if row is None or row.frozen_at is None:
            return False
        self.conn.execute(update(card).where(c.id == row.id).values(frozen_at=None))
        return True

    def states(self, event_id: int) -> dict[int, bool]:
        """Everybody with a card in an event: True when it is in force, False when frozen."""
        c = card.c
        query = select(c.person_id, c.frozen_at).where(c.event_id == event_id).order_by(c.id)
        return {person_id: frozen_at is None for person_id, frozen_at in self.conn.execute(query)}

    def guessed_wrong(self, address_id: int, card_id: int | None) -> None:
        """A wrong code, or wrong digits for a card."""
        row = {"address_id": address_id, "card_id": card_id, "at": self.now}
        self.conn.execute(insert(wrong_guess).values(**row))

    def wrong_since(self, since: datetime, address_id: int, card_id: int | None) -> int:
        """Wrong guesses from this address, or at this card from anywhere."""
        c = wrong_guess.c
        here = c.address_id == address_id
        which = here if card_id is None else or_(here, c.card_id == card_id)
        query = select(func.count()).where(c.at >= since, which)
        return self.conn.execute(query).scalar_one()

    def wrong_anywhere(self, since: datetime) -> int:
        """Wrong codes typed at any address."""
        c = wrong_guess.c
        query = select(func.count()).where(c.at >= since, c.card_id.is_(None))
        found: int = self.conn.execute(query).scalar_one()
        return found

"""Where each address stands in its dialogue."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, bindparam, insert, select, update

from bot.errors import StaleSession
from bot.store.accounts import ADDRESS_COLUMNS, Address, address
from bot.store.base import BigId, Family, Json, UtcTime, metadata, to_event
from bot.values.reply import Reply
from bot.values.session import Session

session = Table(
    "session",
    metadata,
    Column("address_id", BigId, ForeignKey("address.id"), primary_key=True),
    Column("person_id", BigId, ForeignKey("person.id"), nullable=False),
    to_event(optional=True),
    Column("step", Text, nullable=False, server_default=""),
    Column("notes", Json, nullable=False),
    Column("version_id", BigId),
    Column("revision", Integer, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)


# On the way of every turn: made once, so that only values are bound.
_COLUMNS = (
    session.c.address_id,
    session.c.person_id,
    session.c.event_id,
    session.c.step,
    session.c.notes,
    session.c.version_id,
    session.c.revision,
    session.c.updated_at,
)
_READ = select(*_COLUMNS).where(session.c.address_id == bindparam("at_address"))
_AT = (
    select(*ADDRESS_COLUMNS, *_COLUMNS)
    .select_from(address.outerjoin(session, session.c.address_id == address.c.id))
    .where(address.c.account_id == bindparam("account"), address.c.sender == bindparam("who"))
)
_SAVE = update(session).where(
    session.c.address_id == bindparam("at_address"), session.c.revision == bindparam("read_as")
)


class Sessions(Family):
    """Reads and saves sessions."""

    def get(self, address_id: int) -> Session | None:
        """The session at an address."""
        row = self.conn.execute(_READ, {"at_address": address_id}).first()
        return Session(*row) if row else None

    def at(self, account_id: int, sender: str) -> tuple[Address, Session | None] | None:
        """The address of a sender and the session there, if they are known: one look a turn."""
        row = self.conn.execute(_AT, {"account": account_id, "who": sender}).first()
        if row is None:
            return None
        ours, rest = row[: len(ADDRESS_COLUMNS)], row[len(ADDRESS_COLUMNS) :]
        return Address(*ours), Session(*rest) if rest[0] is not None else None

    def add(self, new: Session) -> None:
        """The first session at an address."""
        values = self._values(new) | {"address_id": new.address_id, "revision": new.revision}
        self.conn.execute(insert(session).values(**values))

    def save(self, changed: Session) -> None:
        """Overwrite a session; raises StaleSession when somebody else saved since it was read."""
        expected = {"at_address": changed.address_id, "read_as": changed.revision}
        values = self._values(changed) | {"revision": changed.revision + 1}
        if self.conn.execute(_SAVE, expected | values).rowcount != 1:
            raise StaleSession(str(changed.address_id))

    def number_anew(self, address_id: int, told: Reply) -> None:
        """Digits typed at an address now pick from what she was just told there (UX rule 3).

        Raises StaleSession as `save` does.
        """
        found = self.get(address_id)
        if found is not None:
            shown = [choice.value for choice in told.choices]
            self.save(replace(found, notes={**found.notes, "shown": shown}))

    def _values(self, one: Session) -> dict[str, Any]:
        return {
            "person_id": one.person_id,
            "event_id": one.event_id,
            "step": one.step,
            "notes": one.notes,
            "version_id": one.version_id,
            "updated_at": self.now,
        }

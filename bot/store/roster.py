"""The organisers' list: one record per person and event, and the history of every import."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.store.base import BigId, Family, Json, UtcTime, metadata, primary, to_event
from bot.values.person import Record

record = Table(
    "record",
    metadata,
    primary(),
    to_event(),
    Column("person_id", BigId, ForeignKey("person.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("salutation", Text, nullable=False, server_default=""),
    Column("delegation", Text, nullable=False, server_default=""),
    Column("role", Text, nullable=False, server_default=""),
    Column("hotel", Text, nullable=False, server_default=""),
    Column("room", Text, nullable=False, server_default=""),
    Column("bus", Text, nullable=False, server_default=""),
    Column("seat", Text, nullable=False, server_default=""),
    Column("table", Text, nullable=False, server_default=""),
    Column("group", Text, nullable=False, server_default=""),
    Column("badge_place", Text, nullable=False, server_default=""),
    Column("declared_language", Text, nullable=False, server_default=""),
    Column("comfort", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, server_default="active"),
    Column("phone_cipher", Text, nullable=False, server_default=""),
    Column("phone_hash", Text, nullable=False, server_default=""),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("event_id", "code"),
    UniqueConstraint("event_id", "person_id"),
    Index("ix_record_phone", "event_id", "phone_hash"),
    Index("ix_record_person", "person_id"),
    # The history of imports speaks of ids: one that was taken out is never given out again.
    sqlite_autoincrement=True,
)

roster_import = Table(
    "roster_import",
    metadata,
    primary(),
    to_event(),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("counts", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("undone_at", UtcTime),
)

# `before` and `after` hold the columns that differ; a phone only as cipher and hash.
roster_change = Table(
    "roster_change",
    metadata,
    primary(),
    Column("import_id", BigId, ForeignKey("roster_import.id"), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("before", Json),
    Column("after", Json, nullable=False),
    Index("ix_roster_change_import", "import_id"),
)

_CHUNK = 500  # names in one IN (...); SQLite allows some thousands of values in a statement

COLUMNS = tuple(column.name for column in record.columns if column.name != "id")

# On the way of many turns: made once, so that only values are bound.
_HEAD = (
    select(record)
    .where(
        record.c.event_id == bindparam("here"),
        record.c.delegation == bindparam("theirs"),
        record.c.role == "Trưởng đoàn",
        record.c.status == "active",
    )
    .limit(1)
)

_IMPORT = roster_import.c
_IMPORT_COLUMNS = (
    _IMPORT.id,
    _IMPORT.file_name,
    _IMPORT.sha256,
    _IMPORT.author,
    _IMPORT.counts,
    _IMPORT.at,
    _IMPORT.undone_at,
)


class Import(NamedTuple):
    """One file that was applied: which, by whom, when, how many rows of each kind."""

    id: int
    file_name: str
    sha256: str
    author: str
    counts: dict[str, int]
    at: datetime
    undone_at: datetime | None


class ImportedChange(NamedTuple):
    """What an import did to one record: the columns that differ. `before` is None for a new one."""

    record_id: int
    before: dict[str, Any] | None
    after: dict[str, Any]


class Roster(Family):
    """Reads and writes records; always inside one event."""

    def hold(self, event_id: int) -> None:
        """Let no other import of this event begin before this transaction ends."""
        event = metadata.tables["event"]
        self.conn.execute(select(event.c.id).where(event.c.id == event_id).with_for_update())

    def by_code(self, event_id: int, code: str) -> Record | None:
        """The record with the organisers' own code (DB0001)."""
        return self._first(event_id, record.c.code == code)

    def of_person(self, event_id: int, person_id: int) -> Record | None:
        """The record of a person."""
        return self._first(event_id, record.c.person_id == person_id)

    def names(self, event_id: int) -> list[str]:
        """The names and codes of everybody on the list, to keep them out of what is shown."""
        c = record.c
        rows = self.conn.execute(select(c.full_name, c.code).where(c.event_id == event_id))
        return [word for row in rows for word in row if word]

    def head_of(self, event_id: int, delegation: str) -> Record | None:
        """The head of a delegation, by the role the organisers wrote."""
        row = self.conn.execute(_HEAD, {"here": event_id, "theirs": delegation}).first()
        return to_record(row) if row else None

    def by_phone(self, event_id: int, phone_hash: str) -> list[Record]:
        """The records with this phone; several people may share one."""
        return self.all(event_id, record.c.phone_hash == phone_hash)

    def all(self, event_id: int, *where: Any) -> list[Record]:
        """Every record of an event, by code."""
        query = select(record).where(record.c.event_id == event_id, *where).order_by(record.c.code)
        return [to_record(row) for row in self.conn.execute(query)]

    def add_many(self, rows: list[dict[str, Any]]) -> list[int]:
        """New records, each a dict with every name of COLUMNS; returns their ids in order."""
        if not rows:
            return []
        statement = insert(record).returning(record.c.id, sort_by_parameter_order=True)
        return list(self.conn.execute(statement, rows).scalars())

    def change_many(self, event_id: int, rows: list[dict[str, Any]]) -> None:
        """Overwrite records by id; each dict has `id` and every name of COLUMNS."""
        if rows:
            statement = (
                update(record)
                .where(record.c.id == bindparam("row_id"), record.c.event_id == event_id)
                .values({name: bindparam(f"new_{name}") for name in COLUMNS})
            )
            bound = [
                {"row_id": row["id"]} | {f"new_{name}": row[name] for name in COLUMNS}
                for row in rows
            ]
            self.conn.execute(statement, bound)

    def remove_many(self, event_id: int, ids: list[int]) -> None:
        """Take records out of the event: an import that brought them is undone."""
        for start in range(0, len(ids), _CHUNK):
            some = record.c.id.in_(ids[start : start + _CHUNK])
            self.conn.execute(delete(record).where(record.c.event_id == event_id, some))

    def start_import(
        self, event_id: int, *, file_name: str, sha256: str, author: str, counts: dict[str, int]
    ) -> int:
        """Remember that a file is being applied; returns the import's id."""
        values = {
            "event_id": event_id,
            "file_name": file_name,
            "sha256": sha256,
            "author": author,
            "counts": counts,
            "at": self.now,
        }
        made = self.conn.execute(insert(roster_import).values(**values).returning(_IMPORT.id))
        new_id: int = made.scalar_one()
        return new_id

    def add_changes(self, import_id: int, changes: list[ImportedChange]) -> None:
        """Keep what an import did, so that it can be undone."""
        if changes:
            rows = [{"import_id": import_id} | change._asdict() for change in changes]
            self.conn.execute(insert(roster_change), rows)

    def changes_of(self, import_id: int) -> list[ImportedChange]:
        """What an import did, in the order it was done."""
        c = roster_change.c
        query = select(c.record_id, c.before, c.after).where(c.import_id == import_id)
        return [ImportedChange(*row) for row in self.conn.execute(query.order_by(c.id))]

    def imports(self, event_id: int, limit: int = 50) -> list[Import]:
        """The latest imports of an event, newest first, the undone ones too."""
        query = select(*_IMPORT_COLUMNS).where(_IMPORT.event_id == event_id)
        rows = self.conn.execute(query.order_by(_IMPORT.id.desc()).limit(limit))
        return [Import(*row) for row in rows]

    def last_import(self, event_id: int) -> Import | None:
        """The newest import that was not undone."""
        query = select(*_IMPORT_COLUMNS).where(
            _IMPORT.event_id == event_id, _IMPORT.undone_at.is_(None)
        )
        row = self.conn.execute(query.order_by(_IMPORT.id.desc()).limit(1)).first()
        return Import(*row) if row else None

    def mark_undone(self, event_id: int, import_id: int) -> None:
        """The import no longer counts; its history stays."""
        which = (_IMPORT.id == import_id) & (_IMPORT.event_id == event_id)
        self.conn.execute(update(roster_import).where(which).values(undone_at=self.now))

    def people_of_undone(self, event_id: int) -> dict[str, int]:
        """Whom the codes of undone imports belonged to, so that they keep cards and conversations
        when the corrected file brings the same codes back."""
        query = (
            select(roster_change.c.after)
            .join(roster_import, _IMPORT.id == roster_change.c.import_id)
            .where(
                _IMPORT.event_id == event_id,
                _IMPORT.undone_at.is_not(None),
                roster_change.c.before.is_(None),
            )
            .order_by(roster_change.c.id)
        )
        return {after["code"]: after["person_id"] for after in self.conn.execute(query).scalars()}

    def _first(self, event_id: int, *where: Any) -> Record | None:
        query = select(record).where(record.c.event_id == event_id, *where).limit(1)
        row = self.conn.execute(query).first()
        return to_record(row) if row else None


def to_record(row: Row[Any]) -> Record:
    """A row that carries every column of `record` as a value that may leave the store."""
    values = row._mapping
    return Record(id=values[record.c.id], **{name: values[record.c[name]] for name in COLUMNS})

"""What every family of tables shares: one metadata, one kind of time, of JSON, of insert."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import JSON, TypeDecorator

# Named constraints, so that a later migration can speak of them on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")
# none_as_null: erasing a payload must leave SQL NULL, not the JSON word "null".
Json = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Milliseconds. A process that is stopped or cut off in the middle of a transaction keeps its rows
# locked, and whoever takes its queue over would wait for it: PostgreSQL ends such a transaction.
MOST_IDLE = func.set_config("idle_in_transaction_session_timeout", "2000", True)
_ENDS_WHEN_IDLE = select(MOST_IDLE)


def end_when_idle(conn: Connection) -> None:
    """This transaction locks rows of a queue, so it may not stand still. SQLite has a file lock."""
    if conn.dialect.name == "postgresql":
        conn.execute(_ENDS_WHEN_IDLE)


_NO_WAIT = select(func.set_config("synchronous_commit", "off", True))


def wait_for_no_disk(conn: Connection) -> None:
    """This transaction's commit may be lost with the machine: whatever rests on it goes into the
    same log behind it, so none of that survives without it. SQLite writes in order anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(_NO_WAIT)


def count_anew(conn: Connection, table: Table) -> None:
    """PostgreSQL plans by counts it took some time ago. After thousands of new rows it would look
    through all of them for the next few."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"ANALYZE {table.name}"))


def primary() -> Column[int]:
    """The usual primary key."""
    return Column("id", BigId, primary_key=True, autoincrement=True)


def to_event(*, optional: bool = False) -> Column[int]:
    """The column that keeps congresses apart."""
    return Column("event_id", BigId, ForeignKey("event.id"), nullable=optional)


def insert_once(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *returning: Column[Any]
) -> list[Any]:
    """Insert rows with the same columns; those that break a unique key are passed over.

    Returns what was really added.
    """
    statement = _once(conn.dialect.name, table, returning)
    given = [dict(row) for row in rows]
    # Values that stand in the statement would be compiled anew each time; these are only bound.
    done = conn.execute(statement, given[0] if len(given) == 1 else given)
    return list(done) if returning else []


@cache
def _once(dialect: str, table: Table, returning: tuple[Column[Any], ...]) -> Any:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(table).on_conflict_do_nothing()
    return statement.returning(*returning) if returning else statement


def upsert(conn: Connection, table: Table, row: Mapping[str, Any], *, key: Sequence[str]) -> None:
    """Insert a row, or overwrite the one with the same key."""
    build = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    rest = {name: value for name, value in row.items() if name not in key}
    statement = build(table).values(**row).on_conflict_do_update(index_elements=key, set_=rest)
    conn.execute(statement)


class Family:
    """One family of tables inside one unit of work."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now

    def last_of(self, ids: Select[int], limit: int) -> int | None:
        """Where the next chunk ends: the last of so many ids, in order; None when there is none."""
        some = ids.limit(limit).subquery()
        last: int | None = self.conn.execute(select(func.max(*some.c))).scalar_one()
        return last


def overwrite_what_goes(conn: Any) -> None:
    """SQLite leaves deleted words in the file unless told to overwrite them."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA secure_delete=ON")
